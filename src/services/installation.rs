//! The ground: a schema, keys that fit the database, and a clock that can be believed.

use super::{Error, Outcome, Services, audit, clock_mark, key_checks};
use crate::store;
use crate::store::dialect;

/// Runs the migrations and ties the database to the keys. Several instances may do it at once.
///
/// # Errors
/// A migration's reason, or keys that are not those of this database.
pub fn prepare(services: &Services) -> Outcome<Vec<String>> {
    let mut conn = services.store.connect().map_err(Error::failure)?;
    let done = dialect::migrate(&mut conn).map_err(Error::failure)?;
    drop(conn);
    key_checks::tie(services)?;
    services.write(audit::begin_with_key)?;
    Ok(done)
}

/// Whether the service can do its work now: the database can be written to, and it is the one of
/// our keys.
///
/// # Errors
/// A failure of the database, keys of another installation, or a clock that is not to be believed.
pub fn ready(services: &Services) -> Outcome<()> {
    write_something(services)?;
    services.must_have_its_file()?;
    key_checks::keys_fit(services)?;
    clock_mark::is_believed(services)
}

/// Whether the database holds nothing at all.
///
/// # Errors
/// A failure of the database.
pub fn is_bare(services: &Services) -> Outcome<bool> {
    let mut conn = services.store.connect().map_err(Error::failure)?;
    Ok(dialect::is_bare(&mut conn)?)
}

/// Whether the file of the database is whole, where it is ours to look after.
///
/// # Errors
/// What is wrong with it.
pub fn file_is_whole(services: &Services) -> Outcome<()> {
    let mut conn = services.store.connect().map_err(Error::failure)?;
    let wrong = dialect::look_through(&mut conn)?;
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Error::failure(format!("the database is damaged: {}", wrong.join("; "))))
}

/// Writes a row, to see that something can be written.
pub(super) fn write_something(services: &Services) -> Outcome<()> {
    let now = services.clock.now();
    services.store.write(|conn| Ok(store::installation::beat(conn, now)?))
}

/// Whether the schema is that of this program.
///
/// # Errors
/// A failure of the database, or migrations that have not run.
pub fn schema_current(services: &Services) -> Outcome<()> {
    let mut conn = services.store.connect().map_err(Error::failure)?;
    if dialect::schema_is_current(&mut conn).map_err(Error::failure)? {
        Ok(())
    } else {
        Err(Error::failure("the schema is not current: run `migrate`"))
    }
}
