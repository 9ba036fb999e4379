//! The HTTP face: translates, never decides.

pub mod answer;
pub mod api;
pub mod audit;
pub mod blocking;
pub mod call;
pub mod input;
pub mod openapi;
pub mod pages;
pub mod paper;
pub mod problem;
pub mod query;
pub mod redeeming;
pub mod resource;
pub mod router;
pub mod same_origin;
pub mod server;
pub mod shapes;
mod stream;
pub mod trace;
