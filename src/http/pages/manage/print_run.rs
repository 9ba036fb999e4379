//! One print run: its boxes, the next step of their way, its paper, and what happened.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::form::{Field, Form};
use super::form_page::{Back, ConfirmPage, answer, confirmed, done, just_done, ready, to_correct};
use super::print_run_form;
use super::print_runs::{address, back};
use crate::app::{App, papers};
use crate::domain::ids::PrintRunId;
use crate::domain::paper::Language;
use crate::domain::stock::{BoxState, Step, event_label};
use crate::domain::time::{Instant, Zone, in_letters};
use crate::http::answer::Answer;
use crate::http::call::OrderStock;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::Frame;
use crate::http::pages::visit::{Sent, Visit};
use crate::http::paper;
use crate::services::find_organisations::{self, OrganisationSearch};
use crate::services::list::{MAX_LIMIT, Page};
use crate::services::move_stock::{self, MoveStock, StockStep};
use crate::services::organisations::OrganisationView;
use crate::services::read_stock::{self, PrintRunView, StockEventView};
use crate::services::stock_papers::{self, Printout};
use crate::services::{Outcome, Services, print_run};

/// The steps as the address and the form name them.
const STEPS: [(&str, Step); 6] = [
    ("expedier", Step::Ship),
    ("recevoir", Step::Receive),
    ("transferer", Step::Transfer),
    ("rappeler", Step::Recall),
    ("retour", Step::Return),
    ("vol", Step::ReportStolen),
];

#[derive(Template)]
#[template(path = "manage/print_run.html")]
struct PrintRunPage {
    frame: Frame,
    done: &'static str,
    back: Back,
    path: String,
    run: PrintRunView,
    steps: Form,
    codes: Form,
    resume: Form,
    history: Vec<StockEventView>,
}

impl PrintRunPage {
    fn summary(&self) -> Faults {
        self.steps.summary()
    }

    /// How the paper is set, in words.
    fn paper(&self) -> String {
        let run = &self.run;
        let shape = match (run.layout.as_str(), run.large_print) {
            ("card", _) => format!("cartes, {} par feuille", run.cards_per_sheet),
            (_, true) => "lettres en gros caractères".to_owned(),
            _ => "lettres".to_owned(),
        };
        let second = run.language.as_deref().and_then(Language::from_tag).map(Language::label);
        second.map_or(shape.clone(), |language| format!("{shape}, français et {language}"))
    }
}

/// Where a box is, in words.
#[must_use]
pub fn state(name: &str) -> &'static str {
    BoxState::from_name(name).map_or("", BoxState::label)
}

/// An instant as people say it.
#[must_use]
pub fn moment(at: &str) -> String {
    let Ok(at) = at.parse::<DateTime<Utc>>() else { return String::new() };
    let at = Instant::from_utc(at);
    format!("{}, {}", in_letters(at.day_in(Zone::PARIS)), at.hour_in(Zone::PARIS))
}

/// `GET /gestion/tirages/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<OrderStock>,
) -> Answer {
    let said = just_done(&Fields::of_address(&request));
    show(&app, &visit, *id, said, None).await
}

async fn show(
    app: &Data<App>,
    visit: &Visit<OrderStock>,
    id: Uuid,
    done: &'static str,
    wrong: Option<(Fields, Faults)>,
) -> Answer {
    let caller = visit.caller;
    let (run, history, prescribers) = app
        .run(move |services| {
            let run = read_stock::by_id(services, &caller, PrintRunId(id))?;
            let history = read_stock::history(services, &caller, PrintRunId(id))?;
            let prescribers = prescribers(services, run.programme_id)?;
            Ok((run, history, prescribers))
        })
        .await?;
    let path = address(id);
    let mut steps = step_form(&path, &run, &prescribers);
    if let Some((typed, faults)) = wrong {
        steps = Form { faults, ..steps.filled(&typed) };
    }
    let page = PrintRunPage {
        frame: visit.frame(format!("Tirage {}", run.number)),
        done,
        back: back(),
        codes: ready(
            app,
            visit,
            Form::new(format!("{path}/codes.csv"), "Prendre le fichier des codes", Vec::new())
                .looks("second"),
        ),
        resume: ready(
            app,
            visit,
            Form::new(format!("{path}/reprendre"), "Reprendre la préparation", Vec::new()),
        ),
        steps: ready(app, visit, steps),
        path,
        run,
        history,
    };
    answer(page.steps.faults.any(), page, |page| &mut page.frame)
}

fn prescribers(services: &Services, programme: Uuid) -> Outcome<Vec<OrganisationView>> {
    let search =
        OrganisationSearch { hands_out: Some((programme, true)), ..OrganisationSearch::default() };
    let page = Page { limit: MAX_LIMIT, ..Page::default() };
    Ok(find_organisations::find(services, &search, page)?.page.items)
}

