//! Agreements: joined to a plan, changed, and the money that comes in and goes back.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::agreement_form::{self, CHANGED, Movement};
use super::form::Form;
use super::form_page::{
    ConfirmPage, FormPage, address, answer, confirmed, done, just_done, ready, sent_along,
    to_correct,
};
use super::list::page;
use super::programmes::{address as programme_address, back_to, conditions};
use crate::app::App;
use crate::domain::ids::{AgreementId, ProgrammeId};
use crate::domain::money::Cents;
use crate::http::answer::Answer;
use crate::http::call::ManageAgreements;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::{Frame, ok};
use crate::http::pages::visit::{Sent, Visit};
use crate::http::pages::wording::{euros, in_letters, percent};
use crate::http::problem::Problem;
use crate::services::find_organisations::{self, Does, OrganisationSearch};
use crate::services::list::{Listed, Page};
use crate::services::money_movements::{self, MovementLine, Receipt};
use crate::services::programmes::ProgrammeView;
use crate::services::read_programme::{self, PlanLine};
use crate::services::{Error, agreements};

/// `GET /gestion/dispositifs/{id}/conventions/nouvelle`
pub async fn new(app: Data<App>, id: Path<Uuid>, visit: Visit<ManageAgreements>) -> Answer {
    new_page(&app, &visit, *id, None).await
}

async fn new_page(
    app: &Data<App>,
    visit: &Visit<ManageAgreements>,
    id: Uuid,
    again: Option<(&Fields, Faults)>,
) -> Answer {
    let (programme, funders) = app
        .run(move |services| {
            let file = read_programme::read_programme(services, ProgrammeId(id))?;
            let all = Page { limit: u16::MAX, ..Page::default() };
            let search =
                OrganisationSearch { does: Some(Does::Fund), ..OrganisationSearch::default() };
            let funders = find_organisations::find(services, &search, all)?;
            Ok((file.programme, funders.page.items))
        })
        .await?;
    let mut form = agreement_form::create(id, &funders);
    if let Some((fields, faults)) = again {
        form = Form { faults, ..form.filled(fields) };
    }
    let page = FormPage::new(app, visit, "Ajouter une convention", back_to(&programme), form);
    if funders.is_empty() {
        return page
            .says("Aucun organisme n’est financeur. Créez-le d’abord dans les organismes.")
            .answer();
    }
    page.answer()
}

/// `POST /gestion/dispositifs/{id}/conventions`
pub async fn create(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageAgreements>) -> Answer {
    let key = sent.key()?;
    let id = *id;
    let faults = match agreement_form::read_new(&sent.fields) {
        Err(faults) => faults,
        Ok(request) => {
            let programme = ProgrammeId(id);
            let made = app
                .run(move |services| agreements::create(services, programme, &request, Some(&key)))
                .await;
            match made {
                Ok(_) => return done(&programme_address(id), "convention"),
                Err(error) => to_correct(error)?,
            }
        }
    };
    new_page(&app, &sent.visit, id, Some((&sent.fields, faults))).await
}

#[derive(Template)]
#[template(path = "manage/agreement.html")]
struct AgreementPage {
    frame: Frame,
    done: &'static str,
    programme: ProgrammeView,
    line: PlanLine,
    movements: Listed<MovementLine>,
    receipt: Form,
    refund: Form,
    change: Form,
}

impl AgreementPage {
    fn summary(&self) -> Faults {
        let forms = [&self.receipt, &self.refund, &self.change];
        forms.iter().find(|form| form.faults.any()).map(|form| form.summary()).unwrap_or_default()
    }

    fn next(&self) -> Option<String> {
        let next = self.movements.next?.to_string();
        Some(address(&address_of(self.line.agreement.id), &[("after", next.as_str())]))
    }
}

fn address_of(id: Uuid) -> String {
    format!("/gestion/conventions/{id}")
}

/// `GET /gestion/conventions/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ManageAgreements>,
) -> Answer {
    let asked = Fields::of_address(&request);
    let mut shown = agreement_page(&app, &visit, *id, page(&asked)).await?;
    shown.done = just_done(&asked);
    ok(&shown)
}

async fn agreement_page(
    app: &Data<App>,
    visit: &Visit<ManageAgreements>,
    id: Uuid,
    page: Page,
) -> Result<AgreementPage, Problem> {
    let agreement = AgreementId(id);
    let (programme, line, movements) = app
        .run(move |services| {
            let (programme, line) = read_programme::read_agreement(services, agreement)?;
            Ok((programme, line, money_movements::of_agreement(services, agreement, page)?))
        })
        .await?;
    Ok(AgreementPage {
        frame: visit.frame(format!("Convention de {}", line.funder_name)),
        done: "",
        receipt: ready(app, visit, agreement_form::record(id, Movement::Receipt)),
        refund: ready(app, visit, agreement_form::record(id, Movement::Refund)).looks("danger"),
        change: ready(app, visit, agreement_form::change(&line.agreement)),
        programme,
        line,
        movements,
    })
}

