//! The consumption report: what a funder's money became.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::report_audience::{Audience, must_not_cross_bounded};
use super::report_limits::{Asker, MOST_GROUPS, read_limited};
use super::report_names::Names;
use super::stock_figures::by_programme;
use super::{Op, Outcome, Services};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{OrganisationId, ProgrammeId};
use crate::domain::refusal::{Check, Code, FieldError, Refused};
use crate::domain::report::{
    Balances, By, Counters, Group, Key, Question, Report, Row, Stock, hold_money,
};
use crate::domain::small_cells;
use crate::domain::time::{Instant, Month, Zone};
use crate::store;
use crate::store::balances::BalanceRow;
use crate::store::figure_row::FigureRow;
use crate::store::report_scope::Scope;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Query {
    /// Only this funder's money; a funder asks of its own alone.
    pub funder: Option<Uuid>,
    /// Only this programme.
    pub programme: Option<Uuid>,
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
    /// What the rows are grouped by.
    pub groups: Vec<Group>,
    /// Which month a redemption counts in.
    pub by: By,
    /// Only what the journal held at that instant, which has passed; all of it when `None`.
    pub as_of: Option<Instant>,
}

/// The longest period, in months: ten years.
pub(super) const LONGEST: i32 = 120;

impl Query {
    /// The months a report shows when nobody says: the twelve up to the month of the moment that
    /// is asked for, the current one when none is.
    #[must_use]
    pub fn last_year(services: &Services, as_of: Option<Instant>) -> (Month, Month) {
        let now = services.clock.now();
        let moment = as_of.map_or(now, |as_of| as_of.min(now));
        let to = Month::of(moment.day_in(Zone::PARIS));
        let from = (0..11).fold(to, |month, _| month.previous());
        (from, to)
    }
}

/// Makes a report for a caller who may read it.
///
/// # Errors
/// `not_found` when a funder asks for another's money, wrong values, `too_many_reports`, or
/// `took_too_long`.
pub fn report_consumption(services: &Services, asker: &Asker, query: &Query) -> Outcome<Report> {
    let query = narrowed(&asker.caller, query)?;
    read_limited(services, asker, query.large(), |op| {
        must_not_cross_bounded(op, &asker.caller, &query.groups)?;
        Ok(Audience::of(&asker.caller, query.as_of).disclose(of_moment(op, &query)?))
    })
}

impl Query {
    /// Whether it is of all funders and the plain sums do not have it.
    pub(super) fn large(&self) -> bool {
        self.funder.is_none() && !self.groups.iter().all(|group| group.is_plain())
    }
}

/// What a caller may ask: a funder asks of its own money, and not about a few people.
pub(super) fn narrowed(caller: &Caller, query: &Query) -> Result<Query, Refused> {
    let mut scope = query.clone();
    if caller.role == Role::Funder {
        let own = caller.organisation.0;
        if query.funder.is_some_and(|funder| funder != own) {
            return Err(Refused::not_found());
        }
        scope.funder = Some(own);
        let mut check = Check::default();
        let detail = "Commune ou département de résidence, public et âge ne se croisent pas entre \
                      eux : ils montreraient quelques personnes. Choisissez-en un seul.";
        check.that(small_cells::may_be_asked(&query.groups), "/group_by", "out_of_range", detail);
        check.done()?;
    }
    Ok(scope)
}

/// Makes a report of everything, for the command line. It may take as long as it takes.
///
/// # Errors
/// Wrong values, or a failure of the database.
pub fn report(services: &Services, query: &Query) -> Outcome<Report> {
    services.read(|op| of_moment(op, query))
}

/// Makes a report of what the journal holds at the moment of `op`.
pub(super) fn of_moment(op: &mut Op<'_>, query: &Query) -> Outcome<Report> {
    check(query)?;
    check_moment(query.as_of, op.now)?;
    let scope = Scope {
        funder: query.funder.map(OrganisationId),
        programme: query.programme.map(ProgrammeId),
        from: query.from,
        to: query.to,
        by: query.by,
        as_of: query.as_of,
        with_training: false,
    };
    let question = question(op, &scope)?;
    let figures = store::figures::consumption(op.conn, &scope, &query.groups)?;
    let held = store::balances::balances(op.conn, &scope, &query.groups)?;
    let mut balances = Balances::default();
    for row in &held {
        balances.add(&row.balances());
    }
    let stocks = match query.groups.as_slice() {
        [Group::Programme] => Some(stocks_at_the_end(op, &scope)?),
        _ => None,
    };
    let mut names = Names::of(op, &query.groups)?;
    let mut rows = Vec::new();
    for (figure, balances) in beside(figures, &held, &query.groups) {
        let keys = figure.keys.iter();
        let keys: Outcome<Vec<Key>> =
            keys.map(|(group, key)| names.key(op, *group, key.as_deref())).collect();
        rows.push(Row { keys: keys?, counters: figure.counters, balances, stock: None });
    }
    rows.sort_by_cached_key(|row| sort_keys(&row.keys));
    let mut totals = Counters::default();
    for row in &rows {
        totals.add(&row.counters);
    }
    let stock = stocks.map(|stocks| add_stock(&mut rows, &stocks));
    let (from, to, groups) = (query.from, query.to, query.groups.clone());
    Ok(Report { from, to, question, groups, rows, totals, balances, stock })
}

