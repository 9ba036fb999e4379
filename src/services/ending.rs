//! The end of a programme as people see it: the calendar, the totals, and what is to be done.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::read_stock::organisation_name;
use super::stock_figures::ever;
use super::{Op, Outcome, Services};
use crate::domain::caller::{Caller, Role};
use crate::domain::ending::EndingStep;
use crate::domain::ids::{OrganisationId, ProgrammeId};
use crate::domain::programme::Programme;
use crate::domain::refusal::Refused;
use crate::domain::report::{self, Counters, Definition, Group, Stock};
use crate::store;
use crate::store::closing_statement::{ClosingLineRow, ClosingRow, SignatureRow};
use crate::store::report_scope::Scope;

/// The end of a programme: its calendar, its totals and its closing statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ending {
    /// The programme.
    pub programme_id: Uuid,
    /// Its name.
    pub programme_name: String,
    /// The last day of its passes.
    pub last_day: NaiveDate,
    /// The last day they are taken.
    pub redeemable_until: NaiveDate,
    /// The steps of the calendar.
    pub calendar: Vec<CalendarStep>,
    /// When the handing over was stopped, RFC 3339.
    pub handovers_stopped_at: Option<String>,
    /// The totals now, of everybody's money.
    pub totals: EndingTotals,
    /// What each of the totals counts, in French: the definitions of reports.
    pub definitions: BTreeMap<String, String>,
    /// Passes that still hold money.
    pub passes_open: i64,
    /// What was agreed, once it is established; a funder sees its own lines.
    pub statement: Option<ClosingStatement>,
}

/// A step of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CalendarStep {
    /// `alert`, `stop_opens`, `stop_due`, `last_day`, `tolerance_ends` or `statement_due`.
    #[schema(example = "stop_opens")]
    pub step: String,
    /// Its day.
    pub day: NaiveDate,
    /// Whether the day has come.
    pub reached: bool,
}

/// The totals that the end of validity is told with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndingTotals {
    /// Passes handed over or in stock.
    pub printed: i64,
    /// Passes that lie in a stock.
    pub in_stock: i64,
    /// Passes handed over.
    pub handed_over: i64,
    /// Passes with at least one workshop.
    pub started: i64,
    /// Workshops granted.
    pub workshops_granted: i64,
    /// Workshops redeemed, undone ones taken off.
    pub workshops_redeemed: i64,
    /// Workshops lapsed.
    pub workshops_lapsed: i64,
}

/// What was established at the end, and who agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClosingStatement {
    /// Its number.
    #[schema(example = "E-2027-0001")]
    pub reference: String,
    /// When it was established, RFC 3339.
    pub established_at: String,
    /// The totals as they were then.
    pub totals: EndingTotals,
    /// One line per agreement.
    pub lines: Vec<ClosingLine>,
}

/// What became of an agreement's money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClosingLine {
    /// The agreement.
    pub agreement_id: Uuid,
    /// Its tier.
    pub tier: i32,
    /// The funder.
    pub funder_id: Uuid,
    /// Its name.
    pub funder_name: String,
    /// Received.
    pub received_cents: i64,
    /// Committed in all.
    pub committed_cents: i64,
    /// Consumed.
    pub consumed_cents: i64,
    /// Released.
    pub released_cents: i64,
    /// Owed to venues' organisations.
    pub payable_cents: i64,
    /// In cash.
    pub cash_cents: i64,
    /// What goes back to the funder: its cash that no venue is owed.
    pub to_return_cents: i64,
    /// When the funder agreed, RFC 3339.
    pub agreed_at: Option<String>,
    /// When the money went back, RFC 3339.
    pub credited_at: Option<String>,
}

/// The totals and the figures of reports that they are.
const TOTALS: [(&str, &str); 7] = [
    ("printed", "passes_printed"),
    ("in_stock", "passes_in_stock"),
    ("handed_over", "passes_handed_over"),
    ("started", "passes_started"),
    ("workshops_granted", "workshops_granted"),
    ("workshops_redeemed", "workshops_redeemed"),
    ("workshops_lapsed", "workshops_lapsed"),
];

/// The definition of each total, by its name.
pub fn definitions() -> impl Iterator<Item = (&'static str, &'static Definition)> {
    TOTALS.iter().filter_map(|(name, figure)| {
        report::definitions().find(|known| known.name == *figure).map(|known| (*name, known))
    })
}

/// The end of a programme, for those who pay for it or run it.
///
/// # Errors
/// `not_found`, also for a funder without an agreement in it.
pub fn ending(services: &Services, caller: &Caller, id: ProgrammeId) -> Outcome<Ending> {
    services.read(|op| view(op, caller, id))
}

