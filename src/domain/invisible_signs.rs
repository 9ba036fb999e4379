//! Signs that leave nothing on paper: pasted texts and readers of codes bring them along.

/// Whether nobody sees the sign: zero width, direction of writing, soft hyphens, the mark of a file's
/// beginning, blank letters of other scripts, control signs that are no white space.
#[must_use]
pub fn is_invisible(sign: char) -> bool {
    let steers = sign.is_control() && !sign.is_whitespace();
    steers
        || matches!(sign, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}')
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(sign, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}')
}
