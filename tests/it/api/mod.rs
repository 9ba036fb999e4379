//! The routes of `/api/v1` that the great stories pass by, one file a noun.

mod agreements;
mod auth;
mod organisations;
mod passes;
mod programmes;
mod users;
mod venues;
