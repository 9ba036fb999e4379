//! Reading a body: no more than it may weigh, and no slower than it may come.

use std::cell::RefCell;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage as _;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep};

use super::deadline;
use super::problem::Problem;
use crate::domain::refusal::{Code, Refused};

/// How long the first bytes may take …
const PATIENCE: Duration = Duration::from_secs(20);
/// … and so many bytes a second afterwards: a photo over a poor mobile network comes faster.
const SLOWEST: u32 = 10_000;

/// A body that breaks off when it comes too slowly.
pub struct PacedBody {
    payload: Payload,
    ends: Pin<Box<Sleep>>,
}

impl PacedBody {
    /// The body of a request, from now on.
    #[must_use]
    pub fn new(payload: Payload) -> Self {
        Self { payload, ends: Box::pin(sleep(PATIENCE)) }
    }

    async fn next(&mut self) -> Option<Result<Bytes, PayloadError>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for PacedBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.payload).poll_next(context);
        if let Poll::Ready(Some(Ok(chunk))) = &next {
            let bytes = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
            let later = Duration::from_secs(1) * bytes / SLOWEST;
            let ends: Instant = self.ends.deadline() + later;
            self.ends.as_mut().reset(ends);
        }
        if next.is_pending() && self.ends.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(PayloadError::Io(io::ErrorKind::TimedOut.into()))));
        }
        next
    }
}

/// Reads a body of at most `most` bytes.
///
/// # Errors
/// `body_too_large`, `body_too_slow`, or `malformed_request` when the connection broke.
pub async fn read(payload: &mut Payload, most: usize) -> Result<BytesMut, Problem> {
    let mut body = PacedBody::new(payload.take());
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| broken(&error))?;
        if bytes.len() + chunk.len() > most {
            let sentence = "Cet envoi est trop volumineux : réduisez-le et recommencez.";
            return Err(Refused::new(Code::BodyTooLarge, sentence).into());
        }
        bytes.extend_from_slice(&chunk);
    }
    deadline::restart();
    Ok(bytes)
}

/// A body that whoever answers may leave unread.
pub struct UnreadBody(Rc<RefCell<Shared>>);

struct Shared {
    payload: Payload,
    ended: bool,
}

struct Lent(Rc<RefCell<Shared>>);

impl Stream for Lent {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut shared = self.0.borrow_mut();
        let next = Pin::new(&mut shared.payload).poll_next(context);
        shared.ended |= matches!(next, Poll::Ready(None));
        next
    }
}

impl UnreadBody {
    /// The body of a request without a length. The framework would wait for its end, however long
    /// that takes, once whoever answered had dropped it.
    #[must_use]
    pub fn of(request: &mut ServiceRequest) -> Option<Self> {
        let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
        chunked.then(|| {
            let shared = Shared { payload: request.take_payload(), ended: false };
            let shared = Rc::new(RefCell::new(shared));
            let payload = Box::pin(Lent(Rc::clone(&shared)));
            request.set_payload(Payload::Stream { payload });
            Self(shared)
        })
    }

    /// Holds what was not read until the answer is out: the framework closes the connection then.
    pub fn close(self) {
        if !self.0.borrow().ended {
            actix_web::rt::spawn(async move {
                sleep(PATIENCE).await;
                drop(self);
            });
        }
    }
}

/// Why a body did not come whole.
#[must_use]
pub fn broken(error: &PayloadError) -> Refused {
    match error {
        PayloadError::Io(cause) if cause.kind() == io::ErrorKind::TimedOut => Refused::new(
            Code::BodyTooSlow,
            "L'envoi est trop lent : recommencez avec un meilleur réseau ou un fichier plus petit.",
        ),
        _ => Refused::new(
            Code::MalformedRequest,
            "La demande s'est interrompue : envoyez-la de nouveau.",
        ),
    }
}
