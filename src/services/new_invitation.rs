//! A new invitation: a one-time link with which a person sets the password of their account.

use super::Op;
use crate::adapters::digest::sha256;
use crate::domain::time::Instant;
use crate::store::user::UserRow;

/// An invitation ends after so many days.
pub const INVITATION_DAYS: i64 = 7;

/// A one-time link, before it is given away.
pub(super) struct Invitation {
    pub(super) secret: String,
    pub(super) ends_at: Instant,
}

impl Invitation {
    pub(super) fn new(op: &Op<'_>) -> Self {
        let ends_at = op.now.plus_seconds(INVITATION_DAYS * 24 * 60 * 60);
        Self { secret: op.services.secret(), ends_at }
    }

    pub(super) fn write_to(&self, row: &mut UserRow) {
        row.invitation_hash = Some(sha256(self.secret.as_bytes()));
        row.invitation_ends_at = Some(self.ends_at);
    }

    pub(super) fn link(&self, op: &Op<'_>) -> String {
        format!("{}/invitation/{}", op.services.public_url, self.secret)
    }
}
