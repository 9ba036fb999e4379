//! What an organisation that was paid too much gave back, noted on its statement.

use actix_web::web::{Data, Path};
use uuid::Uuid;

use super::fields::day;
use super::manage::form::{Field, Form};
use super::manage::form_page::done;
use super::visit::Sent;
use crate::app::App;
use crate::domain::ids::StatementId;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::Answer;
use crate::http::call::ManagePayments;
use crate::services::repay_statement::{Repayment, repay_statement};

/// The form on the page of a statement.
#[must_use]
pub fn form(statement: &str) -> Form {
    let fields = vec![
        Field::day("jour", "Jour du virement à la banque"),
        Field::line("libelle", "Libellé du relevé bancaire"),
    ];
    Form::new(format!("{statement}/remboursement"), "Noter le remboursement", fields)
}

/// `POST /releves/{id}/remboursement`
pub async fn note(app: Data<App>, id: Path<Uuid>, sent: Sent<ManagePayments>) -> Answer {
    let (key, caller, id) = (sent.key()?, sent.visit.caller, StatementId(*id));
    let received_on = day(sent.fields.text("jour")).ok_or_else(|| {
        let sentence = "Donnez le jour du virement, par exemple 15/02/2027.";
        Refused::new(Code::InvalidBody, sentence)
    })?;
    let reference = sent.fields.text("libelle").to_owned();
    let request = Repayment { received_on, reference };
    app.run(move |services| repay_statement(services, &caller, id, &request, Some(&key))).await?;
    done(&format!("/releves/{}", id.0), "remboursement-note")
}
