//! The text of a file in whatever encoding a spreadsheet wrote it, and what separates its cells.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::UnreadableSheet;

/// What DOS put at the end of a text, and some programs still do.
const CTRL_Z: char = '\u{1a}';

/// The text: UTF-8 or UTF-16, with a mark or without, or else what French spreadsheets write.
pub(super) fn decoded(bytes: &[u8]) -> Result<String, UnreadableSheet> {
    let encoding = Encoding::for_bom(bytes).or(match bytes {
        [0, second, ..] if *second != 0 => Some((UTF_16BE, 0)),
        [first, 0, ..] if *first != 0 => Some((UTF_16LE, 0)),
        _ => None,
    });
    let text = match encoding {
        Some((encoding, mark)) => {
            let rest = bytes.get(mark..).unwrap_or_default();
            let read = encoding.decode_without_bom_handling_and_without_replacement(rest);
            read.ok_or(UnreadableSheet::Encoding)?.into_owned()
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        },
    };
    let text = text.trim_end_matches([CTRL_Z, '\0']);
    if let Some((before, _)) = text.split_once(['\0', CTRL_Z]) {
        return Err(UnreadableSheet::Sign(1 + before.matches('\n').count()));
    }
    Ok(without_separator_line(text))
}

/// `sep=;` at the beginning tells a spreadsheet what separates; the line stays, empty, so that the
/// numbers of the others do.
fn without_separator_line(text: &str) -> String {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let (first, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let told = first.trim().trim_matches('"').to_ascii_lowercase().starts_with("sep=");
    if told { rest.to_owned() } else { text.to_owned() }
}

/// French spreadsheets write `;`, the schema `,`, copied tables tabs, some exports `|`.
pub(super) fn delimiter(text: &str) -> u8 {
    let mut lines = text.split(['\r', '\n']);
    let heading = lines.find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut found = (b',', heading.matches(',').count());
    for other in [b';', b'\t', b'|'] {
        let count = heading.matches(char::from(other)).count();
        if count > found.1 {
            found = (other, count);
        }
    }
    found.0
}
