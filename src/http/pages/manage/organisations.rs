//! Organisations: the list, a new one, one with its people and venues, and its changes.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::form::{Field, Form};
use super::form_page::{
    Back, ConfirmPage, FormPage, confirmed, done, just_done, ready, sent_along, to_correct,
};
use super::list::{Line, Lines, ListPage, Search, page};
use super::programmes::home;
use super::team::{self, TeamPart, account_in_words, role_in_words};
use super::venues;
use crate::app::App;
use crate::domain::ids::OrganisationId;
use crate::http::answer::Answer;
use crate::http::call::ManageOrganisations;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::{Frame, ok};
use crate::http::pages::links::{self, ORGANISATIONS};
use crate::http::pages::visit::{Sent, Visit};
use crate::services::find_organisations::{self, Does, OrganisationSearch};
use crate::services::find_venues::{self, VenueSearch};
use crate::services::list::Page;
use crate::services::organisations::{self, NewOrganisation, OrganisationChange, OrganisationView};

/// What an organisation does: the value in an address, the words, and what the search asks.
const DOES: [(&str, &str); 3] =
    [("financeur", "Financeurs"), ("prescripteur", "Prescripteurs"), ("lieux", "Gèrent des lieux")];

/// `GET /gestion/organismes`
pub async fn list(
    app: Data<App>,
    request: HttpRequest,
    visit: Visit<ManageOrganisations>,
) -> Answer {
    let asked = Fields::of_address(&request);
    let (text, chosen) = (asked.text("q").to_owned(), asked.text("choix").to_owned());
    let does = match chosen.as_str() {
        "financeur" => Some(Does::Fund),
        "prescripteur" => Some(Does::Prescribe),
        "lieux" => Some(Does::RunVenues),
        _ => None,
    };
    let at = page(&asked);
    let search = OrganisationSearch { text: text.clone(), does, hands_out: None };
    let found = app.run(move |services| find_organisations::find(services, &search, at)).await?;
    let kept = [("q", text.as_str()), ("choix", chosen.as_str())];
    let lines = Lines::of(found, at, ORGANISATIONS, &kept, line);
    ok(&ListPage {
        frame: visit.frame("Organismes"),
        back: home(),
        done: just_done(&asked),
        ways: vec![("/gestion/organismes/nouveau", "Créer un organisme")],
        path: ORGANISATIONS,
        search: Some(Search {
            label: "Nom, SIRET ou RNA",
            text,
            choice: "Ce qu’ils font",
            options: &DOES,
            chosen,
        }),
        lines,
        nothing: "Aucun organisme ne correspond.",
    })
}

/// An organisation in a list.
#[must_use]
pub fn line(organisation: OrganisationView) -> Line {
    let number = organisation.siret.as_ref().map(|siret| format!("SIRET {siret}"));
    let number = number.or_else(|| organisation.rna.as_ref().map(|rna| format!("RNA {rna}")));
    let detail: Vec<String> = roles(&organisation).map(str::to_owned).chain(number).collect();
    Line {
        id: organisation.id,
        address: links::organisation(organisation.id),
        detail: detail.join(" · "),
        name: organisation.name,
        tag: if organisation.frozen { "gelé" } else { "" },
    }
}

fn roles(organisation: &OrganisationView) -> impl Iterator<Item = &'static str> + use<> {
    let roles = [
        (organisation.funder, "financeur"),
        (organisation.prescriber, "prescripteur"),
        (organisation.venue_operator, "gère des lieux"),
    ];
    roles.into_iter().filter(|(does, _)| *does).map(|(_, words)| words)
}

