//! What a lane writes: a list for each table, in one statement where each is a way to the server
//! and back.

use std::collections::BTreeMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::lines;
use crate::domain::ids::{OrganisationId, PassId};
use crate::domain::ledger::Posting;
use crate::domain::mask::SlotMask;
use crate::domain::time::Instant;
use crate::store::connection::Conn;
use crate::store::dialect::{Cell, List, Listed, change_and_write, from_list};
use crate::store::redemption::RedemptionRow;
use crate::store::sql_types::Kind;

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

const CHANGES: [Kind; 3] = [Kind::Id, Kind::Whole, Kind::Whole];

const REDEMPTIONS: &[(&str, Kind)] = &[
    ("id", Kind::Id),
    ("pass_id", Kind::Id),
    ("origin_id", Kind::Id),
    ("slot", Kind::Whole),
    ("venue_id", Kind::Id),
    ("organisation_id", Kind::Id),
    ("user_id", Kind::Id),
    ("theme", Kind::Text),
    ("minutes", Kind::Whole),
    ("mode", Kind::Text),
    ("workshop_day", Kind::Day),
    ("redeemed_at", Kind::Moment),
    ("price_cents", Kind::Whole),
    ("training", Kind::Bool),
    ("reversed", Kind::Bool),
];

const POSTINGS: &[(&str, Kind)] = &[
    ("kind", Kind::Text),
    ("from_account", Kind::Text),
    ("to_account", Kind::Text),
    ("agreement_id", Kind::Id),
    ("amount_cents", Kind::Whole),
    ("month", Kind::Whole),
    ("workshop_month", Kind::Whole),
    ("origin_id", Kind::Id),
    ("redemption_id", Kind::Id),
    ("venue_id", Kind::Id),
    ("payee_id", Kind::Id),
    ("workshops", Kind::Whole),
    ("starts", Kind::Whole),
    ("lead", Kind::Bool),
    ("recorded_at", Kind::Moment),
];

const ANSWERS: &[(&str, Kind)] = &[
    ("organisation_id", Kind::Id),
    ("key", Kind::Id),
    ("request_hash", Kind::Bytes),
    ("answer", Kind::Text),
    ("personal", Kind::Bool),
    ("created_at", Kind::Moment),
];

impl Written {
    /// Writes it, unless a pass is no longer as it was read.
    ///
    /// # Errors
    /// A failure of the engine. A pass that changed meanwhile, or a slot or key that was taken, is
    /// a lost race.
    pub fn write(&self, conn: &mut Conn, now: Instant) -> QueryResult<()> {
        struct Changes;
        struct Redemptions;
        struct Postings;
        struct Answers;
        struct All;
        if self.redemptions.is_empty() {
            return Ok(());
        }
        let change = |(pass, change): (&PassId, &Change)| {
            let mask = i64::from(change.mask.0);
            vec![Cell::Id(pass.0), Cell::Whole(change.version), Cell::Whole(mask)]
        };
        let changes = List::of(conn, &CHANGES, self.changes.iter().map(change).collect())?;
        let rows = self.redemptions.iter();
        let redemptions = rows.clone().map(|(row, _)| lines::redemption(row)).collect();
        let postings = rows
            .flat_map(|(row, postings)| postings.iter().map(|one| lines::posting(one, row, now)))
            .collect();
        let answers = self.answers.iter().map(|kept| lines::answer(kept, now)).collect();
        let redemptions = list(conn, REDEMPTIONS, redemptions)?;
        let postings = list(conn, POSTINGS, postings)?;
        let answers = list(conn, ANSWERS, answers)?;

        let [id, version, mask] = [0, 1, 2].map(|place| {
            from_list(conn, CHANGES.get(place).copied().unwrap_or(Kind::Whole), place)
        });
        let changes = Listed::<Changes>::new(
            &format!("UPDATE passes SET used_mask = {mask}, version = version + 1"),
            &changes,
            &format!("WHERE id = {id} AND version = {version}"),
        );
        let redemptions = insert::<Redemptions>(conn, "redemptions", REDEMPTIONS, &redemptions);
        let postings = insert::<Postings>(conn, "postings", POSTINGS, &postings);
        let answers = insert::<Answers>(conn, "idempotency_keys", ANSWERS, &answers);
        change_and_write::<All>(conn, &changes, &[&redemptions, &postings, &answers])
    }
}

fn list(conn: &Conn, columns: &[(&str, Kind)], rows: Vec<Vec<Cell>>) -> QueryResult<List> {
    let kinds: Vec<Kind> = columns.iter().map(|(_, kind)| *kind).collect();
    List::of(conn, &kinds, rows)
}

fn insert<'a, Q: 'static>(
    conn: &Conn,
    table: &str,
    columns: &[(&str, Kind)],
    list: &'a List,
) -> Listed<'a, Q> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let values: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(place, (_, kind))| from_list(conn, *kind, place))
        .collect();
    let into = format!("INSERT INTO {table} ({}) SELECT {}", names.join(", "), values.join(", "));
    Listed::new(&into, list, "")
}
