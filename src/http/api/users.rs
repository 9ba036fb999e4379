//! Routes of accounts.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use uuid::Uuid;

use crate::app::App;
use crate::domain::ids::UserId;
use crate::http::answer::{Answer, ListParameters, created_once, listed, ok};
use crate::http::call::{Call, Json, ManageUsers};
use crate::http::query::Query;
use crate::http::shapes::{Problems, UserList};
use crate::services::colleagues;
use crate::services::users::{self, NewUser, UserChange, UserView};

/// Invite a person; the answer holds a one-time link.
#[utoipa::path(
    post,
    path = "/api/v1/users",
    tag = "Users",
    operation_id = "users_invite",
    params(("Idempotency-Key" = Option<Uuid>, Header, description = "A UUID made before sending: sent again with it, the same account is answered with a fresh link")),
    request_body = NewUser,
    responses((status = 201, description = "Invite a person; the answer holds a one-time link", body = UserView), Problems),
    security(("bearer" = [])),
)]
pub async fn invite(app: Data<App>, call: Call<ManageUsers, Json<NewUser>>) -> Answer {
    let key = call.key();
    let answer = app
        .run(move |services| {
            colleagues::invite_once(services, &call.caller, &call.input.0, key.as_ref())
        })
        .await?;
    created_once(&answer)
}

/// List accounts.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    tag = "Users",
    operation_id = "users_list",
    params(ListParameters),
    responses((status = 200, description = "List accounts", body = UserList), Problems),
    security(("bearer" = [])),
)]
pub async fn list(
    app: Data<App>,
    parameters: Query<ListParameters>,
    request: HttpRequest,
    call: Call<ManageUsers>,
) -> Answer {
    let page = parameters.page()?;
    let answer = app.run(move |services| users::list(services, &call.caller, page)).await?;
    listed(&request, &answer)
}

/// Change or stop an account.
#[utoipa::path(
    patch,
    path = "/api/v1/users/{id}",
    tag = "Users",
    operation_id = "users_change",
    params(("id" = Uuid, Path, description = "The id")),
    request_body = UserChange,
    responses((status = 200, description = "Change or stop an account", body = UserView), Problems),
    security(("bearer" = [])),
)]
pub async fn change(
    app: Data<App>,
    id: Path<Uuid>,
    call: Call<ManageUsers, Json<UserChange>>,
) -> Answer {
    let id = UserId(*id);
    let answer =
        app.run(move |services| users::change(services, &call.caller, id, &call.input.0)).await?;
    ok(&answer)
}
