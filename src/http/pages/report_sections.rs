//! The parts of the overview: each a drawing and its table, of one report.

use std::collections::BTreeMap;

use super::bars::{Bars, Part};
use super::curves::{Curve, Moment};
use super::maps::{Amount, SpotMap};
use super::report_filters::Filters;
use super::report_tables::{FigureTable, label, workshops};
use super::wording::{euros, month_in_letters, number};
use crate::domain::place::Point;
use crate::domain::report::{Counters, Group, Report, Row, use_rate};
use crate::domain::territory::departement_of;
use crate::domain::time::Month;
use crate::services::places;

/// Where communes are, by their codes.
type Centres = BTreeMap<String, Point>;

/// Where workshops were given, or where the people live who came.
#[derive(Clone, Debug)]
pub struct Places {
    /// The map, unless no commune is known.
    pub map: Option<SpotMap>,
    /// The communes with most workshops.
    pub communes: Bars,
    /// Every commune.
    pub table: FigureTable,
    /// The départements, when there are several.
    pub departements: Option<(Bars, FigureTable)>,
    /// How many workshops the map does not show.
    pub not_drawn: i64,
}

fn part(row: &Row) -> Part {
    let named = row.keys.first().is_some_and(|key| key.value.is_some());
    Part { label: label(row), named, value: row.counters.workshops_redeemed }
}

/// Of a hundred workshops granted since the beginning, how many were used: a bar a programme.
#[must_use]
pub fn rates(since_start: &Report, filters: &Filters) -> (Bars, FigureTable) {
    let parts = since_start.rows.iter().filter_map(|row| {
        let rate = use_rate(&row.counters)?;
        Some(Part { label: label(row), named: true, value: rate })
    });
    let title = "Ateliers utilisés sur 100 accordés, par dispositif, depuis le début";
    let bars = Bars::out_of(100, "taux", title, parts, workshops);
    let columns = ["workshops_granted", "workshops_redeemed", "workshops_lapsed"];
    let caption = "Ateliers par dispositif, depuis le début";
    let table = FigureTable::of("taux", caption, since_start, &columns, filters);
    (bars, table.since(since_start.from, filters))
}

/// Workshops and money, month by month.
#[must_use]
pub fn by_month(report: &Report, filters: &Filters) -> (Vec<Curve>, FigureTable) {
    let known: BTreeMap<&str, &Counters> = report
        .rows
        .iter()
        .filter_map(|row| Some((row.keys.first()?.value.as_deref()?, &row.counters)))
        .collect();
    let moments = |value: fn(&Counters) -> i64| -> Vec<Moment> {
        let months = months(report.from, report.to).into_iter();
        let moment = |month: Month| Moment {
            value: known.get(month.to_string().as_str()).map_or(0, |counters| value(counters)),
            label: month_in_letters(month),
        };
        months.map(moment).collect()
    };
    let used = moments(|counters| counters.workshops_redeemed);
    let spent = moments(|counters| counters.consumed_cents);
    let whole_euros = |cents: i64| format!("{}\u{a0}€", number(cents / 100));
    let curves = vec![
        Curve::of("ateliers", "Ateliers validés par mois", &used, workshops, workshops),
        Curve::of("argent", "Argent consommé par mois", &spent, euros, whole_euros),
    ];
    let columns =
        ["passes_handed_over", "workshops_granted", "workshops_redeemed", "consumed_cents"];
    (curves, FigureTable::of("mois", "Mois par mois", report, &columns, filters))
}

/// Every month of a period, those without any movement too.
fn months(from: Month, to: Month) -> Vec<Month> {
    let back = std::iter::successors(Some(to), |month| Some(month.previous()));
    let mut months: Vec<Month> = back.take_while(|month| *month >= from).collect();
    months.reverse();
    months
}

const USED: [&str; 2] = ["workshops_redeemed", "consumed_cents"];

/// What was taught.
#[must_use]
pub fn by_theme(report: &Report, filters: &Filters) -> (Bars, FigureTable) {
    let parts = report.rows.iter().map(part);
    (
        Bars::of("themes", "Ateliers validés par thème", parts, workshops),
        FigureTable::of("themes", "Ateliers par thème", report, &USED, filters),
    )
}

/// The words of a place, by what it is.
struct Words {
    id: &'static str,
    departements_id: &'static str,
    map_id: &'static str,
    of: &'static str,
}

/// Where workshops were given, or where the people live who came.
#[must_use]
pub fn of_places(
    (report, departements): (&Report, Option<&Report>),
    group: Group,
    filters: &Filters,
    centres: &Centres,
) -> Places {
    let words = match group {
        Group::VenueCommune => Words {
            id: "lieux",
            departements_id: "lieux-dep",
            map_id: "lieux-carte",
            of: "du lieu",
        },
        _ => Words {
            id: "domiciles",
            departements_id: "domiciles-dep",
            map_id: "domiciles-carte",
            of: "de résidence",
        },
    };
    let (map, not_drawn) = map(&words, report, centres);
    let titled = |what: &str| format!("{what} {}", words.of);
    let bars = |id, title: &str, report: &Report| {
        Bars::of(id, title, report.rows.iter().map(part), workshops)
    };
    let by_commune = titled("Ateliers validés par commune");
    let by_departement = titled("Ateliers validés par département");
    Places {
        map,
        not_drawn,
        communes: bars(words.id, &by_commune, report),
        table: FigureTable::of(words.id, &by_commune, report, &USED, filters),
        departements: departements.map(|several| {
            let id = words.departements_id;
            (
                bars(id, &by_departement, several),
                FigureTable::of(id, &by_departement, several, &USED, filters),
            )
        }),
    }
}

/// The land a commune is on: an overseas département is a map of its own.
fn land(code: &str) -> &str {
    let departement = departement_of(code);
    if departement.len() == 3 { departement } else { "" }
}

/// The map of the land with most workshops, and how many workshops are not on it.
fn map(words: &Words, report: &Report, centres: &Centres) -> (Option<SpotMap>, i64) {
    let used = |row: &Row| row.counters.workshops_redeemed;
    let rows: Vec<(&str, &Row)> = report
        .rows
        .iter()
        .filter_map(|row| Some((row.keys.first()?.value.as_deref()?, row)))
        .filter(|(_, row)| used(row) > 0)
        .collect();
    let mut lands: BTreeMap<&str, i64> = BTreeMap::new();
    for (code, row) in &rows {
        *lands.entry(land(code)).or_default() += used(row);
    }
    let largest = lands.into_iter().max_by_key(|(_, used)| *used).map(|(land, _)| land);
    let here = rows.iter().filter(|(code, _)| Some(land(code)) == largest);
    let mut departements: Vec<String> = Vec::new();
    let mut amounts = Vec::new();
    for (code, row) in here {
        let Some(point) = centres.get(*code).copied() else { continue };
        let departement = departement_of(code).to_owned();
        if !departements.contains(&departement) {
            departements.push(departement);
        }
        let name = label(row);
        let name = name.split(" (").next().unwrap_or(&name).to_owned();
        amounts.push(Amount { point, name, value: used(row) });
    }
    let drawn: i64 = amounts.iter().map(|amount| amount.value).sum();
    let title = format!("Ateliers validés par commune {}, sur une carte", words.of);
    let ground = places::ground(&departements);
    let map = SpotMap::of(words.map_id, &title, amounts, &ground, workshops);
    (map, report.totals.workshops_redeemed - drawn)
}
