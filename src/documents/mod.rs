//! Facts to bytes.
pub mod letter;
pub mod qr;
pub mod report_csv;
pub mod report_json;
pub mod venue_sheet;
