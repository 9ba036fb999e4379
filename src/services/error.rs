//! What a use case answers when it does not do the thing: a refusal, which is for people, or a
//! failure, which is for the log and has no way to be printed to a client.

use std::error::Error as StdError;

use crate::adapters::key_files::KeyError;
use crate::domain::refusal::{Code, Refusal, Refused};
use crate::store::dialect::{self, Again};
use crate::store::pool::Unavailable;
use crate::store::unit_of_work::{Retried, connection_lost};

/// The outcome of a use case.
pub type Outcome<T> = Result<T, Error>;

/// Why a use case did not do the thing.
#[derive(Debug)]
pub enum Error {
    /// A rule says no; `replayed` when it said so to the same idempotency key before.
    Refused {
        /// What to tell.
        refused: Box<Refused>,
        /// Whether this answer was given before.
        replayed: bool,
    },
    /// Something unexpected.
    Failure(Failure),
}

/// Something unexpected. It has no `Display`: only [`Failure::for_the_log`] opens it.
#[derive(Debug)]
pub struct Failure {
    source: Box<dyn StdError + Send + Sync>,
    again: Again,
}

impl Failure {
    /// The whole chain of causes, for the log alone.
    #[must_use]
    pub fn for_the_log(&self) -> String {
        let mut text = self.source.to_string();
        let mut cause = self.source.source();
        while let Some(deeper) = cause {
            text = format!("{text}: {deeper}");
            cause = deeper.source();
        }
        text
    }
}

impl Error {
    /// Too much to do just now: the same request may be sent again.
    #[must_use]
    pub fn busy() -> Self {
        busy()
    }

    /// Something unexpected, from any library's error.
    pub fn failure(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Failure(Failure { source: source.into(), again: Again::Never })
    }
}

impl Retried for Error {
    fn again(&self) -> Again {
        match self {
            Self::Failure(failure) => failure.again,
            Self::Refused { .. } => Again::Never,
        }
    }

    fn lost(&self) -> bool {
        matches!(self, Self::Refused { refused, .. } if refused.code == Code::Busy)
    }

    fn after_a_wait(self) -> Self {
        if let Self::Failure(failure) = &self {
            tracing::warn!(cause = failure.for_the_log(), "failed after a long wait");
        }
        busy()
    }
}

impl<R: Refusal> From<R> for Error {
    fn from(refusal: R) -> Self {
        Self::from(Refused::from(refusal))
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Refused { refused: Box::new(refused), replayed: false }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        if connection_lost(&error) {
            tracing::warn!(%error, "the database cannot be reached or written to");
            return busy();
        }
        let again = dialect::again(&error);
        Self::Failure(Failure { source: error.into(), again })
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::failure(error)
    }
}

impl From<std::fmt::Error> for Error {
    fn from(error: std::fmt::Error) -> Self {
        Self::failure(error)
    }
}

impl From<Unavailable> for Error {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::Busy(error) => {
                tracing::warn!(%error, "no connection to the database");
                busy()
            }
            Unavailable::Turn => {
                tracing::warn!("others have been writing all the time");
                busy()
            }
            Unavailable::Database(error) => Self::from(error),
        }
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::failure(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::failure(error)
    }
}

/// The outcome of what was asked is not known or it was not begun; the same request, with the
/// same idempotency key, may be sent again.
fn busy() -> Error {
    Refused::new(
        Code::Busy,
        "Le service est très demandé en ce moment : réessayez dans quelques secondes.",
    )
    .into()
}
