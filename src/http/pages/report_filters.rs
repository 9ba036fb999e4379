//! What a report is asked of. Everything is in the address, so that a link gives the page again.

use uuid::Uuid;

use super::fields::Fields;
use crate::domain::as_of::{AsOf, moment_in_letters};
use crate::domain::caller::{Caller, Right, Role};
use crate::domain::ids::OrganisationId;
use crate::domain::report::Group;
use crate::domain::time::{Month, Zone, in_letters, month_in_letters};
use crate::http::api::reports::Ask;
use crate::services::list::{MAX_LIMIT, Page};
use crate::services::organisations::{self, OrganisationView};
use crate::services::programmes::{self, ProgrammeView};
use crate::services::report_consumption::Query;
use crate::services::report_overview;
use crate::services::{Outcome, Services};

/// So many months are offered to choose from.
const MONTHS: usize = 36;

/// What the address asks for.
#[must_use]
pub fn asked(fields: &Fields) -> Ask {
    Ask {
        funder_id: fields.id("funder_id"),
        programme_id: fields.id("programme_id"),
        from: fields.some("from"),
        to: fields.some("to"),
        group_by: Some(fields.all("group_by").join(",")).filter(|groups| !groups.is_empty()),
        by: fields.some("by"),
        as_of: fields.some("as_of"),
        dialect: None,
    }
}

fn written(as_of: AsOf) -> String {
    as_of.day.map_or_else(|| as_of.instant.to_string(), |day| day.to_string())
}

/// The same rows in each format, as links.
#[derive(Clone, Debug)]
pub struct Files {
    /// Any spreadsheet.
    pub csv: String,
    /// Excel.
    pub xlsx: String,
    /// `LibreOffice`.
    pub ods: String,
}

/// A period that is asked for often, as a link.
#[derive(Clone, Debug)]
pub struct Preset {
    /// What it is called.
    pub words: &'static str,
    /// Where it leads.
    pub address: String,
    /// Whether it is the one that is shown.
    pub current: bool,
}

/// What can be chosen and what is.
#[derive(Clone, Debug)]
pub struct Filters {
    /// What is asked for.
    pub ask: Ask,
    /// First month shown.
    pub from: Month,
    /// Last month shown.
    pub to: Month,
    /// The current month, or that of the moment that is asked for.
    pub now: Month,
    /// The first month there is anything of.
    pub first: Month,
    /// Programmes to choose from.
    pub programmes: Vec<ProgrammeView>,
    /// Funders to choose from; none for a funder.
    pub funders: Vec<OrganisationView>,
    /// The instant the figures are of, when one is asked for that can be read.
    pub as_of: Option<AsOf>,
    /// Whose money it is, in words.
    pub whose: String,
}

