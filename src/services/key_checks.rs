//! The key files of a database: remembered when they first appear, and compared ever after.

use super::{Error, Op, Outcome, Services, bank_details};
use crate::adapters::key_files::KeyError;
use crate::domain::key_check::{self, KeyCheck, KeyFault};
use crate::domain::refusal::{Code, Refused};
use crate::store;

/// Ties the database to the keys, and remembers those it has not heard of.
///
/// # Errors
/// Keys that are not those of this database.
pub fn tie(services: &Services) -> Outcome<()> {
    services.write(|op| {
        if store::installation::key_check(op.conn)?.is_none() {
            let expected = services.keys.check_value();
            store::installation::insert(op.conn, &expected, op.now)?;
        }
        compare(op)?;
        let held = services.keys.checks();
        let known = store::key_check::all(op.conn)?;
        let unknown = key_check::unknown(&known, &held);
        if unknown.is_empty() {
            return Ok(());
        }
        must_read_what_is_there(op, &known, &unknown)?;
        for check in unknown {
            store::key_check::insert(op.conn, check, op.now)?;
        }
        Ok(())
    })
}

/// Whether the keys are those of the database.
///
/// # Errors
/// Keys of another installation, named by their files; a failure of the database.
pub fn keys_fit(services: &Services) -> Outcome<()> {
    services.read(compare)
}

/// Databases older than the checks of each file have the value of two keys alone.
fn compare(op: &mut Op<'_>) -> Outcome<()> {
    let known = store::key_check::all(op.conn)?;
    if let Some(fault) = key_check::first_fault(&known, &op.services.keys.checks()) {
        return Err(Error::failure(fault));
    }
    match store::installation::key_check(op.conn)? {
        Some(found) if found != op.services.keys.check_value() => Err(Error::failure(WRONG_KEYS)),
        _ => Ok(()),
    }
}

const WRONG_KEYS: &str = "lookup.key or fingerprint.key in the data directory is not that of this \
    database: no pass printed so far would be recognised; put the right key files back";

/// A key is remembered as the right one when it reads what was made with its number: a database that
/// remembers none yet may have been given the keys of another server.
fn must_read_what_is_there(
    op: &mut Op<'_>,
    known: &[KeyCheck],
    unknown: &[&KeyCheck],
) -> Outcome<()> {
    let asked = |kind: &str, number: i32| {
        let name = format!("{kind}-{number}");
        known.is_empty() || unknown.iter().any(|key| key.name == name)
    };
    for pass in store::key_check::one_pass_a_key(op.conn)? {
        if !asked("code", pass.key_number) {
            continue;
        }
        let code = op.services.keys.code(pass.id, pass.key_number)?;
        if op.services.keys.code_hash(&code) != pass.code_hash {
            return Err(KeyError::OtherCodeKey(pass.key_number).into());
        }
    }
    for (id, sealed) in store::key_check::one_account_a_key(op.conn)? {
        if !asked("seal", sealed.key_number) {
            continue;
        }
        let fault = KeyFault::Another(format!("seal-{}", sealed.key_number));
        bank_details::open_of(op, id.0, &sealed).map_err(|_| Error::failure(fault))?;
    }
    Ok(())
}

/// Goes on without a key file that is lost for good: what was made with it stays unreadable.
///
/// # Errors
/// `not_found` for a file the database does not know, or one that nothing works without; `in_use` for
/// one that is there.
pub fn forget(services: &Services, name: &str) -> Outcome<()> {
    if services.keys.checks().iter().any(|key| key.name == name) {
        let sentence = format!(
            "La clé {name} est dans le dossier des clés : elle ne s'oublie pas. Si ce fichier n'est \
             pas le bon, ôtez-le d'abord."
        );
        return Err(Refused::new(Code::InUse, sentence).into());
    }
    services.write(|op| {
        if key_check::may_be_forgotten(name) && store::key_check::forget(op.conn, name)? {
            return Ok(());
        }
        let sentence = "Aucune clé de ce nom ne peut être oubliée : code-N, seal-N ou token-N.";
        Err(Refused::new(Code::NotFound, sentence).into())
    })
}
