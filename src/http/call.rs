//! Who calls, what they send, and under which key: one extractor, which *is* the permission.
//!
//! The caller is known before the body is looked at, so that nobody learns anything from a
//! badly formed request.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_TYPE, HeaderName};
use actix_web::web::{BytesMut, Data};
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::credential::{SESSION_COOKIE, bearer};
use super::problem::Problem;
use super::same_origin::must_be_same_origin;
use super::{audit, body, input};
use crate::app::App;
use crate::domain::caller::{Caller, Right};
use crate::domain::refusal::{Code, Refused};
use crate::services::idempotency::Key;
use crate::services::sign_in;

/// The most a body of the API may weigh.
pub const LARGEST_BODY: usize = 1024 * 1024;

/// A right as a type, so that a handler's signature says who may call it.
pub trait Permission: 'static {
    /// The right it stands for.
    const RIGHT: Right;
}

macro_rules! permissions {
    ($($right:ident),+ $(,)?) => {$(
        #[doc = concat!("The right `", stringify!($right), "` as a type.")]
        pub struct $right;
        impl Permission for $right {
            const RIGHT: Right = Right::$right;
        }
    )+};
}

permissions! {
    ReadSelf, ManageOrganisations, ReadOrganisations, ManageUsers, ManageProgrammes,
    ReadProgrammes, ManageAgreements, ReadAgreements, ManageVenues, DescribeVenues, HandOver, FindPerson,
    ReadPasses, ManagePasses, PrintPasses, Redeem, SettleScans, JudgeScans, PlanWorkshops, ReadReports, ReadLedger, ReadAudit,
    ReadAlerts, OrderStock, KeepStock, ReadStock, SetLetterhead, CloseMonths, ReadAccounting,
    ReadStatements, ReadFundingCalls, AgreeToClosing, GiveBankDetails, ManagePayments, ReadPayments, PublishOpenData,
}

/// A call by a person who has the right `P`, with the body `T`.
pub struct Call<P, T = NoBody> {
    /// Who calls.
    pub caller: Caller,
    /// What they sent.
    pub input: T,
    key: Option<Uuid>,
    request_hash: Vec<u8>,
    permission: PhantomData<P>,
}

impl<P, T> Call<P, T> {
    /// The idempotency key of a write that takes one.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        self.key.map(|key| Key {
            organisation: self.caller.organisation,
            key,
            request_hash: self.request_hash.clone(),
            personal: false,
        })
    }

    /// The idempotency key of a write that needs one.
    ///
    /// # Errors
    /// `idempotency_key_missing`.
    pub fn needed_key(&self) -> Result<Key, Problem> {
        self.key().ok_or_else(|| {
            let sentence = "Cette demande doit porter un en-tête Idempotency-Key : un UUID créé \
                avant l'envoi, le même à chaque nouvel essai.";
            Refused::new(Code::IdempotencyKeyMissing, sentence).into()
        })
    }
}

/// What a call may send.
pub trait Input: Sized + 'static {
    /// Reads it from the bytes of the body; also answers the bytes to bind a key to.
    ///
    /// # Errors
    /// What is wrong with it.
    fn read(request: &HttpRequest, bytes: &[u8]) -> Result<(Self, Vec<u8>), Problem>;
}

/// Nothing: a body is not looked at.
pub struct NoBody;

impl Input for NoBody {
    fn read(_: &HttpRequest, _: &[u8]) -> Result<(Self, Vec<u8>), Problem> {
        Ok((Self, Vec::new()))
    }
}

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> Input for Json<T> {
    fn read(request: &HttpRequest, bytes: &[u8]) -> Result<(Self, Vec<u8>), Problem> {
        input::must_be_json(request.headers().get(CONTENT_TYPE))?;
        let (value, canonical) = input::json(bytes)?;
        Ok((Self(value), canonical))
    }
}

/// A JSON body that may be left out, or be `null`.
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default + 'static> Input for OptionalJson<T> {
    fn read(request: &HttpRequest, bytes: &[u8]) -> Result<(Self, Vec<u8>), Problem> {
        if matches!(bytes.trim_ascii(), b"" | b"null") {
            return Ok((Self(T::default()), Vec::new()));
        }
        Json::read(request, bytes).map(|(Json(value), bound)| (Self(value), bound))
    }
}

