//! The bank's answer to a payment file: which transfers it sent back (pain.002, any version).

use quick_xml::Reader;
use quick_xml::events::Event;

/// A transfer the bank sent back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// The end-to-end id of the transfer.
    pub end_to_end: String,
    /// The bank's code, `AC04`.
    pub code: String,
    /// What the bank said besides.
    pub text: String,
}

/// The file is not a pain.002 message.
#[derive(Debug)]
pub struct NotAnAnswer;

/// Reads the transfers with status RJCT.
///
/// # Errors
/// [`NotAnAnswer`] for anything else than a well-formed pain.002.
pub fn rejected(bytes: &[u8]) -> Result<Vec<Rejected>, NotAnAnswer> {
    let mut reader = Reader::from_reader(bytes);
    let (mut path, mut found) = (Vec::<Vec<u8>>::new(), Vec::new());
    let (mut current, mut status, mut known) = (Rejected::default(), String::new(), false);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(|_| NotAnAnswer)? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_vec();
                known |= name == b"CstmrPmtStsRpt";
                if name == b"TxInfAndSts" {
                    (current, status) = (Rejected::default(), String::new());
                }
                path.push(name);
            }
            Event::Text(text) => {
                let text = text.decode().map_err(|_| NotAnAnswer)?;
                let text = text.trim();
                match path.last().map(Vec::as_slice) {
                    Some(b"OrgnlEndToEndId") => current.end_to_end.push_str(text),
                    Some(b"TxSts") => status.push_str(text),
                    Some(b"Cd" | b"Prtry") => current.code.push_str(text),
                    Some(b"AddtlInf") => current.text.push_str(text),
                    _ => {}
                }
            }
            Event::End(end) => {
                if end.local_name().as_ref() == b"TxInfAndSts" && status == "RJCT" {
                    found.push(std::mem::take(&mut current));
                }
                path.pop();
            }
            // An entity of its own could make a small file large.
            Event::DocType(_) => return Err(NotAnAnswer),
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    if known && path.is_empty() { Ok(found) } else { Err(NotAnAnswer) }
}
