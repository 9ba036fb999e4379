//! Statements as people read them: what an organisation is owed for a month, line by line.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::{Listed, Page};
use super::read_stock::organisation_name;
use super::{Op, Outcome, Services};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{OrganisationId, RedemptionId, StatementId};
use crate::domain::refusal::Refused;
use crate::domain::statement::{Statement, StatementState};
use crate::domain::theme;
use crate::domain::time::{Month, Zone};
use crate::store;
use crate::store::statement::Filter;
use crate::store::statement_line::PartRow;

/// How many redemptions are read at a time.
const BATCH: i64 = 1_000;

/// A statement: what an organisation is owed for a closed month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatementView {
    /// Its id.
    pub id: Uuid,
    /// Its number, without gaps in a year.
    #[schema(example = "R-2026-0042")]
    pub reference: String,
    /// Who is owed.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
    /// For which month.
    #[schema(example = "2026-03")]
    pub month: String,
    /// Workshops, undone ones taken off.
    pub workshops: i64,
    /// What they are worth; negative when more was undone than redeemed.
    pub amount_cents: i64,
    /// What earlier negative statements take off.
    pub carried_cents: i64,
    /// What is to be paid; when negative, the next statement takes it off.
    pub due_cents: i64,
    /// `draft`, `approved`, `carried`, `in_payment` or `paid`.
    #[schema(example = "approved")]
    pub state: String,
    /// The statement that took its negative total over.
    pub carried_into: Option<Uuid>,
    /// The payment run that pays it.
    pub payment_run_id: Option<Uuid>,
    /// When it was issued, RFC 3339.
    pub issued_at: String,
    /// When it was approved, RFC 3339.
    pub approved_at: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
}

/// What a funder pays of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinePart {
    /// The funder.
    pub funder_id: Uuid,
    /// Its name.
    pub funder_name: String,
    /// Its part; negative for a reversal.
    pub amount_cents: i64,
}

/// A line of a statement: a redemption, or the reversal of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatementLine {
    /// The redemption.
    pub redemption_id: Uuid,
    /// `redemption` or `reversal`.
    #[schema(example = "redemption")]
    pub kind: String,
    /// The day of the workshop.
    pub workshop_day: NaiveDate,
    /// When it was booked, RFC 3339.
    pub booked_at: String,
    /// How many days after the workshop it was booked: a scan that waited for a network, or for the
    /// operator. Nothing when it was on the day.
    #[serde(default)]
    pub days_late: Option<i64>,
    /// The venue.
    pub venue_id: Uuid,
    /// Its name.
    pub venue_name: String,
    /// The theme's code.
    pub theme: String,
    /// The theme in French.
    pub theme_label: String,
    /// The number on the pass.
    pub serial: String,
    /// What it is worth; negative for a reversal.
    pub amount_cents: i64,
    /// Who pays it.
    pub funding: Vec<LinePart>,
}

/// What is asked of the list of statements.
#[derive(Clone, Copy, Debug, Default)]
pub struct StatementSearch {
    /// Only of this organisation.
    pub organisation: Option<Uuid>,
    /// Only of this month.
    pub month: Option<Month>,
    /// Only in this state.
    pub state: Option<StatementState>,
}

/// The statements a caller may read, the latest first: staff those of their organisation.
///
/// # Errors
/// A failure of the database.
pub fn list(
    services: &Services,
    caller: &Caller,
    search: StatementSearch,
    page: Page,
) -> Outcome<Listed<StatementView>> {
    let own = (!caller.sees_all()).then_some(caller.organisation);
    let filter = Filter {
        organisation: own.or(search.organisation.map(OrganisationId)),
        month: search.month,
        state: search.state,
    };
    let before = (!page.after.is_nil()).then_some(StatementId(page.after));
    services.read(|op| {
        let found = store::statement::page(op.conn, &filter, before, page.fetch())?;
        let views: Outcome<Vec<_>> = found.iter().map(|statement| view(op, statement)).collect();
        Ok(page.cut(views?, |view| view.id))
    })
}

/// One statement.
///
/// # Errors
/// `not_found`, also for another organisation's.
pub fn by_id(services: &Services, caller: &Caller, id: StatementId) -> Outcome<StatementView> {
    services.read(|op| {
        let statement = of_caller(op, caller, id)?;
        view(op, &statement)
    })
}

/// The lines of a statement, a page of redemptions at a time.
///
/// # Errors
/// `not_found`, also for another organisation's.
pub fn lines(
    services: &Services,
    caller: &Caller,
    id: StatementId,
    page: Page,
) -> Outcome<Listed<StatementLine>> {
    let after = (!page.after.is_nil()).then_some(RedemptionId(page.after));
    services.read(|op| {
        let statement = of_caller(op, caller, id)?;
        let (payee, month) = (statement.organisation, statement.month);
        let found =
            store::statement_line::redemptions_of(op.conn, payee, month, after, page.fetch())?;
        let shown = page.cut(found, |id| id.0);
        let lines = between(op, &statement, &shown.items)?;
        Ok(Listed { items: lines, next: shown.next })
    })
}

