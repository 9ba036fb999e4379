//! Solvency on one page: the cash of each agreement against what it has promised and owes.

use actix_web::web::Data;
use askama::Template;

use super::frame::{Frame, ok};
use super::manage::form_page::Back;
use super::manage::print_run::moment;
use super::months::way_back;
use super::visit::Visit;
use super::wording::euros;
use crate::app::App;
use crate::domain::caller::Role;
use crate::http::answer::Answer;
use crate::http::call::ReadAccounting;
use crate::services::solvency::{self, Solvency};

#[derive(Template)]
#[template(path = "solvency.html")]
struct SolvencyPage {
    frame: Frame,
    back: Option<Back>,
    links: bool,
    shown: Solvency,
}

/// `GET /solvabilite`
pub async fn read(app: Data<App>, visit: Visit<ReadAccounting>) -> Answer {
    let shown = app.run(solvency::solvency).await?;
    ok(&SolvencyPage {
        frame: visit.frame("Solvabilité"),
        back: way_back(&visit.caller),
        links: visit.caller.role == Role::Operator,
        shown,
    })
}

#[cfg(test)]
mod tests;
