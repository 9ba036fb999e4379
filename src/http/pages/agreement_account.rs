//! The account of an agreement on a page: its figures, and its funder's condition.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::faults::Faults;
use super::fields::Fields;
use super::frame::Frame;
use super::manage::form::{Field, Form};
use super::manage::form_page::{answer, done, just_done, ready, to_correct};
use super::manage::programme_form::options;
use super::manage::typed::Typed;
use super::visit::{Sent, Visit};
use super::wording::{euros, percent};
use crate::app::App;
use crate::app::agreement_paper::{self, sentences};
use crate::domain::caller::Role;
use crate::domain::ids::AgreementId;
use crate::domain::territory::PUBLICS;
use crate::http::answer::Answer;
use crate::http::call::{ManageAgreements, ReadAgreements};
use crate::http::paper;
use crate::services::agreement_account::{self, AgreementAccount, ConditionView};

#[derive(Template)]
#[template(path = "agreement_account.html")]
struct AccountPage {
    frame: Frame,
    done: &'static str,
    operator: bool,
    account: AgreementAccount,
    said: Vec<String>,
    used: Form,
    grant: Form,
    none: Form,
    faults: Faults,
}

/// `GET /conventions/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ReadAgreements>,
) -> Answer {
    let said = just_done(&Fields::of_address(&request));
    show(&app, &visit, *id, said, None).await
}

async fn show<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    id: Uuid,
    done: &'static str,
    wrong: Option<(Fields, Faults)>,
) -> Answer {
    let caller = visit.caller;
    let account = app
        .run(move |services| agreement_account::account(services, &caller, AgreementId(id)))
        .await?;
    let (mut used, mut grant) = (used_form(id), grant_form(id));
    let mut faults = Faults::default();
    if let Some((typed, wrong)) = wrong {
        faults = wrong.clone();
        let form = if typed.text("regle") == "2020" { &mut used } else { &mut grant };
        *form = Form { faults: wrong, ..form.clone().filled(&typed) };
    }
    let fields = vec![Field::hidden("regle", "aucune")];
    let none = Form::new(path(id), "Retirer la condition", fields).looks("second");
    let page = AccountPage {
        frame: visit.frame(format!("Compte rendu : {}", account.funder_name)),
        done,
        operator: caller.role == Role::Operator,
        said: sentences(&account),
        used: ready(app, visit, used),
        grant: ready(app, visit, grant),
        none: ready(app, visit, none),
        account,
        faults,
    };
    answer(page.faults.any(), page, |page| &mut page.frame)
}

fn path(id: Uuid) -> String {
    format!("/conventions/{id}/condition")
}

fn used_form(id: Uuid) -> Form {
    let fields = vec![
        Field::hidden("regle", "2020"),
        Field::digits("rate_bp", "Au plus cette part des pass utilisés, en %").value("50"),
        Field::ticks("publics", "Publics à atteindre", options(PUBLICS)),
        Field::digits("least_bp", "Part des pass pour ces publics, au moins, en %").value("50"),
    ];
    Form::new(path(id), "Enregistrer cette condition", fields).called("a")
}

fn grant_form(id: Uuid) -> Form {
    let fields = vec![
        Field::hidden("regle", "2019"),
        Field::digits("rate_bp", "Taux de la subvention, en %")
            .hint("Le taux appliqué au budget total doit donner l’enveloppe, au centime près."),
        Field::digits("total_cents", "Budget total du projet, en euros"),
        Field::digits("cap_cents", "Plafond, en euros").optional(),
    ];
    Form::new(path(id), "Enregistrer cette condition", fields).called("b")
}

/// `POST /conventions/{id}/condition`
pub async fn set_condition(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageAgreements>) -> Answer {
    let id = *id;
    sent.key()?;
    let request = match read_condition(&sent.fields) {
        Ok(request) => request,
        Err(faults) => {
            return show(&app, &sent.visit, id, "", Some((sent.fields, faults))).await;
        }
    };
    let caller = sent.visit.caller;
    let answered = app
        .run(move |services| {
            agreement_account::set_condition(services, &caller, AgreementId(id), request.as_ref())
        })
        .await;
    match answered {
        Ok(_) => done(&format!("/conventions/{id}"), "condition"),
        Err(error) => {
            let faults = to_correct(error)?;
            show(&app, &sent.visit, id, "", Some((sent.fields, faults))).await
        }
    }
}

fn read_condition(fields: &Fields) -> Result<Option<ConditionView>, Faults> {
    let rule = fields.text("regle").to_owned();
    if rule == "aucune" {
        return Ok(None);
    }
    let mut typed = Typed::new(fields);
    let rate_bp = typed.share("rate_bp");
    let read = if rule == "2020" {
        let least_bp = typed.share("least_bp");
        ConditionView::UsedShare { rate_bp, publics: fields.all("publics"), least_bp }
    } else {
        let total_cents = typed.cents("total_cents");
        let cap_cents = typed.some("cap_cents").map(|_| typed.cents("cap_cents"));
        ConditionView::CappedGrant { rate_bp, total_cents, cap_cents }
    };
    typed.done()?;
    Ok(Some(read))
}

/// `GET /conventions/{id}/compte-rendu.pdf`
pub async fn document(app: Data<App>, id: Path<Uuid>, visit: Visit<ReadAgreements>) -> Answer {
    let (id, caller) = (AgreementId(*id), visit.caller);
    let pdf = app
        .run(move |services| {
            agreement_paper::account(&agreement_account::account(services, &caller, id)?)
        })
        .await?;
    Ok(paper::named(pdf, "compte-rendu.pdf"))
}

#[cfg(test)]
mod tests;
