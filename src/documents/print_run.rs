//! A box of passes printed in advance as one PDF: its cover, then a letter a page or cards to cut.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::DocumentError;
use super::letter::{LETTER, LetterFacts, pass, shared};
use super::typesetter::{Manuscript, printable, typeset};
use crate::domain::paper::{CardsPerSheet, Layout, Style};
use crate::domain::time::in_letters;

const CARDS: &str = include_str!("templates/cards.typ");

/// What a box holds.
#[derive(Clone)]
pub struct BoxFacts {
    /// What all its passes say; its code, QR, serial, used workshops and person are not read.
    pub shared: LetterFacts,
    /// The passes in the order they lie in the box.
    pub passes: Vec<RunPass>,
    /// The sheet on top.
    pub cover: Option<Cover>,
}

/// What differs from one pass to the next.
#[derive(Clone)]
pub struct RunPass {
    /// The code as people type it.
    pub code_grouped: String,
    /// What the QR code holds.
    pub qr: String,
    /// The serial number.
    pub serial: String,
}

/// What the sheet on top says besides: for whom, how many and which numbers are read from the box.
#[derive(Clone)]
pub struct Cover {
    /// A short name of the print run, `tirage 12`.
    pub run: String,
    /// The number of the box, from 1.
    pub box_number: u32,
    /// How many boxes the run has.
    pub boxes: u32,
    /// The day it was printed.
    pub printed_on: NaiveDate,
    /// Whom to call when the box is open, damaged or short: a name and a number.
    pub contact: Option<String>,
}

/// The box as one PDF/UA-1 file; the same facts give the same bytes. A letter is one page, a
/// letter in large print two when it must. With another language cards have backs, on the back of
/// each sheet, to be printed on both sides turned over the long edge.
///
/// # Errors
/// As [`letter::pdf`](super::letter::pdf).
pub fn pdf(
    facts: &BoxFacts,
    style: Style,
    cards_per_sheet: CardsPerSheet,
) -> Result<Vec<u8>, DocumentError> {
    let last = facts.passes.last().map(|pass| printable(&pass.serial, 24)).unwrap_or_default();
    let first = facts.passes.first().map(|pass| printable(&pass.serial, 24)).unwrap_or_default();
    let passes: Result<Vec<Value>, DocumentError> =
        facts.passes.iter().map(|one| pass(&one.code_grouped, &one.qr, &one.serial, 0)).collect();
    let mut printed = shared(&LetterFacts { beneficiary: None, ..facts.shared.clone() }, style)?;
    if let Some(map) = printed.as_object_mut() {
        let title = facts.cover.as_ref().map_or_else(|| format!("Pass {first} à {last}"), title);
        map.insert("title".to_owned(), json!(title));
        map.insert("passes".to_owned(), json!(passes?));
        map.insert("cards_per_sheet".to_owned(), json!(cards_per_sheet.as_u8()));
        let cover =
            facts.cover.as_ref().map(|cover| on_top(cover, facts.passes.len(), &first, &last));
        map.insert("cover".to_owned(), json!(cover));
    }
    let (template, shape) = match style.layout {
        Layout::Letter => (LETTER, "letters"),
        Layout::Card => (CARDS, "cards"),
    };
    let logo = facts.shared.letterhead.as_ref().and_then(|head| head.logo_png.as_deref());
    let name = format!("{first}-{last}/{shape}");
    typeset(&Manuscript { template, facts: &printed, logo, name: &name })
}

fn title(cover: &Cover) -> String {
    let run = printable(&cover.run, 60);
    format!("Pass numériques, {run}, carton {} sur {}", cover.box_number, cover.boxes)
}

fn on_top(cover: &Cover, count: usize, first: &str, last: &str) -> Value {
    json!({
        "run": printable(&cover.run, 60),
        "box_number": cover.box_number,
        "boxes": cover.boxes,
        "count": count,
        "first_serial": first,
        "last_serial": last,
        "printed_on": in_letters(cover.printed_on),
        "contact": cover.contact.as_deref().map(|who| printable(who, 90)).filter(|who| !who.is_empty()),
    })
}

#[cfg(test)]
mod tests;
