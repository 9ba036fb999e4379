//! Pass numérique: vouchers for digital-skills workshops, issued, redeemed and reported to the
//! cent.

pub mod adapters;
pub mod domain;
pub mod services;
pub mod store;
