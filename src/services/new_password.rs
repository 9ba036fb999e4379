//! A new password: long enough, and hashed.

use super::{Error, Outcome, Services};
use crate::adapters::password;
use crate::domain::refusal::Check;

pub(super) fn hashed(services: &Services, new_password: &str) -> Outcome<String> {
    let mut check = Check::default();
    let signs = password::prepared(new_password);
    let blank = |sign: char| sign.is_whitespace() || is_unseen(sign);
    let unlike = signs.chars().filter(|sign| !blank(*sign)).count();
    // Blanks between words are signs of a phrase; nothing but blanks is no password.
    let long_enough = signs.trim().chars().count() >= password::SHORTEST && unlike > 1;
    let detail = "Le mot de passe doit avoir au moins 12 caractères : une phrase convient bien.";
    check.that(long_enough, "/password", "out_of_range", detail);
    let detail = "Le mot de passe est trop long : 256 caractères au plus.";
    check.that(new_password.len() <= password::LONGEST, "/password", "out_of_range", detail);
    check.done()?;
    let mut salt = [0; 16];
    services.random.fill(&mut salt);
    password::hash(new_password, &salt).map_err(|error| Error::failure(error.to_string()))
}

fn is_unseen(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}
