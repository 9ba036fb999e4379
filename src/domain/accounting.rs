//! Accounting months: open until a person closes them, and never changed afterwards.

use super::ids::UserId;
use super::refusal::{Code, Fact, Refusal};
use super::time::{Day, Instant, Month, in_letters, month_in_letters};

/// The month a posting of today counts in: today's, or the first that is still open when a
/// clock or a time zone lags behind a closing.
#[must_use]
pub fn month_of(today: Day, last_closed: Option<Month>) -> Month {
    let month = Month::of(today);
    last_closed.map_or(month, |closed| month.max(closed.next()))
}

/// A month that is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedMonth {
    /// Which.
    pub month: Month,
    /// When it was closed.
    pub closed_at: Instant,
    /// Who closed it.
    pub closed_by: Option<UserId>,
    /// How many postings it holds.
    pub postings: i64,
    /// SHA-256 over the digest of the closed month before and this one's postings in order:
    /// whoever has it can prove later that none of them was touched.
    pub digest: Vec<u8>,
}

/// The months a closing of `asked` closes: every open one up to it that follows the last closed
/// month, from the journal's first month on. One cannot be closed while one before it is open.
///
/// # Errors
/// [`CloseRefusal`] when the month is not over on `today`, or is closed.
pub fn months_to_close(
    asked: Month,
    today: Day,
    first: Option<Month>,
    last_closed: Option<&ClosedMonth>,
) -> Result<Vec<Month>, CloseRefusal> {
    if asked >= Month::of(today) {
        return Err(CloseRefusal::NotOver { month: asked });
    }
    if let Some(closed) = last_closed.filter(|closed| closed.month >= asked) {
        return Err(CloseRefusal::AlreadyClosed { month: asked, last: closed.clone() });
    }
    if last_closed.is_none() && first.is_none_or(|first| asked < first) {
        return Err(CloseRefusal::NothingToClose { month: asked, first });
    }
    let begin = last_closed.map_or(first.unwrap_or(asked), |last| last.month.next());
    let mut months = vec![begin];
    while let Some(last) = months.last().copied().filter(|last| *last < asked) {
        months.push(last.next());
    }
    Ok(months)
}

/// Why a month is not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloseRefusal {
    /// It still goes on somewhere.
    NotOver {
        /// The month.
        month: Month,
    },
    /// It lies before the journal's first posting.
    NothingToClose {
        /// The month.
        month: Month,
        /// The month of the first posting, when there is one.
        first: Option<Month>,
    },
    /// It is closed, or a later one is.
    AlreadyClosed {
        /// The month that was asked for.
        month: Month,
        /// The last month that is closed.
        last: ClosedMonth,
    },
}

impl Refusal for CloseRefusal {
    fn code(&self) -> Code {
        match self {
            Self::NotOver { .. } => Code::MonthNotOver,
            Self::NothingToClose { .. } => Code::MonthEmpty,
            Self::AlreadyClosed { .. } => Code::MonthClosed,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::NotOver { month } => format!(
                "Le mois demandé, {}, n'est pas terminé : il se clôt à partir du {}.",
                month_in_letters(*month),
                in_letters(month.next().first_day())
            ),
            Self::NothingToClose { month, first: Some(first) } => format!(
                "Le mois demandé, {}, vient avant la première écriture : commencez par {}.",
                month_in_letters(*month),
                month_in_letters(*first)
            ),
            Self::NothingToClose { .. } => {
                "Il n'y a encore aucune écriture : rien n'est à clore.".to_owned()
            }
            Self::AlreadyClosed { month, last } if *month == last.month => format!(
                "Le mois demandé, {}, est clos depuis le {} : ses chiffres ne changent plus.",
                month_in_letters(*month),
                in_letters(last.closed_at.day_in(super::time::Zone::PARIS))
            ),
            Self::AlreadyClosed { month, last } => format!(
                "Le mois demandé, {}, est clos : la comptabilité est close jusqu'à {}.",
                month_in_letters(*month),
                month_in_letters(last.month)
            ),
        }
    }

    fn facts(&self) -> Vec<(&'static str, Fact)> {
        match self {
            Self::NotOver { month } => {
                vec![("closes_from", Fact::Text(month.next().first_day().to_string()))]
            }
            Self::NothingToClose { first, .. } => {
                first.iter().map(|first| ("first_month", Fact::Text(first.to_string()))).collect()
            }
            Self::AlreadyClosed { last, .. } => vec![
                ("last_closed_month", Fact::Text(last.month.to_string())),
                ("closed_at", Fact::Text(last.closed_at.to_string())),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn closed(text: &str) -> ClosedMonth {
        let closed_at = Instant::from_utc("2026-04-01T08:00:00Z".parse().unwrap());
        ClosedMonth { month: month(text), closed_at, closed_by: None, postings: 0, digest: vec![] }
    }

    #[test]
    fn a_posting_never_falls_into_a_closed_month() {
        let day: Day = "2026-03-31".parse().unwrap();
        assert_eq!(month_of(day, None), month("2026-03"));
        assert_eq!(month_of(day, Some(month("2026-02"))), month("2026-03"));
        assert_eq!(month_of(day, Some(month("2026-03"))), month("2026-04"));
    }

    #[test]
    fn months_close_in_order_and_only_once_they_are_over() {
        let today: Day = "2026-04-01".parse().unwrap();
        let first = Some(month("2026-01"));
        let all = months_to_close(month("2026-03"), today, first, None).unwrap();
        assert_eq!(all, [month("2026-01"), month("2026-02"), month("2026-03")]);
        let february = closed("2026-02");
        let next = months_to_close(month("2026-03"), today, first, Some(&february));
        assert_eq!(next.unwrap(), [month("2026-03")]);
        let early = months_to_close(month("2026-04"), today, first, None).unwrap_err();
        assert_eq!(early.code(), Code::MonthNotOver);
        let again = months_to_close(month("2026-01"), today, first, Some(&february)).unwrap_err();
        assert!(again.sentence().ends_with("close jusqu'à février 2026."), "{}", again.sentence());
        for first in [first, None] {
            let far = months_to_close(month("1900-01"), today, first, None).unwrap_err();
            assert_eq!(far.code(), Code::MonthEmpty);
        }
    }
}
