//! How entries of the audit journal are written without holding anybody up: what waits is written
//! together, refusals of one account are gathered, and an account that reads and reads is slowed down.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::audit::{Access, note_in};
use super::{Error, Outcome, Services};
use crate::domain::audit::{COMMAND, GATHERED_SECONDS, MOST_READINGS, may_be_gathered};
use crate::domain::caller::Right;
use crate::domain::ids::UserId;
use crate::domain::refusal::{Code, Fact, Refused};
use crate::domain::time::Instant;

/// The number of an entry that nobody waits for.
const UNATTENDED: u64 = 0;

/// So many of them wait while the journal cannot be written.
const LONGEST_OUTBOX: usize = 10_000;

/// What one process knows of the entries it writes.
#[derive(Debug, Default)]
pub struct AuditDesk {
    waiting: Mutex<Waiting>,
    /// Held by the request that writes for all that wait.
    writing: Mutex<()>,
    refusals: Mutex<HashMap<UserId, Refusals>>,
    readings: Mutex<Readings>,
}

#[derive(Debug, Default)]
struct Waiting {
    last: u64,
    entries: Vec<(u64, Access)>,
    /// What became of those that another request wrote.
    written: HashMap<u64, bool>,
}

/// What one account was refused since `since`, beside the entry that it has.
#[derive(Debug)]
struct Refusals {
    since: Instant,
    first: Access,
    more: BTreeMap<String, u32>,
}

/// How much each account read in the minute since `since`.
#[derive(Debug, Default)]
struct Readings {
    since: Option<Instant>,
    of_account: HashMap<UserId, u32>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn a_minute_before(now: Instant) -> Instant {
    now.plus_seconds(-GATHERED_SECONDS)
}

/// Adds an entry. Those that came while the last ones were written are written together: many
/// readings at once are one write.
///
/// # Errors
/// A failure of the database: what was read is then given to nobody.
pub fn note(services: &Services, access: &Access) -> Outcome<()> {
    let desk = &services.audit_desk;
    let own = {
        let mut waiting = locked(&desk.waiting);
        waiting.last += 1;
        let own = waiting.last;
        waiting.entries.push((own, access.clone()));
        own
    };
    let _writing = locked(&desk.writing);
    let entries = {
        let mut waiting = locked(&desk.waiting);
        match waiting.written.remove(&own) {
            Some(true) => return Ok(()),
            Some(false) => return Err(Error::failure("entries of the audit journal not written")),
            None => std::mem::take(&mut waiting.entries),
        }
    };
    if entries.iter().all(|(number, _)| *number != own) {
        return Err(Error::failure("entries of the audit journal were lost"));
    }
    write(services, &desk.waiting, entries, own)
}

/// Writes entries; what became of those of others is told to them. Those that nobody waits for
/// wait on when it fails.
fn write(
    services: &Services,
    waiting: &Mutex<Waiting>,
    entries: Vec<(u64, Access)>,
    own: u64,
) -> Outcome<()> {
    let outcome =
        services.write(|op| entries.iter().try_for_each(|(_, access)| note_in(op, access)));
    let mut waiting = locked(waiting);
    for (number, access) in entries {
        match number {
            UNATTENDED if outcome.is_err() => waiting.entries.push((UNATTENDED, access)),
            UNATTENDED => {}
            _ if number == own => {}
            _ => drop(waiting.written.insert(number, outcome.is_ok())),
        }
    }
    outcome
}

/// Puts the entry of something that is done into the outbox, to be written with the next one.
pub fn enqueue(services: &Services, access: Access) {
    let mut waiting = locked(&services.audit_desk.waiting);
    if waiting.entries.len() < LONGEST_OUTBOX {
        waiting.entries.push((UNATTENDED, access));
    }
}

/// Writes what is in the outbox.
fn flush_outbox(services: &Services) -> Outcome<()> {
    let desk = &services.audit_desk;
    let _writing = locked(&desk.writing);
    let entries = std::mem::take(&mut locked(&desk.waiting).entries);
    if entries.is_empty() { Ok(()) } else { write(services, &desk.waiting, entries, UNATTENDED) }
}

/// Adds the entry of a request that was answered: its own, or one with the account's other refusals
/// of that minute.
///
/// # Errors
/// A failure of the database.
pub fn note_answered(services: &Services, right: Right, access: &Access) -> Outcome<()> {
    match access.user.filter(|_| may_be_gathered(right, access.status)) {
        Some(user) => note_refusal(services, user, access),
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

/// Adds the entry of a refusal, or counts it with those of the same account in the same minute.
///
/// # Errors
/// A failure of the database.
fn note_refusal(services: &Services, user: UserId, access: &Access) -> Outcome<()> {
    let now = services.clock.now();
    let over = {
        let mut refusals = locked(&services.audit_desk.refusals);
        match refusals.get_mut(&user) {
            Some(known) if known.since > a_minute_before(now) => {
                *known.more.entry(access.target.clone()).or_default() += 1;
                return Ok(());
            }
            _ => {
                let begun = Refusals { since: now, first: access.clone(), more: BTreeMap::new() };
                refusals.insert(user, begun)
            }
        }
    };
    if let Some(over) = over {
        note_gathered(services, over)?;
    }
    note(services, access)
}

/// Writes what was gathered and is a minute old, or all of it at the end of the process.
///
/// # Errors
/// A failure of the database.
pub fn write_gathered(services: &Services, all: bool) -> Outcome<()> {
    let before = a_minute_before(services.clock.now());
    let over: Vec<Refusals> = locked(&services.audit_desk.refusals)
        .extract_if(|_, known| all || known.since <= before)
        .map(|(_, known)| known)
        .collect();
    over.into_iter().try_for_each(|known| note_gathered(services, known))?;
    flush_outbox(services)
}

fn note_gathered(services: &Services, over: Refusals) -> Outcome<()> {
    if over.more.is_empty() {
        return Ok(());
    }
    let each: Vec<String> =
        over.more.iter().map(|(target, count)| format!("{count} × {target}")).collect();
    note(services, &Access { target: each.join(", "), subject: None, request: None, ..over.first })
}

/// Counts a reading that will leave an entry.
///
/// # Errors
/// `too_many_requests` when the account read as much as it may in this minute.
pub fn count_reading(services: &Services, user: UserId) -> Result<(), Refused> {
    let now = services.clock.now();
    let mut readings = locked(&services.audit_desk.readings);
    let since = readings.since.filter(|since| *since > a_minute_before(now)).unwrap_or(now);
    if readings.since != Some(since) {
        *readings = Readings { since: Some(since), of_account: HashMap::new() };
    }
    let count = readings.of_account.entry(user).or_default();
    *count += 1;
    if *count <= MOST_READINGS {
        return Ok(());
    }
    let mut refused = Refused::new(
        Code::TooManyRequests,
        "Votre compte consulte trop de pages à la fois : attendez une minute et recommencez.",
    );
    let micros = since.plus_seconds(GATHERED_SECONDS).micros().saturating_sub(now.micros());
    let wait = (micros / 1_000_000).max(1);
    refused.facts.push(("retry_after".to_owned(), Fact::Number(wait)));
    Err(refused)
}
