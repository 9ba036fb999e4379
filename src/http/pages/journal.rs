//! The audit journal on a page: who did or looked at what, the latest first.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::fields::{Fields, day};
use super::frame::{Frame, ok};
use super::manage::form_page::{Back, address};
use super::manage::print_run::moment;
use super::months::way_back;
use super::visit::Visit;
use crate::app::App;
use crate::domain::audit::{ACTS, act, label};
use crate::domain::caller::Right;
use crate::domain::ids::UserId;
use crate::http::answer::Answer;
use crate::http::call::ReadAudit;
use crate::services::list::DEFAULT_LIMIT;
use crate::services::read_audit::{self, AuditView, WhichEntries};

const PATH: &str = "/journal";

#[derive(Template)]
#[template(path = "journal.html")]
struct JournalPage {
    frame: Frame,
    back: Option<Back>,
    from: String,
    to: String,
    wanted: String,
    person: String,
    acts: Vec<(&'static str, &'static str)>,
    entries: Vec<AuditView>,
    next: Option<String>,
}

/// How an access was answered, in words.
fn answered(status: i32) -> String {
    match status {
        0 | 200..=399 => "Oui".to_owned(),
        401 | 403 | 404 => format!("Refusé ({status})"),
        _ => format!("Non ({status})"),
    }
}

/// The sorts of entries that can be there, in the order of their words.
fn acts() -> Vec<(&'static str, &'static str)> {
    let written = Right::ALL.iter().filter_map(|right| act(*right, true)).collect::<Vec<_>>();
    let own = |word: &str| !Right::ALL.iter().any(|right| act(*right, true) == Some(word));
    let never = ["read_self", "hand_over", "redeem"];
    let mut found: Vec<_> = ACTS
        .iter()
        .copied()
        .filter(|(word, _)| written.contains(word) || (own(word) && !never.contains(word)))
        .collect();
    found.sort_by_key(|(_, label)| label.to_lowercase());
    found
}

/// `GET /journal`
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<ReadAudit>) -> Answer {
    let asked = Fields::of_address(&request);
    let (from, to) = (asked.text("du").to_owned(), asked.text("au").to_owned());
    let wanted = asked.text("acces").to_owned();
    let person = asked.text("personne").to_owned();
    let which = WhichEntries {
        from: day(&from),
        to: day(&to),
        user: asked.id("personne").map(UserId),
        act: Some(wanted.clone()).filter(|word| !word.is_empty()),
        below: asked.text("avant").parse().ok(),
    };
    let (entries, next) =
        app.run(move |services| read_audit::entries(services, &which, DEFAULT_LIMIT)).await?;
    let next = next.map(|number| {
        let number = number.to_string();
        let fields = [("du", &from), ("au", &to), ("acces", &wanted), ("personne", &person)];
        let mut fields: Vec<(&str, &str)> = fields.map(|(name, text)| (name, text.as_str())).into();
        fields.push(("avant", &number));
        address(PATH, &fields)
    });
    ok(&JournalPage {
        frame: visit.frame("Journal des accès"),
        back: way_back(&visit.caller),
        from,
        to,
        wanted,
        person,
        acts: acts(),
        entries,
        next,
    })
}

#[cfg(test)]
mod tests;
