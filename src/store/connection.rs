//! One connection type over both engines, chosen by the URL's scheme and nothing else.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use diesel::ConnectionError;
use diesel::{ConnectionResult, PgConnection, SqliteConnection};

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
            Self::Postgres(url) => write!(f, "postgres://…@{}", place(url)),
        }
    }
}

/// Host, port and name of the database. A password may stand before the `@` or among the parameters,
/// and either may hold the sign that ends the other: what cannot be told apart is left out.
fn place(url: &str) -> &str {
    let rest = url.split_once("//").map_or("", |(_, rest)| rest);
    let before = rest.split('?').next().unwrap_or_default();
    match before.rsplit_once('@') {
        Some((_, place)) => place,
        None if rest.contains('@') => "…",
        None => before,
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
            Self::Postgres(url) => Engine::Postgres(PgConnection::establish(&with_ends(url))?),
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

/// What ends a wait for a server that does not answer, unless the URL says otherwise: three seconds
/// to connect, ten for what was sent, and a sign of life now and then.
const ENDS: [(&str, &str); 6] = [
    ("connect_timeout", "3"),
    ("tcp_user_timeout", "10000"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "2"),
    ("keepalives_count", "3"),
    ("application_name", "pass-numerique"),
];

fn with_ends(url: &str) -> String {
    let mut whole = url.to_owned();
    let given = url.split_once('?').map_or("", |(_, parameters)| parameters).to_owned();
    for (name, value) in ENDS {
        if given.split('&').all(|pair| pair.split('=').next() != Some(name)) {
            whole.push(if whole.contains('?') { '&' } else { '?' });
            whole.extend([name, "=", value]);
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::{DatabaseUrl, with_ends};

    #[test]
    fn a_wait_for_the_server_has_an_end_unless_the_url_says_otherwise() {
        let plain = with_ends("postgres://u:p@h/d");
        assert!(plain.starts_with("postgres://u:p@h/d?connect_timeout=3&tcp_user_timeout=10000&"));
        let own = with_ends("postgres://h/d?sslmode=verify-full&connect_timeout=9");
        assert!(own.starts_with("postgres://h/d?sslmode=verify-full&connect_timeout=9&tcp_user"));
        assert_eq!(own.matches("connect_timeout").count(), 1);
    }

    #[test]
    fn no_password_is_shown_wherever_it_stands() {
        for (url, shown) in [
            ("postgres://u:secret@db:5432/pass?sslmode=require", "postgres://…@db:5432/pass"),
            ("postgres://db/pass?user=u&password=secret", "postgres://…@db/pass"),
            ("postgres://u:sec@ret@db/pass?password=secret", "postgres://…@db/pass"),
            ("postgres://db/pass?password=a@secret", "postgres://…@…"),
            ("postgres://u:secret?x@db/pass", "postgres://…@…"),
            ("postgresql:///pass?host=/run/secret", "postgres://…@/pass"),
        ] {
            let read: DatabaseUrl = url.parse().unwrap();
            assert_eq!(
                (format!("{read}"), format!("{read:?}")),
                (shown.to_owned(), shown.to_owned())
            );
            assert!(!shown.contains("secret"));
        }
    }
}
