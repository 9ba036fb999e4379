//! Funding calls: what is asked of each funder for a closed month.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::fields::Fields;
use super::frame::{Frame, ok};
use super::manage::form_page::{Back, address};
use super::manage::print_run::moment;
use super::months::{named, way_back};
use super::visit::Visit;
use super::wording::{capital, euros, percent};
use crate::app::{App, accounts};
use crate::domain::ids::FundingCallId;
use crate::http::answer::Answer;
use crate::http::call::ReadFundingCalls;
use crate::http::paper;
use crate::services::funding_calls::{self, FundingCallView};
use crate::services::list::Page;

const PATH: &str = "/appels";

#[derive(Template)]
#[template(path = "funding_calls.html")]
struct FundingCallsPage {
    frame: Frame,
    back: Option<Back>,
    month: String,
    list: Vec<FundingCallView>,
    next: Option<String>,
}

/// `GET /appels`
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<ReadFundingCalls>) -> Answer {
    let asked = Fields::of_address(&request);
    let at = Page { after: asked.id("after").unwrap_or(Uuid::nil()), ..Page::default() };
    let month = asked.text("mois").to_owned();
    let (caller, wanted) = (visit.caller, month.parse().ok());
    let found =
        app.run(move |services| funding_calls::list(services, &caller, None, wanted, at)).await?;
    let next = found.next.map(|after| {
        address(PATH, &[("mois", month.as_str()), ("after", after.to_string().as_str())])
    });
    ok(&FundingCallsPage {
        frame: visit.frame("Appels de fonds"),
        back: way_back(&visit.caller),
        month,
        list: found.items,
        next,
    })
}

#[derive(Template)]
#[template(path = "funding_call.html")]
struct FundingCallPage {
    frame: Frame,
    asked: FundingCallView,
}

/// `GET /appels/{id}`
pub async fn read(app: Data<App>, id: Path<Uuid>, visit: Visit<ReadFundingCalls>) -> Answer {
    let (id, caller) = (FundingCallId(*id), visit.caller);
    let asked = app.run(move |services| funding_calls::by_id(services, &caller, id)).await?;
    ok(&FundingCallPage {
        frame: visit.frame(format!("Appel de fonds {}", asked.reference)),
        asked,
    })
}

/// `GET /appels/{id}/appel.pdf`
pub async fn document(app: Data<App>, id: Path<Uuid>, visit: Visit<ReadFundingCalls>) -> Answer {
    let (id, caller) = (FundingCallId(*id), visit.caller);
    let (name, pdf) = app
        .run(move |services| {
            let asked = funding_calls::by_id(services, &caller, id)?;
            Ok((asked.reference.clone(), accounts::funding_call(&asked)?))
        })
        .await?;
    Ok(paper::named(pdf, &format!("appel-{name}.pdf")))
}

#[cfg(test)]
mod tests;
