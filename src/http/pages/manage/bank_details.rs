//! An organisation's bank details: its own for a manager of a venue, anybody's for the operator,
//! who confirms what another person gave.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::form::{Field, Form};
use super::form_page::{Back, Feedback, answer, done, just_done, ready, to_correct};
use super::print_run::moment;
use crate::app::App;
use crate::domain::bank_detail::BankDetailState;
use crate::domain::ids::{BankDetailId, OrganisationId};
use crate::domain::refusal::Refused;
use crate::http::answer::Answer;
use crate::http::call::{GiveBankDetails, ManagePayments};
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::Frame;
use crate::http::pages::links;
use crate::http::pages::visit::{Sent, Visit};
use crate::http::pages::wording::capital;
use crate::services::bank_details::{self, BankDetailView, Decision, NewBankDetail};

const OWN: &str = "/equipe/banque";

/// Where an organisation's bank details are, for the operator.
#[must_use]
pub fn address(id: Uuid) -> String {
    format!("{}/banque", links::organisation(id))
}

/// How bank details stand, in words.
#[must_use]
pub fn state(name: &str) -> &'static str {
    BankDetailState::from_name(name).map_or("", BankDetailState::label)
}

/// Where the page is, and where it leads back to.
struct Place {
    id: Uuid,
    path: String,
    back: Back,
}

impl Place {
    fn own(id: Uuid) -> Self {
        Self { id, path: OWN.to_owned(), back: ("/equipe".to_owned(), "Équipe".to_owned()) }
    }

    fn of(id: Uuid) -> Self {
        let back = (links::organisation(id), "Organisme".to_owned());
        Self { id, path: address(id), back }
    }
}

#[derive(Template)]
#[template(path = "manage/bank_details.html")]
struct BankDetailsPage {
    frame: Frame,
    done: &'static str,
    back: Back,
    current: Option<BankDetailView>,
    proposed: Option<BankDetailView>,
    confirm: Option<Form>,
    refuse: Option<Form>,
    past: Vec<BankDetailView>,
    form: Form,
    faults: Faults,
}

/// `GET /equipe/banque`
pub async fn own(app: Data<App>, request: HttpRequest, visit: Visit<GiveBankDetails>) -> Answer {
    let said = just_done(&Fields::of_address(&request));
    let place = Place::own(visit.caller.organisation.0);
    show(&app, &visit, place, Feedback::done(said)).await
}

/// `POST /equipe/banque`
pub async fn own_propose(app: Data<App>, sent: Sent<GiveBankDetails>) -> Answer {
    let place = Place::own(sent.visit.caller.organisation.0);
    propose(&app, sent, place).await
}

/// `GET /gestion/organismes/{id}/banque`
pub async fn any(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ManagePayments>,
) -> Answer {
    let said = just_done(&Fields::of_address(&request));
    show(&app, &visit, Place::of(*id), Feedback::done(said)).await
}

/// `POST /gestion/organismes/{id}/banque`
pub async fn any_propose(app: Data<App>, id: Path<Uuid>, sent: Sent<ManagePayments>) -> Answer {
    propose(&app, sent, Place::of(*id)).await
}

async fn show<P>(app: &Data<App>, visit: &Visit<P>, place: Place, said: Feedback) -> Answer {
    let Feedback { done, typed, faults } = said;
    let (caller, id) = (visit.caller, OrganisationId(place.id));
    let known =
        app.run(move |services| bank_details::of_organisation(services, &caller, id)).await?;
    let of = |state: BankDetailState| {
        known.iter().find(|detail| detail.state == state.as_str()).cloned()
    };
    let proposed = of(BankDetailState::Proposed);
    let decision = |act: &str, button: &str| {
        let detail = proposed.as_ref().filter(|detail| detail.may_decide)?;
        let path = format!("{}/{}/{act}", place.path, detail.id);
        Some(Form::new(path, button, Vec::new()))
    };
    let (confirm, refuse) = (decision("confirmer", "Confirmer"), decision("refuser", "Refuser"));
    let refuse = refuse.map(|form| form.looks("second"));
    let form = Form { faults: faults.clone(), ..form(&place.path, &typed) };
    let waits = |detail: &BankDetailView| {
        detail.state != BankDetailState::Proposed.as_str()
            && detail.state != BankDetailState::Confirmed.as_str()
    };
    let page = BankDetailsPage {
        frame: visit.frame("Coordonnées bancaires"),
        done,
        back: place.back,
        current: of(BankDetailState::Confirmed),
        confirm: confirm.map(|form| ready(app, visit, form)),
        refuse: refuse.map(|form| ready(app, visit, form)),
        past: known.iter().filter(|detail| waits(detail)).cloned().collect(),
        proposed,
        form: ready(app, visit, form),
        faults,
    };
    answer(page.faults.any(), page, |page| &mut page.frame)
}

fn form(path: &str, typed: &Fields) -> Form {
    let fields = vec![
        Field::line("holder", "Titulaire du compte")
            .hint("Le nom exact écrit sur le relevé d'identité bancaire")
            .value(typed.text("holder")),
        Field::line("iban", "IBAN")
            .hint("27 signes en France, par exemple FR76 3000 6000 0112 3456 7890 189")
            .value(typed.text("iban")),
        Field::line("bic", "BIC")
            .hint("8 ou 11 signes, par exemple AGRIFRPP")
            .value(typed.text("bic")),
    ];
    Form::new(path, "Envoyer ces coordonnées", fields)
}

async fn propose<P>(app: &Data<App>, sent: Sent<P>, place: Place) -> Answer {
    let (key, caller, id) = (sent.key()?, sent.visit.caller, OrganisationId(place.id));
    let text = |name: &str| sent.fields.text(name).to_owned();
    let request = NewBankDetail { holder: text("holder"), iban: text("iban"), bic: text("bic") };
    let proposed = app
        .run(move |services| bank_details::propose(services, &caller, id, &request, Some(&key)))
        .await;
    match proposed {
        Ok(_) => done(&place.path, "banque"),
        Err(error) => {
            let faults = to_correct(error)?;
            show(app, &sent.visit, place, Feedback::wrong(&sent.fields, faults)).await
        }
    }
}

/// `POST /gestion/organismes/{id}/banque/{detail}/{act}`
pub async fn decide(
    app: Data<App>,
    at: Path<(Uuid, Uuid, String)>,
    sent: Sent<ManagePayments>,
) -> Answer {
    let (id, detail, act) = at.into_inner();
    let confirm = match act.as_str() {
        "confirmer" => true,
        "refuser" => false,
        _ => return Err(Refused::not_found().into()),
    };
    let (key, caller) = (sent.key()?, sent.visit.caller);
    let (organisation, detail) = (OrganisationId(id), BankDetailId(detail));
    let decision = Decision { organisation, detail, confirm };
    let decided = app
        .run(move |services| bank_details::decide(services, &caller, decision, Some(&key)))
        .await;
    match decided {
        Ok(_) if confirm => done(&address(id), "banque-confirmee"),
        Ok(_) => done(&address(id), "banque-refusee"),
        Err(error) => {
            let faults = to_correct(error)?;
            let said = Feedback::wrong(&Fields::default(), faults);
            show(&app, &sent.visit, Place::of(id), said).await
        }
    }
}

#[cfg(test)]
mod tests;
