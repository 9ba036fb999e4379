//! Taking an invitation up: the person sets the password of their account.

use super::new_password::hashed;
use super::users::UserView;
use super::{Op, Outcome, Services, sign_in_limits};
use crate::adapters::digest::sha256;
use crate::domain::refusal::{Code, Refused};
use crate::store;
use crate::store::user::UserRow;

/// Who an invitation is for.
///
/// # Errors
/// `invitation_unknown`.
pub fn invited(services: &Services, secret: &str) -> Outcome<UserView> {
    services.read(|op| invited_row(op, secret).map(UserView::from))
}

/// Takes an invitation up: sets the password, and the link is worth nothing afterwards.
///
/// # Errors
/// `invitation_unknown`, or a password that is too short.
pub fn accept_invitation(
    services: &Services,
    secret: &str,
    new_password: &str,
) -> Outcome<UserView> {
    services.read(|op| invited_row(op, secret).map(drop))?;
    let hash = hashed(services, new_password)?;
    services.write(|op| {
        let row = invited_row(op, secret)?;
        let invitation = sha256(secret.as_bytes());
        if !store::user::accept_invitation(op.conn, row.id, &invitation, &hash)? {
            return Err(invitation_unknown().into());
        }
        store::session::revoke_all(op.conn, row.id, op.now)?;
        sign_in_limits::forget(op, &row.email)?;
        Ok(UserView::from(row))
    })
}

fn invited_row(op: &mut Op<'_>, secret: &str) -> Outcome<UserRow> {
    let found = store::user::by_invitation(op.conn, &sha256(secret.as_bytes()))?;
    let running = found.filter(|row| row.invitation_ends_at.is_some_and(|end| op.now < end));
    let acting = running.map(|row| store::user::acting(op.conn, row.id)).transpose()?;
    acting.flatten().ok_or_else(|| invitation_unknown().into())
}

fn invitation_unknown() -> Refused {
    let sentence = "Cette invitation a déjà servi ou n'est plus valable : demandez-en une nouvelle à \
        la personne qui vous a invité.";
    Refused::new(Code::InvitationUnknown, sentence)
}
