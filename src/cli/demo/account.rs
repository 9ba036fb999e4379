//! The accounts of the demo.

use uuid::Uuid;

use super::super::Stop;
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{OrganisationId, UserId};
use crate::services::Services;
use crate::services::users::{self, NewUser};

/// The password of every account of the demo.
pub const PASSWORD: &str = "demo-pass-numerique";

/// Somebody who works for an organisation.
pub struct Account<'a> {
    pub role: Role,
    pub email: &'a str,
    pub name: &'a str,
    pub organisation: Uuid,
    /// Whether people try it; the others only act in the year that is played.
    pub signs_in: bool,
}

impl Account<'_> {
    /// Makes the account and answers who acts with it.
    pub fn open(&self, services: &Services) -> Result<Caller, Stop> {
        let request = NewUser {
            email: self.email.to_owned(),
            name: self.name.to_owned(),
            organisation_id: self.organisation,
            role: self.role.as_str().to_owned(),
            manager: self.signs_in,
        };
        let user = users::add(services, &request, self.signs_in.then_some(PASSWORD))?;
        Ok(Caller {
            user: UserId(user.id),
            organisation: OrganisationId(self.organisation),
            role: self.role,
            manager: self.signs_in,
        })
    }
}
