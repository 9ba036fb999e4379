//! Who takes part in a programme: the prescribers it accepts and the venues, and who may be added.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::form::Form;
use super::form_page::{Back, ConfirmPage, address, confirmed, done, just_done, ready, sent_along};
use super::list::{Lines, counted, page};
use super::programmes::{address as programme_address, back_to};
use super::remove_members::{ids, removal};
use super::{organisations, venues};
use crate::app::App;
use crate::domain::ids::{OrganisationId, ProgrammeId};
use crate::http::answer::Answer;
use crate::http::call::ManageProgrammes;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::{Frame, ok};
use crate::http::pages::visit::{Sent, Visit};
use crate::services::find_organisations::{self, Does, OrganisationSearch};
use crate::services::find_venues::{self, VenueSearch, Wanted};
use crate::services::list::Page;
use crate::services::programmes::ProgrammeView;
use crate::services::{Outcome, Services, programme_members, read_programme};

/// So many are offered at once: more asks for a narrower search.
const OFFERED: u16 = 40;

#[derive(Template)]
#[template(path = "manage/members.html")]
struct MembersPage {
    frame: Frame,
    done: &'static str,
    back: Back,
    path: String,
    words: Words,
    /// Who takes part.
    lines: Lines,
    /// Whether only the venues that never redeemed are shown.
    idle: bool,
    text: String,
    offered: Lines,
    form: Form,
    remove: Form,
}

/// The same page speaks of prescribers or of venues.
struct Words {
    heading: &'static str,
    nobody: &'static str,
    add: &'static str,
    look_for: &'static str,
    remove: &'static str,
    nothing: &'static str,
    /// What one may add all of, when that can be done.
    all: String,
}

/// `GET /gestion/dispositifs/{id}/prescripteurs`
pub async fn prescribers(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ManageProgrammes>,
) -> Answer {
    let asked = Fields::of_address(&request);
    let (id, text, at) = (*id, asked.text("q").to_owned(), page(&asked));
    let typed = text.clone();
    let (programme, accepted, offered) = app
        .run(move |services| {
            let programme = programme(services, id)?;
            let search =
                OrganisationSearch { hands_out: Some((id, true)), ..OrganisationSearch::default() };
            let accepted = find_organisations::find(services, &search, at)?;
            let search = OrganisationSearch {
                text: typed,
                does: Some(Does::Prescribe),
                hands_out: Some((id, false)),
            };
            Ok((programme, accepted, find_organisations::find(services, &search, offered_page())?))
        })
        .await?;
    let path = format!("{}/prescripteurs", programme_address(id));
    let lines = Lines::of(accepted, at, &path, &[], organisations::line);
    let words = Words {
        heading: "Prescripteurs",
        nobody: "Personne ne peut encore remettre de pass de ce dispositif.",
        add: "Ajouter des prescripteurs",
        look_for: "Nom de l’organisme ou numéro SIRET",
        remove: "Retirer des prescripteurs",
        nothing: "Aucun autre organisme prescripteur ne porte ce nom.",
        all: String::new(),
    };
    ok(&MembersPage {
        frame: visit.frame(format!("Prescripteurs : {}", programme.name)),
        done: just_done(&asked),
        back: back_to(&programme),
        words,
        remove: ready(&app, &visit, removal(&path, &lines)),
        lines,
        idle: false,
        text,
        offered: Lines::of(offered, offered_page(), &path, &[], organisations::line),
        form: ready(&app, &visit, Form::new(path.clone(), "Ajouter", Vec::new())),
        path,
    })
}

fn offered_page() -> Page {
    Page { limit: OFFERED, ..Page::default() }
}

fn programme(services: &Services, id: Uuid) -> Outcome<ProgrammeView> {
    Ok(read_programme::read_programme(services, ProgrammeId(id))?.programme)
}

/// `POST /gestion/dispositifs/{id}/prescripteurs`
pub async fn add_prescribers(
    app: Data<App>,
    id: Path<Uuid>,
    sent: Sent<ManageProgrammes>,
) -> Answer {
    let chosen = ids(&sent.fields);
    let path = format!("{}/prescripteurs", programme_address(*id));
    if chosen.is_empty() {
        return done(&path, "personne");
    }
    let programme = ProgrammeId(*id);
    app.run(move |services| {
        for organisation in chosen {
            let organisation = OrganisationId(organisation);
            programme_members::accept_prescriber(services, programme, organisation)?;
        }
        Ok(())
    })
    .await?;
    done(&path, "prescripteur")
}