/// `POST /gestion/conventions/{id}/versements`
pub async fn receive(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageAgreements>) -> Answer {
    record(&app, *id, &sent, Movement::Receipt).await
}

/// `POST /gestion/conventions/{id}/reversements`
pub async fn refund(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageAgreements>) -> Answer {
    record(&app, *id, &sent, Movement::Refund).await
}

/// Asks before it records money.
async fn record(
    app: &Data<App>,
    id: Uuid,
    sent: &Sent<ManageAgreements>,
    movement: Movement,
) -> Answer {
    let key = sent.key()?;
    let faults = match agreement_form::read_record(&sent.fields, movement) {
        Err(faults) => faults,
        Ok(receipt) if !confirmed(&sent.fields) => {
            return ask_to_record(app, id, sent, movement, &receipt).await;
        }
        Ok(receipt) => {
            let caller = sent.visit.caller;
            let recorded = app
                .run(move |services| {
                    let agreement = AgreementId(id);
                    match movement {
                        Movement::Receipt => money_movements::receive(
                            services,
                            &caller,
                            agreement,
                            &receipt,
                            Some(&key),
                        ),
                        Movement::Refund => {
                            let refund = agreement_form::refund(receipt);
                            money_movements::refund(
                                services,
                                &caller,
                                agreement,
                                &refund,
                                Some(&key),
                            )
                        }
                    }
                })
                .await;
            match (recorded, movement) {
                (Ok(_), Movement::Receipt) => return done(&address_of(id), "versement"),
                (Ok(_), Movement::Refund) => return done(&address_of(id), "reversement"),
                (Err(error), _) => to_correct(error)?,
            }
        }
    };
    let mut shown = agreement_page(app, &sent.visit, id, Page::default()).await?;
    let form = match movement {
        Movement::Receipt => &mut shown.receipt,
        Movement::Refund => &mut shown.refund,
    };
    *form = Form { faults, ..form.clone().filled(&sent.fields) };
    answer(true, shown, |page| &mut page.frame)
}

async fn ask_to_record(
    app: &Data<App>,
    id: Uuid,
    sent: &Sent<ManageAgreements>,
    movement: Movement,
    receipt: &Receipt,
) -> Answer {
    let (programme, line) = line_of(app, id).await?;
    let amount = Cents(receipt.amount_cents);
    let (day, funder) = (in_letters(receipt.received_on), &line.funder_name);
    let (title, sentence, button) = match movement {
        Movement::Receipt => (
            "Vérifier le versement",
            format!("{funder} a versé {amount} le {day}."),
            format!("Enregistrer {amount} reçus"),
        ),
        Movement::Refund => (
            "Vérifier le reversement",
            format!("{amount} ont été rendus à {funder} le {day}."),
            format!("Enregistrer {amount} rendus"),
        ),
    };
    let action = format!("{}/{}", address_of(id), movement.path());
    let fields = sent_along(&movement.names(), &sent.fields);
    let form = Form::new(action, button, fields);
    let mut page = ConfirmPage::new(app, &sent.visit, title, form, &address_of(id))
        .says(sentence)
        .says(format!("Dispositif : {}.", programme.name))
        .says(format!("Référence : {}", receipt.reference));
    if movement == Movement::Refund {
        let left = Cents(line.agreement.available_cents) - amount;
        page = page.says(format!("Il restera {left} à engager."));
    }
    ok(&page.says("Un montant enregistré ne s’efface pas."))
}

async fn line_of(app: &Data<App>, id: Uuid) -> Result<(ProgrammeView, PlanLine), Error> {
    app.run(move |services| read_programme::read_agreement(services, AgreementId(id))).await
}

/// `POST /gestion/conventions/{id}`: asks before the envelope changes.
pub async fn change(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageAgreements>) -> Answer {
    let id = *id;
    let (_, line) = line_of(&app, id).await?;
    let faults = match agreement_form::read_change(&sent.fields, &line.agreement) {
        Err(faults) => faults,
        Ok(change) => {
            let before = Cents(line.agreement.envelope_cents);
            let after = Cents(change.envelope_cents.unwrap_or(before.0));
            if after != before && !confirmed(&sent.fields) {
                let form = Form::new(
                    address_of(id),
                    format!("Passer l’enveloppe à {after}"),
                    sent_along(&CHANGED, &sent.fields),
                );
                let title = "Vérifier la nouvelle enveloppe";
                let page = ConfirmPage::new(&app, &sent.visit, title, form, &address_of(id));
                let sentence =
                    format!("L’enveloppe de {} passe de {before} à {after}.", line.funder_name);
                return ok(&page.says(sentence));
            }
            let changed = app
                .run(move |services| agreements::change(services, AgreementId(id), &change))
                .await;
            match changed {
                Ok(_) => return done(&address_of(id), "convention-modifiee"),
                Err(error) => to_correct(error)?,
            }
        }
    };
    let mut shown = agreement_page(&app, &sent.visit, id, Page::default()).await?;
    shown.change = Form { faults, ..shown.change.filled(&sent.fields) };
    answer(true, shown, |page| &mut page.frame)
}

#[cfg(test)]
mod tests;
