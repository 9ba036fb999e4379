//! The JSON API: each handler translates and calls one use case.

pub mod accounting;
pub mod agreement_accounts;
pub mod agreements;
pub mod alerts;
pub mod auth;
pub mod ending;
pub mod funding_calls;
pub mod ledger;
pub mod letterheads;
pub mod machine;
pub mod offline_scans;
pub mod open_data;
pub mod organisations;
pub mod pass_papers;
pub mod passes;
pub mod programmes;
pub mod redemptions;
pub mod reports;
pub mod scheduled_workshops;
pub mod statements;
pub mod stock;
pub mod stock_papers;
pub mod stock_steps;
pub mod themes;
pub mod users;
pub mod venues;
