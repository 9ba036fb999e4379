//! Small lists that a statement gives as one text.

use diesel::QueryResult;
use uuid::Uuid;

use crate::domain::ids::AgreementId;
use crate::domain::split::ShareBp;
use crate::domain::time::Day;
use crate::store::unreadable;

/// The parts of a text apart by commas.
pub(super) fn each<T>(text: Option<&str>, read: fn(&str) -> QueryResult<T>) -> QueryResult<Vec<T>> {
    let Some(text) = text else { return Ok(Vec::new()) };
    text.split(',').filter(|part| !part.is_empty()).map(read).collect()
}

/// Its position among the shares of a pass, and the share.
pub(super) fn share(text: &str) -> QueryResult<(u16, (AgreementId, ShareBp))> {
    let mut parts = text.split(':');
    let mut part = || parts.next().ok_or_else(|| unreadable("share"));
    let (position, agreement, share) = (part()?, part()?, part()?);
    let number = |text: &str| text.parse().map_err(|_| unreadable("share"));
    let agreement = Uuid::parse_str(agreement).map_err(|_| unreadable("id"))?;
    Ok((number(position)?, (AgreementId(agreement), ShareBp(number(share)?))))
}

/// The hash of a request, and its answer.
pub(super) fn answered(kept: &str) -> QueryResult<(Vec<u8>, String)> {
    let (hash, answer) = kept.split_once(':').ok_or_else(|| unreadable("answer"))?;
    let two = |at: usize| {
        let digits = hash.get(at..at + 2).ok_or_else(|| unreadable("bytes"))?;
        u8::from_str_radix(digits, 16).map_err(|_| unreadable("bytes"))
    };
    Ok(((0..hash.len()).step_by(2).map(two).collect::<QueryResult<_>>()?, answer.to_owned()))
}

/// From a day until another; until the end of time when there is none.
pub(super) fn days(text: &str) -> QueryResult<(Day, Day)> {
    let (from, until) = text.split_once(':').ok_or_else(|| unreadable("days"))?;
    Ok((day(from)?, if until.is_empty() { Day::MAX } else { day(until)? }))
}

/// A day.
pub(super) fn day(text: &str) -> QueryResult<Day> {
    text.parse().map_err(|_| unreadable("day"))
}
