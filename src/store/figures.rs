//! Figures: sums over the journal, and nothing else; the rollup keeps most of them summed.

use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::connection::Conn;
use super::dialect;
use super::rollup::{self, Asked};
use super::sql_types::{Id, Moment};
use crate::domain::ids::{AgreementId, OrganisationId, ProgrammeId, VenueId};
use crate::domain::report::{By, Counters, Group};
use crate::domain::time::{Instant, Month};

/// What a report is asked of.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Only this funder's agreements.
    pub funder: Option<OrganisationId>,
    /// Only this programme's.
    pub programme: Option<ProgrammeId>,
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
    /// Which month a redemption counts in.
    pub by: By,
    /// Only what the journal held at that instant; all of it when `None`.
    pub as_of: Option<Instant>,
}

/// One row of a report: the keys it was grouped by, and the counters.
#[derive(Clone, Debug, QueryableByName)]
pub struct FigureRow {
    /// Month number.
    #[diesel(sql_type = Nullable<Integer>)]
    pub month: Option<i32>,
    /// Programme.
    #[diesel(sql_type = Nullable<Id>)]
    pub programme: Option<ProgrammeId>,
    /// Agreement.
    #[diesel(sql_type = Nullable<Id>)]
    pub agreement: Option<AgreementId>,
    /// Theme.
    #[diesel(sql_type = Nullable<Text>)]
    pub theme: Option<String>,
    /// Venue.
    #[diesel(sql_type = Nullable<Id>)]
    pub venue: Option<VenueId>,
    /// Commune of the venue.
    #[diesel(sql_type = Nullable<Text>)]
    pub venue_commune: Option<String>,
    /// Département of the venue.
    #[diesel(sql_type = Nullable<Text>)]
    pub venue_departement: Option<String>,
    /// Commune of residence.
    #[diesel(sql_type = Nullable<Text>)]
    pub home_commune: Option<String>,
    /// Département of residence.
    #[diesel(sql_type = Nullable<Text>)]
    pub departement: Option<String>,
    /// Publics.
    #[diesel(sql_type = Nullable<Text>)]
    pub public: Option<String>,
    /// Age band.
    #[diesel(sql_type = Nullable<Text>)]
    pub age_band: Option<String>,
    /// Prescriber.
    #[diesel(sql_type = Nullable<Id>)]
    pub prescriber: Option<OrganisationId>,
    #[diesel(embed)]
    counters: CounterColumns,
}

impl FigureRow {
    /// The row of what holds money and did not move.
    #[must_use]
    pub fn still(programme: Option<ProgrammeId>, agreement: Option<AgreementId>) -> Self {
        Self {
            month: None,
            programme,
            agreement,
            theme: None,
            venue: None,
            venue_commune: None,
            venue_departement: None,
            home_commune: None,
            departement: None,
            public: None,
            age_band: None,
            prescriber: None,
            counters: CounterColumns(Counters::default()),
        }
    }

    /// The counters of the row.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters.0
    }
}

#[derive(Clone, Copy, Debug)]
struct CounterColumns(Counters);

impl<DB> QueryableByName<DB> for CounterColumns
where
    DB: diesel::backend::Backend,
    i64: diesel::deserialize::FromSql<BigInt, DB>,
{
    fn build<'a>(row: &impl diesel::row::NamedRow<'a, DB>) -> diesel::deserialize::Result<Self> {
        let get = |name: &str| diesel::row::NamedRow::get::<BigInt, i64>(row, name);
        Ok(Self(Counters {
            passes_handed_over: get("passes_handed_over")?,
            passes_started: get("passes_started")?,
            workshops_granted: get("workshops_granted")?,
            workshops_redeemed: get("workshops_redeemed")?,
            workshops_lapsed: get("workshops_lapsed")?,
            received_cents: get("received_cents")?,
            committed_cents: get("committed_cents")?,
            consumed_cents: get("consumed_cents")?,
            released_cents: get("released_cents")?,
            paid_cents: get("paid_cents")?,
            refunded_cents: get("refunded_cents")?,
        }))
    }
}

/// The rows of a report, unordered: the journal summed by the groups.
///
/// Without a funder, a pass or workshop paid by several agreements is counted once, on the
/// posting that leads; with one, on that funder's own posting: a funder stands once in a tier.
pub fn consumption(
    conn: &mut Conn,
    scope: &Scope,
    groups: &[Group],
) -> QueryResult<Vec<FigureRow>> {
    let keys: Vec<String> = Group::ALL
        .iter()
        .map(|group| {
            let expression = if groups.contains(group) { key(*group, scope.by) } else { "NULL" };
            format!("{expression} AS {}", group.as_str())
        })
        .collect();
    let positions: Vec<String> = (1..)
        .zip(Group::ALL)
        .filter(|(_, group)| groups.contains(group))
        .map(|(position, _)| position.to_string())
        .collect();
    let grouped = if positions.is_empty() {
        String::new()
    } else {
        format!("GROUP BY {}", positions.join(", "))
    };
    let month = key(Group::Month, scope.by);
    let (first, last) = (dialect::parameter(conn, 3), dialect::parameter(conn, 4));
    let asked = Asked {
        groups,
        only: &format!("{month} >= {first} AND {month} <= {last}"),
        as_of: scope.as_of,
        recorded: &recorded(conn, scope, 5),
    };
    let sums = rollup::sums(conn, &asked)?;
    let at_venues = groups.iter().any(|group| key(*group, scope.by).contains("v."));
    let venues = if at_venues { "LEFT JOIN venues v ON v.id = p.venue_id" } else { "" };
    let sql = format!(
        "SELECT {}, {} FROM {sums} JOIN agreements a ON a.id = p.agreement_id {venues} \
         WHERE {} {grouped}",
        keys.join(", "),
        counters(scope.funder.is_some()),
        within(conn, scope),
    );
    diesel::sql_query(sql)
        .bind::<Nullable<Id>, _>(scope.funder)
        .bind::<Nullable<Id>, _>(scope.programme)
        .bind::<Integer, _>(scope.from.number())
        .bind::<Integer, _>(scope.to.number())
        .bind::<Nullable<Moment>, _>(scope.as_of)
        .load(conn)
}