fn fields(before: Option<&OrganisationView>) -> Vec<Field> {
    let text =
        |read: fn(&OrganisationView) -> Option<String>| before.and_then(read).unwrap_or_default();
    let ticked = before.map(|organisation| {
        let roles = [
            (organisation.funder, "funder"),
            (organisation.prescriber, "prescriber"),
            (organisation.venue_operator, "venue_operator"),
        ];
        roles.into_iter().filter(|(does, _)| *does).map(|(_, name)| name.to_owned()).collect()
    });
    let does = [
        ("funder", "Il finance des pass"),
        ("prescriber", "Il remet des pass"),
        ("venue_operator", "Il gère des lieux d’ateliers"),
    ];
    let does = does.map(|(name, words)| (name.to_owned(), words.to_owned())).to_vec();
    vec![
        Field::line("name", "Nom").value(&text(|before| Some(before.name.clone()))),
        Field::digits("siret", "SIRET")
            .hint("14 chiffres")
            .optional()
            .value(&text(|before| before.siret.clone())),
        Field::line("rna", "Numéro RNA, pour une association sans SIRET")
            .hint("W et 9 signes")
            .optional()
            .value(&text(|before| before.rna.clone())),
        Field::ticks("does", "Ce que fait cet organisme", does).values(ticked.unwrap_or_default()),
    ]
}

fn does(fields: &Fields, what: &str) -> bool {
    fields.all("does").iter().any(|ticked| ticked == what)
}

/// `GET /gestion/organismes/nouveau`
pub async fn new(app: Data<App>, visit: Visit<ManageOrganisations>) -> Answer {
    new_page(&app, &visit, new_form())
}

fn new_form() -> Form {
    Form::new(ORGANISATIONS, "Créer l’organisme", fields(None))
}

fn new_page(app: &App, visit: &Visit<ManageOrganisations>, form: Form) -> Answer {
    FormPage::new(app, visit, "Créer un organisme", back(), form).answer()
}

fn back() -> Back {
    (ORGANISATIONS.to_owned(), "Organismes".to_owned())
}

/// `POST /gestion/organismes`
pub async fn create(app: Data<App>, sent: Sent<ManageOrganisations>) -> Answer {
    let key = sent.key()?;
    let request = NewOrganisation {
        name: sent.fields.text("name").to_owned(),
        siret: sent.fields.some("siret"),
        rna: sent.fields.some("rna"),
        funder: does(&sent.fields, "funder"),
        prescriber: does(&sent.fields, "prescriber"),
        venue_operator: does(&sent.fields, "venue_operator"),
    };
    let made = app.run(move |services| organisations::create(services, &request, Some(&key))).await;
    match made {
        Ok(once) => done(&links::organisation(once.value.id), "organisme"),
        Err(error) => {
            let faults = to_correct(error)?;
            let form = new_form().filled(&sent.fields);
            new_page(&app, &sent.visit, Form { faults, ..form })
        }
    }
}

#[derive(Template)]
#[template(path = "manage/organisation.html")]
struct OrganisationPage {
    frame: Frame,
    done: &'static str,
    is_own: bool,
    organisation: OrganisationView,
    team: TeamPart,
    venues: Lines,
    freeze: Option<Form>,
}

/// `GET /gestion/organismes/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ManageOrganisations>,
) -> Answer {
    let asked = Fields::of_address(&request);
    let id = OrganisationId(*id);
    let team = team::part(&app, visit.caller, id, &request, links::organisation(id.0)).await?;
    let caller = visit.caller;
    let (organisation, found) = app
        .run(move |services| {
            let own = VenueSearch { organisation: Some(id.0), ..VenueSearch::default() };
            let all = Page { limit: 200, ..Page::default() };
            let found = find_venues::find(services, &own, all)?;
            Ok((organisations::by_id(services, &caller, id)?, found))
        })
        .await?;
    let mut venues = Lines::of(found, Page::default(), "", &[], venues::line);
    venues.next = None;
    let is_own = organisation.id == visit.caller.organisation.0;
    let freeze = (!is_own).then(|| ready(&app, &visit, freeze_form(&organisation)));
    ok(&OrganisationPage {
        freeze,
        frame: visit.frame(organisation.name.clone()),
        done: just_done(&asked),
        is_own,
        organisation,
        team,
        venues,
    })
}

