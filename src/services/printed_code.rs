//! The code of a pass for paper and for people, derived again from its id.

use super::{Outcome, Services};
use crate::adapters::key_files::KeyError;
use crate::domain::code::Code;
use crate::store::pass::PassRow;

/// The code of a pass. With another key file it would be a code that no pass has: whoever holds such
/// a paper is sent away at the venue, so nothing is printed.
///
/// # Errors
/// A key that is gone, or is not the one the pass was made with.
pub(super) fn code_of(services: &Services, pass: &PassRow) -> Outcome<Code> {
    let code = services.keys.code(pass.id, pass.key_number)?;
    if services.keys.code_hash(&code) == pass.code_hash {
        return Ok(code);
    }
    Err(KeyError::OtherCodeKey(pass.key_number).into())
}