pub(super) fn view(op: &mut Op<'_>, caller: &Caller, id: ProgrammeId) -> Outcome<Ending> {
    let programme = of_caller(op, caller, id)?;
    let today = op.now.day_in(programme.zone);
    let calendar = EndingStep::ALL.map(|step| {
        let day = step.day(&programme);
        CalendarStep { step: step.as_str().to_owned(), day, reached: day <= today }
    });
    let own = (caller.role == Role::Funder).then_some(caller.organisation);
    Ok(Ending {
        programme_id: id.0,
        programme_name: programme.name.clone(),
        last_day: programme.last_day,
        redeemable_until: programme.redeemable_until(),
        calendar: calendar.to_vec(),
        handovers_stopped_at: programme.handovers_stopped.map(|at| at.to_string()),
        totals: totals(op, id)?,
        definitions: definitions()
            .map(|(name, found)| (name.to_owned(), found.text.to_owned()))
            .collect(),
        passes_open: store::closing_statement::unreleased(op.conn, id)?,
        statement: statement(op, id, own)?,
    })
}

fn of_caller(op: &mut Op<'_>, caller: &Caller, id: ProgrammeId) -> Outcome<Programme> {
    let found = store::programme::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
    let plan = store::agreement::plan(op.conn, id)?;
    let pays = plan.iter().any(|line| line.funder == caller.organisation);
    if caller.sees_all() || (caller.role == Role::Funder && pays) {
        Ok(found)
    } else {
        Err(Refused::not_found().into())
    }
}

/// What a programme's passes became, from the journal.
pub(super) fn totals(op: &mut Op<'_>, id: ProgrammeId) -> Outcome<EndingTotals> {
    let scope = whole(op, id);
    let in_stock = store::stock_figures::in_stock(op.conn, &scope)?;
    let in_stock = in_stock.first().map_or(0, |one| one.passes);
    let mut counters = Counters::default();
    for row in store::figures::consumption(op.conn, &scope, &[])? {
        counters.add(&row.counters);
    }
    let stock = Stock::of(counters.passes_handed_over, in_stock);
    Ok(EndingTotals {
        printed: stock.passes_printed,
        in_stock: stock.passes_in_stock,
        handed_over: counters.passes_handed_over,
        started: counters.passes_started,
        workshops_granted: counters.workshops_granted,
        workshops_redeemed: counters.workshops_redeemed,
        workshops_lapsed: counters.workshops_lapsed,
    })
}

/// Everything a programme ever did.
pub(super) fn whole(op: &Op<'_>, id: ProgrammeId) -> Scope {
    ever(op, Some(id))
}

/// The groups that tell agreements apart.
pub(super) const BY_AGREEMENT: &[Group] = &[Group::Agreement];

fn statement(
    op: &mut Op<'_>,
    id: ProgrammeId,
    only: Option<OrganisationId>,
) -> Outcome<Option<ClosingStatement>> {
    let Some(row) = store::closing_statement::of_programme(op.conn, id)? else { return Ok(None) };
    let signed = store::closing_statement::signatures_of(op.conn, row.id)?;
    let plan = store::agreement::plan(op.conn, id)?;
    let mut lines = Vec::new();
    for line in store::closing_statement::lines_of(op.conn, row.id)? {
        let Some(agreement) = plan.iter().find(|known| known.id == line.agreement_id) else {
            continue;
        };
        if only.is_none_or(|own| own == agreement.funder) {
            let name = organisation_name(op, agreement.funder)?;
            lines.push(line_view(&line, agreement.tier, agreement.funder, name, &signed));
        }
    }
    lines.sort_by(|one, other| (one.tier, &one.funder_name).cmp(&(other.tier, &other.funder_name)));
    Ok(Some(ClosingStatement {
        reference: reference(&row),
        established_at: row.established_at.to_string(),
        totals: EndingTotals {
            printed: row.printed,
            in_stock: row.in_stock,
            handed_over: row.handed_over,
            started: row.started,
            workshops_granted: row.workshops_granted,
            workshops_redeemed: row.workshops_redeemed,
            workshops_lapsed: row.workshops_lapsed,
        },
        lines,
    }))
}

/// The number of a closing statement as people write it: `E-2027-0001`.
pub(super) fn reference(row: &ClosingRow) -> String {
    format!("E-{}-{:04}", row.year, row.number)
}

fn line_view(
    line: &ClosingLineRow,
    tier: i32,
    funder: OrganisationId,
    funder_name: String,
    signed: &[SignatureRow],
) -> ClosingLine {
    let agreed = signed.iter().find(|one| one.funder_id == funder);
    ClosingLine {
        agreement_id: line.agreement_id.0,
        tier,
        funder_id: funder.0,
        funder_name,
        received_cents: line.received_cents,
        committed_cents: line.committed_cents,
        consumed_cents: line.consumed_cents,
        released_cents: line.released_cents,
        payable_cents: line.payable_cents,
        cash_cents: line.cash_cents,
        to_return_cents: line.to_return_cents,
        agreed_at: agreed.map(|one| one.agreed_at.to_string()),
        credited_at: line.credited_at.map(|at| at.to_string()),
    }
}
