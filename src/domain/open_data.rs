//! Open data: what was consumed, frozen in vintages of closed months that never overlap.

use super::ids::{UserId, VintageId};
use super::refusal::{Check, Code, Fact, Refusal, Refused};
use super::time::{Instant, Month, month_in_letters};

/// The licence of everything that is published.
pub const LICENCE: &str = "etalab-2.0";

/// The longest vintage, in months.
pub const LONGEST: usize = 36;

/// Some months' open data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vintage {
    /// Its id.
    pub id: VintageId,
    /// Its first month.
    pub from: Month,
    /// Its last month.
    pub to: Month,
    /// When it was published.
    pub published_at: Instant,
    /// Who published it.
    pub published_by: UserId,
    /// How many numbers its table has.
    pub numbers: i32,
    /// How many of them are hidden.
    pub hidden: i32,
}

impl Vintage {
    /// Its name in addresses: `2026-01_2026-03`. Months lie in one vintage, so no two share one.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}_{}", self.from, self.to)
    }
}

/// Reads a vintage's name; `None` for what is none.
#[must_use]
pub fn read_name(name: &str) -> Option<(Month, Month)> {
    let (from, to) = name.split_once('_')?;
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// The months from one to another.
///
/// # Errors
/// `invalid_body` when they are in the wrong order or too many.
pub fn months(from: Month, to: Month) -> Result<Vec<Month>, Refused> {
    let all = std::iter::successors(Some(from), |month| Some(month.next()));
    let months: Vec<Month> = all.take_while(|month| *month <= to).take(LONGEST + 1).collect();
    let mut check = Check::default();
    let detail = "Le dernier mois doit suivre le premier.";
    check.that(!months.is_empty(), "/to", "out_of_range", detail);
    let detail = "Un millésime va jusqu'à trois ans.";
    check.that(months.len() <= LONGEST, "/to", "out_of_range", detail);
    check.done()?;
    Ok(months)
}

/// Whether months may be published: all closed, so that their figures never change, and none
/// published before, for two tables about one month could be subtracted from each other.
///
/// # Errors
/// [`OpenDataRefusal`] names the month in the way.
pub fn may_publish(
    months: &[Month],
    last_closed: Option<Month>,
    published: &[(Month, VintageId)],
) -> Result<(), OpenDataRefusal> {
    if let Some(open) = months.iter().find(|month| last_closed.is_none_or(|last| **month > last)) {
        return Err(OpenDataRefusal::NotClosed { month: *open });
    }
    if let Some((month, _)) = published.iter().find(|(month, _)| months.contains(month)) {
        return Err(OpenDataRefusal::AlreadyPublished { month: *month });
    }
    Ok(())
}

/// Why months are not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenDataRefusal {
    /// One of them is open.
    NotClosed {
        /// The first such.
        month: Month,
    },
    /// One of them was published before.
    AlreadyPublished {
        /// The first such.
        month: Month,
    },
}

impl Refusal for OpenDataRefusal {
    fn code(&self) -> Code {
        match self {
            Self::NotClosed { .. } => Code::MonthNotClosed,
            Self::AlreadyPublished { .. } => Code::AlreadyPublished,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::NotClosed { month } => format!(
                "Le mois de {} n'est pas clos : clôturez-le avant de publier ses données.",
                month_in_letters(*month)
            ),
            Self::AlreadyPublished { month } => format!(
                "Le mois de {} est déjà publié : un mois ne se publie qu'une fois. Les \
                 corrections paraissent dans le mois où elles sont faites.",
                month_in_letters(*month)
            ),
        }
    }

    fn facts(&self) -> Vec<(&'static str, Fact)> {
        let (Self::NotClosed { month } | Self::AlreadyPublished { month }) = self;
        vec![("month", Fact::Text(month.to_string()))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_published_once_and_only_when_it_is_closed() {
        let quarter = months(month("2025-12"), month("2026-02")).unwrap();
        assert_eq!(quarter.len(), 3);
        assert!(may_publish(&quarter, Some(month("2026-02")), &[]).is_ok());
        let open = may_publish(&quarter, Some(month("2026-01")), &[]).unwrap_err();
        assert!(open.sentence().contains("février 2026"), "{}", open.sentence());
        assert_eq!(may_publish(&quarter, None, &[]).unwrap_err().code(), Code::MonthNotClosed);
        let known = [(month("2026-01"), VintageId(uuid::Uuid::nil()))];
        let again = may_publish(&quarter, Some(month("2026-02")), &known).unwrap_err();
        assert_eq!(again.code(), Code::AlreadyPublished);
        assert!(months(month("2026-02"), month("2026-01")).is_err());
        assert!(months(month("2026-01"), month("2028-12")).is_ok());
        assert!(months(month("2026-01"), month("2029-01")).is_err());
    }

    #[test]
    fn a_vintage_is_named_after_its_months() {
        assert_eq!(read_name("2026-01_2026-03"), Some((month("2026-01"), month("2026-03"))));
        for wrong in ["", "2026-01", "2026-01_", "2026-01_2026-13", "a_b"] {
            assert_eq!(read_name(wrong), None, "{wrong}");
        }
    }
}
