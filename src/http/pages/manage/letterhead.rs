//! An organisation's letterhead: its own for a manager, anybody's for the operator.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use uuid::Uuid;

use super::form::{Field, Form};
use super::form_page::{Back, FormPage, done, just_done, to_correct};
use crate::app::{App, papers};
use crate::domain::caller::Caller;
use crate::domain::ids::OrganisationId;
use crate::http::answer::Answer;
use crate::http::call::SetLetterhead;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::links;
use crate::http::pages::visit::{Sent, Visit};
use crate::services::letterheads::{self, LetterheadLines, LetterheadView};
use crate::services::{Outcome, Services};

const OWN: &str = "/equipe/en-tete";

/// `GET /equipe/en-tete`
pub async fn own(app: Data<App>, request: HttpRequest, visit: Visit<SetLetterhead>) -> Answer {
    let id = visit.caller.organisation.0;
    show(&app, &visit, id, own_places(), just_done(&Fields::of_address(&request))).await
}

/// `POST /equipe/en-tete`
pub async fn own_change(app: Data<App>, sent: Sent<SetLetterhead>) -> Answer {
    let id = sent.visit.caller.organisation.0;
    change(&app, sent, id, own_places()).await
}

/// `GET /gestion/organismes/{id}/en-tete`
pub async fn any(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<SetLetterhead>,
) -> Answer {
    show(&app, &visit, *id, places(*id), just_done(&Fields::of_address(&request))).await
}

/// `POST /gestion/organismes/{id}/en-tete`
pub async fn any_change(app: Data<App>, id: Path<Uuid>, sent: Sent<SetLetterhead>) -> Answer {
    change(&app, sent, *id, places(*id)).await
}

/// Where the form goes, and where the page leads back to.
type Places = (String, Back);

fn own_places() -> Places {
    (OWN.to_owned(), ("/equipe".to_owned(), "Équipe".to_owned()))
}

fn places(id: Uuid) -> Places {
    let back = links::organisation(id);
    (format!("{back}/en-tete"), (back, "Organisme".to_owned()))
}

async fn show(
    app: &Data<App>,
    visit: &Visit<SetLetterhead>,
    id: Uuid,
    (path, back): Places,
    done: &'static str,
) -> Answer {
    let caller = visit.caller;
    let head =
        app.run(move |services| letterheads::read(services, &caller, OrganisationId(id))).await?;
    let page = FormPage::new(app, visit, "En-tête des pass", back, form(&path, &head));
    let page = page.says("Le logo et ces deux lignes sont imprimés en haut des lettres.");
    let page = if head.has_logo { page.says("Un logo est enregistré.") } else { page };
    if done.is_empty() { page } else { page.says(done) }.answer()
}

fn form(path: &str, head: &LetterheadView) -> Form {
    let line = |at: usize| head.lines.get(at).map_or("", String::as_str);
    let mut fields = vec![
        Field::line("ligne_1", "Première ligne")
            .hint("Par exemple l'adresse de votre accueil. 90 signes au plus.")
            .optional()
            .value(line(0)),
        Field::line("ligne_2", "Deuxième ligne")
            .hint("Par exemple votre téléphone.")
            .optional()
            .value(line(1)),
        Field::file("logo", "Logo", "image/png,image/jpeg")
            .hint("PNG ou JPEG, 1 Mo au plus.")
            .optional(),
    ];
    if head.has_logo {
        fields.push(Field::tick("sans_logo", "Retirer le logo"));
    }
    Form::new(path, "Enregistrer l’en-tête", fields)
}

async fn change(
    app: &Data<App>,
    sent: Sent<SetLetterhead>,
    id: Uuid,
    (path, back): Places,
) -> Answer {
    let caller = sent.visit.caller;
    let text = |name: &str| sent.fields.text(name).to_owned();
    let kept = vec![text("ligne_1"), text("ligne_2")];
    let change = Change {
        lines: LetterheadLines { lines: kept.clone() },
        logo: sent.fields.file.clone(),
        without_logo: sent.fields.text("sans_logo") == "oui",
    };
    let saved = app.run(move |services| save(services, &caller, OrganisationId(id), &change)).await;
    match saved {
        Ok(()) => done(&path, "en-tete"),
        Err(error) => {
            let faults = named(to_correct(error)?);
            let head = LetterheadView { lines: kept, has_logo: false };
            let form = Form { faults, ..form(&path, &head) };
            FormPage::new(app, &sent.visit, "En-tête des pass", back, form).answer()
        }
    }
}

/// What was typed and chosen.
struct Change {
    lines: LetterheadLines,
    logo: Option<Vec<u8>>,
    without_logo: bool,
}

fn save(services: &Services, caller: &Caller, id: OrganisationId, change: &Change) -> Outcome<()> {
    let logo = change.logo.as_deref().map(papers::logo).transpose()?;
    letterheads::set_lines(services, caller, id, &change.lines)?;
    if logo.is_some() || change.without_logo {
        letterheads::set_logo(services, caller, id, logo.as_deref())?;
    }
    Ok(())
}

/// `/lines/0` is the field `ligne_1`.
fn named(mut faults: Faults) -> Faults {
    for (name, _) in &mut faults.fields {
        if name == "lines" {
            "ligne_1".clone_into(name);
        }
    }
    faults
}
