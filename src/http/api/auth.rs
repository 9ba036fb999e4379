//! Routes of signing in.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::audit::{PASSWORD_SET, REFRESH, SIGN_OUT};
use crate::domain::ids::{OrganisationId, UserId};
use crate::http::answer::{Answer, done, ok};
use crate::http::audit;
use crate::http::call::{Call, OpenBody, ReadSelf};
use crate::http::origin::origin;
use crate::http::problem::Problem;
use crate::http::shapes::Problems;
use crate::services::audit::{Access, of_refresh_token};
use crate::services::invitations;
use crate::services::own_account::{self, Me};
use crate::services::sign_in::{self, Credentials, Refresh, Tokens};
use crate::services::users::UserView;

/// Sign in with a password.
#[utoipa::path(
    post,
    path = "/api/v1/auth/tokens",
    tag = "Auth",
    operation_id = "auth_tokens",
    request_body = Credentials,
    responses((status = 200, description = "Tokens", body = Tokens), Problems),
)]
pub async fn tokens(app: Data<App>, request: HttpRequest, body: OpenBody<Credentials>) -> Answer {
    let origin = origin(&app, &request);
    let answer = app
        .run_behind(&app.gates.passwords, move |services| {
            sign_in::tokens(services, &body.0, &origin)
        })
        .await?;
    ok(&answer)
}

/// Exchange a refresh token, once.
#[utoipa::path(
    post,
    path = "/api/v1/auth/refresh",
    tag = "Auth",
    operation_id = "auth_refresh",
    request_body = Refresh,
    responses((status = 200, description = "Tokens", body = Tokens), Problems),
)]
pub async fn refresh(app: Data<App>, request: HttpRequest, body: OpenBody<Refresh>) -> Answer {
    let access = whose(&app, &body.0, REFRESH).await?;
    let exchanged = app.run_public(move |services| sign_in::refresh(services, &body.0)).await;
    if let Some(access) = access {
        // A token that was used before is what a thief sends: that it was refused is told too.
        let status = if exchanged.is_ok() { access.status } else { 401 };
        audit::note_own(&app, &request, Access { status, ..access }).await;
    }
    ok(&exchanged?)
}

/// End the sign-in a refresh token belongs to.
#[utoipa::path(
    post,
    path = "/api/v1/auth/revoke",
    tag = "Auth",
    operation_id = "auth_revoke",
    request_body = Refresh,
    responses((status = 204, description = "Ended"), Problems),
)]
pub async fn revoke(app: Data<App>, request: HttpRequest, body: OpenBody<Refresh>) -> Answer {
    let access = whose(&app, &body.0, SIGN_OUT).await?;
    app.run_public(move |services| sign_in::revoke(services, &body.0)).await?;
    if let Some(access) = access {
        audit::note_own(&app, &request, access).await;
    }
    done()
}

/// Whose sign-in the token belongs to, when it is one.
async fn whose(
    app: &Data<App>,
    sent: &Refresh,
    act: &'static str,
) -> Result<Option<Access>, Problem> {
    let token = sent.refresh_token.clone();
    Ok(app.run(move |services| of_refresh_token(services, &token, act)).await?)
}

/// An invitation to take up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The last part of the invitation link.
    pub invitation: String,
    /// The password to set, 12 characters at least.
    #[schema(example = "une longue phrase facile")]
    pub password: String,
}

/// Take an invitation up: set the password.
#[utoipa::path(
    post,
    path = "/api/v1/auth/invitations",
    tag = "Auth",
    operation_id = "auth_accept_invitation",
    request_body = AcceptInvitation,
    responses((status = 200, description = "The account", body = UserView), Problems),
)]
pub async fn accept_invitation(
    app: Data<App>,
    request: HttpRequest,
    body: OpenBody<AcceptInvitation>,
) -> Answer {
    let AcceptInvitation { invitation, password } = body.0;
    let answer = app
        .run_behind(&app.gates.passwords, move |services| {
            invitations::accept_invitation(services, &invitation, &password)
        })
        .await?;
    let (user, organisation) = (UserId(answer.id), OrganisationId(answer.organisation_id));
    audit::note_own(&app, &request, Access::of_own(PASSWORD_SET, user, organisation)).await;
    ok(&answer)
}

/// Read one's own account.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    tag = "Auth",
    operation_id = "auth_me",
    responses((status = 200, description = "The account", body = Me), Problems),
    security(("bearer" = [])),
)]
pub async fn me(app: Data<App>, call: Call<ReadSelf>) -> Answer {
    let answer = app.run(move |services| own_account::me(services, &call.caller)).await?;
    ok(&answer)
}
