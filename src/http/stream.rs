//! A body that is written on a blocking thread while it is being sent: what is large never lies
//! in memory as a whole, and a reader who is slow or gone stops the writer.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::body::BodyStream;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::rt::task::spawn_blocking;
use actix_web::web::Bytes;
use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

use super::answer::Answer;
use crate::app::App;
use crate::services::{Error, Outcome};

/// So much is gathered before it is sent on.
const PIECE: usize = 64 * 1024;

/// So many pieces may wait for a slow reader.
const WAITING: usize = 5;

/// A reader who takes nothing for so long has gone, though the connection stands.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where the writer writes.
pub struct Outlet {
    sender: Sender<io::Result<Bytes>>,
    gathered: Vec<u8>,
    patience: Duration,
}

impl Outlet {
    fn new(sender: Sender<io::Result<Bytes>>, patience: Duration) -> Self {
        Self { sender, gathered: Vec::with_capacity(PIECE), patience }
    }

    /// Waits for a reader who is slow, but not for ever.
    async fn send(&self, piece: Bytes) -> io::Result<()> {
        match timeout(self.patience, self.sender.send(Ok(piece))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the reader is gone")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the reader takes nothing")),
        }
    }
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
        Handle::current().block_on(self.send(piece))
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
///
/// # Errors
/// `busy` when enough files are being sent.
pub fn pdf(
    app: &Arc<App>,
    name: &str,
    work: impl FnOnce(&App, &mut Outlet) -> Outcome<()> + Send + 'static,
) -> Answer {
    file(app, "application/pdf", &format!("inline; filename=\"{name}\""), work)
}

/// A CSV to keep that `work` writes while it is being sent.
///
/// # Errors
/// `busy` when enough files are being sent.
pub fn csv(
    app: &Arc<App>,
    name: &str,
    work: impl FnOnce(&App, &mut Outlet) -> Outcome<()> + Send + 'static,
) -> Answer {
    file(app, "text/csv; charset=utf-8", &format!("attachment; filename=\"{name}\""), work)
}

/// A file that `work` writes while it is being sent. When `work` fails the connection breaks off,
/// so that nobody takes half a file for a whole one.
fn file(
    app: &Arc<App>,
    kind: &str,
    disposition: &str,
    work: impl FnOnce(&App, &mut Outlet) -> Outcome<()> + Send + 'static,
) -> Answer {
    let download = app.services.downloads.begin()?;
    let (sender, receiver) = channel(WAITING);
    // The end has a place of its own: it is told also where all other places are taken.
    let ending = sender.clone().try_reserve_owned().map_err(Error::failure)?;
    let app = Arc::clone(app);
    drop(spawn_blocking(move || {
        let _until_the_end = download;
        let mut outlet = Outlet::new(sender, PATIENCE);
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
            ending.send(Err(io::Error::other("the document broke off")));
        }
    }));
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(BodyStream::new(Pieces(receiver))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_reader_who_takes_nothing_is_given_up_and_told_so_at_the_end() {
        let (sender, receiver) = channel(WAITING);
        let ending = sender.clone().try_reserve_owned().unwrap();
        let written = spawn_blocking(move || {
            let mut outlet = Outlet::new(sender, Duration::from_millis(50));
            let refused = (0..20).find_map(|_| outlet.write_all(&vec![0; PIECE]).err());
            ending.send(Err(io::Error::other("broke off")));
            refused.map(|error| error.kind())
        });
        assert_eq!(written.await.unwrap(), Some(io::ErrorKind::TimedOut));
        let mut pieces = Pieces(receiver);
        let mut last = None;
        while let Some(piece) = std::future::poll_fn(|at| Pin::new(&mut pieces).poll_next(at)).await
        {
            last = Some(piece);
        }
        assert!(
            last.is_some_and(|last| last.is_err()),
            "half a file is never taken for a whole one"
        );
    }
}
