//! The addresses of pages that pages elsewhere lead to.

use uuid::Uuid;

/// Every organisation.
pub const ORGANISATIONS: &str = "/gestion/organismes";

/// Payments: the next run and those before.
pub const PAYMENTS: &str = "/paiements";

#[must_use]
pub fn organisation(id: Uuid) -> String {
    format!("{ORGANISATIONS}/{id}")
}

#[must_use]
pub fn payment_run(id: Uuid) -> String {
    format!("{PAYMENTS}/{id}")
}
