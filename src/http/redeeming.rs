//! A request to redeem on its way in, by token or by the session's cookie: who sends it is looked
//! up by the batch, together with everything else.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, ResponseError};

use super::audit::asked;
use super::body;
use super::call::{
    Body, Call, Input, Json, LARGEST_BODY, Redeem, app_of, idempotency_key, known_caller,
};
use super::credential::{SESSION_COOKIE, bearer};
use super::problem::Problem;
use super::same_origin::must_be_same_origin;
use crate::app::App;
use crate::domain::audit;
use crate::domain::caller::Right;
use crate::services::redeem_request::{self, Credential, Request};
use crate::services::{Error, sign_in};

/// A request to redeem.
pub struct Redeeming(pub Request);

impl FromRequest for Redeeming {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { read(app_of(&request)?, &request, payload).await.map(Self) })
    }
}

async fn read(
    app: Arc<App>,
    request: &HttpRequest,
    mut payload: Payload,
) -> Result<Request, Problem> {
    let by = credential(&app, request)?;
    let (Some(by), Ok(Some(key))) = (by, idempotency_key(request)) else {
        return Err(refused(&app, request, Body::Coming(payload)).await);
    };
    let bytes = body::read(&mut payload, LARGEST_BODY).await?;
    let Ok((Json(redeem), bound)) = Json::<redeem_request::Redeem>::read(request, &bytes) else {
        return Err(refused(&app, request, Body::Read(bytes)).await);
    };
    let (method, path) = (request.method().as_str(), request.path());
    let request_hash = app.services.keys.request_hash(method, path, &bound);
    Ok(Request { by, key, request_hash, redeem, scan: None })
}

/// How the request says who sends it; the database is not asked yet.
fn credential(app: &App, request: &HttpRequest) -> Result<Option<Credential>, Problem> {
    if let Some(token) = bearer(request) {
        return Ok(sign_in::user_of_token(&app.services, &token).map(Credential::User));
    }
    let Some(cookie) = request.cookie(SESSION_COOKIE) else { return Ok(None) };
    must_be_same_origin(request)?;
    Ok(Some(Credential::session(cookie.value())))
}

/// What is wrong with the request, in the order of every other: who sends it comes first.
async fn refused(app: &Arc<App>, request: &HttpRequest, sent: Body) -> Problem {
    match Call::<Redeem, Json<redeem_request::Redeem>>::of(app, request, sent).await {
        Err(problem) => problem,
        Ok(call) => match call.needed_key() {
            Err(problem) => problem,
            Ok(_) => Error::failure("a request that cannot be read twice").into(),
        },
    }
}

/// Leaves with a request that was refused who sent it, for the audit journal: one that is granted says
/// so by its own row, and nobody else was asked.
pub async fn name_the_refused(app: &Arc<App>, request: &HttpRequest, problem: &Problem) {
    if audit::refused_act(Right::Redeem, problem.status_code().as_u16()).is_none() {
        return;
    }
    if let Ok(Some(caller)) = known_caller(app, request).await
        && asked(app, request, caller, Right::Redeem).is_err()
    {
        tracing::debug!("an account that is refused and refused");
    }
}
