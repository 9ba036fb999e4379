//! Counting stock: how many passes of a box are there, by number or by scanning each, and which
//! ones are missing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::idempotency::{Key, Once, once};
use super::read_stock::{boxes_of_caller, run_of_caller};
use super::{Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::code::{Code, Serial, ending};
use crate::domain::ids::{EntryId, PrintRunId};
use crate::domain::print_run::LARGEST_BOX;
use crate::domain::refusal::{Check, Refused};
use crate::domain::stock::StockBox;
use crate::store;
use crate::store::stock_event::StockEventRow;

/// The longest text a scanner or a person gives for one pass: an address with its code in it.
const LONGEST_SCAN: usize = 500;

/// What was found in a box.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountStock {
    /// The number of the box.
    #[schema(example = 3)]
    #[serde(rename = "box")]
    pub box_number: u32,
    /// How many passes were counted by hand.
    pub counted: Option<u32>,
    /// What was scanned or typed instead: codes or serial numbers.
    pub scanned: Option<Vec<String>>,
}

/// What there is, beside what there should be.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Counted {
    /// The number of the box.
    #[serde(rename = "box")]
    pub box_number: u32,
    /// How many passes should be there.
    pub expected: u32,
    /// How many are.
    pub counted: u32,
    /// The serial numbers that were not scanned; empty when only the number was counted.
    pub missing: Vec<String>,
    /// The last four signs of what was scanned and is no pass left in this box.
    pub foreign: Vec<String>,
}

/// Counts a box and notes it in its history.
///
/// # Errors
/// `not_found` for another prescriber's box, or wrong values.
pub fn count_stock(
    services: &Services,
    caller: &Caller,
    run: PrintRunId,
    request: &CountStock,
    key: Option<&Key>,
) -> Outcome<Once<Counted>> {
    check(request)?;
    once(services, key, |op| {
        run_of_caller(op, caller, run)?;
        let boxes = boxes_of_caller(op, caller, run)?;
        let found = boxes.into_iter().find(|found| found.number == request.box_number);
        let found = found.ok_or_else(Refused::not_found)?;
        let counted = compare(op, &found, request)?;
        note(op, caller, &found, &counted)?;
        Ok(counted)
    })
}

fn check(request: &CountStock) -> Result<(), Refused> {
    let mut check = Check::default();
    let one = request.counted.is_some() != request.scanned.is_some();
    let detail = "Donnez le nombre compté, ou la liste des pass scannés.";
    check.that(one, "/counted", "missing", detail);
    let most = usize::from(LARGEST_BOX) * 2;
    let fits = request.scanned.as_ref().is_none_or(|scanned| scanned.len() <= most);
    check.that(fits, "/scanned", "out_of_range", "Un carton compte 250 pass au plus.");
    for (position, text) in request.scanned.iter().flatten().enumerate() {
        let fits = text.chars().count() <= LONGEST_SCAN;
        let detail = "Ce texte est trop long pour un code ou un numéro de série.";
        check.that(fits, &format!("/scanned/{position}"), "out_of_range", detail);
    }
    let fits = request.counted.is_none_or(|count| count <= u32::from(LARGEST_BOX));
    check.that(fits, "/counted", "out_of_range", "Un carton compte 250 pass au plus.");
    check.done()
}

fn compare(op: &mut Op<'_>, found: &StockBox, request: &CountStock) -> Outcome<Counted> {
    let left = store::stock_box::left(op.conn, found.id)?;
    let expected = u32::try_from(left.len()).unwrap_or(u32::MAX);
    let box_number = found.number;
    let Some(scanned) = &request.scanned else {
        let counted = request.counted.unwrap_or_default();
        return Ok(Counted { box_number, expected, counted, missing: vec![], foreign: vec![] });
    };
    // Only the passes of this box are looked at, so a count tells nothing of other codes.
    let mut there = BTreeSet::new();
    let mut foreign = Vec::new();
    for text in scanned {
        let hash = Code::read(text).ok().map(|code| op.services.keys.code_hash(&code));
        let serial = Serial::read(text).map(|serial| serial.as_str().to_owned());
        let pass = left.iter().find(|row| {
            hash.as_ref() == Some(&row.code_hash) || serial.as_ref() == Some(&row.serial)
        });
        match pass {
            Some(row) => drop(there.insert(row.serial.clone())),
            None => foreign.push(ending(text)),
        }
    }
    let missing = left.iter().map(|row| row.serial.clone());
    Ok(Counted {
        box_number,
        expected,
        counted: u32::try_from(there.len()).unwrap_or(u32::MAX),
        missing: missing.filter(|serial| !there.contains(serial)).collect(),
        foreign,
    })
}

fn note(op: &mut Op<'_>, caller: &Caller, found: &StockBox, counted: &Counted) -> Outcome<()> {
    let missing = &counted.missing;
    let note = (!missing.is_empty()).then(|| format!("Manquent : {}", missing.join(", ")));
    let event = StockEventRow {
        id: EntryId(op.id()),
        run_id: found.run,
        box_id: Some(found.id),
        event: "counted".to_owned(),
        from_id: None,
        to_id: Some(found.prescriber),
        passes: i32::try_from(counted.counted).unwrap_or(i32::MAX),
        expected: Some(i32::try_from(counted.expected).unwrap_or(i32::MAX)),
        note,
        by_user: caller.user,
        at: op.now,
    };
    Ok(store::stock_event::insert(op.conn, &event)?)
}
