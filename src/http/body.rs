//! Reading a body: no more than it may weigh, and no slower than it may come.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
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
