//! The pages: server-rendered French HTML over the same use cases as the API.

pub mod error;

use actix_web::web::ServiceConfig;

/// The routes of the pages.
pub fn routes(_config: &mut ServiceConfig) {}
