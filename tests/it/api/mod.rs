//! The routes of `/api/v1`, one file a noun.

mod agreements;
mod auth;
mod organisations;
mod passes;
mod programmes;
mod redemptions;
mod reports;
mod users;
mod venues;