fn step_form(path: &str, run: &PrintRunView, prescribers: &[OrganisationView]) -> Form {
    let boxes = run.boxes.iter().map(|one| {
        let words =
            format!("Carton {} ({}, {} en stock)", one.number, state(&one.state), one.in_stock);
        (one.number.to_string(), words)
    });
    let steps = STEPS.iter().map(|(name, step)| ((*name).to_owned(), step.label().to_owned()));
    let steps = [(String::new(), "Choisir".to_owned())].into_iter().chain(steps);
    let others = prescribers.iter().map(|one| (one.id.to_string(), one.name.clone()));
    let others = [(String::new(), "Aucun changement".to_owned())].into_iter().chain(others);
    let fields = vec![
        Field::choice("etape", "Que se passe-t-il ?", steps.collect()),
        Field::tick("tous", "Tous les cartons qui peuvent passer cette étape"),
        Field::ticks("boxes", "Ou seulement ces cartons", boxes.collect()).optional(),
        Field::choice("prescriber_id", "Nouveau prescripteur, pour un transfert", others.collect()),
        Field::line("note", "À noter")
            .hint("Numéro de colis, de plainte… Pas de nom de bénéficiaire.")
            .optional(),
    ];
    Form::new(format!("{path}/etapes"), "Enregistrer", fields)
}

/// `POST /gestion/tirages/{id}/etapes`: what cannot be undone is asked about first.
pub async fn step(app: Data<App>, id: Path<Uuid>, sent: Sent<OrderStock>) -> Answer {
    let id = *id;
    let (step, request) = match read_step(&sent.fields) {
        Ok(read) => read,
        Err(faults) => return show(&app, &sent.visit, id, "", Some((sent.fields, faults))).await,
    };
    if step == Step::ReportStolen && !confirmed(&sent.fields) {
        return ask(&app, &sent, id);
    }
    let (key, caller) = (sent.key()?, sent.visit.caller);
    let moved = app
        .run(move |services| {
            let asked = StockStep { run: PrintRunId(id), step, request: &request };
            move_stock::move_stock(services, &caller, &asked, Some(&key))
        })
        .await;
    match moved {
        Ok(_) => done(&address(id), "etape"),
        Err(error) => {
            let faults = to_correct(error)?;
            show(&app, &sent.visit, id, "", Some((sent.fields, faults))).await
        }
    }
}

fn read_step(typed: &Fields) -> Result<(Step, MoveStock), Faults> {
    let named = typed.text("etape");
    let step = STEPS.iter().find(|(name, _)| *name == named).map(|(_, step)| *step);
    let step = step.ok_or_else(|| Faults::field("etape", "Choisissez ce qui se passe."))?;
    let boxes: Vec<u32> =
        typed.all("boxes").iter().filter_map(|number| number.parse().ok()).collect();
    let every = typed.text("tous") == "oui";
    if boxes.is_empty() && !every {
        return Err(Faults::field("boxes", "Cochez les cartons."));
    }
    let request = MoveStock {
        boxes: (!every).then_some(boxes),
        prescriber_id: typed.id("prescriber_id").filter(|_| step == Step::Transfer),
        note: typed.some("note"),
    };
    Ok((step, request))
}

fn ask(app: &App, sent: &Sent<OrderStock>, id: Uuid) -> Answer {
    let boxes = sent.fields.all("boxes");
    let along = ["etape", "note"].map(|name| Field::hidden(name, sent.fields.text(name)));
    let numbers = boxes.iter().map(|number| Field::hidden("boxes", number));
    let fields = along.into_iter().chain(numbers).chain([Field::hidden("confirmer", "oui")]);
    let form = Form::new(format!("{}/etapes", address(id)), "Déclarer volé", fields.collect());
    let page = ConfirmPage::new(
        app,
        &sent.visit,
        "Déclarer ces cartons volés ?",
        form.looks("danger"),
        &address(id),
    )
    .says(format!("Cartons : {}.", boxes.join(", ")))
    .says("Les pass qui y restent sont annulés tout de suite. Cela ne se défait pas.")
    .says("Les pass déjà remis à des personnes continuent de marcher.");
    crate::http::pages::frame::ok(&page)
}

/// `POST /gestion/tirages/{id}/reprendre`: makes what a cut-off order left out.
pub async fn resume(app: Data<App>, id: Path<Uuid>, sent: Sent<OrderStock>) -> Answer {
    let id = *id;
    sent.key()?;
    app.run(move |services| print_run::fill(services, PrintRunId(id), &mut |_| ())).await?;
    done(&address(id), "tirage")
}

/// `GET /gestion/tirages/{id}/tirage.pdf`: the whole run, or one box of it.
pub async fn document(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<OrderStock>,
) -> Answer {
    let asked = Fields::of_address(&request);
    let printout = Printout {
        only: asked.text("carton").parse().ok(),
        choice: print_run_form::choice(&asked),
    };
    paper::print_run(&app, visit.caller, PrintRunId(*id), printout).await
}

/// `POST /gestion/tirages/{id}/codes.csv`: once.
pub async fn codes(app: Data<App>, id: Path<Uuid>, sent: Sent<OrderStock>) -> Answer {
    let (id, key, caller) = (PrintRunId(*id), sent.key()?, sent.visit.caller);
    let csv = app
        .run(move |services| papers::codes(&stock_papers::take_codes(services, &caller, id, &key)?))
        .await?;
    Ok(paper::codes(csv))
}

#[cfg(test)]
mod tests;