/// A statement with all its lines, for the paper and the file.
#[derive(Clone, Debug)]
pub struct WholeStatement {
    /// The statement.
    pub statement: StatementView,
    /// SIRET or RNA number of the organisation.
    pub organisation_number: String,
    /// Every line, in the order they were redeemed.
    pub lines: Vec<StatementLine>,
    /// The numbers of the statements whose total it takes over, with what they take off.
    pub carried: Vec<(String, i64)>,
}

/// A statement with all its lines.
///
/// # Errors
/// `not_found`, also for another organisation's.
pub fn whole(services: &Services, caller: &Caller, id: StatementId) -> Outcome<WholeStatement> {
    services.read(|op| {
        let statement = of_caller(op, caller, id)?;
        let (payee, month) = (statement.organisation, statement.month);
        let mut lines = Vec::new();
        let mut after = None;
        loop {
            let found = store::statement_line::redemptions_of(op.conn, payee, month, after, BATCH)?;
            let Some(last) = found.last() else { break };
            after = Some(*last);
            lines.extend(between(op, &statement, &found)?);
        }
        let carried = store::statement::carried_into(op.conn, id)?;
        let organisation = store::organisation::by_id(op.conn, payee)?;
        let number = organisation.and_then(|found| found.siret.or(found.rna)).unwrap_or_default();
        Ok(WholeStatement {
            statement: view(op, &statement)?,
            organisation_number: number,
            lines,
            carried: carried.iter().map(|one| (one.reference(), one.due().0)).collect(),
        })
    })
}

fn of_caller(op: &mut Op<'_>, caller: &Caller, id: StatementId) -> Outcome<Statement> {
    let found = store::statement::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
    let own = caller.role == Role::VenueStaff && found.organisation == caller.organisation;
    if own || caller.sees_all() { Ok(found) } else { Err(Refused::not_found().into()) }
}

pub(super) fn view(op: &mut Op<'_>, statement: &Statement) -> Outcome<StatementView> {
    let approver = match statement.approved_by {
        Some(user) => store::user::by_id(op.conn, user)?.map(|user| user.name),
        None => None,
    };
    Ok(StatementView {
        id: statement.id.0,
        reference: statement.reference(),
        organisation_id: statement.organisation.0,
        organisation_name: organisation_name(op, statement.organisation)?,
        month: statement.month.to_string(),
        workshops: statement.workshops,
        amount_cents: statement.amount.0,
        carried_cents: statement.carried.0,
        due_cents: statement.due().0,
        state: statement.state.as_str().to_owned(),
        carried_into: statement.carried_into.map(|id| id.0),
        payment_run_id: statement.payment_run.map(|id| id.0),
        issued_at: statement.issued_at.to_string(),
        approved_at: statement.approved_at.map(|at| at.to_string()),
        approved_by: approver,
    })
}

fn between(
    op: &mut Op<'_>,
    statement: &Statement,
    redemptions: &[RedemptionId],
) -> Outcome<Vec<StatementLine>> {
    let (Some(first), Some(last)) = (redemptions.first(), redemptions.last()) else {
        return Ok(Vec::new());
    };
    let (payee, month) = (statement.organisation, statement.month);
    let mut lines: Vec<StatementLine> = Vec::new();
    for part in store::statement_line::parts(op.conn, payee, month, *first, *last)? {
        let kind = if part.kind == "reversal" { "reversal" } else { "redemption" };
        let sign = if kind == "reversal" { -1 } else { 1 };
        let funding = LinePart {
            funder_id: part.funder.0,
            funder_name: part.funder_name.clone(),
            amount_cents: sign * part.amount_cents,
        };
        match lines.last_mut() {
            Some(line) if line.redemption_id == part.redemption.0 && line.kind == kind => {
                line.amount_cents += funding.amount_cents;
                line.funding.push(funding);
            }
            _ => lines.push(line(part, kind, funding)),
        }
    }
    Ok(lines)
}

fn line(part: PartRow, kind: &str, funding: LinePart) -> StatementLine {
    let label = theme::theme(&part.theme).map(|theme| theme.label.to_owned());
    let booked_on = part.recorded_at.day_in(Zone::of_commune(&part.commune));
    let days_late = (booked_on - part.workshop_day).num_days();
    StatementLine {
        days_late: (kind == "redemption" && days_late > 0).then_some(days_late),
        redemption_id: part.redemption.0,
        kind: kind.to_owned(),
        workshop_day: part.workshop_day,
        booked_at: part.recorded_at.to_string(),
        venue_id: part.venue.0,
        venue_name: part.venue_name,
        theme_label: label.unwrap_or_else(|| part.theme.clone()),
        theme: part.theme,
        serial: part.serial,
        amount_cents: funding.amount_cents,
        funding: vec![funding],
    }
}
