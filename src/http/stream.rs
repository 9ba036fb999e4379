//! A body that is written on a blocking thread while it is being sent: what is large never lies
//! in memory as a whole, and a reader who is slow or gone stops the writer.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::BodyStream;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::rt::task::spawn_blocking;
use actix_web::web::Bytes;
use futures_core::Stream;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::app::App;
use crate::services::{Error, Outcome};

/// So much is gathered before it is sent on.
const PIECE: usize = 64 * 1024;

/// So many pieces may wait for a slow reader.
const WAITING: usize = 4;

/// Where the writer writes.
pub struct Outlet {
    sender: Sender<io::Result<Bytes>>,
    gathered: Vec<u8>,
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::take(&mut self.gathered));
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "the reader is gone");
        self.sender.blocking_send(Ok(piece)).map_err(gone)
    }
}

struct Pieces(Receiver<io::Result<Bytes>>);

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

/// A PDF to look at that `work` writes while it is being sent.
pub fn pdf(
    app: &Arc<App>,
    name: &str,
    work: impl FnOnce(&App, &mut Outlet) -> Outcome<()> + Send + 'static,
) -> HttpResponse {
    file(app, "application/pdf", &format!("inline; filename=\"{name}\""), work)
}

/// A CSV to keep that `work` writes while it is being sent.
pub fn csv(
    app: &Arc<App>,
    name: &str,
    work: impl FnOnce(&App, &mut Outlet) -> Outcome<()> + Send + 'static,
) -> HttpResponse {
    file(app, "text/csv; charset=utf-8", &format!("attachment; filename=\"{name}\""), work)
}

/// A file that `work` writes while it is being sent. When `work` fails the connection breaks off,
/// so that nobody takes half a file for a whole one.
fn file(
    app: &Arc<App>,
    kind: &str,
    disposition: &str,
    work: impl FnOnce(&App, &mut Outlet) -> Outcome<()> + Send + 'static,
) -> HttpResponse {
    let (sender, receiver) = channel(WAITING);
    let (app, ending) = (Arc::clone(app), sender.clone());
    drop(spawn_blocking(move || {
        let mut outlet = Outlet { sender, gathered: Vec::with_capacity(PIECE) };
        let done = work(&app, &mut outlet).and_then(|()| outlet.flush().map_err(Error::failure));
        if let Err(error) = done {
            match error {
                Error::Failure(failure) => {
                    tracing::error!(cause = failure.for_the_log(), "a document broke off");
                }
                Error::Refused { refused, .. } => {
                    tracing::warn!(code = refused.code.as_str(), "a document broke off");
                }
            }
            // The reader may be gone already: then there is nobody to tell.
            drop(ending.blocking_send(Err(io::Error::other("the document broke off"))));
        }
    }));
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(BodyStream::new(Pieces(receiver)))
}
