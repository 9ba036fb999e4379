//! Pass numérique: vouchers for digital-skills workshops, issued, redeemed and reported to the
//! cent.

pub mod adapters;
pub mod app;
pub mod cli;
pub mod documents;
pub mod domain;
pub mod http;
pub mod services;
pub mod store;
