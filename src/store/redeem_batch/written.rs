//! What a lane writes: lists, in one statement where each is a way to the server and back.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::lines::{self, Line};
use crate::domain::ids::{OrganisationId, PassId};
use crate::domain::ledger::Posting;
use crate::domain::mask::SlotMask;
use crate::domain::time::Instant;
use crate::store::connection::Conn;
use crate::store::dialect::{self, from_text};
use crate::store::listed::{Listed, Together};
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

/// What a batch decided.
#[derive(Default)]
pub struct Written {
    /// The used slots of passes.
    pub masks: HashMap<PassId, SlotMask>,
    /// Redemptions, each with its postings.
    pub redemptions: Vec<(RedemptionRow, Vec<Posting>)>,
    /// Their answers.
    pub answers: Vec<Kept>,
}

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
    /// Writes it.
    ///
    /// # Errors
    /// A failure of the engine; a slot or key that was taken meanwhile is a unique violation.
    pub fn write(&self, conn: &mut Conn, now: Instant) -> QueryResult<()> {
        struct Masks;
        struct Redemptions;
        struct Postings;
        struct Answers;
        struct All;
        if self.redemptions.is_empty() {
            return Ok(());
        }
        let [masks, redemptions, postings, answers] = self.lists(now)?;
        let mask = from_text(conn, Kind::Whole, 1);
        let update = format!("UPDATE passes SET used_mask = {mask}, version = version + 1");
        let pass = format!("WHERE id = {}", from_text(conn, Kind::Id, 0));
        let masks = Listed::<Masks>::new(conn, &update, &masks, &pass);
        let redemptions = insert::<Redemptions>(conn, "redemptions", REDEMPTIONS, &redemptions);
        let postings = insert::<Postings>(conn, "postings", POSTINGS, &postings);
        let answers = insert::<Answers>(conn, "idempotency_keys", ANSWERS, &answers);
        if dialect::writes_together(conn) {
            let first = [masks.part(), redemptions.part(), postings.part()];
            Together::<All>::new(first.into(), answers.part()).execute(conn)?;
        } else {
            masks.execute(conn)?;
            redemptions.execute(conn)?;
            postings.execute(conn)?;
            answers.execute(conn)?;
        }
        Ok(())
    }

    /// Masks, redemptions, postings and answers, as the statements take them.
    fn lists(&self, now: Instant) -> QueryResult<[String; 4]> {
        let mask = |(pass, mask): (&PassId, &SlotMask)| Line::default().id(pass.0).text(mask.0);
        let masks: Vec<Line> = self.masks.iter().map(mask).collect();
        let redemptions: Vec<Line> =
            self.redemptions.iter().map(|(row, _)| lines::redemption(row)).collect();
        let postings: Vec<Line> = self
            .redemptions
            .iter()
            .flat_map(|(row, postings)| postings.iter().map(|one| lines::posting(one, row, now)))
            .collect();
        let answer = |kept: &Kept| {
            let key = Line::default().id(kept.organisation.0).id(kept.key);
            key.bytes(&kept.request_hash).text(&kept.answer).yes(false).moment(now)
        };
        let answers: Vec<Line> = self.answers.iter().map(answer).collect();
        Ok([
            lines::list(&masks)?,
            lines::list(&redemptions)?,
            lines::list(&postings)?,
            lines::list(&answers)?,
        ])
    }
}

fn insert<'a, Q: 'static>(
    conn: &Conn,
    table: &str,
    columns: &[(&str, Kind)],
    list: &'a str,
) -> Listed<'a, Q> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let values: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(place, (_, kind))| from_text(conn, *kind, place))
        .collect();
    let into = format!("INSERT INTO {table} ({}) SELECT {}", names.join(", "), values.join(", "));
    Listed::new(conn, &into, list, "")
}
