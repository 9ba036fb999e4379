//! What an organisation handed over: counted, filtered, found by the stub or by the person.

use actix_web::web::Data;
use actix_web::{HttpRequest, ResponseError};
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

use super::faults::{Faults, TextField};
use super::fields::{Fields, day};
use super::frame::{Frame, ok, see_other, with_status};
use super::hand_over_form::Answers;
use super::visit::{Sent, Visit};
use super::wording::{in_letters, status};
use crate::app::App;
use crate::domain::caller::Right;
use crate::domain::pass_status::PassStatus;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::Answer;
use crate::http::call::{FindPerson, ReadPasses};
use crate::http::problem::Problem;
use crate::services::find_pass::{self, FindPass};
use crate::services::list::{Listed, MAX_LIMIT, Page};
use crate::services::list_passes::{self, Counts, Wanted};
use crate::services::programmes::{self, ProgrammeView};
use crate::services::read_pass::{self, PassView};
use crate::services::{Error, Services};

/// How many passes a page shows.
const ON_A_PAGE: u16 = 25;

#[derive(Template)]
#[template(path = "my_passes.html")]
struct MyPassesPage {
    frame: Frame,
    /// Whether these are the passes of one's own organisation: the operator reads all.
    own: bool,
    counts: Counts,
    month_begins: NaiveDate,
    programmes: Vec<ProgrammeView>,
    /// Those of them that the organisation hands out.
    handed_out: Vec<ProgrammeView>,
    asked: Asked,
    passes: Listed<PassView>,
    answers: Answers,
    faults: Faults,
}

/// What the address asks for, as it was typed.
#[derive(Clone, Default)]
struct Asked {
    serial: String,
    state: String,
    start: String,
    from: String,
    to: String,
    after: Uuid,
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            serial: text("serie"),
            state: text("etat"),
            start: text("depart"),
            from: text("du"),
            to: text("au"),
            after: fields.id("after").unwrap_or_default(),
        }
    }

    /// Whether some passes are left out.
    fn narrows(&self) -> bool {
        [&self.state, &self.start, &self.from, &self.to].iter().any(|text| !text.is_empty())
    }

    fn wanted(&self) -> Result<Wanted, Faults> {
        let read = |name: &str, text: &str| match day(text) {
            None if !text.is_empty() => {
                Err(Faults::field(name, "Écrivez ce jour avec 8 chiffres : 31/12/2026."))
            }
            read => Ok(read),
        };
        let (from, to) = (read("du", &self.from)?, read("au", &self.to)?);
        Ok(Wanted {
            status: PassStatus::from_name(&self.state),
            started: match self.start.as_str() {
                "oui" => Some(true),
                "jamais" | "dort" => Some(false),
                _ => None,
            },
            asleep: self.start == "dort",
            from,
            to,
        })
    }
}

impl MyPassesPage {
    fn programme(&self, id: &Uuid) -> &str {
        let found = self.programmes.iter().find(|programme| programme.id == *id);
        found.map_or("", |programme| programme.name.as_str())
    }

    fn field<'a>(&'a self, name: &'a str, label: &'a str, value: &'a str) -> TextField<'a> {
        let first = self.faults.fields.first().is_some_and(|(wrong, _)| wrong == name);
        TextField { value, first, ..TextField::new(name, label, &self.faults) }
    }

    fn serial_field(&self) -> TextField<'_> {
        let hint = "Les 12 signes de la souche. Les espaces ne comptent pas.";
        let field = self.field("serie", "Numéro de série", &self.asked.serial);
        TextField { hint, first: field.first || self.nothing_asked(), ..field }
    }

    fn nothing_asked(&self) -> bool {
        !self.faults.any() && !self.asked.narrows() && self.asked.after.is_nil()
    }

    fn given_name_field(&self) -> TextField<'_> {
        self.field("given_name", "Prénom", &self.answers.given_name)
    }

    fn family_name_field(&self) -> TextField<'_> {
        self.field("family_name", "Nom de naissance", &self.answers.family_name)
    }

    fn birth_date_field(&self) -> TextField<'_> {
        let field = self.field("birth_date", "Date de naissance", &self.answers.birth_date);
        TextField { hint: "Par exemple 17051961", keyboard: "numeric", ..field }
    }

    fn since_field(&self) -> TextField<'_> {
        TextField { keyboard: "numeric", ..self.field("du", "Remis depuis le", &self.asked.from) }
    }

    fn until_field(&self) -> TextField<'_> {
        TextField { keyboard: "numeric", ..self.field("au", "Jusqu’au", &self.asked.to) }
    }

    /// Whether the search by identity is shown at once.
    fn looks_for_person(&self) -> bool {
        !self.answers.family_name.is_empty() || self.faults.of("given_name").is_some()
    }
}