/// The form that freezes an organisation, or lets it act again.
fn freeze_form(organisation: &OrganisationView) -> Form {
    let action = format!("{}/gel", links::organisation(organisation.id));
    if organisation.frozen {
        let fields = vec![Field::hidden("frozen", "non"), Field::hidden("confirmer", "oui")];
        Form::new(action, "Rouvrir cet organisme", fields).called("gel-")
    } else {
        let fields = vec![Field::hidden("frozen", "oui")];
        Form::new(action, "Geler cet organisme", fields).called("gel-").looks("danger")
    }
}

/// `POST /gestion/organismes/{id}/gel`: asks before it freezes.
pub async fn freeze(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageOrganisations>) -> Answer {
    let (caller, id) = (sent.visit.caller, OrganisationId(*id));
    let frozen = sent.fields.text("frozen") == "oui";
    if !confirmed(&sent.fields) {
        let name = app.run(move |services| organisations::by_id(services, &caller, id)).await?.name;
        let action = format!("{}/gel", links::organisation(id.0));
        let form = Form::new(action, "Geler cet organisme", sent_along(&["frozen"], &sent.fields));
        let back = links::organisation(id.0);
        return ok(&ConfirmPage::new(&app, &sent.visit, "Geler un organisme", form.looks("danger"), &back)
            .says(format!("Personne de « {name} » ne pourra plus se connecter, remettre un pass ni valider un atelier, et aucun de ses relevés ne sera payé."))
            .says("Les pass déjà remis restent valables dans les autres lieux. Vous pourrez le rouvrir.".to_owned()));
    }
    let request = OrganisationChange { frozen: Some(frozen), ..OrganisationChange::default() };
    app.run(move |services| organisations::change(services, &caller, id, &request)).await?;
    done(&links::organisation(id.0), if frozen { "gele" } else { "degele" })
}

/// `GET /gestion/organismes/{id}/modifier`
pub async fn edit(app: Data<App>, id: Path<Uuid>, visit: Visit<ManageOrganisations>) -> Answer {
    let (caller, id) = (visit.caller, OrganisationId(*id));
    let before = app.run(move |services| organisations::by_id(services, &caller, id)).await?;
    edit_page(&app, &visit, &before, edit_form(&before))
}

fn edit_form(before: &OrganisationView) -> Form {
    Form::new(links::organisation(before.id), "Enregistrer", fields(Some(before)))
}

fn edit_page(
    app: &App,
    visit: &Visit<ManageOrganisations>,
    before: &OrganisationView,
    form: Form,
) -> Answer {
    let back = (links::organisation(before.id), before.name.clone());
    FormPage::new(app, visit, "Modifier l’organisme", back, form).answer()
}

/// `POST /gestion/organismes/{id}`
pub async fn change(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageOrganisations>) -> Answer {
    let (caller, id) = (sent.visit.caller, OrganisationId(*id));
    let before = app.run(move |services| organisations::by_id(services, &caller, id)).await?;
    let request = OrganisationChange {
        name: Some(sent.fields.text("name").to_owned()),
        siret: Some(sent.fields.text("siret").to_owned()),
        rna: Some(sent.fields.text("rna").to_owned()),
        funder: Some(does(&sent.fields, "funder")),
        prescriber: Some(does(&sent.fields, "prescriber")),
        venue_operator: Some(does(&sent.fields, "venue_operator")),
        frozen: None,
    };
    match app.run(move |services| organisations::change(services, &caller, id, &request)).await {
        Ok(_) => done(&links::organisation(id.0), "organisme-modifie"),
        Err(error) => {
            let faults = to_correct(error)?;
            let form = edit_form(&before).filled(&sent.fields);
            edit_page(&app, &sent.visit, &before, Form { faults, ..form })
        }
    }
}

#[cfg(test)]
mod tests;
