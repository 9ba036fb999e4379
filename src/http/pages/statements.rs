//! Statements: the list, the operator's approvals, and one statement line by line.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use uuid::Uuid;

use super::faults::Faults;
use super::fields::Fields;
use super::frame::{Frame, ok};
use super::manage::form::{Field, Form};
use super::manage::form_page::{Back, address, answer, done, just_done, ready, to_correct};
use super::manage::print_run::moment;
use super::months::{named, way_back};
use super::repayment;
use super::visit::{Sent, Visit};
use super::wording::{capital, euros, in_letters};
use crate::app::{App, accounts};
use crate::domain::caller::Role;
use crate::domain::ids::StatementId;
use crate::domain::payment_run::LeftOut;
use crate::domain::statement::StatementState;
use crate::http::answer::Answer;
use crate::http::call::{CloseMonths, ReadStatements};
use crate::http::paper;
use crate::services::list::{Listed, MAX_LIMIT, Page};
use crate::services::statements::{self, StatementLine, StatementSearch, StatementView};
use crate::services::{approve_statement, bank_details};

/// Where statements are.
pub const PATH: &str = "/releves";

/// How many lines a page holds.
const ON_A_PAGE: u16 = 50;

#[derive(Template)]
#[template(path = "statements.html")]
struct StatementsPage {
    frame: Frame,
    done: &'static str,
    back: Option<Back>,
    month: String,
    state: String,
    states: Vec<(&'static str, &'static str)>,
    approve: Option<Form>,
    list: Vec<StatementView>,
    next: Option<String>,
    faults: Faults,
}

/// A state in words.
#[must_use]
pub fn state(name: &str) -> &'static str {
    StatementState::from_name(name).map_or("", StatementState::label)
}

/// So many days, in words.
#[must_use]
pub fn days_after(days: &i64) -> String {
    format!("{days} {}", if *days == 1 { "jour" } else { "jours" })
}

fn at_page(asked: &Fields) -> Page {
    Page { after: asked.id("after").unwrap_or(Uuid::nil()), limit: ON_A_PAGE }
}

/// `GET /releves`
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<ReadStatements>) -> Answer {
    let asked = Fields::of_address(&request);
    show(&app, &visit, &asked, Faults::default()).await
}

async fn show<P>(app: &Data<App>, visit: &Visit<P>, asked: &Fields, faults: Faults) -> Answer {
    let (caller, at) = (visit.caller, at_page(asked));
    let (month, state) = (asked.text("mois").to_owned(), asked.text("etat").to_owned());
    let search = StatementSearch {
        month: month.parse().ok(),
        state: StatementState::from_name(&state),
        organisation: asked.id("organisme"),
    };
    let approves = caller.role == Role::Operator;
    let drafts = StatementSearch { state: Some(StatementState::Draft), ..search };
    let whole = Page { limit: MAX_LIMIT, ..Page::default() };
    let (found, drafts) = app
        .run(move |services| {
            let found = statements::list(services, &caller, search, at)?;
            let none = Listed { items: Vec::new(), next: None };
            let drafts =
                if approves { statements::list(services, &caller, drafts, whole)? } else { none };
            Ok((found, drafts))
        })
        .await?;
    let next = found.next.map(|after| {
        let after = after.to_string();
        address(PATH, &[("mois", &month), ("etat", &state), ("after", &after)])
    });
    let page = StatementsPage {
        frame: visit.frame("Relevés"),
        done: just_done(asked),
        back: way_back(&visit.caller),
        month,
        state,
        states: StatementState::ALL.map(|state| (state.as_str(), state.label())).to_vec(),
        approve: (!drafts.items.is_empty()).then(|| ready(app, visit, approval(&drafts.items))),
        list: found.items,
        next,
        faults,
    };
    answer(page.faults.any(), page, |page| &mut page.frame)
}

/// The drafts to tick, the earliest first.
fn approval(drafts: &[StatementView]) -> Form {
    let options = drafts.iter().rev().map(|draft| {
        let words = format!(
            "{}, {}, {} : {}",
            draft.reference,
            draft.organisation_name,
            named(&draft.month),
            euros(draft.due_cents)
        );
        (draft.id.to_string(), words)
    });
    let fields = vec![
        Field::tick("tous", "Tous les relevés de cette liste"),
        Field::ticks("releves", "Ou seulement ceux-ci", options.collect()).optional(),
    ];
    Form::new(PATH, "Valider pour le paiement", fields)
}

