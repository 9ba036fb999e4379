//! One pass as its prescriber sees it: its state, its paper, and what can be done to it.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, ResponseError};
use askama::Template;
use uuid::Uuid;

use super::faults::Faults;
use super::fields::Fields;
use super::frame::{Frame, ok, see_other, with_status};
use super::visit::{Sent, Visit};
use super::wording::{euros, in_letters, status, workshops};
use crate::app::App;
use crate::documents::letter::Layout;
use crate::domain::caller::Right;
use crate::domain::ids::{PassId, ProgrammeId};
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::Answer;
use crate::http::call::{ManagePasses, PrintPasses, ReadPasses};
use crate::http::paper;
use crate::http::problem::Problem;
use crate::services::change_pass::{self, Change, Reason};
use crate::services::read_pass::{self, PassView};
use crate::services::{Error, programmes, replace_pass};

#[derive(Template)]
#[template(path = "pass.html")]
struct PassPage {
    frame: Frame,
    pass: PassView,
    programme: String,
    /// What was just done; empty when nothing was.
    done: &'static str,
    prints: bool,
    hands_over: bool,
    acts: Vec<Act>,
    faults: Faults,
    key: Uuid,
}

/// Something that can be done to a pass, and asks why.
#[derive(Clone, Copy)]
struct Act {
    name: &'static str,
    label: &'static str,
    explains: &'static str,
    usual: &'static str,
}

const REPLACE: Act = Act {
    name: "remplacer",
    label: "Remplacer ce pass",
    explains: "Pass perdu, abîmé ou volé. L’ancien pass ne marche plus. Le nouveau garde les \
        ateliers qui restent.",
    usual: "Pass perdu",
};
const SUSPEND: Act = Act {
    name: "suspendre",
    label: "Suspendre ce pass",
    explains: "Le pass ne marche plus pour le moment. Vous pourrez le rétablir.",
    usual: "",
};
const RESUME: Act = Act {
    name: "retablir",
    label: "Rétablir ce pass",
    explains: "Le pass marche de nouveau.",
    usual: "",
};
const VOID: Act = Act {
    name: "annuler",
    label: "Annuler ce pass pour toujours",
    explains: "Le pass ne marchera plus jamais. L’argent qui reste est rendu aux financeurs.",
    usual: "",
};

/// What the address says was just done, in words.
const DONE: [(&str, &str); 5] = [
    ("remis", "Pass remis. Imprimez-le et donnez-le à la personne."),
    ("remplace", "Nouveau pass prêt. Imprimez-le. L’ancien ne marche plus."),
    ("suspendre", "Pass suspendu."),
    ("retablir", "Pass rétabli."),
    ("annuler", "Pass annulé pour toujours."),
];

fn acts(status: &str) -> Vec<Act> {
    match status {
        "active" | "exhausted" => vec![REPLACE, SUSPEND, VOID],
        "suspended" => vec![RESUME, REPLACE, VOID],
        _ => Vec::new(),
    }
}

/// `GET /remise/{id}`
pub async fn read(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ReadPasses>,
) -> Answer {
    let asked = Fields::of_address(&request);
    let done = DONE.iter().find(|(name, _)| asked.some(name).is_some());
    let done = done.map_or("", |(_, sentence)| sentence);
    ok(&page(&app, &visit, *id, done, Faults::default()).await?)
}

async fn page<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    id: Uuid,
    done: &'static str,
    faults: Faults,
) -> Result<PassPage, Problem> {
    let caller = visit.caller;
    let (pass, programme) = app
        .run(move |services| {
            let pass = read_pass::by_id(services, &caller, PassId(id))?;
            let programme = programmes::by_id(services, &caller, ProgrammeId(pass.programme_id))?;
            Ok((pass, programme.name))
        })
        .await?;
    let lives = matches!(pass.status.as_str(), "active" | "suspended" | "exhausted");
    Ok(PassPage {
        frame: visit.frame(format!("Pass {}", pass.serial)),
        programme,
        done,
        prints: lives && caller.may(Right::PrintPasses),
        hands_over: caller.may(Right::HandOver),
        acts: acts(&pass.status),
        pass,
        faults,
        key: app.services.random.id(app.services.clock.now()),
    })
}

/// `POST /remise/{id}/lettre`: the name goes through memory to the paper and is gone.
pub async fn print(app: Data<App>, id: Path<Uuid>, sent: Sent<PrintPasses>) -> Answer {
    let layout = if sent.fields.text("format") == "carte" { Layout::Card } else { Layout::Letter };
    let name = sent.fields.some("nom");
    let (caller, id) = (sent.visit.caller, PassId(*id));
    let pdf = app
        .run(move |services| {
            let paper = read_pass::paper(services, &caller, id)?;
            paper::pdf(&paper, layout, name)
        })
        .await?;
    Ok(paper::answer(pdf))
}

/// `POST /remise/{id}/{act}`: suspends, resumes, voids or replaces, and says why.
pub async fn act(app: Data<App>, path: Path<(Uuid, String)>, sent: Sent<ManagePasses>) -> Answer {
    let (id, name) = path.into_inner();
    let key = sent.key()?;
    let reason = Reason { reason: sent.fields.text("reason").to_owned() };
    let change = match name.as_str() {
        "suspendre" => Some(Change::Suspend),
        "retablir" => Some(Change::Resume),
        "annuler" => Some(Change::Void),
        "remplacer" => None,
        _ => return Err(Refused::not_found().into()),
    };
    let caller = sent.visit.caller;
    let done = app
        .run(move |services| {
            let id = PassId(id);
            let Some(change) = change else {
                let new = replace_pass::replace_pass(services, &caller, id, &reason, Some(&key))?;
                return Ok(format!("/remise/{}?remplace=oui", new.value.id));
            };
            change_pass::change_pass(services, &caller, id, change, &reason, Some(&key))?;
            Ok(format!("/remise/{id}?{name}=oui"))
        })
        .await;
    match done {
        Ok(address) => Ok(see_other(&address)),
        Err(Error::Refused { refused, .. }) if refused.code != Code::NotFound => {
            let status = Problem::from((*refused).clone()).status_code();
            let page = page(&app, &sent.visit, id, "", Faults::from(*refused)).await?;
            with_status(status, &page)
        }
        Err(error) => Err(error.into()),
    }
}
