//! Refusals and failures in the language of HTTP: `application/problem+json` (RFC 9457).
//!
//! Handlers answer with a [`Problem`]; the middleware of `http::trace` writes its body, because
//! only there the request is known: its id, and whether it wants a page.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

use crate::domain::refusal::{Code, Fact, Kind, Refused};
use crate::services::Error;

/// A refusal or failure on its way to a client.
pub struct Problem(pub Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self(refused.into())
    }
}

/// Says no more than the code: the rest is for the client's body or for the log.
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.refused().code.as_str())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status(self.refused().code)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl Problem {
    /// What may be told: a failure has nothing of its own to tell.
    #[must_use]
    pub fn refused(&self) -> Refused {
        match &self.0 {
            Error::Refused { refused, .. } => (**refused).clone(),
            Error::Failure(_) => Refused::new(
                Code::InternalError,
                "Une erreur inattendue s'est produite : réessayez, et si elle revient, \
                 transmettez le numéro de la demande à l'opérateur.",
            ),
        }
    }

    /// Whether the same refusal was given to the same idempotency key before.
    #[must_use]
    pub fn replayed(&self) -> bool {
        matches!(&self.0, Error::Refused { replayed: true, .. })
    }

    /// After how many seconds the client may try again.
    #[must_use]
    pub fn retry_after(&self) -> Option<i64> {
        let refused = self.refused();
        let said = refused.facts.iter().find_map(|(name, fact)| match fact {
            Fact::Number(seconds) if name == "retry_after" => Some(*seconds),
            _ => None,
        });
        said.or((refused.code == Code::Busy).then_some(1))
    }

    /// The methods that an address has, when it was asked by another.
    #[must_use]
    pub fn allowed_methods(&self) -> Option<String> {
        self.refused().facts.into_iter().find_map(|(name, fact)| match fact {
            Fact::Text(methods) if name == "allow" => Some(methods),
            _ => None,
        })
    }

    /// The body of the problem.
    #[must_use]
    pub fn body(&self, request_id: &str) -> Value {
        let refused = self.refused();
        let mut body = Map::new();
        for (name, fact) in &refused.facts {
            let value = match fact {
                Fact::Number(number) => json!(number),
                Fact::Text(text) => json!(text),
            };
            body.insert(name.clone(), value);
        }
        body.insert("type".to_owned(), json!(link(refused.code)));
        body.insert("title".to_owned(), json!(refused.code.title()));
        body.insert("status".to_owned(), json!(status(refused.code).as_u16()));
        body.insert("detail".to_owned(), json!(refused.sentence));
        body.insert("code".to_owned(), json!(refused.code.as_str()));
        body.insert("request_id".to_owned(), json!(request_id));
        if !refused.fields.is_empty() {
            let fields = refused.fields.iter().map(|field| {
                json!({"pointer": field.pointer, "code": field.code, "detail": field.detail})
            });
            body.insert("errors".to_owned(), fields.collect());
        }
        Value::Object(body)
    }
}

/// The page of the documentation that explains a code.
fn link(code: Code) -> String {
    format!("/docs/errors#{}", code.as_str())
}

/// The one place that says which status a code has.
#[must_use]
pub fn status(code: Code) -> StatusCode {
    match code {
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        Code::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
        _ => match code.kind() {
            Kind::Malformed => StatusCode::BAD_REQUEST,
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        },
    }
}
