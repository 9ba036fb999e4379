//! Routes of venues: anybody reads, the operator labels, staff describe their own.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, http::header};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::App;
use crate::documents::venue_sheet;
use crate::domain::ids::VenueId;
use crate::domain::place::Point;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::{Answer, created_once, link_to_next, listed, ok, ok_once, page};
use crate::http::call::{Call, DescribeVenues, File, Json, ManageVenues};
use crate::http::query::Query;
use crate::http::shapes::{Problems, VenueList};
use crate::services::Error;
use crate::services::export_venues;
use crate::services::import_venues::{self, Way};
use crate::services::imported::Imported;
use crate::services::label_venue::{self, LabelView, NewLabel, NewSuspension, SuspensionView};
use crate::services::list::Listed;
use crate::services::nearest_venues;
use crate::services::venues::{self, NewVenue, VenueChange, VenueFilter, VenueView};

/// Create a venue.
#[utoipa::path(
    post,
    path = "/api/v1/venues",
    tag = "Venues",
    operation_id = "venues_create",
    params(("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer")),
    request_body = NewVenue,
    responses((status = 201, description = "The venue", body = VenueView), Problems),
    security(("bearer" = [])),
)]
pub async fn create(app: Data<App>, call: Call<ManageVenues, Json<NewVenue>>) -> Answer {
    let key = call.key();
    let answer =
        app.run(move |services| venues::create(services, &call.input.0, key.as_ref())).await?;
    created_once(&answer)
}

/// Which venues to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only this commune, INSEE code.
    pub commune: Option<String>,
    /// Only this département.
    pub departement: Option<String>,
    /// Only venues that offer this national service.
    pub service: Option<String>,
    /// Nearest to this place first: `45.65,0.16`.
    pub near: Option<String>,
    /// How many, 1 to 200; 50 when left out.
    pub limit: Option<u16>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// List venues, for anybody: JSON, `GeoJSON` by `Accept: application/geo+json`, or the national
/// CSV by `Accept: text/csv`.
#[utoipa::path(
    get,
    path = "/api/v1/venues",
    tag = "Venues",
    operation_id = "venues_list",
    params(Which),
    responses((status = 200, description = "A page", body = VenueList), Problems),
)]
pub async fn list(app: Data<App>, query: Query<Which>, request: HttpRequest) -> Answer {
    let page = page(query.limit, query.after.as_deref())?;
    let near = query.near.as_deref().map(point).transpose()?;
    let filter = VenueFilter {
        commune: query.commune.clone(),
        departement: query.departement.clone(),
        service: query.service.clone(),
    };
    if near.is_none() && accepts(&request, "text/csv") {
        let sheets =
            app.run_public(move |services| export_venues::sheets(services, &filter, page)).await?;
        let bytes = venue_sheet::write(&sheets.items).map_err(Error::failure)?;
        let mut builder = HttpResponse::Ok();
        link_to_next(&mut builder, &request, sheets.next);
        return Ok(builder.content_type("text/csv; charset=utf-8").body(bytes));
    }
    let answer = app
        .run_public(move |services| match near {
            Some(point) => Ok(Listed {
                items: nearest_venues::near_point(services, &filter, point, page.limit)?,
                next: None,
            }),
            None => venues::list(services, &filter, page),
        })
        .await?;
    if accepts(&request, "application/geo+json") {
        let body = geojson(&answer.items).to_string();
        let mut builder = HttpResponse::Ok();
        link_to_next(&mut builder, &request, answer.next);
        return Ok(builder.content_type("application/geo+json").body(body));
    }
    listed(&request, &answer)
}

fn point(text: &str) -> Result<Point, Refused> {
    let point = text.split_once(',').and_then(|(latitude, longitude)| {
        Point::new(latitude.trim().parse().ok()?, longitude.trim().parse().ok()?)
    });
    point.ok_or_else(|| {
        let sentence = "Le paramètre « near » s'écrit latitude,longitude : 45.65,0.16.";
        Refused::new(Code::InvalidQuery, sentence)
    })
}

fn accepts(request: &HttpRequest, kind: &str) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|value| value.contains(kind))
}

fn geojson(venues: &[VenueView]) -> serde_json::Value {
    let features: Vec<serde_json::Value> = venues
        .iter()
        .map(|venue| {
            let geometry = match (venue.longitude, venue.latitude) {
                (Some(longitude), Some(latitude)) => {
                    json!({"type": "Point", "coordinates": [longitude, latitude]})
                }
                _ => serde_json::Value::Null,
            };
            json!({"type": "Feature", "id": venue.id, "geometry": geometry, "properties": venue})
        })
        .collect();
    json!({"type": "FeatureCollection", "features": features})
}