fn states() -> impl Iterator<Item = &'static str> {
    PassStatus::ALL.into_iter().map(PassStatus::as_str)
}

/// `GET /remise/suivi`: with a serial number, straight to its pass.
pub async fn list(app: Data<App>, request: HttpRequest, visit: Visit<ReadPasses>) -> Answer {
    let asked = Asked::of(&Fields::of_address(&request));
    if !asked.serial.is_empty() {
        let (caller, serial) = (visit.caller, asked.serial.clone());
        let found = app.run(move |services| read_pass::by_serial(services, &caller, &serial)).await;
        return match found {
            Ok(pass) => Ok(see_other(&format!("/remise/{}", pass.id))),
            Err(Error::Refused { .. }) => {
                let detail =
                    "Nous ne trouvons pas de pass avec ce numéro : vérifiez les 12 signes.";
                let faults = Faults::field("serie", detail);
                wrong(page(&app, &visit, asked, Answers::default(), faults).await?)
            }
            Err(error) => Err(error.into()),
        };
    }
    let page = page(&app, &visit, asked, Answers::default(), Faults::default()).await?;
    if page.faults.any() { wrong(page) } else { ok(&page) }
}

/// `POST /remise/suivi`: finds the pass of a person by the identity, which is forgotten at once.
pub async fn find(app: Data<App>, sent: Sent<FindPerson>) -> Answer {
    let mut answers = Answers::from(&sent.fields);
    let person = match answers.person() {
        Ok(person) => person,
        Err(faults) => {
            return wrong(page(&app, &sent.visit, Asked::default(), answers, faults).await?);
        }
    };
    let request = FindPass {
        programme_id: sent.fields.id("programme_id").unwrap_or_default(),
        beneficiary: person,
    };
    let caller = sent.visit.caller;
    let found = app.run(move |services| find_pass::find_pass(services, &caller, &request)).await;
    match found {
        Ok(pass) => Ok(see_other(&format!("/remise/{}", pass.id))),
        Err(Error::Refused { refused, .. }) if !refused.may_be_sent_again() => {
            let faults =
                if refused.code == Code::NotFound { nobody() } else { Faults::from(*refused) };
            wrong(page(&app, &sent.visit, Asked::default(), answers, faults).await?)
        }
        Err(error) => Err(error.into()),
    }
}

fn nobody() -> Faults {
    Faults::field(
        "given_name",
        "Votre organisme n’a pas remis de pass à cette personne dans ce dispositif, ou bien sans \
         noter son identité : vérifiez le prénom, le nom de naissance et la date.",
    )
}

async fn page<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    asked: Asked,
    answers: Answers,
    mut faults: Faults,
) -> Result<MyPassesPage, Problem> {
    let caller = visit.caller;
    let own = caller.may(Right::HandOver);
    let wanted = asked.wanted().unwrap_or_else(|wrong| {
        faults = wrong;
        Wanted::default()
    });
    let sheet = Page { after: asked.after, limit: ON_A_PAGE };
    let everything = Page { limit: MAX_LIMIT, ..Page::default() };
    let read = move |services: &Services, wanted: Wanted| {
        let passes = list_passes::list(services, &caller, wanted, sheet);
        let passes = match passes {
            Err(Error::Refused { refused, .. }) => Err(*refused),
            other => Ok(other?),
        };
        let programmes = programmes::list(services, &caller, everything)?.items;
        let handed_out = programmes::of_prescriber(services, &caller)?;
        let counts = if own { list_passes::counts(services, &caller)? } else { Counts::default() };
        let month_begins = list_passes::month_begins(services, &caller)?;
        Ok((passes, programmes, handed_out, counts, month_begins))
    };
    let (passes, programmes, handed_out, counts, month_begins) =
        app.run(move |services| read(services, wanted)).await?;
    let passes = passes.unwrap_or_else(|refused: Refused| {
        faults = of_days(refused);
        Listed { items: Vec::new(), next: None }
    });
    Ok(MyPassesPage {
        frame: visit.frame(if own { "Mes pass" } else { "Retrouver un pass" }),
        own,
        counts,
        month_begins,
        programmes,
        handed_out,
        asked,
        passes,
        answers,
        faults,
    })
}

/// The days are called otherwise in our address than in the API's.
fn of_days(refused: Refused) -> Faults {
    let mut faults = Faults::from(refused);
    for (name, _) in &mut faults.fields {
        *name = if name == "handed_over_from" { "du".to_owned() } else { "au".to_owned() };
    }
    faults
}

fn wrong(mut page: MyPassesPage) -> Answer {
    page.frame.title = format!("À corriger : {}", page.frame.title);
    with_status(Problem::from(Refused::invalid(Vec::new())).status_code(), &page)
}

#[cfg(test)]
mod tests;
