//! Seeds with random changes: what a person, a spreadsheet or a bad line makes of a good file.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::prop_oneof;
use proptest::sample::{Index, select};

/// What separates, ends, quotes or overflows somewhere.
const SIGNS: &[&str] = &[
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\"",
    ";",
    ",",
    "|",
    "\0",
    "\u{7}",
    "\u{feff}",
    "É",
    "ß",
    "\u{202f}",
    "&#0;",
    "<",
    "/P/",
    "-",
    "9999999999",
    "+262142-12-31",
];

/// What a target is fed with; shown so that it can be pasted into a seed.
#[derive(Clone)]
pub struct Input(pub Vec<u8>);

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

#[derive(Clone, Debug)]
enum Change {
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, Index),
    Repeat(Index, Index),
}

/// One of the seeds with up to eight changes.
pub fn changed(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Input> {
    (select(seeds), vec(change(), 1..=8)).prop_map(|(mut bytes, changes)| {
        for change in changes {
            apply(change, &mut bytes);
        }
        Input(bytes)
    })
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<Index>;
    let sign = select(SIGNS).prop_map(|sign| sign.as_bytes().to_vec());
    prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (place(), sign).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (place(), vec(any::<u8>(), 1..8)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (place(), place()).prop_map(|(from, to)| Change::Remove(from, to)),
        (place(), place()).prop_map(|(from, to)| Change::Repeat(from, to)),
    ]
}

fn apply(change: Change, bytes: &mut Vec<u8>) {
    let end = bytes.len() + 1;
    match change {
        Change::Replace(at, byte) => {
            bytes.iter_mut().skip(at.index(end)).take(1).for_each(|one| *one = byte);
        }
        Change::Insert(at, new) => drop(bytes.splice(at.index(end)..at.index(end), new)),
        Change::Remove(from, to) => drop(bytes.drain(between(from, to, end))),
        Change::Repeat(from, to) => {
            let piece = between(from, to, end);
            bytes.splice(piece.end..piece.end, bytes[piece.clone()].to_vec());
        }
    }
}

/// A piece of at most 64 bytes: most of a file stays as it was.
fn between(from: Index, to: Index, end: usize) -> std::ops::Range<usize> {
    let from = from.index(end);
    from..(from + to.index(64)).min(end - 1)
}
