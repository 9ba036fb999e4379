//! The door: signing in and out, taking an invitation up, and the way to one's work.

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;

use super::assets::address;
use super::carried_code;
use super::faults::{Faults, TextField};
use super::fields::Fields;
use super::frame::{Frame, ok, see_other, set_cookie, with_status};
use super::mark::{mark_cookie, no_mark};
use super::visit::{OpenForm, Sent, Visitor};
use super::wording::{euros, percent};
use crate::app::App;
use crate::domain::audit::{PASSWORD_SET, SIGN_OUT};
use crate::domain::caller::Role;
use crate::domain::ids::{OrganisationId, UserId};
use crate::http::address_limits::AddressLimits;
use crate::http::answer::Answer;
use crate::http::audit;
use crate::http::call::ReadSelf;
use crate::http::credential::SESSION_COOKIE;
use crate::http::origin::{device_cookie, origin};
use crate::http::problem::Problem;
use crate::services::audit::Access;
use crate::services::overview::{self, Overview};
use crate::services::own_account::{self, Me};
use crate::services::sign_in::{self, Credentials, Opened};
use crate::services::{Error, invitations};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    frame: Frame,
    faults: Faults,
    email: &'a str,
    next: &'a str,
    /// Whether somebody just signed out here: what the scanner kept goes.
    left: bool,
}

impl SignInPage<'_> {
    fn email_field(&self) -> TextField<'_> {
        TextField {
            kind: "email",
            value: self.email,
            autocomplete: "username",
            required: true,
            ..TextField::new("email", "Adresse e-mail", &self.faults)
        }
    }

    fn password_field(&self) -> TextField<'_> {
        TextField {
            kind: "password",
            autocomplete: "current-password",
            required: true,
            ..TextField::new("password", "Mot de passe", &self.faults)
        }
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    me: Me,
    role: Role,
    overview: Option<Overview>,
}

/// `GET /`
pub async fn home(app: Data<App>, request: HttpRequest, visitor: Visitor) -> Answer {
    let Some(caller) = visitor.caller else {
        let fields = Fields::of_address(&request);
        let frame = visitor.frame("Se connecter");
        let next = fields.text("suite");
        let left = fields.some("sortie").is_some();
        return ok(&SignInPage { frame, faults: Faults::default(), email: "", next, left });
    };
    if caller.role == Role::SocialWorker {
        return Ok(see_other("/remise"));
    }
    let (me, overview) = app
        .run(move |services| {
            let operator = caller.role == Role::Operator;
            let overview = operator.then(|| overview::overview(services, &caller)).transpose()?;
            Ok((own_account::me(services, &caller)?, overview))
        })
        .await?;
    ok(&HomePage { frame: visitor.frame("Accueil"), me, role: caller.role, overview })
}

/// `POST /connexion`
pub async fn sign_in(app: Data<App>, request: HttpRequest, form: OpenForm) -> Answer {
    let fields = form.0;
    let origin = origin(&app, &request);
    let credentials = Credentials {
        email: fields.text("email").to_owned(),
        password: fields.exact("password").to_owned(),
        otp: None,
    };
    let opened = app
        .run_behind(&app.gates.passwords, move |services| {
            sign_in::open_session(services, &credentials, &origin)
        })
        .await;
    let opened = match opened {
        Ok(opened) => opened,
        Err(Error::Refused { refused, .. }) => {
            let status = Problem::from((*refused).clone()).status_code();
            let page = SignInPage {
                frame: Frame::open("Erreur : se connecter"),
                faults: Faults::from(*refused),
                email: fields.text("email"),
                next: fields.text("suite"),
                left: false,
            };
            return with_status(status, &page);
        }
        Err(error) => return Err(error.into()),
    };
    let mut answer = see_other(local(fields.text("suite")));
    remember(&app, &mut answer, opened);
    Ok(answer)
}

/// From here on the device is of who has just signed in.
fn remember(app: &App, answer: &mut HttpResponse, opened: Opened) {
    set_cookie(answer, &session_cookie(app, opened.secret, sign_in::SESSION_SECONDS));
    set_cookie(answer, &mark_cookie(app, opened.user));
    set_cookie(answer, &device_cookie(app, &opened.device));
    carried_code::forget(answer);
}

