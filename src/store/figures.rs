//! Figures: sums over the journal, and nothing else; the rollup keeps most of them summed.

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::Nullable;

use super::connection::Conn;
use super::dialect;
use super::figure_row::{AddedUp, FigureRow, SumRow, add_up};
use super::rollup::{self, Asked, Months};
use super::sql_types::{Id, Kind, Moment};
use crate::domain::ids::{AgreementId, OrganisationId, ProgrammeId};
use crate::domain::ledger::PostingKind;
use crate::domain::report::{By, COUNTINGS, Counting, Group, Measure};
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

/// The rows of a report, unordered: the journal summed by the groups.
///
/// Without a funder, a pass or workshop paid by several agreements is counted once, on the
/// posting that leads; with one, on that funder's own posting: a funder stands once in a tier.
pub fn consumption(
    conn: &mut Conn,
    scope: &Scope,
    groups: &[Group],
) -> QueryResult<Vec<FigureRow>> {
    let told: Vec<&str> = groups.iter().map(|group| key(*group, scope.by)).collect();
    let asked = Asked {
        groups,
        months: Some(Months { by: scope.by, from: scope.from, to: scope.to }),
        only: "1 = 1",
        as_of: scope.as_of,
        recorded: &recorded(conn, scope, 3),
    };
    let sums = rollup::sums(conn, &asked)?;
    let at_venues = told.iter().any(|key| key.contains("v."));
    let by_programme = groups.contains(&Group::Programme);
    let agreements = if by_programme { "JOIN agreements a ON a.id = p.agreement_id" } else { "" };
    let venues = if at_venues { "LEFT JOIN venues v ON v.id = p.venue_id" } else { "" };
    let tell = if scope.funder.is_some() { "1 = 1" } else { "p.lead" };
    let (rows, only) = (format!("{sums} {agreements} {venues}"), within(conn, scope));
    let bound = |sql: String| {
        diesel::sql_query(sql)
            .bind::<Nullable<Id>, _>(scope.funder)
            .bind::<Nullable<Id>, _>(scope.programme)
            .bind::<Nullable<Moment>, _>(scope.as_of)
    };
    let keys = groups.iter().zip(&told);
    let keys = keys.map(|(group, key)| format!(", {}", dialect::text_of(conn, kind(*group), key)));
    let keys: String = keys.collect();
    if !groups.is_empty() && dialect::sorts_to_group(conn) {
        let measures = rollup::SUMS.map(|sum| format!("p.{sum}")).join(", ");
        let sql = format!("SELECT p.kind, ({tell}), {measures}{keys} FROM {rows} WHERE {only}");
        let sums = bound(sql).load_iter::<SumRow, DefaultLoadingMode>(conn)?;
        return Ok(add_up(sums)?.map(|row| row.row(groups)).collect());
    }
    let counters = COUNTINGS.iter().map(|counting| counted(conn, counting, tell));
    let counters = counters.collect::<Vec<_>>().join(", ");
    let grouped =
        if told.is_empty() { String::new() } else { format!("GROUP BY {}", told.join(", ")) };
    let sql = format!("SELECT {counters}{keys} FROM {rows} WHERE {only} {grouped}");
    let rows: Vec<AddedUp> = bound(sql).load(conn)?;
    Ok(rows.into_iter().map(|row| row.row(groups)).collect())
}

/// Only the scope's agreements: a condition on `p`, of the first two parameters.
pub(super) fn within(conn: &Conn, scope: &Scope) -> String {
    // The parameters are always bound; a filter that is not asked for lets everything through.
    let filter = |column: &str, number: usize, asked: bool| {
        let parameter = dialect::parameter(conn, number);
        if asked { format!("{column} = {parameter}") } else { format!("{parameter} IS NULL") }
    };
    let only = format!(
        "{} AND {}",
        filter("funder_id", 1, scope.funder.is_some()),
        filter("programme_id", 2, scope.programme.is_some())
    );
    if scope.funder.is_none() && scope.programme.is_none() {
        return only;
    }
    // A join would let SQLite look through what is not folded once for each agreement.
    format!("p.agreement_id IN (SELECT id FROM agreements WHERE {only})")
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
        (Group::Month, by) => rollup::month(by),
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

/// What the key of a group is.
fn kind(group: Group) -> Kind {
    match group {
        Group::Month => Kind::Whole,
        Group::Programme | Group::Agreement | Group::Venue | Group::Prescriber => Kind::Id,
        Group::Theme
        | Group::VenueCommune
        | Group::VenueDepartement
        | Group::HomeCommune
        | Group::Departement
        | Group::Public
        | Group::AgeBand => Kind::Text,
    }
}

pub(super) fn sum(expression: &str) -> String {
    format!("CAST(coalesce(sum({expression}), 0) AS BIGINT)")
}

fn column(measure: Measure) -> &'static str {
    match measure {
        Measure::Postings => "p.postings",
        Measure::Workshops => "p.workshops",
        Measure::Starts => "p.starts",
        Measure::AmountCents => "p.amount_cents",
    }
}

/// The sum that a counter is. Most sums take no part in most counters: they are filtered before
/// they are added, and one word after the other, which costs less than looking into a list.
fn counted(conn: &Conn, counting: &Counting, tell: &str) -> String {
    let is = |kind: &PostingKind| format!("p.kind = '{}'", kind.as_str());
    let either = |kinds: &[PostingKind]| kinds.iter().map(is).collect::<Vec<_>>().join(" OR ");
    let measure = column(counting.measure);
    let what = if counting.takes_off.is_empty() {
        measure.to_owned()
    } else {
        format!("CASE WHEN {} THEN -{measure} ELSE {measure} END", either(counting.takes_off))
    };
    let kinds = either(&[counting.adds, counting.takes_off].concat());
    let condition =
        if counting.measure.of_events() { format!("{tell} AND ({kinds})") } else { kinds };
    let sum = dialect::whole_sum(conn);
    format!("coalesce({sum}({what}) FILTER (WHERE {condition}), 0)")
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