/// `POST /releves`: approves what was ticked.
pub async fn approve(app: Data<App>, sent: Sent<CloseMonths>) -> Answer {
    let (key, caller) = (sent.key()?, sent.visit.caller);
    let every = sent.fields.text("tous") == "oui";
    let ticked: Vec<StatementId> = sent
        .fields
        .all("releves")
        .iter()
        .filter_map(|id| id.parse().ok().map(StatementId))
        .collect();
    if ticked.is_empty() && !every {
        let faults = Faults::field("releves", "Cochez les relevés à valider.");
        return show(&app, &sent.visit, &sent.fields, faults).await;
    }
    let approved = app
        .run(move |services| {
            let ids = if every { drafts(services, &caller)? } else { ticked };
            approve_statement::approve_statements(services, &caller, &ids, Some(&key))
        })
        .await;
    match approved {
        Ok(_) => done(PATH, "releves-valides"),
        Err(error) => {
            let faults = to_correct(error)?;
            show(&app, &sent.visit, &sent.fields, faults).await
        }
    }
}

fn drafts(
    services: &crate::services::Services,
    caller: &crate::domain::caller::Caller,
) -> crate::services::Outcome<Vec<StatementId>> {
    let search =
        StatementSearch { state: Some(StatementState::Draft), ..StatementSearch::default() };
    let whole = Page { limit: MAX_LIMIT, ..Page::default() };
    let found = statements::list(services, caller, search, whole)?;
    Ok(found.items.iter().map(|draft| StatementId(draft.id)).collect())
}

#[derive(Template)]
#[template(path = "statement.html")]
struct StatementPage {
    frame: Frame,
    done: &'static str,
    statement: StatementView,
    waits: Option<&'static str>,
    payment: Option<Uuid>,
    approve: Option<Form>,
    repay: Option<Form>,
    lines: Vec<StatementLine>,
    next: Option<String>,
    first: Option<String>,
}

/// `GET /releves/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ReadStatements>,
) -> Answer {
    let asked = Fields::of_address(&request);
    let (caller, at, id) = (visit.caller, at_page(&asked), StatementId(*id));
    let (statement, waits, lines) = app
        .run(move |services| {
            let statement = statements::by_id(services, &caller, id)?;
            let waits = bank_details::holds_up(services, &statement)?;
            Ok((statement, waits, statements::lines(services, &caller, id, at)?))
        })
        .await?;
    let path = format!("{PATH}/{}", statement.id);
    let approves = caller.role == Role::Operator && statement.state == "draft";
    let form = Form::new(
        PATH,
        "Valider ce relevé pour le paiement",
        vec![Field::hidden("releves", &statement.id.to_string())],
    );
    let repays = caller.role == Role::Operator
        && statement.state == StatementState::Carried.as_str()
        && statement.due_cents < 0
        && statement.carried_into.is_none();
    ok(&StatementPage {
        frame: visit.frame(format!("Relevé {}", statement.reference)),
        done: just_done(&asked),
        approve: approves.then(|| ready(&app, &visit, form)),
        repay: repays.then(|| ready(&app, &visit, repayment::form(&path))),
        next: lines.next.map(|after| address(&path, &[("after", &after.to_string())])),
        first: (!at.after.is_nil()).then_some(path),
        lines: lines.items,
        waits: waits.map(LeftOut::label),
        payment: statement.payment_run_id.filter(|_| caller.sees_all()),
        statement,
    })
}

/// `GET /releves/{id}/releve.pdf`
pub async fn document(app: Data<App>, id: Path<Uuid>, visit: Visit<ReadStatements>) -> Answer {
    let (id, caller) = (StatementId(*id), visit.caller);
    let (name, pdf) = app
        .run(move |services| {
            let whole = statements::whole(services, &caller, id)?;
            Ok((whole.statement.reference.clone(), accounts::statement(&whole)?))
        })
        .await?;
    Ok(paper::named(pdf, &format!("releve-{name}.pdf")))
}

/// `GET /releves/{id}/lignes.csv`
pub async fn sheet(
    app: Data<App>,
    id: Path<Uuid>,
    visit: Visit<ReadStatements>,
) -> Result<HttpResponse, crate::http::problem::Problem> {
    let (id, caller) = (StatementId(*id), visit.caller);
    let (name, csv) = app
        .run(move |services| {
            let whole = statements::whole(services, &caller, id)?;
            Ok((whole.statement.reference.clone(), accounts::statement_lines(&whole)?))
        })
        .await?;
    Ok(paper::sheet(csv, &format!("releve-{name}.csv")))
}

#[cfg(test)]
pub(super) mod tests;
