//! One's own account.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::refusal::Refused;
use crate::store;

/// What the caller's own account says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// The account.
    pub id: Uuid,
    /// Its e-mail.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// One of the five roles.
    #[schema(example = "social_worker")]
    pub role: String,
    /// Whether the person invites colleagues.
    pub manager: bool,
    /// The organisation the person works for.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
}

/// The caller's own account.
///
/// # Errors
/// A failure of the database.
pub fn me(services: &Services, caller: &Caller) -> Outcome<Me> {
    services.read(|op| {
        let user = store::user::by_id(op.conn, caller.user)?.ok_or_else(Refused::not_found)?;
        let organisation = store::organisation::by_id(op.conn, user.organisation_id)?
            .ok_or_else(Refused::not_found)?;
        Ok(Me {
            id: user.id.0,
            email: user.email,
            name: user.name,
            role: user.role,
            manager: user.manager,
            organisation_id: organisation.id.0,
            organisation_name: organisation.name,
        })
    })
}
