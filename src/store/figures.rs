//! Figures: sums over the journal, and nothing else.

use diesel::prelude::*;

use super::connection::Conn;
use super::counting::{CountedOn, counted};
use super::dialect;
use super::figure_row::{AddedUp, FigureRow};
use super::report_scope::{Scope, month};
use super::sql_types::Kind;
use super::watermark::{Part, watermark};
use super::{report_facts, report_sums};
use crate::domain::ids::AgreementId;
use crate::domain::report::{By, COUNTINGS, Group};
use crate::domain::territory::departement_sql;

/// The rows of a report, unordered: the journal summed by the groups.
///
/// Without a funder, a pass or workshop paid by several agreements is counted once, on the
/// posting that leads; with one, on that funder's own posting: a funder stands once in a tier.
pub fn consumption(
    conn: &mut Conn,
    scope: &Scope,
    groups: &[Group],
) -> QueryResult<Vec<FigureRow>> {
    let relation = relation(conn, scope, groups)?;
    let keys: Vec<String> = groups.iter().map(|group| key(*group, scope.by)).collect();
    let counted_on = if scope.funder.is_some() { CountedOn::Own } else { CountedOn::Lead };
    let counters: Vec<String> =
        COUNTINGS.iter().map(|counting| counted(conn, counting, counted_on)).collect();
    let shown = groups.iter().zip(&keys);
    let shown =
        shown.map(|(group, key)| format!(", {}", dialect::text_of(conn, kind(*group), key)));
    let grouped =
        if keys.is_empty() { String::new() } else { format!("GROUP BY {}", keys.join(", ")) };
    let sql = format!(
        "SELECT {}{} FROM {relation} {} {grouped}",
        counters.join(", "),
        shown.collect::<String>(),
        joins(groups),
    );
    let rows: Vec<AddedUp> = scope.bind(sql).load(conn)?;
    Ok(rows.into_iter().map(|row| row.row(groups)).collect())
}

/// The relation `p` of a scope: the plain sums where the groups are theirs, otherwise the facts.
/// As of a past instant it is the facts, which say when each posting was recorded.
pub(super) fn relation(conn: &mut Conn, scope: &Scope, groups: &[Group]) -> QueryResult<String> {
    let plain = groups.iter().all(|group| group.is_plain());
    if plain && watermark(conn, Part::Sums)?.is_before(scope.as_of) {
        let only = format!("{} AND {}", scope.months("+p."), scope.of_agreements(conn));
        let recorded = scope.recorded(conn, "p.");
        report_sums::relation(conn, &only, &recorded)
    } else {
        report_facts::relation(conn, scope, groups)
    }
}

/// What the keys are read from beside the relation.
pub(super) fn joins(groups: &[Group]) -> String {
    let at_venues = [Group::VenueCommune, Group::VenueDepartement];
    let mut joins = String::new();
    if groups.contains(&Group::Programme) {
        joins.push_str(" JOIN agreements a ON a.id = p.agreement_id");
    }
    if groups.iter().any(|group| at_venues.contains(group)) {
        joins.push_str(" LEFT JOIN venues v ON v.id = p.venue_id");
    }
    joins
}

/// What a group tells apart, as an expression.
pub(super) fn key(group: Group, by: By) -> String {
    match group {
        Group::Month => format!("p.{}", month(by)),
        Group::Programme => "a.programme_id".to_owned(),
        Group::Agreement => "p.agreement_id".to_owned(),
        Group::Theme => "p.theme".to_owned(),
        Group::Venue => "p.venue_id".to_owned(),
        Group::VenueCommune => "v.commune".to_owned(),
        Group::HomeCommune => "p.home_commune".to_owned(),
        Group::VenueDepartement => departement_sql("v.commune"),
        Group::Departement => departement_sql("p.home_commune"),
        Group::Public => "replace(p.publics, ' ', '+')".to_owned(),
        Group::AgeBand => "p.age_band".to_owned(),
        Group::Prescriber => "p.prescriber_id".to_owned(),
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