/// The stock of each programme as of the report, or at the end of a period that is over: the report
/// of a closed month stays as it is.
fn stocks_at_the_end(op: &mut Op<'_>, scope: &Scope) -> Outcome<BTreeMap<ProgrammeId, Stock>> {
    let end = Zone::PARIS.midnight(scope.to.next().first_day()).plus_seconds(-1);
    let at = scope.as_of.unwrap_or(op.now).min(end);
    let past = at < op.now;
    by_programme(op, &Scope { as_of: past.then_some(at), ..scope.clone() })
}

/// Gives rows their passes made and in stock; answers those of all programmes.
fn add_stock(rows: &mut [Row], stocks: &BTreeMap<ProgrammeId, Stock>) -> Stock {
    let mut all = Stock::default();
    for stock in stocks.values() {
        all.add(stock);
    }
    for row in rows {
        let value = row.keys.first().and_then(|key| key.value.as_deref());
        let programme = value.and_then(|value| value.parse().ok()).map(ProgrammeId);
        row.stock = programme.and_then(|id| stocks.get(&id)).copied();
    }
    all
}

/// Each row of figures with its balances, where they can be told; what holds money and did not
/// move has a row too, and rows without anything to show are left out.
fn beside(
    figures: Vec<FigureRow>,
    held: &[BalanceRow],
    groups: &[Group],
) -> Vec<(FigureRow, Option<Balances>)> {
    if !hold_money(groups) {
        let moved = figures.into_iter().filter(|row| !row.counters.is_empty());
        return moved.map(|row| (row, None)).collect();
    }
    let mut moved: HashMap<_, FigureRow> =
        figures.into_iter().map(|row| (row.keys.clone(), row)).collect();
    let mut rows: Vec<(FigureRow, Balances)> = Vec::new();
    for held in held {
        let keys = held.keys(groups);
        let row = moved.remove(&keys);
        let still = || FigureRow { keys, counters: Counters::default() };
        rows.push((row.unwrap_or_else(still), held.balances()));
    }
    // What counts at its workshop's day may have been booked after the last month.
    rows.extend(moved.into_values().map(|row| (row, Balances::default())));
    rows.retain(|(row, balances)| !(row.counters.is_empty() && balances.is_empty()));
    rows.into_iter().map(|(row, balances)| (row, Some(balances))).collect()
}

/// Months sort by their number, everything else by what people read; what has no key comes last.
fn sort_keys(keys: &[Key]) -> Vec<(bool, String, String)> {
    keys.iter()
        .map(|key| match &key.value {
            Some(value) if value.len() == 7 && value.contains('-') => {
                (false, value.clone(), String::new())
            }
            Some(value) => (false, key.label.to_lowercase(), value.clone()),
            None => (true, String::new(), String::new()),
        })
        .collect()
}

fn check(query: &Query) -> Result<(), Refused> {
    let mut check = Check::default();
    let order = query.from <= query.to;
    check.that(order, "/to", "out_of_range", "Le dernier mois doit suivre le premier.");
    let count = |month: Month| month.number() / 100 * 12 + month.number() % 100;
    let months = count(query.to) - count(query.from);
    let detail = "La période va jusqu'à dix ans.";
    check.that(months < LONGEST, "/to", "out_of_range", detail);
    let few = query.groups.len() <= MOST_GROUPS;
    let detail = "Un rapport a trois regroupements au plus : choisissez-en moins.";
    check.that(few, "/group_by", "out_of_range", detail);
    for (place, group) in query.groups.iter().enumerate() {
        let again = query.groups.iter().take(place).any(|before| before == group);
        let detail = "Chaque regroupement n'est demandé qu'une fois.";
        check.that(!again, "/group_by", "repeated", detail);
    }
    check.done()
}

/// What is not over yet may still change.
fn check_moment(as_of: Option<Instant>, now: Instant) -> Result<(), Refused> {
    if as_of.is_none_or(|as_of| as_of <= now) {
        return Ok(());
    }
    let detail = "Ce moment n'est pas encore passé : choisissez un jour passé, ou ne mettez rien \
                  pour avoir les chiffres de maintenant.";
    Err(not_a_moment(detail))
}

/// The refusal of a moment that figures cannot be of.
#[must_use]
pub fn not_a_moment(detail: &str) -> Refused {
    let (pointer, detail) = ("/as_of".to_owned(), detail.to_owned());
    let refused = Refused::new(Code::InvalidQuery, detail.clone());
    Refused { fields: vec![FieldError { pointer, code: "out_of_range", detail }], ..refused }
}

/// What was asked, with the names of whose money and of which programme it is: both exist.
fn question(op: &mut Op<'_>, scope: &Scope) -> Outcome<Question> {
    let mut question = Question { by: scope.by, as_of: scope.as_of, ..Question::of_all(op.now) };
    if let Some(funder) = scope.funder {
        let found = store::organisation::by_id(op.conn, funder)?.ok_or_else(Refused::not_found)?;
        question.funder = Some(Key { label: found.name, value: Some(funder.0.to_string()) });
    }
    if let Some(programme) = scope.programme {
        let found = store::programme::by_id(op.conn, programme)?.ok_or_else(Refused::not_found)?;
        question.programme = Some(Key { label: found.name, value: Some(programme.0.to_string()) });
    }
    Ok(question)
}
