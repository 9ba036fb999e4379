//! Doing a thing once however often it is asked: the answer is stored in the transaction that did
//! the work, and looked up before anything is refused.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{Error, Op, Outcome, Services};
use crate::domain::ids::{EntryId, OrganisationId};
use crate::domain::refusal::{Code, Fact, Kind, Refused};
use crate::domain::time::Instant;
use crate::store;
use crate::store::idempotency::AnswerRow;

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
enum Stored {
    Done(Box<RawValue>),
    Refused { code: String, sentence: String, facts: Vec<(String, StoredFact)> },
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredFact {
    Number(i64),
    Text(String),
}

/// Runs `work` in a transaction, once for each key. A refusal is stored as well: the same key gets
/// the same answer, whatever happened in between.
///
/// # Errors
/// What `work` refuses, now or when the key first came; `idempotency_key_reused` when the key
/// came with another request.
pub fn once<T: Serialize + DeserializeOwned>(
    services: &Services,
    key: Option<&Key>,
    mut work: impl FnMut(&mut Op<'_>) -> Outcome<T>,
) -> Outcome<Once<T>> {
    let Some(key) = key else {
        return services.write(work).map(|value| Once { value, replayed: false });
    };
    let outcome = services.write(|op| {
        if let Some(stored) = find(op, key)? {
            return replay(&stored, Some(&key.request_hash));
        }
        let value = work(op)?;
        store::idempotency::insert(op.conn, answer_row(key, Ok(&value), op.now)?)?;
        Ok(Once { value, replayed: false })
    });
    match outcome {
        Err(Error::Refused { refused, replayed: false }) if worth_storing(&refused) => {
            store_refusal(services, key, *refused)
        }
        outcome => outcome,
    }
}

/// The answer that was stored under a key, for a page that shows what was done; `None` when there
/// is none, or none of that kind.
///
/// # Errors
/// A failure of the database.
pub fn stored<T: DeserializeOwned>(
    services: &Services,
    organisation: OrganisationId,
    key: Uuid,
) -> Outcome<Option<T>> {
    let found =
        services.read(|op| Ok(store::idempotency::find(op.conn, organisation, EntryId(key))?))?;
    Ok(found.and_then(|row| replay(&row, None).ok()).map(|once| once.value))
}

/// Refusals that say something of the state of things; those about the request itself, its rate
/// or its sender are decided again each time.
pub(super) fn worth_storing(refused: &Refused) -> bool {
    matches!(refused.code.kind(), Kind::Conflict | Kind::NotFound)
}

/// What a key was answered before. It is bound to the request it came with, unless that was
/// forgotten or `request_hash` is `None`.
///
/// # Errors
/// The refusal that was stored, marked as replayed; `idempotency_key_reused`.
pub(super) fn replay<T: DeserializeOwned>(
    stored: &AnswerRow,
    request_hash: Option<&Vec<u8>>,
) -> Outcome<Once<T>> {
    let same = request_hash
        .is_none_or(|hash| stored.request_hash.is_empty() || *hash == stored.request_hash);
    if !same {
        return Err(Refused::new(
            Code::IdempotencyKeyReused,
            "Cette clé d'idempotence a déjà servi pour une autre demande : créez-en une nouvelle.",
        )
        .into());
    }
    match serde_json::from_str(&stored.answer)? {
        Stored::Done(value) => {
            Ok(Once { value: serde_json::from_str(value.get())?, replayed: true })
        }
        Stored::Refused { code, sentence, facts } => {
            let refused = Box::new(refused_from(&code, sentence, facts)?);
            Err(Error::Refused { refused, replayed: true })
        }
    }
}

/// What a key was answered, as a row.
pub(super) fn answer_row<T: Serialize>(
    key: &Key,
    answer: Result<&T, &Refused>,
    now: Instant,
) -> Outcome<AnswerRow> {
    let stored = match answer {
        Ok(value) => Stored::Done(serde_json::value::to_raw_value(value)?),
        Err(refused) => stored_refusal(refused),
    };
    Ok(AnswerRow {
        organisation_id: key.organisation,
        key: EntryId(key.key),
        request_hash: key.request_hash.clone(),
        answer: serde_json::to_string(&stored)?,
        personal: key.personal,
        created_at: now,
    })
}

/// Stores a refusal, unless a retry was answered while this request was being refused: then that
/// answer stands.
fn store_refusal<T: DeserializeOwned>(
    services: &Services,
    key: &Key,
    refused: Refused,
) -> Outcome<Once<T>> {
    let before = services.write(|op| {
        if let Some(stored) = find(op, key)? {
            return replay(&stored, Some(&key.request_hash)).map(Some);
        }
        store::idempotency::insert(op.conn, answer_row::<()>(key, Err(&refused), op.now)?)?;
        Ok(None)
    })?;
    before.ok_or_else(|| refused.into())
}

fn stored_refusal(refused: &Refused) -> Stored {
    let facts = refused.facts.iter().map(|(name, fact)| {
        let fact = match fact {
            Fact::Number(number) => StoredFact::Number(*number),
            Fact::Text(text) => StoredFact::Text(text.clone()),
        };
        (name.clone(), fact)
    });
    Stored::Refused {
        code: refused.code.as_str().to_owned(),
        sentence: refused.sentence.clone(),
        facts: facts.collect(),
    }
}

fn find(op: &mut Op<'_>, key: &Key) -> Outcome<Option<AnswerRow>> {
    Ok(store::idempotency::find(op.conn, key.organisation, EntryId(key.key))?)
}

fn refused_from(
    code: &str,
    sentence: String,
    facts: Vec<(String, StoredFact)>,
) -> Outcome<Refused> {
    let code = Code::ALL
        .iter()
        .find(|known| known.as_str() == code)
        .ok_or_else(|| Error::failure(format!("stored answer with unknown code {code}")))?;
    let facts = facts.into_iter().map(|(name, fact)| {
        let fact = match fact {
            StoredFact::Number(number) => Fact::Number(number),
            StoredFact::Text(text) => Fact::Text(text),
        };
        (name, fact)
    });
    Ok(Refused { facts: facts.collect(), ..Refused::new(*code, sentence) })
}