impl Filters {
    /// What this caller may choose from, and what they chose.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn of(services: &Services, caller: &Caller, ask: &Ask) -> Outcome<Self> {
        let page = Page { limit: MAX_LIMIT, ..Page::default() };
        let mut funders = Vec::new();
        if caller.sees_all() && caller.may(Right::ReadReports) {
            funders = organisations::list(services, caller, page)?.items;
            funders.retain(|organisation| organisation.funder);
        }
        let chosen = if caller.role == Role::Funder {
            Some(organisations::by_id(services, caller, caller.organisation)?)
        } else {
            let id = ask.funder_id.map(OrganisationId);
            id.and_then(|id| organisations::by_id(services, caller, id).ok())
        };
        let as_of: Option<AsOf> = ask.as_of.as_deref().and_then(|text| text.parse().ok());
        let (first, now) = Query::last_year(services, as_of.map(|as_of| as_of.instant));
        let month = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        let to = month(&ask.to).unwrap_or(now);
        Ok(Self {
            from: month(&ask.from).unwrap_or_else(|| first.min(to)),
            to,
            now,
            first: report_overview::first_month(services)?,
            programmes: programmes::list(services, caller, page)?.items,
            funders,
            whose: chosen.map_or_else(|| "Tous les financeurs".to_owned(), |found| found.name),
            as_of,
            ask: ask.clone(),
        })
    }

    /// The last three years, and the months that were asked for.
    #[must_use]
    pub fn months(&self) -> Vec<Month> {
        let back = std::iter::successors(Some(self.now), |month| Some(month.previous()));
        let mut months: Vec<Month> = back.take(MONTHS).chain([self.from, self.to]).collect();
        months.sort_unstable();
        months.dedup();
        months.reverse();
        months
    }

    /// Whether workshops count at their day.
    #[must_use]
    pub fn by_workshop_day(&self) -> bool {
        self.ask.by.as_deref() == Some("workshop_day")
    }

    /// The moment that is asked for as its field holds it, and whether it is a whole day.
    #[must_use]
    pub fn moment(&self) -> (String, bool) {
        let day = self.as_of.is_none_or(|as_of| as_of.day.is_some());
        (self.as_of.map(written).unwrap_or_default(), day)
    }

    /// The moment that is asked for, in words; nothing for the figures of now.
    #[must_use]
    pub fn moment_in_words(&self) -> Option<String> {
        self.as_of.map(|as_of| moment_in_letters(as_of.instant))
    }

    /// When the balances are of: `fin novembre 2026`, or `au 30 juin 2026`.
    #[must_use]
    pub fn left_when(&self) -> String {
        let day = self.as_of.map(|as_of| as_of.instant.day_in(Zone::PARIS));
        match day.filter(|day| *day < self.to.last_day()) {
            Some(day) => format!(" au {}", in_letters(day)),
            None => format!(", fin {}", month_in_letters(self.to)),
        }
    }

    /// What is shown, as it is now.
    #[must_use]
    pub fn now_instead(&self) -> String {
        Self { as_of: None, ..self.clone() }.overview()
    }

    fn chosen(&self, (from, to): (Month, Month), groups: &[Group]) -> String {
        let names: Vec<&str> = groups.iter().map(|group| group.as_str()).collect();
        let id = |name: &str, id: Option<Uuid>| id.map(|id| format!("{name}={id}"));
        let chosen = [
            Some(format!("from={from}")),
            Some(format!("to={to}")),
            (!names.is_empty()).then(|| format!("group_by={}", names.join(","))),
            id("funder_id", self.ask.funder_id),
            id("programme_id", self.ask.programme_id),
            self.by_workshop_day().then(|| "by=workshop_day".to_owned()),
            self.as_of.map(|as_of| format!("as_of={}", written(as_of))),
        ];
        chosen.into_iter().flatten().collect::<Vec<_>>().join("&")
    }

    /// A grouping of what is shown, for a spreadsheet.
    #[must_use]
    pub fn files(&self, groups: &[Group]) -> Files {
        self.files_since(self.from, groups)
    }

    /// The same from another month on.
    #[must_use]
    pub fn files_since(&self, from: Month, groups: &[Group]) -> Files {
        let chosen = self.chosen((from, self.to), groups);
        let at = |ending: &str| format!("/api/v1/reports/consumption.{ending}?{chosen}");
        Files { csv: at("csv"), xlsx: at("xlsx"), ods: at("ods") }
    }

    /// What is shown on paper, with the table of a grouping when there is one.
    #[must_use]
    pub fn paper(&self, groups: &[Group]) -> String {
        let chosen = self.chosen((self.from, self.to), groups);
        format!("/api/v1/reports/consumption.pdf?{chosen}")
    }

    /// The overview of what is shown.
    #[must_use]
    pub fn overview(&self) -> String {
        format!("/rapports?{}", self.chosen((self.from, self.to), &[]))
    }

    /// A grouping of what is shown, with every figure.
    #[must_use]
    pub fn detail(&self, groups: &[Group]) -> String {
        format!("/rapports/detail?{}", self.chosen((self.from, self.to), groups))
    }

    /// Periods that are asked for often.
    #[must_use]
    pub fn presets(&self) -> Vec<Preset> {
        let back = |month: Month, by: usize| (0..by).fold(month, |month, _| month.previous());
        let january = std::iter::successors(Some(self.now), |month| Some(month.previous()))
            .find(|month| month.number() % 100 == 1)
            .unwrap_or(self.now);
        let periods = [
            ("12 derniers mois", back(self.now, 11), self.now),
            ("Cette année", january, self.now),
            ("L’année dernière", back(january, 12), january.previous()),
            ("Depuis le début", self.first, self.now),
        ];
        let preset = |(words, from, to)| Preset {
            words,
            address: format!("/rapports?{}", self.chosen((from, to), &[])),
            current: (from, to) == (self.from, self.to),
        };
        periods.into_iter().map(preset).collect()
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;

    /// November 2026, the twelve months up to it, everybody's money.
    pub(in crate::http::pages) fn filters() -> Filters {
        let (from, to) = ("2025-12".parse().unwrap(), "2026-11".parse().unwrap());
        Filters {
            ask: Ask::default(),
            from,
            to,
            now: to,
            first: "2024-03".parse().unwrap(),
            programmes: Vec::new(),
            funders: Vec::new(),
            as_of: None,
            whose: "CAF de la Charente".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::filters;
    use super::*;

    #[test]
    fn every_choice_is_in_the_address() {
        let funder = Uuid::from_u128(1);
        let ask =
            Ask { funder_id: Some(funder), by: Some("workshop_day".into()), ..Ask::default() };
        let filters = Filters { ask, ..filters() };
        assert_eq!(
            filters.files(&[Group::Month, Group::Theme]).csv,
            format!(
                "/api/v1/reports/consumption.csv?from=2025-12&to=2026-11&group_by=month,theme\
                 &funder_id={funder}&by=workshop_day"
            )
        );
    }

    #[test]
    fn the_usual_periods_are_links() {
        let presets = filters().presets();
        let addresses: Vec<&str> = presets.iter().map(|preset| preset.address.as_str()).collect();
        assert_eq!(
            addresses,
            [
                "/rapports?from=2025-12&to=2026-11",
                "/rapports?from=2026-01&to=2026-11",
                "/rapports?from=2025-01&to=2025-12",
                "/rapports?from=2024-03&to=2026-11",
            ]
        );
        assert!(presets[0].current && !presets[1].current);
    }
}
