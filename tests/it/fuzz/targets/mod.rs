//! What must hold of anything that people and banks send. One function a target: it takes any
//! bytes and panics when a promise is broken. The tests run them for a moment, libFuzzer for long.

mod bank_answer;
mod code;
mod export_row;
mod import;
mod logo;
mod photo;
mod scans;
mod service;
mod typed;
mod venues;

pub use bank_answer::bank_answer;
pub use code::code;
pub use export_row::export_row;
pub use import::import;
pub use logo::logo;
pub use photo::photo;
pub use scans::Phone;
pub use service::new_service;
pub use typed::typed;
pub use venues::venues;
