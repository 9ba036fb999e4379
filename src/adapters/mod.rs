//! The outside world, one library a file: clock, randomness, keys, passwords, tokens, places.

pub mod archive;
pub mod bank;
pub mod bank_answer;
pub mod bank_file;
pub mod clock;
pub mod digest;
pub mod geography;
pub mod journal_digest;
pub mod key_files;
pub mod keys;
pub mod live_filter;
pub mod password;
pub mod person_name;
pub mod qr_photo;
pub mod randomness;
pub mod seal;
pub mod token;
mod xml_text;
