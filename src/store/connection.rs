//! One connection type over both engines, chosen by the URL's scheme and nothing else.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use diesel::{ConnectionError, ConnectionResult, PgConnection, SqliteConnection};

pub use self::any_query::Conn;
pub use self::multi::{Engine, MultiBackend};

mod any_query;

/// The derive writes code of its own style.
mod multi {
    use super::{PgConnection, SqliteConnection};

    /// The connection of the engine that the installation uses.
    #[derive(diesel::MultiConnection)]
    pub enum Engine {
        /// PostgreSQL, for production.
        Postgres(PgConnection),
        /// SQLite, embedded.
        Sqlite(SqliteConnection),
    }
}

/// Where the database is: `sqlite:PATH` or `postgres://…`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of the embedded engine.
    Sqlite(PathBuf),
    /// A server; the URL holds a password and is never printed.
    Postgres(String),
}

/// The scheme is neither `sqlite:` nor `postgres://`.
#[derive(Debug)]
pub struct UnknownScheme(pub String);

impl fmt::Display for UnknownScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown database URL scheme {:?}: use sqlite:PATH or postgres://…", self.0)
    }
}

impl std::error::Error for UnknownScheme {}

impl FromStr for DatabaseUrl {
    type Err = UnknownScheme;

    fn from_str(url: &str) -> Result<Self, UnknownScheme> {
        let scheme = url.split(':').next().unwrap_or_default();
        match (scheme, url.split_once(':')) {
            ("sqlite", Some((_, path))) if !path.is_empty() => {
                Ok(Self::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path))))
            }
            ("postgres" | "postgresql", Some((_, rest))) if rest.starts_with("//") => {
                Ok(Self::Postgres(url.to_owned()))
            }
            _ => Err(UnknownScheme(scheme.to_owned())),
        }
    }
}

/// Names the place, never the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                write!(f, "postgres://…@{}", url.rsplit('@').next().unwrap_or_default())
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl DatabaseUrl {
    /// Opens one connection as the engine gives it.
    pub(super) fn establish(&self) -> ConnectionResult<Conn> {
        use diesel::Connection;
        let engine = match self {
            Self::Sqlite(path) => {
                let path = path.to_str().ok_or_else(|| {
                    ConnectionError::InvalidConnectionUrl("path is not UTF-8".to_owned())
                })?;
                Engine::Sqlite(SqliteConnection::establish(path)?)
            }
            Self::Postgres(url) => Engine::Postgres(PgConnection::establish(url)?),
        };
        Ok(Conn { engine })
    }

    /// The file of an embedded database.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// Whether this engine has one writer at a time.
    #[must_use]
    pub fn single_writer(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}
