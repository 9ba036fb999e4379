//! Answers of the API: JSON, pages of lists, and what was replayed.

use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::Problem;
use crate::domain::refusal::{Code, Refused};
use crate::services::idempotency::Once;
use crate::services::list::{DEFAULT_LIMIT, Listed, MAX_LIMIT, Page};

/// The answer of a handler.
pub type Answer = Result<HttpResponse, Problem>;

/// 200 with a JSON body.
pub fn ok(value: &impl Serialize) -> Answer {
    json_body(&mut HttpResponse::Ok(), value)
}

/// 201 with a JSON body.
pub fn created(value: &impl Serialize) -> Answer {
    json_body(&mut HttpResponse::Created(), value)
}

/// 204.
pub fn done() -> Answer {
    Ok(HttpResponse::NoContent().finish())
}

/// 201 with a JSON body, saying whether it was given before.
pub fn created_once<T: Serialize>(once: &Once<T>) -> Answer {
    json_body(replayed(&mut HttpResponse::Created(), once.replayed), &once.value)
}

/// 200 with a JSON body, saying whether it was given before.
pub fn ok_once<T: Serialize>(once: &Once<T>) -> Answer {
    json_body(replayed(&mut HttpResponse::Ok(), once.replayed), &once.value)
}

fn replayed(builder: &mut HttpResponseBuilder, replayed: bool) -> &mut HttpResponseBuilder {
    if replayed {
        builder.insert_header((HeaderName::from_static("idempotency-replayed"), "true"));
    }
    builder
}

fn json_body(builder: &mut HttpResponseBuilder, value: &impl Serialize) -> Answer {
    let body = serde_json::to_string(value).map_err(crate::services::Error::from)?;
    Ok(builder.content_type("application/json").body(body))
}

/// The parameters of every list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// How many, 1 to 200; 50 when left out.
    pub limit: Option<u16>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl ListParameters {
    /// The page that is asked for.
    ///
    /// # Errors
    /// `invalid_query`.
    pub fn page(&self) -> Result<Page, Problem> {
        page(self.limit, self.after.as_deref())
    }
}

/// The page that is asked for.
///
/// # Errors
/// `invalid_query`.
pub fn page(limit: Option<u16>, after: Option<&str>) -> Result<Page, Problem> {
    let refuse = |sentence: &str| Refused::new(Code::InvalidQuery, sentence);
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(refuse("Le paramètre « limit » va de 1 à 200.").into());
    }
    let after = match after {
        None => Uuid::nil(),
        Some(text) => text
            .parse()
            .map_err(|_| refuse("Le paramètre « after » vient du champ « next » d'une liste."))?,
    };
    Ok(Page { after, limit })
}

/// One page of a list, with the address of the next in a `Link` header (RFC 8288).
pub fn listed<T: Serialize>(request: &HttpRequest, listed: &Listed<T>) -> Answer {
    let mut builder = HttpResponse::Ok();
    link_to_next(&mut builder, request, listed.next);
    json_body(&mut builder, &json!({"data": listed.items, "next": listed.next}))
}

/// Names the next page of the same list (RFC 8288).
pub fn link_to_next(builder: &mut HttpResponseBuilder, request: &HttpRequest, next: Option<Uuid>) {
    let Some(next) = next else { return };
    let kept = request
        .query_string()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
    let query: Vec<String> = kept.map(str::to_owned).chain([format!("after={next}")]).collect();
    let link = format!("<{}?{}>; rel=\"next\"", request.path(), query.join("&"));
    builder.insert_header((header::LINK, link));
}
