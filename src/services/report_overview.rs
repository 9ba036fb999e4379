//! The report for who has two minutes: the same figures by programme, by month, by theme and by
//! place, all of one moment.

use std::collections::BTreeMap;

use super::report_audience::{Audience, must_not_cross_bounded};
use super::report_consumption::{LONGEST, Query, narrowed, of_moment};
use super::report_limits::{Asker, read_limited};
use super::{Op, Outcome, Services, places};
use crate::domain::place::Point;
use crate::domain::report::{Group, Report};
use crate::domain::time::Month;
use crate::store;

/// The reports of the overview. Each is what `report_consumption` gives for its grouping.
#[derive(Clone, Debug)]
pub struct Overview {
    /// By programme, with what each has left.
    pub programmes: Report,
    /// By programme since passes were first handed over: the same passes from beginning to end.
    pub since_start: Report,
    /// By month.
    pub months: Report,
    /// By theme.
    pub themes: Report,
    /// By commune of the venue.
    pub venue_communes: Report,
    /// By commune of residence.
    pub home_communes: Report,
    /// By département of the venue, when there are several.
    pub venue_departements: Option<Report>,
    /// By département of residence, when there are several.
    pub home_departements: Option<Report>,
    /// Where the communes of the report are, as far as it is known.
    pub centres: BTreeMap<String, Point>,
}

/// The first month of the journal, not more than a report's longest period back.
///
/// # Errors
/// A failure of the database.
pub fn first_month(services: &Services) -> Outcome<Month> {
    let (_, now) = Query::last_year(services, None);
    let first = services.read(|op| Ok(store::balances::first_month(op.conn)?))?;
    Ok(first.unwrap_or(now).clamp(farthest(now), now))
}

/// As far back as a report goes.
fn farthest(to: Month) -> Month {
    (1..LONGEST).fold(to, |month, _| month.previous())
}

/// Makes the overview for a caller who may read it; the groups of `query` do not matter.
///
/// # Errors
/// `not_found` when a funder asks for another's money, or wrong values.
pub fn report_overview(services: &Services, asker: &Asker, query: &Query) -> Outcome<Overview> {
    let query = narrowed(&asker.caller, query)?;
    // It tells themes and places, which the plain sums do not have.
    let audience = Audience::of(&asker.caller, query.as_of);
    read_limited(services, asker, query.funder.is_none(), |op| overview(op, &query, audience))
}

fn overview(op: &mut Op<'_>, asked: &Query, audience: Audience) -> Outcome<Overview> {
    let mut by = |group: Group| {
        let report = of_moment(op, &Query { groups: vec![group], ..asked.clone() })?;
        Ok::<_, super::Error>(audience.disclose(report))
    };
    let venue_communes = by(Group::VenueCommune)?;
    let home_communes = by(Group::HomeCommune)?;
    let mut several = |group: Group| {
        let report = by(group)?;
        let named = report.rows.iter().filter(|row| row.keys.iter().any(|k| k.value.is_some()));
        Ok::<_, super::Error>((named.count() > 1).then_some(report))
    };
    let venue_departements = several(Group::VenueDepartement)?;
    let home_departements = several(Group::Departement)?;
    let (months, themes) = (by(Group::Month)?, by(Group::Theme)?);
    let programmes = by(Group::Programme)?;
    let from = farthest(asked.to);
    let since = Query { from, groups: vec![Group::Programme], ..asked.clone() };
    let since_start = of_moment(op, &since)?;
    let centres = centres(op, [&venue_communes, &home_communes])?;
    Ok(Overview {
        programmes,
        since_start,
        months,
        themes,
        venue_communes,
        home_communes,
        venue_departements,
        home_departements,
        centres,
    })
}

/// The report that is signed: the overview, and the grouping that was asked for beside it.
#[derive(Clone, Debug)]
pub struct SignedReport {
    /// The overview.
    pub overview: Overview,
    /// Another grouping than the months of the overview.
    pub detail: Option<Report>,
}

/// Makes the report that is signed, as of the moment that is asked for or as of now: asked again
/// as of that moment, its figures are the same.
///
/// # Errors
/// `not_found` when a funder asks for another's money, `invalid_query`, or wrong values.
pub fn signed_report(services: &Services, asker: &Asker, query: &Query) -> Outcome<SignedReport> {
    let query = narrowed(&asker.caller, query)?;
    let audience = Audience::of(&asker.caller, query.as_of);
    read_limited(services, asker, query.funder.is_none(), |op| {
        must_not_cross_bounded(op, &asker.caller, &query.groups)?;
        let query = Query { as_of: query.as_of.or(Some(op.now)), ..query.clone() };
        let shown = query.groups.is_empty() || query.groups == [Group::Month];
        let detail = if shown { None } else { Some(audience.disclose(of_moment(op, &query)?)) };
        Ok(SignedReport { overview: overview(op, &query, audience)?, detail })
    })
}

/// Where communes are. Of one that the service's own list does not place, its venues tell.
fn centres(op: &mut Op<'_>, reports: [&Report; 2]) -> Outcome<BTreeMap<String, Point>> {
    let mut centres = BTreeMap::new();
    let keys = reports.into_iter().flat_map(|report| &report.rows).flat_map(|row| &row.keys);
    for code in keys.filter_map(|key| key.value.as_deref()) {
        let known = match places::centre(code) {
            Some(centre) => Some(centre),
            None => Point::middle(&store::venue::points_in(op.conn, code)?),
        };
        if let Some(centre) = known {
            centres.insert(code.to_owned(), centre);
        }
    }
    Ok(centres)
}
