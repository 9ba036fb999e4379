//! The people of an organisation: invited, stopped, let in again. The operator does it for any
//! organisation, a manager for colleagues.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use uuid::Uuid;

use super::form::{Field, Form};
use super::form_page::{
    ConfirmPage, FormPage, address, confirmed, done, just_done, sent_along, to_correct,
};
use super::list::page;
use crate::app::App;
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{OrganisationId, UserId};
use crate::domain::refusal::Refused;
use crate::http::answer::Answer;
use crate::http::call::{ManageOrganisations, ManageUsers};
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::{Frame, ok, see_other, set_cookie};
use crate::http::pages::links;
use crate::http::pages::visit::{Sent, Visit};
use crate::http::pages::wording::in_letters;
use crate::http::problem::Problem;
use crate::services::colleagues::{self, Account, Colleague};
use crate::services::list::{Listed, Page};
use crate::services::new_invitation::INVITATION_DAYS;
use crate::services::users::{self, NewUser, UserChange, UserView};

/// Carries the link of an invitation from the form to the page that shows it, and no further: it
/// must stand in no address and in no log.
const LINK: &str = "pass_numerique_invitation";
const LINK_MINUTES: i64 = 15;

/// A link that was just made.
pub struct Invitation {
    /// For whom.
    pub email: String,
    /// The link.
    pub link: String,
    /// How long it is good for.
    pub days: i64,
    /// How long the page shows it.
    pub minutes: i64,
}

/// The people of an organisation, as part of a page.
pub struct TeamPart {
    /// The address of the page.
    pub path: String,
    /// The people.
    pub people: Listed<Colleague>,
    /// The link that was just made.
    pub invitation: Option<Invitation>,
}

impl TeamPart {
    /// The address of the next people.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        let next = self.people.next?.to_string();
        Some(address(&self.path, &[("after", next.as_str())]))
    }
}

/// The role of a person, in words.
#[must_use]
pub fn role_in_words(person: &Colleague) -> String {
    let role = person.user.role.parse::<Role>().map(Role::label).unwrap_or_default();
    if person.user.manager { format!("{role}, gère l’équipe") } else { role.to_owned() }
}

/// How an account stands, in words.
#[must_use]
pub fn account_in_words(person: &Colleague) -> String {
    match person.account {
        Account::Open => "compte ouvert".to_owned(),
        Account::Invited { until } => format!("invitation valable jusqu’au {}", in_letters(until)),
        Account::Lapsed => "invitation terminée sans réponse".to_owned(),
        Account::Stopped => "compte arrêté".to_owned(),
    }
}

/// The people of an organisation, with the link that was just made for one of them.
///
/// # Errors
/// `not_found`, or a failure of the database.
pub async fn part(
    app: &Data<App>,
    caller: Caller,
    organisation: OrganisationId,
    request: &HttpRequest,
    path: String,
) -> Result<TeamPart, Problem> {
    let asked = Fields::of_address(request);
    let at = page(&asked);
    let cookie = request.cookie(LINK).filter(|_| asked.text("fait") == "invite");
    let made = cookie.and_then(|cookie| {
        let (id, secret) = cookie.value().split_once('.')?;
        Some((id.parse::<Uuid>().ok()?, secret.to_owned()))
    });
    let (team, invitation) = app
        .run(move |services| {
            let team = colleagues::team(services, &caller, organisation, at)?;
            let Some((id, secret)) = made else { return Ok((team, None)) };
            let invited = colleagues::colleague(services, &caller, organisation, id).ok();
            let invitation = invited.map(|one| Invitation {
                email: one.user.email,
                link: format!("{}/invitation/{secret}", services.public_url),
                days: INVITATION_DAYS,
                minutes: LINK_MINUTES,
            });
            Ok((team, invitation))
        })
        .await?;
    Ok(TeamPart { path, people: team.people, invitation })
}

#[derive(Template)]
#[template(path = "manage/team.html")]
struct TeamPage {
    frame: Frame,
    done: &'static str,
    team: TeamPart,
}

/// `GET /equipe`
pub async fn own(app: Data<App>, request: HttpRequest, visit: Visit<ManageUsers>) -> Answer {
    let caller = visit.caller;
    let team = part(&app, caller, caller.organisation, &request, "/equipe".to_owned()).await?;
    let done = just_done(&Fields::of_address(&request));
    ok(&TeamPage { frame: visit.frame("Mon équipe"), done, team })
}

/// `GET /equipe/inviter`
pub async fn own_form(app: Data<App>, visit: Visit<ManageUsers>) -> Answer {
    form(&app, &visit, visit.caller.organisation, "/equipe", None).await
}

/// `POST /equipe/inviter`
pub async fn own_invite(app: Data<App>, sent: Sent<ManageUsers>) -> Answer {
    invite(&app, &sent, sent.visit.caller.organisation, "/equipe").await
}

/// `POST /equipe/personnes/{person}`
pub async fn own_act(app: Data<App>, person: Path<Uuid>, sent: Sent<ManageUsers>) -> Answer {
    act(&app, &sent, sent.visit.caller.organisation, "/equipe", *person).await
}

/// `GET /gestion/organismes/{id}/inviter`
pub async fn any_form(app: Data<App>, id: Path<Uuid>, visit: Visit<ManageOrganisations>) -> Answer {
    form(&app, &visit, OrganisationId(*id), &links::organisation(*id), None).await
}