/// A file sent as the body itself.
pub struct File(pub Vec<u8>);

impl Input for File {
    fn read(_: &HttpRequest, bytes: &[u8]) -> Result<(Self, Vec<u8>), Problem> {
        Ok((Self(bytes.to_vec()), bytes.to_vec()))
    }
}

impl<P: Permission, T: Input> FromRequest for Call<P, T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { Self::of(&app_of(&request)?, &request, Body::Coming(payload)).await })
    }
}

/// The body of a request, on its way or read.
pub enum Body {
    /// On its way.
    Coming(Payload),
    /// Read.
    Read(BytesMut),
}

impl<P: Permission, T: Input> Call<P, T> {
    /// Who calls, whether they may, and only then what they send.
    ///
    /// # Errors
    /// What is wrong, in that order.
    pub async fn of(app: &Arc<App>, request: &HttpRequest, sent: Body) -> Result<Self, Problem> {
        let caller = caller(app, request).await?;
        audit::asked(app, request, caller, P::RIGHT)?;
        if !caller.may(P::RIGHT) {
            return Err(Refused::forbidden().into());
        }
        let key = idempotency_key(request)?;
        let bytes = match sent {
            Body::Coming(mut payload) => body::read(&mut payload, LARGEST_BODY).await?,
            Body::Read(bytes) => bytes,
        };
        let (input, bound) = T::read(request, &bytes)?;
        let keys = &app.services.keys;
        let request_hash = keys.request_hash(request.method().as_str(), request.path(), &bound);
        Ok(Self { caller, input, key, request_hash, permission: PhantomData })
    }
}

/// A JSON body from anybody.
pub struct OpenBody<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for OpenBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = body::read(&mut payload, LARGEST_BODY).await?;
            Json::<T>::read(&request, &bytes).map(|(Json(value), _)| Self(value))
        })
    }
}

/// The service a request came to.
///
/// # Errors
/// A failure when the server was built without it.
pub fn app_of(request: &HttpRequest) -> Result<Arc<App>, Problem> {
    let app = request.app_data::<Data<App>>();
    let app = app.ok_or_else(|| crate::services::Error::failure("no service"))?;
    Ok(Arc::clone(app))
}

async fn caller(app: &Arc<App>, request: &HttpRequest) -> Result<Caller, Problem> {
    known_caller(app, request).await?.ok_or_else(|| Refused::unauthenticated().into())
}

/// Who asks, where anybody may; none for nobody.
///
/// # Errors
/// A failure to look the sign-in up.
pub async fn known_caller(
    app: &Arc<App>,
    request: &HttpRequest,
) -> Result<Option<Caller>, Problem> {
    Ok(match bearer(request) {
        Some(token) => app.run(move |services| sign_in::caller_of_token(services, &token)).await?,
        None => match request.cookie(SESSION_COOKIE) {
            Some(cookie) => {
                must_be_same_origin(request)?;
                caller_of_session(app, cookie.value().to_owned()).await?
            }
            None => None,
        },
    })
}

/// Who a session belongs to. A secret that does not even look like ours waits with the public.
///
/// # Errors
/// A failure to look the session up.
pub async fn caller_of_session(app: &Arc<App>, secret: String) -> Result<Option<Caller>, Problem> {
    if !sign_in::is_marked(&app.services, &secret) {
        let found = app.run_public(move |services| sign_in::caller_of_session(services, &secret));
        return Ok(found.await?);
    }
    Ok(app.run(move |services| sign_in::caller_of_session(services, &secret)).await?)
}

/// The idempotency key a request came with.
///
/// # Errors
/// `idempotency_key_invalid`.
pub fn idempotency_key(request: &HttpRequest) -> Result<Option<Uuid>, Problem> {
    let name = HeaderName::from_static("idempotency-key");
    let Some(value) = request.headers().get(name) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim().trim_matches('"');
    text.parse().map(Some).map_err(|_| {
        let sentence = "L'en-tête Idempotency-Key n'est pas un UUID : créez-en un par demande.";
        Refused::new(Code::IdempotencyKeyInvalid, sentence).into()
    })
}
