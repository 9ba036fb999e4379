//! A prescriber's stock: her boxes, what is left in them, and the three things she does with
//! them: confirm that one came, count one, report one stolen.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::faults::Faults;
use super::fields::Fields;
use super::frame::Frame;
use super::manage::form_page::{answer, done, just_done, to_correct};
use super::manage::print_run::{moment, state};
use super::visit::{Sent, Visit};
use crate::app::App;
use crate::domain::ids::PrintRunId;
use crate::domain::refusal::Refused;
use crate::domain::stock::Step;
use crate::http::answer::Answer;
use crate::http::call::{KeepStock, ReadStock};
use crate::services::count_stock::{self, CountStock, Counted};
use crate::services::idempotency;
use crate::services::list::{MAX_LIMIT, Page};
use crate::services::move_stock::{self, MoveStock, StockStep};
use crate::services::read_stock::{self, PrintRunView, StockBoxView};

/// The page of one's own stock.
#[derive(Template)]
#[template(path = "stock.html")]
pub struct StockPage {
    /// Around it.
    pub frame: Frame,
    /// What was just done.
    pub done: &'static str,
    /// What was just counted.
    pub counted: Option<Counted>,
    /// What is wrong with what was sent.
    pub faults: Faults,
    /// The print runs with a box of hers.
    pub runs: Vec<PrintRunView>,
    /// Makes each form count once.
    pub key: Uuid,
}

impl StockPage {
    fn left(&self) -> i64 {
        self.runs.iter().map(|run| run.in_stock).sum()
    }

    fn handed_over(&self) -> i64 {
        self.runs.iter().map(|run| run.handed_over).sum()
    }

    fn boxes(&self) -> usize {
        let live = |one: &&StockBoxView| one.in_stock > 0;
        self.runs.iter().flat_map(|run| &run.boxes).filter(live).count()
    }
}

fn may(one: &StockBoxView, step: Step) -> bool {
    crate::domain::stock::BoxState::from_name(&one.state)
        .is_some_and(|state| state.after(step).is_ok())
}

/// Whether somebody should say that the box came.
fn comes(one: &StockBoxView) -> bool {
    may(one, Step::Receive)
}

/// Whether there is something to count or to lose.
fn holds(one: &StockBoxView) -> bool {
    one.in_stock > 0 && may(one, Step::ReportStolen)
}

/// `GET /stock`
pub async fn read(app: Data<App>, request: HttpRequest, visit: Visit<ReadStock>) -> Answer {
    let asked = Fields::of_address(&request);
    let (caller, kept) = (visit.caller, asked.id("compte"));
    let counted = match kept {
        None => None,
        Some(key) => {
            app.run(move |services| idempotency::stored(services, caller.organisation, key)).await?
        }
    };
    show(&app, &visit, just_done(&asked), counted, Faults::default()).await
}

async fn show<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    done: &'static str,
    counted: Option<Counted>,
    faults: Faults,
) -> Answer {
    let caller = visit.caller;
    let page = Page { limit: MAX_LIMIT, ..Page::default() };
    let listed = app.run(move |services| read_stock::list(services, &caller, page)).await?;
    let page = StockPage {
        frame: visit.frame("Stock"),
        done,
        counted,
        faults,
        runs: listed.items,
        key: app.services.random.id(app.services.clock.now()),
    };
    answer(page.faults.any(), page, |page| &mut page.frame)
}

/// `POST /stock/{id}/{act}`
pub async fn act(app: Data<App>, path: Path<(Uuid, String)>, sent: Sent<KeepStock>) -> Answer {
    let (run, act) = path.into_inner();
    let number: u32 = sent.fields.text("carton").parse().unwrap_or_default();
    match act.as_str() {
        "recevoir" => step(&app, &sent, run, Step::Receive, number).await,
        "vol" => step(&app, &sent, run, Step::ReportStolen, number).await,
        "compter" => count(&app, &sent, run, number).await,
        _ => Err(Refused::not_found().into()),
    }
}

async fn step(
    app: &Data<App>,
    sent: &Sent<KeepStock>,
    run: Uuid,
    step: Step,
    number: u32,
) -> Answer {
    let (key, caller) = (sent.key()?, sent.visit.caller);
    let note = sent.fields.some("note");
    let request = MoveStock { boxes: Some(vec![number]), prescriber_id: None, note };
    let moved = app
        .run(move |services| {
            let asked = StockStep { run: PrintRunId(run), step, request: &request };
            move_stock::move_stock(services, &caller, &asked, Some(&key))
        })
        .await;
    match moved {
        Ok(_) if step == Step::Receive => done("/stock", "recu"),
        Ok(_) => done("/stock", "etape"),
        Err(error) => show(app, &sent.visit, "", None, to_correct(error)?).await,
    }
}

async fn count(app: &Data<App>, sent: &Sent<KeepStock>, run: Uuid, number: u32) -> Answer {
    let (key, caller) = (sent.key()?, sent.visit.caller);
    let scanned: Vec<String> =
        sent.fields.text("scannes").lines().map(str::trim).map(str::to_owned).collect();
    let scanned: Vec<String> = scanned.into_iter().filter(|line| !line.is_empty()).collect();
    let by_hand = sent.fields.text("nombre").parse().ok();
    let request = CountStock {
        box_number: number,
        counted: by_hand.filter(|_| scanned.is_empty()),
        scanned: (!scanned.is_empty()).then_some(scanned),
    };
    let once = key.key;
    let counted = app
        .run(move |services| {
            count_stock::count_stock(services, &caller, PrintRunId(run), &request, Some(&key))
        })
        .await;
    match counted {
        Ok(_) => done(&format!("/stock?compte={once}"), "compte"),
        Err(error) => show(app, &sent.visit, "", None, to_correct(error)?).await,
    }
}

#[cfg(test)]
pub(crate) mod tests;