/// Read a venue, for anybody.
#[utoipa::path(
    get,
    path = "/api/v1/venues/{id}",
    tag = "Venues",
    operation_id = "venues_read",
    params(("id" = Uuid, Path, description = "The id")),
    responses((status = 200, description = "The venue", body = VenueView), Problems),
)]
pub async fn read(app: Data<App>, id: Path<Uuid>) -> Answer {
    let id = VenueId(*id);
    let answer = app.run_public(move |services| venues::by_id(services, id)).await?;
    ok(&answer)
}

/// Change the description of a venue.
#[utoipa::path(
    patch,
    path = "/api/v1/venues/{id}",
    tag = "Venues",
    operation_id = "venues_describe",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = VenueChange,
    responses((status = 200, description = "The venue", body = VenueView), Problems),
    security(("bearer" = [])),
)]
pub async fn describe(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<DescribeVenues, Json<VenueChange>>,
) -> Answer {
    let id = VenueId(*id);
    let answer = app
        .run(move |services| venues::describe(services, &call.caller, id, &call.input.0))
        .await?;
    ok(&answer)
}

/// Give a venue a label.
#[utoipa::path(
    post,
    path = "/api/v1/venues/{id}/labels",
    tag = "Venues",
    operation_id = "venues_label",
    params(
        ("id" = Uuid, Path, description = "The id"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = NewLabel,
    responses((status = 201, description = "The label", body = LabelView), Problems),
    security(("bearer" = [])),
)]
pub async fn label(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageVenues, Json<NewLabel>>,
) -> Answer {
    let key = call.key();
    let id = VenueId(*id);
    let answer = app
        .run(move |services| label_venue::label(services, id, &call.input.0, key.as_ref()))
        .await?;
    created_once(&answer)
}

/// Suspend a venue's label.
#[utoipa::path(
    post,
    path = "/api/v1/venues/{id}/suspensions",
    tag = "Venues",
    operation_id = "venues_suspend",
    params(
        ("id" = Uuid, Path, description = "The id"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    request_body = NewSuspension,
    responses((status = 201, description = "The suspension", body = SuspensionView), Problems),
    security(("bearer" = [])),
)]
pub async fn suspend(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageVenues, Json<NewSuspension>>,
) -> Answer {
    let key = call.key();
    let id = VenueId(*id);
    let answer = app
        .run(move |services| label_venue::suspend(services, id, &call.input.0, key.as_ref()))
        .await?;
    created_once(&answer)
}

/// Lift the suspensions of a venue, from today on.
#[utoipa::path(
    post,
    path = "/api/v1/venues/{id}/resume",
    tag = "Venues",
    operation_id = "venues_resume",
    params(
        ("id" = Uuid, Path, description = "The id"),
        ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer"),
    ),
    responses((status = 200, description = "The venue", body = VenueView), Problems),
    security(("bearer" = [])),
)]
pub async fn resume(app: Data<App>, id: Path<Uuid>, call: Call<ManageVenues>) -> Answer {
    let key = call.key();
    let id = VenueId(*id);
    let answer = app.run(move |services| label_venue::lift(services, id, key.as_ref())).await?;
    ok_once(&answer)
}

/// How to import.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct How {
    /// Import the lines that are right and name the others; otherwise all or nothing.
    pub partial: Option<bool>,
    /// Only say what would be done, with names; nothing is imported.
    pub dry_run: Option<bool>,
}

/// Import venues from a CSV of the national schema 1.0.2, sent as the body.
#[utoipa::path(
    post,
    path = "/api/v1/venues/import",
    tag = "Venues",
    operation_id = "venues_import",
    params(How, ("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same request gets the same answer")),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What was done", body = Imported), Problems),
    security(("bearer" = [])),
)]
pub async fn import(app: Data<App>, query: Query<How>, call: Call<ManageVenues, File>) -> Answer {
    let way =
        Way { partial: query.partial.unwrap_or(false), dry_run: query.dry_run.unwrap_or(false) };
    let key = call.key();
    let answer = app
        .run(move |services| {
            let sheet = venue_sheet::read(&call.input.0)
                .map_err(|error| Refused::new(Code::UnreadableSheet, error.sentence()))?;
            import_venues::import_venues(services, &sheet, way, key.as_ref())
        })
        .await?;
    ok_once(&answer)
}
