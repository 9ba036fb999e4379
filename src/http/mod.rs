//! The HTTP face: translates, never decides.

pub mod address_limits;
pub mod answer;
pub mod api;
pub mod audit;
pub mod blocking;
pub mod body;
pub mod call;
pub mod client_address;
pub mod credential;
pub mod deadline;
pub mod input;
pub mod openapi;
pub mod origin;
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
