//! The JSON API: each handler translates and calls one use case.

pub mod agreements;
pub mod alerts;
pub mod auth;
pub mod ledger;
pub mod machine;
pub mod organisations;
pub mod passes;
pub mod programmes;
pub mod redemptions;
pub mod reports;
pub mod themes;
pub mod users;
pub mod venues;
