//! The audit journal: who did or looked at what, each entry chained to the one before.

use super::{Op, Outcome, Services, audit_desk};
use crate::adapters::digest::hex;
use crate::adapters::journal_digest::JournalDigest;
use crate::domain::audit::{self, COMMAND, SIGN_IN, SIGN_IN_REFUSED};
use crate::domain::caller::Right;
use crate::domain::ids::{EntryId, OrganisationId, UserId};
use crate::store;
use crate::store::audit::AuditRow;
use crate::store::dialect;

/// How many entries are read at a time.
const BATCH: i64 = 2_000;

/// One access.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Who; `None` for a command on the server.
    pub user: Option<UserId>,
    /// For whom they work.
    pub organisation: Option<OrganisationId>,
    /// What sort of access.
    pub act: &'static str,
    /// The route's pattern, or the command: never an address, which may hold a code.
    pub target: String,
    /// The thing the address named.
    pub subject: Option<EntryId>,
    /// How it was answered; 0 for what is no request.
    pub status: u16,
    /// The request.
    pub request: Option<EntryId>,
}

/// Adds an entry of its own.
///
/// # Errors
/// A failure of the database.
pub fn note(services: &Services, access: &Access) -> Outcome<()> {
    audit_desk::note(services, access)
}

/// Adds the entry of a request that was answered: its own, or one with the account's other refusals
/// of that minute.
///
/// # Errors
/// A failure of the database.
pub fn note_answered(services: &Services, right: Right, access: &Access) -> Outcome<()> {
    match access.user.filter(|_| audit::may_be_gathered(right, access.status)) {
        Some(user) => audit_desk::note_refusal(services, user, access),
        None => note(services, access),
    }
}

/// Adds the entry of a command on the server.
///
/// # Errors
/// A failure of the database.
pub fn note_command(services: &Services, words: &str) -> Outcome<()> {
    note(services, &Access { act: COMMAND, target: words.to_owned(), ..Access::default() })
}

/// Adds the entry of a sign-in to the transaction that makes or refuses it.
pub(super) fn note_sign_in(
    op: &mut Op<'_>,
    user: UserId,
    organisation: OrganisationId,
    refused: bool,
) -> Outcome<()> {
    let (act, status) = if refused { (SIGN_IN_REFUSED, 401) } else { (SIGN_IN, 200) };
    let (user, organisation) = (Some(user), Some(organisation));
    note_in(op, &Access { user, organisation, act, status, ..Access::default() })
}

/// The last thing a transaction does: entries wait for each other until it ends.
pub(super) fn note_in(op: &mut Op<'_>, access: &Access) -> Outcome<()> {
    dialect::lock_audit(op.conn)?;
    let (before, previous) = store::audit::last(op.conn)?.unwrap_or_default();
    let mut row = AuditRow {
        number: before + 1,
        at: op.now,
        user_id: access.user,
        organisation_id: access.organisation,
        act: access.act.to_owned(),
        target: access.target.clone(),
        subject_id: access.subject,
        status: i32::from(access.status),
        request_id: access.request,
        digest: Vec::new(),
    };
    row.digest = digest(&previous, &row);
    Ok(store::audit::insert(op.conn, row)?)
}

/// The digest of an entry: SHA-256 over the digest before it and its columns, apart by tabs.
fn digest(previous: &[u8], row: &AuditRow) -> Vec<u8> {
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut chain = JournalDigest::after(previous);
    chain.line(&format!(
        "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
        row.number,
        row.at,
        id(row.user_id.map(|id| id.0)),
        id(row.organisation_id.map(|id| id.0)),
        row.act,
        row.target,
        id(row.subject_id.map(|id| id.0)),
        row.status,
        id(row.request_id.map(|id| id.0)),
    ));
    chain.end()
}

/// Recomputes the whole chain; what differs goes to `differences`. Answers how many entries
/// there are and the digest of the last: written down elsewhere it proves that none was cut off.
pub(super) fn compare_audit(
    op: &mut Op<'_>,
    differences: &mut Vec<String>,
) -> Outcome<(i64, String)> {
    let (mut last, mut previous) = (0, Vec::new());
    loop {
        let rows = store::audit::page(op.conn, last, BATCH)?;
        if rows.is_empty() {
            compare_end(op, last, &previous, differences)?;
            return Ok((last, hex(&previous)));
        }
        for row in rows {
            if row.number != last + 1 {
                differences.push(format!(
                    "audit entries {} to {} are gone",
                    last + 1,
                    row.number - 1
                ));
            }
            if digest(&previous, &row) != row.digest {
                differences.push(format!("audit entry {} is not what was written", row.number));
            }
            (last, previous) = (row.number, row.digest);
        }
    }
}

/// The journal ends where the database noted beside it that it ends.
fn compare_end(
    op: &mut Op<'_>,
    last: i64,
    digest: &[u8],
    differences: &mut Vec<String>,
) -> Outcome<()> {
    let Some((number, noted)) = store::installation::end_of_audit(op.conn)? else { return Ok(()) };
    if number > last {
        differences.push(format!("audit entries {} to {number} are gone", last + 1));
    } else if (number, noted.as_slice()) != (last, digest) {
        differences.push(format!("audit entry {last} is not the last that was written"));
    }
    Ok(())
}
