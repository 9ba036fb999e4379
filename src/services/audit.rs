//! The audit journal: who did or looked at what, each entry chained to the one before.

use super::sign_in_limits::Origin;
use super::{Op, Outcome, Services};
use crate::adapters::digest::{hex, sha256};
use crate::adapters::journal_digest::JournalDigest;
use crate::domain::audit::{COMMAND, SIGN_IN, SIGN_IN_REFUSED};
use crate::domain::ids::{EntryId, OrganisationId, UserId};
use crate::store;
use crate::store::audit::AuditRow;
use crate::store::dialect;
use crate::store::user::UserRow;

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
    /// Where it came from, cut to its network: kept beside the entry, for some days.
    pub address: Option<String>,
}

impl Access {
    /// What a person did to a sign-in of their own.
    #[must_use]
    pub fn of_own(act: &'static str, user: UserId, organisation: OrganisationId) -> Self {
        let (user, organisation) = (Some(user), Some(organisation));
        Self { user, organisation, act, status: 200, ..Self::default() }
    }
}

/// Whose sign-in a refresh token belongs to, as an access to note.
///
/// # Errors
/// A failure of the database.
pub fn of_refresh_token(
    services: &Services,
    token: &str,
    act: &'static str,
) -> Outcome<Option<Access>> {
    services.read(|op| {
        let found = store::session::refresh_token(op.conn, &sha256(token.as_bytes()))?;
        let Some(found) = found else { return Ok(None) };
        let user = store::user::by_id(op.conn, found.user_id)?;
        Ok(user.map(|user| Access::of_own(act, user.id, user.organisation_id)))
    })
}

/// Adds the entry of a sign-in to the transaction that makes or refuses it; an e-mail without an
/// account has one too, which names nobody.
pub(super) fn note_sign_in(
    op: &mut Op<'_>,
    user: Option<&UserRow>,
    origin: &Origin,
    refused: bool,
) -> Outcome<()> {
    let (act, status) = if refused { (SIGN_IN_REFUSED, 401) } else { (SIGN_IN, 200) };
    let organisation = user.map(|user| user.organisation_id);
    let user = user.map(|user| user.id);
    let address = origin.network.clone();
    note_in(op, &Access { user, organisation, act, status, address, ..Access::default() })
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
    row.digest = op.services.keys.audit_digest(&digest(&previous, &row));
    if let Some(address) = &access.address {
        store::audit::insert_address(op.conn, row.number, address, op.now)?;
    }
    Ok(store::audit::insert(op.conn, row)?)
}

/// What the digest of an entry is made of: SHA-256 over the digest before it and its columns, apart by tabs.
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

/// Puts an entry with the key after those that are older than it: from then on a journal without
/// one was written anew by somebody who has no key.
///
/// # Errors
/// A failure of the database.
pub(super) fn begin_with_key(op: &mut Op<'_>) -> Outcome<()> {
    let Some((number, _)) = store::audit::last(op.conn)? else { return Ok(()) };
    let (before, entry) = store::audit::last_two(op.conn, number)?;
    let Some(entry) = entry else { return Ok(()) };
    if op.services.keys.audit_digest(&digest(&before, &entry)) == entry.digest {
        return Ok(());
    }
    let target = "entries have a key from here on".to_owned();
    note_in(op, &Access { act: COMMAND, target, ..Access::default() })
}

/// Recomputes the whole chain; what differs goes to `differences`. Answers how many entries
/// there are and the digest of the last: written down elsewhere it proves that none was cut off.
pub(super) fn compare_audit(
    op: &mut Op<'_>,
    differences: &mut Vec<String>,
) -> Outcome<(i64, String)> {
    let (mut last, mut previous, mut keyed) = (0, Vec::new(), false);
    loop {
        let rows = store::audit::page(op.conn, last, BATCH)?;
        if rows.is_empty() {
            compare_end(op, last, &previous, differences)?;
            if last > 0 && !keyed {
                differences.push("the audit journal ends before its entries had a key".to_owned());
            }
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
            // Entries older than the key have the plain digest. After one with the key none has.
            let plain = digest(&previous, &row);
            keyed |= op.services.keys.audit_digest(&plain) == row.digest;
            if op.services.keys.audit_digest(&plain) != row.digest && (keyed || plain != row.digest)
            {
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
