//! The accounting months: closing them, and what they were when they closed.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::faults::Faults;
use super::fields::Fields;
use super::frame::{Frame, ok};
use super::manage::form::{Field, Form};
use super::manage::form_page::{
    Back, ConfirmPage, answer, confirmed, done, just_done, ready, to_correct,
};
use super::manage::print_run::moment;
use super::visit::{Sent, Visit};
use super::wording::{capital, euros, month_in_letters};
use crate::app::App;
use crate::domain::caller::{Caller, Role};
use crate::domain::time::Month;
use crate::http::answer::Answer;
use crate::http::call::{CloseMonths, ReadAccounting};
use crate::services::accounting_months::{self, AccountingMonths};
use crate::services::close_month;

/// Where the months are.
pub const PATH: &str = "/mois";

#[derive(Template)]
#[template(path = "months.html")]
struct MonthsPage {
    frame: Frame,
    done: &'static str,
    back: Option<Back>,
    months: AccountingMonths,
    close: Option<Form>,
    faults: Faults,
}

impl MonthsPage {
    /// The open months that are over, in words.
    fn open(&self) -> String {
        match self.months.to_close.as_slice() {
            [] => String::new(),
            [only] => named(only),
            [first, .., last] => format!("{} à {}", named(first), named(last)),
        }
    }
}

/// A month in letters.
#[must_use]
pub fn named(month: &str) -> String {
    month.parse::<Month>().map_or_else(|_| month.to_owned(), month_in_letters)
}

/// The way back for who has a page that gathers everything.
#[must_use]
pub fn way_back(caller: &Caller) -> Option<Back> {
    let (address, words) = match caller.role {
        Role::Operator => ("/gestion", "Gestion"),
        Role::Auditor => (PATH, "Mois comptables"),
        _ => return None,
    };
    Some((address.to_owned(), words.to_owned()))
}

/// `GET /mois`
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<ReadAccounting>) -> Answer {
    let said = just_done(&Fields::of_address(&request));
    let months = app.run(accounting_months::accounting_months).await?;
    ok(&page(&app, &visit, months, said, Faults::default()))
}

fn page<P>(
    app: &App,
    visit: &Visit<P>,
    months: AccountingMonths,
    done: &'static str,
    faults: Faults,
) -> MonthsPage {
    let last = months.to_close.last().filter(|_| visit.caller.role == Role::Operator);
    let close = last.map(|last| {
        let button = format!("Clôturer jusqu’à {}", named(last));
        ready(app, visit, Form::new(PATH, button, vec![Field::hidden("mois", last)]))
    });
    let back = way_back(&visit.caller).filter(|(address, _)| address != PATH);
    MonthsPage { frame: visit.frame("Mois comptables"), done, back, months, close, faults }
}

/// `POST /mois`: asks first, for it cannot be taken back.
pub async fn close(app: Data<App>, sent: Sent<CloseMonths>) -> Answer {
    let asked = sent.fields.text("mois").to_owned();
    if !confirmed(&sent.fields) {
        return ask(&app, &sent, &asked);
    }
    let (key, by) = (sent.key()?, sent.visit.caller.user);
    let Ok(month) = asked.parse::<Month>() else { return ask(&app, &sent, &asked) };
    let closed =
        app.run(move |services| close_month::close_month(services, by, month, Some(&key))).await;
    match closed {
        Ok(_) => done(PATH, "clos"),
        Err(error) => {
            let faults = to_correct(error)?;
            let months = app.run(accounting_months::accounting_months).await?;
            let page = page(&app, &sent.visit, months, "", faults);
            answer(page.faults.any(), page, |page| &mut page.frame)
        }
    }
}

fn ask(app: &App, sent: &Sent<CloseMonths>, month: &str) -> Answer {
    let fields = vec![Field::hidden("mois", month), Field::hidden("confirmer", "oui")];
    let button = format!("Clôturer jusqu’à {}", named(month));
    let title = format!("Clôturer jusqu’à {} ?", named(month));
    let page = ConfirmPage::new(app, &sent.visit, &title, Form::new(PATH, button, fields), PATH)
        .says("Les chiffres de ces mois ne changeront plus jamais.")
        .says("Un relevé est établi pour chaque organisme, et un appel de fonds pour chaque financeur.")
        .says("Ce qui est annulé plus tard compte dans le mois en cours.");
    ok(&page)
}

#[cfg(test)]
mod tests;
