//! The ground: schema, keys that fit the database, and what the service tidies by itself.

use super::{Error, Outcome, Services, audit};
use crate::domain::audit::ADDRESS_DAYS;
use crate::domain::ids::ProgrammeId;
use crate::domain::look_up::COUNTED_SECONDS;
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
    let expected = services.keys.check_value();
    services.write(|op| match store::installation::key_check(op.conn)? {
        None => Ok(store::installation::insert(op.conn, &expected, op.now)?),
        Some(found) if found == expected => audit::begin_with_key(op),
        Some(_) => Err(Error::failure(WRONG_KEYS)),
    })?;
    Ok(done)
}

/// Whether the keys are those of the database.
///
/// # Errors
/// Keys of another installation, or a failure of the database.
pub fn keys_fit(services: &Services) -> Outcome<()> {
    let expected = services.keys.check_value();
    match services.read(|op| Ok(store::installation::key_check(op.conn)?))? {
        Some(found) if found != expected => Err(Error::failure(WRONG_KEYS)),
        _ => Ok(()),
    }
}

const WRONG_KEYS: &str = "the keys in the data directory are not those of this database: \
    no pass printed so far would be recognised; put the right key files back";

/// Whether the service can do its work now: the database can be written to, and it is the one of
/// our keys.
///
/// # Errors
/// A failure of the database, or keys of another installation.
pub fn ready(services: &Services) -> Outcome<()> {
    write_something(services)?;
    keys_fit(services)
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

/// An idempotency key is looked up for thirteen months.
const KEY_DAYS: i64 = 400;

/// So many keys are deleted in one transaction.
const AT_ONCE: i64 = 500;

/// Forgets what has ended: sessions, tokens, wrong codes, old idempotency keys, and the fingerprints of programmes
/// that are over, tolerance included, by destroying their key.
///
/// # Errors
/// A failure of the database.
pub fn tidy(services: &Services) -> Outcome<()> {
    const DAY: i64 = 24 * 60 * 60;
    services.write(|op| {
        store::session::delete_ended(op.conn, op.now.plus_seconds(-7 * DAY))?;
        store::wrong_code::delete_before(op.conn, op.now.plus_seconds(-DAY))?;
        store::sign_in_attempt::delete_before(op.conn, op.now.plus_seconds(-DAY))?;
        store::audit::delete_addresses(op.conn, op.now.plus_seconds(-ADDRESS_DAYS * DAY))?;
        store::look_up::delete_before(op.conn, op.now.plus_seconds(-COUNTED_SECONDS))?;
        store::idempotency::forget_people(op.conn, op.now.plus_seconds(-31 * DAY))?;
        Ok(())
    })?;
    let kept_since = services.clock.now().plus_seconds(-KEY_DAYS * DAY);
    while services
        .write(|op| Ok(store::idempotency::delete_before(op.conn, kept_since, AT_ONCE)?))?
        > 0
    {}
    let mut after = ProgrammeId(uuid::Uuid::nil());
    loop {
        let programmes = services.read(|op| Ok(store::programme::page(op.conn, after, 50)?))?;
        let Some(last) = programmes.last() else { return Ok(()) };
        after = last.id;
        for programme in &programmes {
            let today = services.clock.now().day_in(programme.zone);
            if programme.redeemable_until() < today {
                services.write(|op| {
                    if !store::pass::any_live(op.conn, programme.id)? {
                        store::programme::set_salt(op.conn, programme.id, None)?;
                        store::pass::forget_fingerprints(op.conn, programme.id)?;
                    }
                    Ok(())
                })?;
            }
        }
    }
}
