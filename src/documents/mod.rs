//! Facts become bytes: QR codes, sheets of paper, and the files of reports and venues.
//!
//! Nothing here reads a clock, a database or a setting: the same facts give the same bytes.

pub mod account;
pub mod bound_pdf;
pub mod formula;
pub mod letter;
pub mod letterhead;
mod lines;
pub mod live_list;
pub mod ods;
pub mod open_data;
pub mod print_run;
pub mod print_shop_csv;
pub mod qr;
pub mod redemptions_csv;
pub mod report_csv;
pub mod report_json;
pub mod report_pdf;
pub mod report_sheets;
pub mod spreadsheet;
pub mod statement_csv;
pub mod typesetter;
pub mod venue_sheet;
pub mod xlsx;

use std::error::Error;
use std::fmt;

/// Why a document could not be made. For the log of the service, never for a client.
#[derive(Debug)]
pub enum DocumentError {
    /// The content does not fit a QR code of version 3 at level Q: the host's name is too long.
    QrTooLong {
        /// How many characters there were.
        length: usize,
    },
    /// The content has a character outside the alphanumeric mode of QR codes, such as a small letter.
    QrAlphabet,
    /// A picture cannot be a logo.
    Logo(letter::LogoFault),
    /// The picture could not be encoded.
    Picture(image::ImageError),
    /// The template or its facts are wrong; says what and holds nothing that a person typed.
    Typesetting(String),
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::QrTooLong { length } => {
                write!(f, "{length} characters do not fit the QR code, {} do", qr::LONGEST)
            }
            Self::QrAlphabet => f.write_str("the QR code holds only capitals, digits and $%*+-./:"),
            Self::Logo(fault) => write!(f, "not a logo: {fault:?}"),
            Self::Picture(_) => f.write_str("the picture could not be encoded"),
            Self::Typesetting(what) => write!(f, "the document could not be typeset: {what}"),
        }
    }
}

impl Error for DocumentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Picture(source) => Some(source),
            _ => None,
        }
    }
}
