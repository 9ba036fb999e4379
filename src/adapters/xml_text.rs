//! The text of an XML file in whatever encoding it declares, and what `sepa` does not hand on.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use quick_xml::Reader;
use quick_xml::events::Event;

/// How far into a file its declaration is looked for.
const DECLARATION: usize = 200;

/// A file as text.
pub(super) struct Read {
    /// Its text, without the declaration: what it declared no longer holds.
    pub(super) text: String,
    /// The bank's own id of each status of a transaction, in their order.
    pub(super) status_ids: Vec<Option<String>>,
}

/// Reads a file; none when its bytes are no text in the encoding that it declares.
pub(super) fn read(bytes: &[u8]) -> Option<Read> {
    let text = decoded(bytes)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let text = match text.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>")?.1,
        None => text,
    };
    Some(Read { text: text.to_owned(), status_ids: status_ids(text)? })
}

fn decoded(bytes: &[u8]) -> Option<String> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, bytes.get(mark..)?),
        None => (declared(bytes)?, bytes),
    };
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Some(text.into_owned());
    }
    // Banks that declare UTF-8 and write something else: the ids are the same letters in both.
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    (encoding == UTF_8).then(|| text.into_owned())
}

/// The encoding by the first bytes and the declaration; none for one that nobody knows.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, b'<', ..] => return Some(UTF_16BE),
        [b'<', 0, ..] => return Some(UTF_16LE),
        _ => {}
    }
    let head = String::from_utf8_lossy(bytes.get(..DECLARATION).unwrap_or(bytes)).into_owned();
    let declaration = head.split_once("?>").map_or("", |(declaration, _)| declaration);
    let Some((_, value)) = declaration.split_once("encoding") else { return Some(UTF_8) };
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let label = value.split(quote).nth(1)?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // What could be read up to here byte by byte is not in pairs of bytes, whatever it says.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

fn status_ids(text: &str) -> Option<Vec<Option<String>>> {
    let mut reader = Reader::from_str(text);
    let (mut found, mut inside, mut reads) = (Vec::new(), false, false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                b"TxInfAndSts" => {
                    found.push(None);
                    inside = true;
                }
                b"StsId" => reads = inside,
                _ => reads = false,
            },
            Event::Empty(tag) if tag.local_name().as_ref() == b"TxInfAndSts" => found.push(None),
            Event::Text(told) if reads => {
                if let Some(last) = found.last_mut() {
                    *last = told.decode().ok().map(|told| told.trim().to_owned());
                }
            }
            Event::End(tag) => {
                reads = false;
                inside &= tag.local_name().as_ref() != b"TxInfAndSts";
            }
            Event::Eof => return Some(found),
            _ => {}
        }
    }
}
