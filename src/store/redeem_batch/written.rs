//! What a lane writes: a list for each table, in one statement where each is a way to the server
//! and back.

use std::collections::BTreeMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::lines::{self, Answers, Changes, Postings, Redemptions};
use crate::domain::ids::{OrganisationId, PassId};
use crate::domain::ledger::Posting;
use crate::domain::mask::SlotMask;
use crate::domain::time::Instant;
use crate::store::connection::Conn;
use crate::store::dialect::{Cell, Form, List, Listed, Shape, Text, Texts, change_and_write};
use crate::store::redemption::RedemptionRow;

/// An answer, kept under the key of an organisation.
pub struct Kept {
    /// Whose key.
    pub organisation: OrganisationId,
    /// The key.
    pub key: Uuid,
    /// What it is bound to.
    pub request_hash: Vec<u8>,
    /// The answer, as the services wrote it.
    pub answer: String,
}

/// What becomes of a pass.
#[derive(Clone, Copy)]
pub struct Change {
    /// Its version when it was read.
    pub version: i64,
    /// Its used slots afterwards.
    pub mask: SlotMask,
}

/// What a batch decided.
#[derive(Default)]
pub struct Written {
    /// The used slots of passes. In the order of their ids, so that two who change the same passes
    /// do not wait for each other in a circle.
    pub changes: BTreeMap<PassId, Change>,
    /// Redemptions, each with its postings.
    pub redemptions: Vec<(RedemptionRow, Vec<Posting>)>,
    /// Their answers.
    pub answers: Vec<Kept>,
}

impl Written {
    /// Writes it, unless a pass is no longer as it was read.
    ///
    /// # Errors
    /// A failure of the engine. A pass that changed meanwhile, or a slot or key that was taken, is
    /// a lost race.
    pub fn write(&self, conn: &mut Conn, now: Instant) -> QueryResult<()> {
        struct All;
        if self.redemptions.is_empty() {
            return Ok(());
        }
        let changes = List::of(self.changes.iter().map(|(pass, change)| {
            let mask = Cell::Whole(change.mask.0.into());
            [Cell::Id(pass.0), Cell::Whole(change.version), mask]
        }));
        let rows = self.redemptions.iter();
        let redemptions = List::of(rows.clone().map(|(row, _)| lines::redemption(row)));
        let postings =
            List::of(rows.flat_map(|(row, postings)| {
                postings.iter().map(|one| lines::posting(one, row, now))
            }));
        let answers = List::of(self.answers.iter().map(|kept| lines::answer(kept, now)));
        change_and_write::<All>(
            conn,
            &Listed::<Changes, Changes>::new(change(conn), &changes),
            [
                &insert::<Redemptions>(conn, &REDEMPTIONS, "redemptions", &redemptions),
                &insert::<Postings>(conn, &POSTINGS, "postings", &postings),
                &insert::<Answers>(conn, &ANSWERS, "idempotency_keys", &answers),
            ],
        )
    }
}

static CHANGES: Texts = Texts::unwritten();
static REDEMPTIONS: Texts = Texts::unwritten();
static POSTINGS: Texts = Texts::unwritten();
static ANSWERS: Texts = Texts::unwritten();

fn change(conn: &Conn) -> &'static Text {
    CHANGES.of::<Changes>(conn, || Form::Change {
        table: "passes",
        set: "used_mask = asked.used_mask, version = passes.version + 1",
        only: "passes.id = asked.id AND passes.version = asked.version",
    })
}

fn insert<'a, S: Shape>(
    conn: &Conn,
    texts: &'static Texts,
    table: &'static str,
    list: &'a List<'a, S>,
) -> Listed<'a, S, S> {
    Listed::new(texts.of::<S>(conn, || Form::Insert(table)), list)
}
