//! Open data: what anybody may read, and for the operator what publishing would hide.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::faults::Faults;
use super::fields::Fields;
use super::frame::{Frame, ok};
use super::manage::form::{Field, Form};
use super::manage::form_page::{answer, done, just_done, ready, to_correct};
use super::manage::print_run::moment;
use super::months::named;
use super::visit::{Sent, Visit, Visitor};
use super::wording::capital;
use crate::app::{self, App};
use crate::domain::caller::Role;
use crate::domain::time::Month;
use crate::http::answer::Answer;
use crate::http::call::PublishOpenData;
use crate::services::Outcome;
use crate::services::open_data::{self, OpenData, OpenDataFile, VintageView};
use crate::services::publish_open_data::{NewVintage, Preview, preview, publishable};

/// Where anybody reads them.
const PATH: &str = "/donnees-ouvertes";

/// Where the operator publishes them.
const PREPARE: &str = "/gestion/donnees-ouvertes";

#[derive(Template)]
#[template(path = "open_data.html")]
struct OpenDataPage {
    frame: Frame,
    done: &'static str,
    found: OpenData,
}

#[derive(Template)]
#[template(path = "open_data_prepare.html")]
struct PreparePage {
    frame: Frame,
    months: Vec<String>,
    from: String,
    to: String,
    preview: Option<Preview>,
    publish: Option<Form>,
    faults: Faults,
}

/// `janvier 2026 à mars 2026`, or the only month.
fn period(from: &str, to: &str) -> String {
    if from == to { named(from) } else { format!("{} à {}", named(from), named(to)) }
}

/// What a file of a vintage holds, in words.
fn words(file: &OpenDataFile) -> &'static str {
    match file.name.as_str() {
        "consommation.csv" => "Ateliers par département, mois et thème",
        "subventions.csv" => "Subventions des financeurs",
        _ => "Schéma du fichier des ateliers",
    }
}

fn shown(vintage: &VintageView) -> i32 {
    vintage.numbers - vintage.hidden
}

/// `12 Ko`, rounded up.
fn weight(file: &OpenDataFile) -> String {
    format!("{}\u{a0}Ko", file.bytes.div_ceil(1024))
}

/// Before anybody has chosen, the last month there is.
fn chosen_last(months: &[String], month: &String, asked: &str) -> bool {
    if asked.is_empty() { months.last() == Some(month) } else { month == asked }
}

/// How much of a hundred workshops a row of one département, month and theme shows.
fn percent(seen: &Preview) -> i64 {
    if seen.workshops == 0 { 0 } else { seen.workshops_shown * 100 / seen.workshops }
}

/// `GET /donnees-ouvertes`
pub async fn list(app: Data<App>, request: HttpRequest, visitor: Visitor) -> Answer {
    let done = just_done(&Fields::of_address(&request));
    let found = app.run_public(open_data::list).await?;
    ok(&OpenDataPage { frame: visitor.frame("Données ouvertes"), done, found })
}

/// `GET /gestion/donnees-ouvertes`: with months in the address, what publishing them would hide.
pub async fn prepare(
    app: Data<App>,
    request: HttpRequest,
    visit: Visit<PublishOpenData>,
) -> Answer {
    let fields = Fields::of_address(&request);
    let asked = asked(&fields);
    if asked.from.is_empty() && asked.to.is_empty() {
        let found = Found { months: app.run(publishable).await?, preview: None };
        return ok(&page(&app, &visit, asked, found, Faults::default()));
    }
    look(&app, &visit, asked, Faults::default()).await
}

fn asked(fields: &Fields) -> NewVintage {
    NewVintage { from: fields.text("from").to_owned(), to: fields.text("to").to_owned() }
}

/// The months that can be published, and what publishing those that are asked for would hide.
struct Found {
    months: Vec<Month>,
    preview: Option<Preview>,
}

async fn look(
    app: &Data<App>,
    visit: &Visit<PublishOpenData>,
    asked: NewVintage,
    faults: Faults,
) -> Answer {
    let (caller, period) = (visit.caller, asked.clone());
    let (months, seen) = app
        .run(move |services| -> Outcome<_> {
            Ok((publishable(services)?, preview(services, &caller, &period)))
        })
        .await?;
    let (preview, faults) = match seen {
        Ok(seen) => (Some(seen), faults),
        Err(error) if !faults.any() => (None, to_correct(error)?),
        Err(_) => (None, faults),
    };
    let page = page(app, visit, asked, Found { months, preview }, faults);
    answer(page.faults.any(), page, |page| &mut page.frame)
}

fn page<P>(
    app: &App,
    visit: &Visit<P>,
    asked: NewVintage,
    found: Found,
    faults: Faults,
) -> PreparePage {
    let (NewVintage { from, to }, Found { months, preview }) = (asked, found);
    let publish = preview.as_ref().map(|_| {
        let fields = vec![Field::hidden("from", &from), Field::hidden("to", &to)];
        let button = format!("Publier {}", period(&from, &to));
        ready(app, visit, Form::new(PREPARE, button, fields))
    });
    let frame = visit.frame("Publier des données ouvertes");
    let months = months.iter().map(Month::to_string).collect();
    PreparePage { frame, months, from, to, preview, publish, faults }
}

/// `POST /gestion/donnees-ouvertes`: the page before has said what would be hidden.
pub async fn publish(app: Data<App>, sent: Sent<PublishOpenData>) -> Answer {
    let asked = asked(&sent.fields);
    let (key, caller, vintage) = (sent.key()?, sent.visit.caller, asked.clone());
    let made = app
        .run(move |services| app::open_data::publish(services, &caller, &vintage, Some(&key)))
        .await;
    match made {
        Ok(_) => done(PATH, "publie"),
        Err(error) => look(&app, &sent.visit, asked, to_correct(error)?).await,
    }
}

#[cfg(test)]
mod tests;
