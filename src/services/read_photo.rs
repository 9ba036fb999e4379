//! Reading the code of a pass from a photo of its QR.

use super::{Error, Outcome};
use crate::adapters::qr_photo::{self, PhotoError};
use crate::domain::refusal::{Code, Refused};

/// What the QR in a photo holds.
///
/// # Errors
/// `unreadable_photo`, or `body_too_large`; the sentence says what to do.
pub fn read_photo(bytes: &[u8]) -> Outcome<String> {
    qr_photo::decode(bytes).map_err(|error| {
        let code = match error {
            PhotoError::TooLarge => Code::BodyTooLarge,
            _ => Code::UnreadablePhoto,
        };
        Error::from(Refused::new(code, error.to_string()))
    })
}