/// `GET /gestion/dispositifs/{id}/lieux`
pub async fn venues(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    visit: Visit<ManageProgrammes>,
) -> Answer {
    let asked = Fields::of_address(&request);
    let (id, text, at) = (*id, asked.text("q").to_owned(), page(&asked));
    let idle = asked.some("jamais").is_some();
    let search = VenueSearch { accepted: Some((id, true)), idle, ..VenueSearch::default() };
    let others = labelled(id, &text);
    let (programme, accepted, offered) = app
        .run(move |services| {
            let programme = programme(services, id)?;
            let accepted = find_venues::find(services, &search, at)?;
            Ok((programme, accepted, find_venues::find(services, &others, offered_page())?))
        })
        .await?;
    let path = format!("{}/lieux", programme_address(id));
    let all = if offered.total > 1 && !text.is_empty() {
        format!("Ajouter les {} lieux trouvés", offered.total)
    } else {
        String::new()
    };
    let words = Words {
        heading: if idle { "Lieux sans un seul atelier" } else { "Lieux" },
        nobody: "Aucun lieu ne peut encore valider les pass de ce dispositif.",
        add: "Ajouter des lieux labellisés",
        look_for: "Nom du lieu, commune ou numéro du département",
        remove: "Retirer des lieux",
        nothing: "Aucun autre lieu labellisé ne correspond.",
        all,
    };
    let kept = [("jamais", if idle { "oui" } else { "" })];
    let lines = Lines::of(accepted, at, &path, &kept, venues::line);
    ok(&MembersPage {
        frame: visit.frame(format!("Lieux : {}", programme.name)),
        done: just_done(&asked),
        back: back_to(&programme),
        words,
        remove: ready(&app, &visit, removal(&path, &lines)),
        lines,
        idle,
        text,
        offered: Lines::of(offered, offered_page(), &path, &[], venues::line),
        form: ready(&app, &visit, Form::new(path.clone(), "Ajouter", Vec::new())),
        path,
    })
}

fn labelled(programme: Uuid, text: &str) -> VenueSearch {
    VenueSearch {
        text: text.to_owned(),
        wanted: Some(Wanted::Labelled),
        accepted: Some((programme, false)),
        ..VenueSearch::default()
    }
}

/// `POST /gestion/dispositifs/{id}/lieux`: the ones that were ticked, or all that were found.
pub async fn add_venues(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageProgrammes>) -> Answer {
    let programme = ProgrammeId(*id);
    let path = format!("{}/lieux", programme_address(*id));
    let text = sent.fields.text("tous").to_owned();
    if !text.is_empty() && !confirmed(&sent.fields) {
        return ask_for_all(&app, *id, &sent, &text).await;
    }
    let chosen = ids(&sent.fields);
    let added = app
        .run(move |services| {
            if text.is_empty() {
                programme_members::accept_venues(services, programme, &chosen)
            } else {
                programme_members::accept_labelled(services, programme, &text)
            }
        })
        .await?;
    done(&path, if added == 0 { "rien" } else { "lieux-acceptes" })
}

async fn ask_for_all(
    app: &Data<App>,
    id: Uuid,
    sent: &Sent<ManageProgrammes>,
    text: &str,
) -> Answer {
    let search = labelled(id, text);
    let (programme, found) = app
        .run(move |services| {
            let programme = programme(services, id)?;
            Ok((programme, find_venues::find(services, &search, offered_page())?))
        })
        .await?;
    let path = format!("{}/lieux", programme_address(id));
    let venues = counted(found.total, "lieu", "lieux");
    let fields = sent_along(&["tous"], &sent.fields);
    let form = Form::new(path.clone(), format!("Ajouter {venues}"), fields);
    let back = address(&path, &[("q", text)]);
    let names: Vec<String> = found.page.items.into_iter().map(|venue| venue.name).collect();
    ok(&ConfirmPage::new(app, &sent.visit, "Ajouter tous les lieux trouvés", form, &back)
        .says(format!("{venues} pourront valider les pass de « {} ».", programme.name))
        .says(format!("Recherche : {text}."))
        .says(format!("{}.", names.join(", "))))
}

#[cfg(test)]
mod tests;
