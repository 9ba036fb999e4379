//! A redemption on its way in: with an access token it waits in a lane, which looks up who sent
//! it together with everything else; every other request is looked at the ordinary way.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest};

use super::call::{
    Body, Call, Input, Json, LARGEST_BODY, Redeem, app_of, bearer, body, idempotency_key,
};
use super::problem::Problem;
use crate::app::App;
use crate::services::redeem_batch::Asked;
use crate::services::redeem_pass;
use crate::services::sign_in;

/// An ordinary call that redeems.
pub type Ordinary = Call<Redeem, Json<redeem_pass::Redeem>>;

/// A redemption on its way in.
pub enum Redeeming {
    /// It may wait in a lane.
    Lane(Asked, BytesMut),
    /// It is looked at by itself.
    Ordinary(Ordinary),
}

impl Redeeming {
    async fn of(app: Arc<App>, request: &HttpRequest, payload: Payload) -> Result<Self, Problem> {
        let user = bearer(request).and_then(|token| sign_in::user_of_token(&app.services, &token));
        let (Some(user), Ok(Some(key))) = (user, idempotency_key(request)) else {
            return Ordinary::of(&app, request, Body::Coming(payload)).await.map(Self::Ordinary);
        };
        let mut payload = payload;
        let bytes = body(&mut payload, LARGEST_BODY).await?;
        let Ok((Json(input), bound)) = Json::<redeem_pass::Redeem>::read(request, &bytes) else {
            return Ordinary::of(&app, request, Body::Read(bytes)).await.map(Self::Ordinary);
        };
        let (method, path) = (request.method().as_str(), request.path());
        let request_hash = app.services.keys.request_hash(method, path, &bound);
        Ok(Self::Lane(Asked { user, request: input, key, request_hash }, bytes))
    }
}

impl FromRequest for Redeeming {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { Self::of(app_of(&request)?, &request, payload).await })
    }
}