/// `POST /deconnexion`
pub async fn sign_out(
    app: Data<App>,
    request: HttpRequest,
    visitor: Visitor,
    sent: Sent<ReadSelf>,
) -> Answer {
    if let Some(secret) = visitor.session {
        let ended = secret.clone();
        app.run(move |services| sign_in::close_session(services, &ended)).await?;
        if let Some(limits) = request.app_data::<Data<AddressLimits>>() {
            limits.forget(&secret);
        }
    }
    let caller = sent.visit.caller;
    let access = Access::of_own(SIGN_OUT, caller.user, caller.organisation);
    audit::note_own(&app, &request, access).await;
    let mut answer = see_other("/?sortie=oui");
    set_cookie(&mut answer, &session_cookie(&app, String::new(), 0));
    set_cookie(&mut answer, &no_mark(&app));
    carried_code::forget(&mut answer);
    // Whoever takes the device next finds no page in the browser's cache.
    let cache = HeaderValue::from_static("\"cache\"");
    answer.headers_mut().insert(CLEAR_SITE_DATA, cache);
    Ok(answer)
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage<'a> {
    frame: Frame,
    faults: Faults,
    email: &'a str,
}

impl InvitationPage<'_> {
    fn password_field(&self) -> TextField<'_> {
        TextField {
            kind: "password",
            hint: "Au moins 12 caractères. Une phrase facile à retenir convient bien.",
            autocomplete: "new-password",
            required: true,
            ..TextField::new("password", "Choisissez un mot de passe", &self.faults)
        }
    }
}

/// `GET /invitation/{secret}`
pub async fn invitation(app: Data<App>, secret: Path<String>) -> Answer {
    let user = app.run_public(move |services| invitations::invited(services, &secret)).await?;
    ok(&InvitationPage { frame: invited_frame(), faults: Faults::default(), email: &user.email })
}

/// `POST /invitation/{secret}`
pub async fn accept(
    app: Data<App>,
    request: HttpRequest,
    secret: Path<String>,
    form: OpenForm,
) -> Answer {
    let secret = secret.into_inner();
    let origin = origin(&app, &request);
    let password = form.0.exact("password").to_owned();
    let (own, chosen) = (secret.clone(), password.clone());
    let accepted = app
        .run_behind(&app.gates.passwords, move |services| {
            invitations::accept_invitation(services, &own, &chosen)
        })
        .await;
    let user = match accepted {
        Ok(user) => user,
        Err(Error::Refused { refused, .. }) if !refused.fields.is_empty() => {
            let user = app.run(move |services| invitations::invited(services, &secret)).await?;
            let status = Problem::from((*refused).clone()).status_code();
            let faults = Faults::from(*refused);
            let page = InvitationPage { frame: invited_frame(), faults, email: &user.email };
            return with_status(status, &page);
        }
        Err(error) => return Err(error.into()),
    };
    let (id, organisation) = (UserId(user.id), OrganisationId(user.organisation_id));
    audit::note_own(&app, &request, Access::of_own(PASSWORD_SET, id, organisation)).await;
    let credentials = Credentials { email: user.email, password, otp: None };
    let opened = app
        .run_behind(&app.gates.passwords, move |services| {
            sign_in::open_session(services, &credentials, &origin)
        })
        .await?;
    let mut answer = see_other("/");
    remember(&app, &mut answer, opened);
    Ok(answer)
}

fn invited_frame() -> Frame {
    Frame { private: true, ..Frame::open("Bienvenue") }
}

fn session_cookie(app: &App, secret: String, seconds: i64) -> Cookie<'static> {
    Cookie::build(SESSION_COOKIE, secret)
        .path("/")
        .http_only(true)
        .secure(app.secure_cookies)
        .max_age(Duration::seconds(seconds))
        .finish()
}

/// Only an address of our own: a sign-in must not lead elsewhere.
fn local(address: &str) -> &str {
    let own = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && !address.contains(char::is_control);
    if own { address } else { "/" }
}

#[cfg(test)]
mod tests;
