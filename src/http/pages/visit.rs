//! Who looks at a page and who sends a form. As in the API the extractor *is* the permission.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::fields::{Fields, KEY, TOKEN};
use super::frame::Frame;
use crate::app::App;
use crate::domain::caller::Caller;
use crate::domain::refusal::{Code, Refused};
use crate::http::audit;
use crate::http::call::{Permission, app_of, caller_of_session};
use crate::http::credential::SESSION_COOKIE;
use crate::http::problem::Problem;
use crate::http::same_origin::must_be_same_origin;
use crate::services::idempotency::Key;

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// Anybody who looks at a page.
pub struct Visitor {
    /// Who it is, when they are signed in.
    pub caller: Option<Caller>,
    /// The session's secret, when there is one.
    pub session: Option<String>,
    token: String,
}

impl Visitor {
    /// Who sent the request.
    ///
    /// # Errors
    /// A failure to look the session up.
    pub async fn of(app: &Arc<App>, request: &HttpRequest) -> Result<Self, Problem> {
        let session = request.cookie(SESSION_COOKIE).map(|cookie| cookie.value().to_owned());
        let Some(secret) = session else {
            return Ok(Self { caller: None, session: None, token: String::new() });
        };
        let token = app.services.keys.form_token(secret.as_bytes());
        let caller = caller_of_session(app, secret.clone()).await?;
        Ok(Self { caller, session: Some(secret), token })
    }

    /// The frame of a page for this visitor.
    #[must_use]
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        match self.caller {
            Some(caller) => frame(&caller, &self.token, title),
            None => Frame::open(title),
        }
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&app_of(&request)?, &request).await })
    }
}

/// A person with the right `P` who looks at a page.
pub struct Visit<P> {
    /// Who it is.
    pub caller: Caller,
    token: String,
    permission: PhantomData<P>,
}

impl<P: Permission> Visit<P> {
    async fn of(app: &Arc<App>, request: &HttpRequest) -> Result<Self, Problem> {
        let visitor = Visitor::of(app, request).await?;
        let Some(caller) = visitor.caller else {
            let sentence = "Connectez-vous pour continuer : votre session est absente ou terminée.";
            return Err(Refused::new(Code::Unauthenticated, sentence).into());
        };
        audit::asked(app, request, caller, P::RIGHT)?;
        if !caller.may(P::RIGHT) {
            return Err(Refused::forbidden().into());
        }
        Ok(Self { caller, token: visitor.token, permission: PhantomData })
    }
}

impl<P> Visit<P> {
    /// The frame of a page for this person.
    #[must_use]
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        frame(&self.caller, &self.token, title)
    }
}

impl<P: Permission> FromRequest for Visit<P> {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&app_of(&request)?, &request).await })
    }
}

/// A form that a person with the right `P` sent from our own page.
pub struct Sent<P> {
    /// Who sent it.
    pub visit: Visit<P>,
    /// What it holds.
    pub fields: Fields,
    request_hash: Vec<u8>,
}

impl<P> Sent<P> {
    /// The key that makes the form count once.
    ///
    /// # Errors
    /// `form_expired` when our page did not put one in.
    pub fn key(&self) -> Result<Key, Refused> {
        let key: Uuid = self.fields.id(KEY).ok_or_else(expired)?;
        let organisation = self.visit.caller.organisation;
        Ok(Key { organisation, key, request_hash: self.request_hash.clone(), personal: false })
    }
}

impl<P: Permission> FromRequest for Sent<P> {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let app = app_of(&request)?;
            must_be_same_origin(&request)?;
            let visit = Visit::<P>::of(&app, &request).await?;
            let fields = Fields::of_body(&request, &mut payload).await?;
            must_be_ours(&fields, &visit.token)?;
            let (method, path) = (request.method().as_str(), request.path());
            let request_hash = app.services.keys.request_hash(method, path, &fields.bound());
            Ok(Self { visit, fields, request_hash })
        })
    }
}

/// A form that somebody sent who need not be signed in.
pub struct OpenForm(pub Fields);

impl FromRequest for OpenForm {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            must_be_same_origin(&request)?;
            Fields::of_open_body(&mut payload).await.map(Self)
        })
    }
}

fn frame(caller: &Caller, token: &str, title: impl Into<String>) -> Frame {
    Frame {
        role: Some(caller.role),
        manager: caller.manager,
        token: token.to_owned(),
        private: true,
        ..Frame::open(title)
    }
}

fn must_be_ours(fields: &Fields, token: &str) -> Result<(), Refused> {
    let ours: bool = fields.exact(TOKEN).as_bytes().ct_eq(token.as_bytes()).into();
    if ours { Ok(()) } else { Err(expired()) }
}

fn expired() -> Refused {
    let sentence = "Cette page est restée ouverte trop longtemps : revenez en arrière, rechargez \
        la page et recommencez.";
    Refused::new(Code::FormExpired, sentence)
}
