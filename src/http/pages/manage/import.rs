//! The national file of venues: sent, checked line by line, and what became of each line.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::form::{Field, Form};
use super::form_page::{FormPage, answer, ready};
use crate::app::App;
use crate::documents::venue_sheet;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::Answer;
use crate::http::call::ManageVenues;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::{Frame, ok, see_other};
use crate::http::pages::visit::{Sent, Visit};
use crate::services::import_venues::{self, Way};
use crate::services::imported::Imported;
use crate::services::{Error, idempotency};

const PATH: &str = "/gestion/lieux/importer";

/// A value that stands in the way.
struct Wrong {
    line: String,
    column: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "manage/import.html")]
struct ImportPage {
    frame: Frame,
    form: Form,
    done: Option<Imported>,
    wrong: Vec<Wrong>,
    /// How many lines more are wrong, and are not shown.
    more: u64,
}

impl ImportPage {
    /// Whether it shows what would be done.
    fn tried(&self) -> bool {
        self.done.as_ref().is_some_and(|done| done.dry_run)
    }
}

fn form(faults: Faults, dry_run: bool) -> Form {
    let fields = vec![
        Field::file("fichier", "Fichier CSV", ".csv,text/csv").hint(
            "Au format national « lieux de médiation numérique », 10 Mo au plus. Un lieu déjà \
             connu est mis à jour.",
        ),
        Field::tick("essai", "Montrer seulement ce qui serait fait, sans rien importer")
            .value(if dry_run { "oui" } else { "" }),
        Field::tick("partiel", "Importer les lignes correctes même si d’autres sont fausses"),
    ];
    Form { faults, ..Form::new(PATH, "Envoyer le fichier", fields) }
}

/// `GET /gestion/lieux/importer`: the form, or what an import did as long as its answer is kept.
pub async fn ask(app: Data<App>, request: HttpRequest, visit: Visit<ManageVenues>) -> Answer {
    let organisation = visit.caller.organisation;
    if let Some(key) = Fields::of_address(&request).id("fait") {
        let kept = app
            .run(move |services| idempotency::stored::<Imported>(services, organisation, key))
            .await?;
        if let Some(done) = kept {
            return ok(&result(&app, &visit, done));
        }
    }
    let back = ("/gestion/lieux".to_owned(), "Lieux".to_owned());
    let form = form(Faults::default(), true);
    FormPage::new(&app, &visit, "Importer des lieux", back, form)
        .says("Importer un fichier ne donne pas de labellisation.")
        .answer()
}

fn result(app: &App, visit: &Visit<ManageVenues>, done: Imported) -> ImportPage {
    let more = done.more_rejected;
    let wrong = done.rejected.iter().map(|wrong| Wrong {
        line: wrong.line.to_string(),
        column: wrong.column.clone(),
        detail: wrong.detail.clone(),
    });
    let wrong = wrong.collect();
    // Who has seen the trial is asked for the file again, to import it.
    let form = ready(app, visit, form(Faults::default(), false));
    let title = if done.dry_run { "Essai d’import" } else { "Fichier importé" };
    ImportPage { frame: visit.frame(title), form, done: Some(done), wrong, more }
}

/// `POST /gestion/lieux/importer`
pub async fn import(app: Data<App>, mut sent: Sent<ManageVenues>) -> Answer {
    let key = sent.key()?;
    let address = format!("{PATH}?fait={}", key.key);
    let Some(bytes) = sent.fields.file.take() else {
        let faults = Faults::field("fichier", "Choisissez un fichier CSV.");
        return refused(&app, &sent, faults, Vec::new());
    };
    let ticked = |name: &str| sent.fields.text(name) == "oui";
    let way = Way { partial: ticked("partiel"), dry_run: ticked("essai") };
    let imported = app
        .run(move |services| {
            let sheet = venue_sheet::read(&bytes)
                .map_err(|error| Refused::new(Code::UnreadableSheet, error.sentence()))?;
            import_venues::import_venues(services, &sheet, way, Some(&key))
        })
        .await;
    match imported {
        Ok(seen) if way.dry_run => ok(&result(&app, &sent.visit, seen.value)),
        Ok(_) => Ok(see_other(&address)),
        Err(Error::Refused { refused: why, .. }) => {
            let faults = Faults::field("fichier", &why.sentence);
            let wrong = why.fields.iter().map(|field| {
                let mut parts = field.pointer.trim_start_matches('/').splitn(2, '/');
                let mut part = || parts.next().unwrap_or_default().to_owned();
                Wrong { line: part(), column: part(), detail: field.detail.clone() }
            });
            refused(&app, &sent, faults, wrong.collect())
        }
        Err(error) => Err(error.into()),
    }
}

/// The form again, with every line that stands in the way.
fn refused(app: &App, sent: &Sent<ManageVenues>, faults: Faults, wrong: Vec<Wrong>) -> Answer {
    let form = Form { faults, ..form(Faults::default(), false).filled(&sent.fields) };
    let form = ready(app, &sent.visit, form);
    let frame = sent.visit.frame("Importer des lieux");
    let page = ImportPage { frame, form, done: None, wrong, more: 0 };
    answer(true, page, |page| &mut page.frame)
}

#[cfg(test)]
mod tests;