/// `POST /gestion/organismes/{id}/inviter`
pub async fn any_invite(app: Data<App>, id: Path<Uuid>, sent: Sent<ManageOrganisations>) -> Answer {
    invite(&app, &sent, OrganisationId(*id), &links::organisation(*id)).await
}

/// `POST /gestion/organismes/{id}/personnes/{person}`
pub async fn any_act(
    app: Data<App>,
    path: Path<(Uuid, Uuid)>,
    sent: Sent<ManageOrganisations>,
) -> Answer {
    let (id, person) = path.into_inner();
    act(&app, &sent, OrganisationId(id), &links::organisation(id), person).await
}

async fn form<P>(
    app: &Data<App>,
    visit: &Visit<P>,
    organisation: OrganisationId,
    path: &str,
    again: Option<(&Fields, Faults)>,
) -> Answer {
    let caller = visit.caller;
    let none = Page { limit: 1, ..Page::default() };
    let team =
        app.run(move |services| colleagues::team(services, &caller, organisation, none)).await?;
    let roles = team.roles(&caller);
    let [first, ..] = roles.as_slice() else {
        let sentence = "Cet organisme ne fait encore rien : modifiez-le d'abord.";
        return Err(Refused { sentence: sentence.to_owned(), ..Refused::forbidden() }.into());
    };
    let suited = roles.iter().find(|role| team.organisation.has(**role));
    let chosen = suited.unwrap_or(first).as_str();
    let name = team.organisation.name;
    let roles = roles.iter().map(|role| (role.as_str().to_owned(), role.label().to_owned()));
    let fields = vec![
        Field::line("name", "Prénom et nom"),
        Field::email("email", "Adresse e-mail").hint("Elle sert à se connecter."),
        Field::choice("role", "Ce que fait cette personne", roles.collect()).value(chosen),
        Field::tick("manager", "Elle peut inviter et arrêter des collègues"),
    ];
    let mut form = Form::new(format!("{path}/inviter"), "Créer l’invitation", fields);
    if let Some((typed, faults)) = again {
        form = Form { faults, ..form.filled(typed) };
    }
    FormPage::new(app, visit, "Inviter une personne", (path.to_owned(), name), form)
        .says(format!(
            "Vous recevrez un lien à lui envoyer. Avec ce lien, elle choisit son mot de passe. \
             Il sert une seule fois, pendant {INVITATION_DAYS} jours."
        ))
        .answer()
}

async fn invite<P>(
    app: &Data<App>,
    sent: &Sent<P>,
    organisation: OrganisationId,
    path: &str,
) -> Answer {
    let key = sent.key()?;
    let caller = sent.visit.caller;
    let request = NewUser {
        email: sent.fields.text("email").to_owned(),
        name: sent.fields.text("name").to_owned(),
        organisation_id: organisation.0,
        role: sent.fields.text("role").to_owned(),
        manager: sent.fields.text("manager") == "oui",
    };
    let invited = app
        .run(move |services| colleagues::invite_once(services, &caller, &request, Some(&key)))
        .await;
    match invited {
        Ok(once) => Ok(shown_once(app, path, &once.value)),
        Err(error) => {
            let faults = to_correct(error)?;
            form(app, &sent.visit, organisation, path, Some((&sent.fields, faults))).await
        }
    }
}

/// On to the page that shows the link.
fn shown_once(app: &App, path: &str, user: &UserView) -> HttpResponse {
    let link = user.invitation_link.as_deref().unwrap_or_default();
    let secret = link.rsplit('/').next().unwrap_or_default();
    let cookie = Cookie::build(LINK, format!("{}.{secret}", user.id))
        .path(path.to_owned())
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.secure_cookies)
        .max_age(Duration::minutes(LINK_MINUTES))
        .finish();
    let mut answer = see_other(&format!("{path}?fait=invite#lien"));
    set_cookie(&mut answer, &cookie);
    answer
}

/// Stops an account, opens it again, or makes a fresh link.
async fn act<P>(
    app: &Data<App>,
    sent: &Sent<P>,
    organisation: OrganisationId,
    path: &str,
    person: Uuid,
) -> Answer {
    let caller = sent.visit.caller;
    let one = app
        .run(move |services| colleagues::colleague(services, &caller, organisation, person))
        .await?;
    let (change, what) = match sent.fields.text("acte") {
        "arreter" if !confirmed(&sent.fields) => {
            let action = format!("{path}/personnes/{person}");
            let fields = sent_along(&["acte"], &sent.fields);
            let button = format!("Arrêter le compte de {}", one.user.name);
            let form = Form::new(action, button, fields).looks("danger");
            return ok(&ConfirmPage::new(app, &sent.visit, "Arrêter un compte", form, path)
                .says(format!("{} ne pourra plus se connecter.", one.user.name))
                .says("Si la personne est connectée, elle est déconnectée tout de suite.")
                .says("Ce qu’elle a fait reste dans le journal. Vous pourrez rouvrir le compte."));
        }
        "arreter" => (UserChange { active: Some(false), ..UserChange::default() }, "arrete"),
        "rouvrir" => (UserChange { active: Some(true), ..UserChange::default() }, "rouvert"),
        "inviter" => (UserChange { invite: Some(true), ..UserChange::default() }, "invite"),
        _ => return Err(Refused::not_found().into()),
    };
    let changed =
        app.run(move |services| users::change(services, &caller, UserId(person), &change)).await?;
    if what == "invite" {
        return Ok(shown_once(app, path, &changed));
    }
    done(path, what)
}

#[cfg(test)]
pub(super) mod tests;