pub(super) fn within(conn: &Conn, scope: &Scope) -> String {
    // The parameters are always bound; a filter that is not asked for lets everything through.
    let filter = |column: &str, number: usize, asked: bool| {
        let parameter = dialect::parameter(conn, number);
        if asked { format!("{column} = {parameter}") } else { format!("{parameter} IS NULL") }
    };
    format!(
        "{} AND {}",
        filter("a.funder_id", 1, scope.funder.is_some()),
        filter("a.programme_id", 2, scope.programme.is_some())
    )
}

/// What stood in the journal at the instant that is asked for, by the parameter of that number.
pub(super) fn recorded(conn: &Conn, scope: &Scope, number: usize) -> String {
    let parameter = dialect::parameter(conn, number);
    match scope.as_of {
        Some(_) => format!("p.recorded_at <= {parameter}"),
        None => format!("{parameter} IS NULL"),
    }
}

pub(super) fn key(group: Group, by: By) -> &'static str {
    match (group, by) {
        (Group::Month, By::AccountingMonth) => "p.month",
        (Group::Month, By::WorkshopDay) => "p.workshop_month",
        (Group::Programme, _) => "a.programme_id",
        (Group::Agreement, _) => "p.agreement_id",
        (Group::Theme, _) => "p.theme",
        (Group::Venue, _) => "p.venue_id",
        (Group::VenueCommune, _) => "v.commune",
        (Group::HomeCommune, _) => "p.home_commune",
        (Group::VenueDepartement, _) => {
            "CASE WHEN v.commune LIKE '97%' OR v.commune LIKE '98%' \
             THEN substr(v.commune, 1, 3) ELSE substr(v.commune, 1, 2) END"
        }
        (Group::Departement, _) => "p.departement",
        (Group::Public, _) => "replace(p.publics, ' ', '+')",
        (Group::AgeBand, _) => "p.age_band",
        (Group::Prescriber, _) => "p.prescriber_id",
    }
}

pub(super) fn sum(expression: &str) -> String {
    format!("CAST(coalesce(sum({expression}), 0) AS BIGINT)")
}

fn sum_where(expression: &str, condition: &str) -> String {
    format!("CAST(coalesce(sum({expression}) FILTER (WHERE {condition}), 0) AS BIGINT)")
}

fn counters(of_one_funder: bool) -> String {
    let counted = if of_one_funder { "1 = 1" } else { "p.lead" };
    // Most sums take no part in most counters: they are filtered before they are added.
    let told = |kinds: &[(&str, &str)], only: &str| {
        let names: Vec<String> = kinds.iter().map(|(kind, _)| format!("'{kind}'")).collect();
        let cases: Vec<String> =
            kinds.iter().map(|(kind, what)| format!("WHEN '{kind}' THEN {what}")).collect();
        let what = match kinds {
            [(_, what)] => (*what).to_owned(),
            _ => format!("CASE p.kind {} END", cases.join(" ")),
        };
        sum_where(&what, &format!("p.kind IN ({}) AND {only}", names.join(", ")))
    };
    let count = |kinds: &[(&str, &str)]| told(kinds, counted);
    let money = |kinds: &[(&str, &str)]| told(kinds, "1 = 1");
    [
        ("passes_handed_over", count(&[("commitment", "p.postings")])),
        ("passes_started", count(&[("consumption", "p.starts"), ("reversal", "p.starts")])),
        ("workshops_granted", count(&[("commitment", "p.workshops")])),
        (
            "workshops_redeemed",
            count(&[("consumption", "p.workshops"), ("reversal", "-p.workshops")]),
        ),
        ("workshops_lapsed", count(&[("release", "p.workshops")])),
        ("received_cents", money(&[("receipt", "p.amount_cents")])),
        ("committed_cents", money(&[("commitment", "p.amount_cents")])),
        (
            "consumed_cents",
            money(&[("consumption", "p.amount_cents"), ("reversal", "-p.amount_cents")]),
        ),
        ("released_cents", money(&[("release", "p.amount_cents")])),
        (
            "paid_cents",
            money(&[("settlement", "p.amount_cents"), ("settlement_reversal", "-p.amount_cents")]),
        ),
        ("refunded_cents", money(&[("refund", "p.amount_cents")])),
    ]
    .map(|(name, sum)| format!("{sum} AS {name}"))
    .join(", ")
}

/// An agreement as people name it: its funder, its programme and its tier.
pub fn agreement_label(conn: &mut Conn, agreement: AgreementId) -> QueryResult<Option<String>> {
    use super::schema::{agreements, organisations, programmes};
    let found: Option<(String, String, i32)> = agreements::table
        .inner_join(organisations::table.on(organisations::id.eq(agreements::funder_id)))
        .inner_join(programmes::table.on(programmes::id.eq(agreements::programme_id)))
        .filter(agreements::id.eq(agreement))
        .select((organisations::name, programmes::name, agreements::tier))
        .first(conn)
        .optional()?;
    Ok(found.map(|(funder, programme, tier)| format!("{funder}, {programme}, rang {tier}")))
}
