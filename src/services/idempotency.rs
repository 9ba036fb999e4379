//! Doing a thing once however often it is asked: the answer is kept in the transaction that did
//! the work, and looked up before anything is refused.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{Error, Op, Outcome, Services};
use crate::domain::ids::{EntryId, OrganisationId};
use crate::domain::refusal::{Code, Fact, Kind, Refused};
use crate::store;

/// A client's key and what it came with.
#[derive(Clone, Debug)]
pub struct Key {
    /// Whose key it is: keys of two organisations never meet.
    pub organisation: OrganisationId,
    /// The UUID the client made.
    pub key: Uuid,
    /// Keyed hash of method, path and body.
    pub request_hash: Vec<u8>,
    /// Whether the request named a person: its hash is forgotten after a month.
    pub personal: bool,
}

/// An answer, and whether it was given before.
#[derive(Clone, Debug)]
pub struct Once<T> {
    /// The answer.
    pub value: T,
    /// Whether it was given before.
    pub replayed: bool,
}

/// A stored answer. What a success holds stays text: only its use case knows the type.
#[derive(Serialize, Deserialize)]
enum Kept {
    Done(Box<RawValue>),
    Refused { code: String, sentence: String, facts: Vec<(String, KeptFact)> },
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum KeptFact {
    Number(i64),
    Text(String),
}

/// Runs `work` in a transaction, once for each key. A refusal is kept as well: the same key gets
/// the same answer, whatever happened in between.
///
/// # Errors
/// What `work` refuses, now or when the key first came; `idempotency_key_reused` when the key
/// came with another request.
pub fn once<T: Serialize + DeserializeOwned>(
    services: &Services,
    key: Option<&Key>,
    work: impl FnMut(&mut Op<'_>) -> Outcome<T>,
) -> Outcome<Once<T>> {
    once_in(services, key, Transaction::Any, work)
}

/// As [`once`], for work of a moment: see [`Services::write_brief`].
///
/// # Errors
/// As [`once`].
pub fn once_brief<T: Serialize + DeserializeOwned>(
    services: &Services,
    key: Option<&Key>,
    work: impl FnMut(&mut Op<'_>) -> Outcome<T>,
) -> Outcome<Once<T>> {
    once_in(services, key, Transaction::Brief, work)
}

/// As [`once`], for work of a moment that waits for all other work of its line anyway: see
/// [`Services::write_in_line`].
///
/// # Errors
/// As [`once`].
pub fn once_in_line<T: Serialize + DeserializeOwned>(
    services: &Services,
    key: Option<&Key>,
    line: Uuid,
    work: impl FnMut(&mut Op<'_>) -> Outcome<T>,
) -> Outcome<Once<T>> {
    once_in(services, key, Transaction::InLine(line), work)
}

/// What kind of transaction it takes.
#[derive(Clone, Copy)]
enum Transaction {
    Any,
    Brief,
    InLine(Uuid),
}

impl Transaction {
    fn write<T>(
        self,
        services: &Services,
        work: impl FnMut(&mut Op<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        match self {
            Self::Brief => services.write_brief(work),
            Self::InLine(line) => services.write_in_line(line, work),
            Self::Any => services.write(work),
        }
    }
}

fn once_in<T: Serialize + DeserializeOwned>(
    services: &Services,
    key: Option<&Key>,
    transaction: Transaction,
    mut work: impl FnMut(&mut Op<'_>) -> Outcome<T>,
) -> Outcome<Once<T>> {
    let Some(key) = key else {
        return transaction.write(services, work).map(|value| Once { value, replayed: false });
    };
    let outcome = transaction.write(services, |op| {
        if let Some(kept) = find(op, key)? {
            return Ok(Answered::Before(kept));
        }
        let value = work(op)?;
        keep(op, key, &done(&value)?)?;
        Ok(Answered::Now(value))
    });
    let before = match outcome {
        Ok(Answered::Now(value)) => return Ok(Once { value, replayed: false }),
        Ok(Answered::Before(kept)) => kept,
        Err(Error::Refused { refused, replayed: false }) if worth_keeping(&refused) => {
            match keep_refusal(services, key, &refused)? {
                Some(kept) => kept,
                None => return Err((*refused).into()),
            }
        }
        Err(error) => return Err(error),
    };
    match read_kept(before)? {
        Ok(value) => Ok(Once { value, replayed: true }),
        Err(refused) => Err(Error::Refused { refused: Box::new(refused), replayed: true }),
    }
}

/// Who decided: this request, or one before it with the same key.
enum Answered<T> {
    Now(T),
    Before(Kept),
}

/// The answer that was kept under a key, for a page that shows what was done; `None` when there is
/// none, or none of that kind.
///
/// # Errors
/// A failure of the database.
pub fn kept<T: DeserializeOwned>(
    services: &Services,
    organisation: OrganisationId,
    key: Uuid,
) -> Outcome<Option<T>> {
    let found =
        services.read(|op| Ok(store::idempotency::find(op.conn, organisation, EntryId(key))?))?;
    let Some(answered) = found else { return Ok(None) };
    Ok(done_of(&answered.answer))
}

/// Refusals that say something of the state of things; those about the request itself, its rate
/// or its sender are decided again each time.
fn worth_keeping(refused: &Refused) -> bool {
    matches!(refused.code.kind(), Kind::Conflict | Kind::NotFound)
}

/// Keeps a refusal, unless a retry was answered while this request was being refused: then that
/// answer stands.
fn keep_refusal(services: &Services, key: &Key, refused: &Refused) -> Outcome<Option<Kept>> {
    services.write_brief(|op| {
        let found = find(op, key)?;
        if found.is_none() {
            keep(op, key, &kept_refusal(refused))?;
        }
        Ok(found)
    })
}

fn kept_refusal(refused: &Refused) -> Kept {
    let facts = refused.facts.iter().map(|(name, fact)| {
        let fact = match fact {
            Fact::Number(number) => KeptFact::Number(*number),
            Fact::Text(text) => KeptFact::Text(text.clone()),
        };
        (name.clone(), fact)
    });
    Kept::Refused {
        code: refused.code.as_str().to_owned(),
        sentence: refused.sentence.clone(),
        facts: facts.collect(),
    }
}

/// What an organisation's key was answered, whatever request it came with: a scan may be sent
/// again on another route than the one that got no answer.
pub(super) fn answered<T: DeserializeOwned>(
    op: &mut Op<'_>,
    organisation: OrganisationId,
    key: Uuid,
) -> Outcome<Option<Result<T, Refused>>> {
    let found = store::idempotency::find(op.conn, organisation, EntryId(key))?;
    found.map(|answered| read_kept(serde_json::from_str(&answered.answer)?)).transpose()
}

/// Keeps what a key was answered, in the transaction that did the work.
pub(super) fn keep_answer<T: Serialize>(
    op: &mut Op<'_>,
    key: &Key,
    answer: &Result<T, Refused>,
) -> Outcome<()> {
    match answer {
        Ok(value) => keep(op, key, &done(value)?),
        Err(refused) => keep(op, key, &kept_refusal(refused)),
    }
}

/// A success as it is kept.
pub(super) fn done_text<T: Serialize>(value: &T) -> Outcome<String> {
    Ok(serde_json::to_string(&done(value)?)?)
}

/// What was kept, when it is a success.
pub(super) fn done_of<T: DeserializeOwned>(kept: &str) -> Option<T> {
    match serde_json::from_str(kept) {
        Ok(Kept::Done(value)) => serde_json::from_str(value.get()).ok(),
        _ => None,
    }
}

fn done<T: Serialize>(value: &T) -> Outcome<Kept> {
    Ok(Kept::Done(serde_json::value::to_raw_value(value)?))
}

fn find(op: &mut Op<'_>, key: &Key) -> Outcome<Option<Kept>> {
    let found = store::idempotency::find(op.conn, key.organisation, EntryId(key.key))?;
    let Some(answered) = found else { return Ok(None) };
    let forgotten = answered.request_hash.is_empty();
    if !forgotten && answered.request_hash != key.request_hash {
        return Err(Refused::new(
            Code::IdempotencyKeyReused,
            "Cette clé d'idempotence a déjà servi pour une autre demande : créez-en une nouvelle.",
        )
        .into());
    }
    Ok(Some(serde_json::from_str(&answered.answer)?))
}

fn read_kept<T: DeserializeOwned>(kept: Kept) -> Outcome<Result<T, Refused>> {
    Ok(match kept {
        Kept::Done(value) => Ok(serde_json::from_str(value.get())?),
        Kept::Refused { code, sentence, facts } => Err(refused_from(&code, sentence, facts)?),
    })
}

fn refused_from(code: &str, sentence: String, facts: Vec<(String, KeptFact)>) -> Outcome<Refused> {
    let code = Code::ALL
        .iter()
        .find(|known| known.as_str() == code)
        .ok_or_else(|| Error::failure(format!("kept answer with unknown code {code}")))?;
    let facts = facts.into_iter().map(|(name, fact)| {
        let fact = match fact {
            KeptFact::Number(number) => Fact::Number(number),
            KeptFact::Text(text) => Fact::Text(text),
        };
        (name, fact)
    });
    Ok(Refused { facts: facts.collect(), ..Refused::new(*code, sentence) })
}

fn keep(op: &mut Op<'_>, key: &Key, kept: &Kept) -> Outcome<()> {
    let answer = serde_json::to_string(kept)?;
    let kept = store::idempotency::Kept {
        request_hash: &key.request_hash,
        answer: &answer,
        personal: key.personal,
    };
    let id = EntryId(key.key);
    Ok(store::idempotency::insert(op.conn, key.organisation, id, &kept, op.now)?)
}
