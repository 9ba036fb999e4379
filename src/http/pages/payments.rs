//! Payments: what the next run pays, what waits and why, and the runs so far.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use uuid::Uuid;

use super::faults::Faults;
use super::fields::{Fields, day};
use super::frame::Frame;
use super::links::{self, PAYMENTS};
use super::manage::bank_details::address as bank_address;
use super::manage::form::{Field, Form};
use super::manage::form_page::{Back, address, answer, done, just_done, ready, to_correct};
use super::months::{named, way_back};
use super::visit::{Sent, Visit};
use super::wording::{euros, in_letters};
use crate::app::App;
use crate::domain::caller::Role;
use crate::domain::payment_run::LeftOut;
use crate::http::answer::Answer;
use crate::http::call::{ManagePayments, ReadPayments};
use crate::services::bank_details::{self, BankDetailView};
use crate::services::list::{Listed, Page};
use crate::services::next_payment_run::{self, NextRun};
use crate::services::pay_statements::{self, NewPaymentRun};
use crate::services::payment_runs::{self, PaymentRunView};

#[derive(Template)]
#[template(path = "payments.html")]
struct PaymentsPage {
    frame: Frame,
    done: &'static str,
    back: Option<Back>,
    operator: bool,
    own: Uuid,
    next: NextRun,
    waiting: Vec<Waiting>,
    pay: Option<Form>,
    to_confirm: Vec<BankDetailView>,
    runs: Listed<PaymentRunView>,
    faults: Faults,
}

impl PaymentsPage {
    fn further(&self) -> Option<String> {
        let after = self.runs.next?.to_string();
        Some(address(PAYMENTS, &[("after", &after)]))
    }
}

/// An organisation that cannot be paid yet.
struct Waiting {
    organisation: Uuid,
    name: String,
    statements: usize,
    amount_cents: i64,
    why: &'static str,
}

/// Who waits, the largest amounts first.
fn waiting(next: &NextRun) -> Vec<Waiting> {
    let mut found: Vec<Waiting> = Vec::new();
    for one in &next.left_out {
        let known = found.iter_mut().find(|known| known.organisation == one.organisation_id);
        if let Some(known) = known {
            known.statements += 1;
            known.amount_cents += one.amount_cents;
        } else {
            found.push(Waiting {
                organisation: one.organisation_id,
                name: one.organisation_name.clone(),
                statements: 1,
                amount_cents: one.amount_cents,
                why: waits_for(&one.reason),
            });
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.amount_cents));
    found
}

/// Why a statement waits, in words.
#[must_use]
pub fn waits_for(reason: &str) -> &'static str {
    LeftOut::ALL.iter().find(|known| known.as_str() == reason).map_or("", |known| known.label())
}

/// `GET /paiements`
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<ReadPayments>) -> Answer {
    let asked = Fields::of_address(&request);
    show(&app, &visit, &asked, Faults::default()).await
}

async fn show<P>(app: &Data<App>, visit: &Visit<P>, asked: &Fields, faults: Faults) -> Answer {
    let caller = visit.caller;
    let operator = caller.role == Role::Operator;
    let at = Page { after: asked.id("after").unwrap_or(Uuid::nil()), ..Page::default() };
    let (next, to_confirm, runs) = app
        .run(move |services| {
            let next = next_payment_run::next_run(services, &caller)?;
            let waiting = bank_details::waiting(services, &caller)?;
            Ok((next, waiting, payment_runs::list(services, at)?))
        })
        .await?;
    let payable = operator && next.debtor && !next.ready.is_empty();
    let pay = payable.then(|| {
        let typed = asked.text("execution_day");
        let field = Field::day("execution_day", "Jour du virement")
            .hint("Aujourd'hui si vous ne mettez rien")
            .optional()
            .value(typed);
        let form = Form::new(PAYMENTS, "Créer le fichier de virements", vec![field]);
        let faults = faults.clone();
        ready(app, visit, Form { faults, ..form })
    });
    let page = PaymentsPage {
        frame: visit.frame("Paiements"),
        done: just_done(asked),
        back: way_back(&caller),
        operator,
        own: caller.organisation.0,
        waiting: waiting(&next),
        next,
        pay,
        to_confirm,
        runs,
        faults,
    };
    answer(page.faults.any(), page, |page| &mut page.frame)
}

/// `POST /paiements`: pays what is ready.
pub async fn pay(app: Data<App>, sent: Sent<ManagePayments>) -> Answer {
    let (key, caller) = (sent.key()?, sent.visit.caller);
    let typed = sent.fields.text("execution_day").to_owned();
    let execution_day = day(&typed);
    if !typed.is_empty() && execution_day.is_none() {
        let faults = Faults::field("execution_day", "Ce jour n’existe pas : 15/02/2027.");
        return show(&app, &sent.visit, &sent.fields, faults).await;
    }
    let request = NewPaymentRun { execution_day, statements: None };
    let made = app
        .run(move |services| {
            pay_statements::pay_statements(services, &caller, &request, Some(&key))
        })
        .await;
    match made {
        Ok(made) => done(&links::payment_run(made.value.id), "paiement"),
        Err(error) => show(&app, &sent.visit, &sent.fields, to_correct(error)?).await,
    }
}

#[cfg(test)]
mod tests;
