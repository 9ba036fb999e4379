//! One payment run: its file for the bank, what it pays, and what the bank answered.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::faults::Faults;
use super::fields::{Fields, day};
use super::frame::Frame;
use super::links;
use super::manage::form::{Field, Form};
use super::manage::form_page::{Feedback, answer, done, just_done, ready, to_correct};
use super::manage::print_run::moment;
use super::visit::{Sent, Visit};
use super::wording::{capital, euros, in_letters};
use crate::app::App;
use crate::domain::caller::Role;
use crate::domain::ids::PaymentRunId;
use crate::domain::payee_check::PayeeCheck;
use crate::domain::payment_run::PainVersion;
use crate::domain::refusal::Refused;
use crate::http::answer::Answer;
use crate::http::call::{ManagePayments, ReadPayments};
use crate::http::paper;
use crate::services::payment_runs::{self, Execution, PaymentRunView};
use crate::services::reject_payment::{self, Rejection};

#[derive(Template)]
#[template(path = "payment_run.html")]
struct PaymentRunPage {
    frame: Frame,
    done: &'static str,
    operator: bool,
    run: PaymentRunView,
    execution: Option<Form>,
    bank_answer: Option<Form>,
    rejection: Option<Form>,
    /// What the answer read just now names, and this run does not pay.
    unknown: Vec<String>,
    faults: Faults,
}

/// What the creditor's bank says of the holder's name, in words.
#[must_use]
pub fn payee_check(name: &str) -> &'static str {
    PayeeCheck::from_name(name).map_or("", PayeeCheck::label)
}

/// `GET /paiements/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ReadPayments>,
) -> Answer {
    let asked = Fields::of_address(&request);
    show(&app, &visit, *id, (Feedback::done(just_done(&asked)), Vec::new())).await
}

async fn show<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    id: Uuid,
    (said, unknown): (Feedback, Vec<String>),
) -> Answer {
    let Feedback { done, typed, faults } = said;
    let run = app.run(move |services| payment_runs::by_id(services, PaymentRunId(id))).await?;
    let operator = visit.caller.role == Role::Operator;
    let [execution, bank_answer, rejection] = forms(&run, &typed).map(|form| {
        let form = form.filter(|_| operator)?;
        Some(ready(app, visit, Form { faults: faults.clone(), ..form }))
    });
    let page = PaymentRunPage {
        frame: visit.frame(format!("Campagne {}", run.reference)),
        done,
        operator,
        run,
        execution,
        bank_answer,
        rejection,
        unknown,
        faults,
    };
    answer(page.faults.any(), page, |page| &mut page.frame)
}

/// What can still be noted: that the bank paid, its answer, a payment that came back.
fn forms(run: &PaymentRunView, typed: &Fields) -> [Option<Form>; 3] {
    let path = |act: &str| format!("{}/{act}", links::payment_run(run.id));
    let standing: Vec<(String, String)> = run
        .payments
        .iter()
        .filter(|payment| payment.rejected_at.is_none())
        .map(|payment| {
            let words = format!(
                "{}, {} : {}",
                payment.statement,
                payment.organisation_name,
                euros(payment.amount_cents)
            );
            (payment.statement_id.to_string(), words)
        })
        .collect();
    let execution = run.executed_on.is_none().then(|| {
        let day = Field::day("executed_on", "Jour du virement à la banque");
        let day = day.value(typed.text("executed_on"));
        Form::new(path("execution"), "Noter l’exécution", vec![day])
    });
    if standing.is_empty() {
        return [execution, None, None];
    }
    let file = Field::file("fichier", "Compte rendu de la banque", ".xml,text/xml,application/xml");
    let file = file.hint("Le fichier pain.002 que la banque met à disposition");
    let fields = vec![
        Field::choice("statement_id", "Virement rejeté", standing)
            .value(typed.text("statement_id")),
        Field::line("reason", "Motif donné par la banque")
            .hint("Par exemple : compte clos")
            .value(typed.text("reason")),
        Field::line("code", "Code de la banque")
            .hint("Par exemple AC04")
            .optional()
            .value(typed.text("code")),
    ];
    [
        execution,
        Some(Form::new(path("reponse"), "Lire le compte rendu", vec![file])),
        Some(Form::new(path("rejet"), "Noter le rejet", fields)),
    ]
}

/// `POST /paiements/{id}/{act}`
pub async fn act(app: Data<App>, at: Path<(Uuid, String)>, sent: Sent<ManagePayments>) -> Answer {
    let (id, act) = at.into_inner();
    let (key, caller, run) = (sent.key()?, sent.visit.caller, PaymentRunId(id));
    let fields = sent.fields.clone();
    let executed_on = day(fields.text("executed_on"));
    if act == "execution" && executed_on.is_none() {
        let faults = Faults::field("executed_on", "Donnez le jour, par exemple 15/02/2027.");
        let said = (Feedback::wrong(&sent.fields, faults), Vec::new());
        return show(&app, &sent.visit, id, said).await;
    }
    let what = act.clone();
    let acted = app
        .run(move |services| match act.as_str() {
            "execution" => {
                let request = Execution { executed_on: executed_on.unwrap_or_default() };
                payment_runs::note_execution(services, &caller, run, &request, Some(&key))
                    .map(|_| Vec::new())
            }
            "rejet" => {
                let request = Rejection {
                    statement_id: fields.id("statement_id").unwrap_or_default(),
                    reason: fields.text("reason").to_owned(),
                    code: fields.some("code"),
                };
                reject_payment::reject_payment(services, &caller, run, &request, Some(&key))
                    .map(|_| Vec::new())
            }
            "reponse" => {
                let file = fields.file.clone().unwrap_or_default();
                reject_payment::read_answer(services, &caller, run, &file, Some(&key))
                    .map(|read| read.value.unknown)
            }
            _ => Err(Refused::not_found().into()),
        })
        .await;
    match acted {
        Ok(unknown) if unknown.is_empty() => {
            done(&links::payment_run(id), &format!("paiement-{what}"))
        }
        Ok(unknown) => show(&app, &sent.visit, id, (Feedback::done(""), unknown)).await,
        Err(error) => {
            let faults = to_correct(error)?;
            let said = (Feedback::wrong(&sent.fields, faults), Vec::new());
            show(&app, &sent.visit, id, said).await
        }
    }
}

/// `GET /paiements/{id}/virements-{version}.xml`
pub async fn file(
    app: Data<App>,
    at: Path<(Uuid, String)>,
    _visit: Visit<ManagePayments>,
) -> Answer {
    let (id, version) = at.into_inner();
    let version = PainVersion::from_name(&version).ok_or_else(Refused::not_found)?;
    let (name, xml) =
        app.run(move |services| payment_runs::file(services, PaymentRunId(id), version)).await?;
    Ok(paper::bank_file(xml, &name))
}

#[cfg(test)]
pub(super) mod tests;
