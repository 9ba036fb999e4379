//! Taking prescribers and venues out of a programme.

use actix_web::web::{Data, Path};
use uuid::Uuid;

use super::form::{Field, Form};
use super::form_page::{ConfirmPage, confirmed, done, sent_along};
use super::list::Lines;
use super::programmes::address as programme_address;
use crate::app::App;
use crate::domain::caller::Caller;
use crate::domain::ids::{OrganisationId, ProgrammeId, VenueId};
use crate::http::answer::Answer;
use crate::http::call::ManageProgrammes;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::ok;
use crate::http::pages::visit::Sent;
use crate::services::{Outcome, Services, organisations, programme_members, venues};

/// Who was ticked.
#[must_use]
pub fn ids(fields: &Fields) -> Vec<Uuid> {
    fields.all("membre").iter().filter_map(|id| id.parse().ok()).collect()
}

/// Ticks for the members that are shown.
#[must_use]
pub fn removal(path: &str, lines: &Lines) -> Form {
    let members = lines.lines.iter().map(|line| (line.id.to_string(), line.name.clone()));
    let ticks = Field::ticks("membre", "Cochez pour retirer", members.collect());
    Form::new(format!("{path}/retirer"), "Retirer ce qui est coché", vec![ticks])
        .called("retirer-")
        .looks("danger")
}

/// `POST /gestion/dispositifs/{id}/prescripteurs/retirer`: asks before it takes them out.
pub async fn remove_prescribers(
    app: Data<App>,
    id: Path<Uuid>,
    sent: Sent<ManageProgrammes>,
) -> Answer {
    let path = format!("{}/prescripteurs", programme_address(*id));
    let chosen = ids(&sent.fields);
    if chosen.is_empty() {
        return done(&path, "personne");
    }
    let programme = ProgrammeId(*id);
    if confirmed(&sent.fields) {
        app.run(move |services| {
            programme_members::remove_prescribers(services, programme, &chosen)
        })
        .await?;
        return done(&path, "retires");
    }
    let caller = sent.visit.caller;
    let names = app
        .run(move |services| {
            let name = |id: &Uuid| organisation_of(services, &caller, *id);
            chosen.iter().map(name).collect::<Outcome<Vec<_>>>()
        })
        .await?;
    let says = "Plus aucune remise de pass de ce dispositif. Les pass déjà remis restent valables.";
    ask_to_remove(&app, &sent, &path, &names, says)
}

fn organisation_of(services: &Services, caller: &Caller, id: Uuid) -> Outcome<String> {
    Ok(organisations::by_id(services, caller, OrganisationId(id))?.name)
}

/// `POST /gestion/dispositifs/{id}/lieux/retirer`: asks before it takes them out.
pub async fn remove_venues(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageProgrammes>) -> Answer {
    let path = format!("{}/lieux", programme_address(*id));
    let chosen = ids(&sent.fields);
    if chosen.is_empty() {
        return done(&path, "rien");
    }
    let programme = ProgrammeId(*id);
    if confirmed(&sent.fields) {
        app.run(move |services| programme_members::remove_venues(services, programme, &chosen))
            .await?;
        return done(&path, "retires");
    }
    let names = app
        .run(move |services| {
            let name = |id: &Uuid| Ok(venues::by_id(services, VenueId(*id))?.name);
            chosen.iter().map(name).collect::<Outcome<Vec<_>>>()
        })
        .await?;
    let says = "Plus aucune validation des pass de ce dispositif, ni de ce qu’un téléphone n’a pas encore \
        envoyé. Les ateliers déjà validés sont payés.";
    ask_to_remove(&app, &sent, &path, &names, says)
}

fn ask_to_remove(
    app: &App,
    sent: &Sent<ManageProgrammes>,
    path: &str,
    names: &[String],
    says: &str,
) -> Answer {
    let mut fields: Vec<Field> =
        ids(&sent.fields).iter().map(|id| Field::hidden("membre", &id.to_string())).collect();
    fields.extend(sent_along(&[], &sent.fields));
    let form = Form::new(format!("{path}/retirer"), "Retirer", fields).looks("danger");
    ok(&ConfirmPage::new(app, &sent.visit, "Retirer du dispositif", form, path)
        .says(format!("{}.", names.join(", ")))
        .says(says.to_owned()))
}
