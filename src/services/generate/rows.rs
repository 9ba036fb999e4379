//! The rows of each table the past is written to, column by column.

use uuid::Uuid;

use super::country::{Part, Post};
use super::lives::Life;
use super::table_rows::{TableRows, Value};
use crate::adapters::keys::Keys;
use crate::domain::agreement::Funding;
use crate::domain::ids::{PassId, RedemptionId, ReversalId, UserId};
use crate::domain::ledger::Posting;
use crate::domain::pass::PassState;
use crate::domain::time::{Day, Instant, Month};
use crate::services::{Error, Outcome};

const BANDS: [&str; 7] = ["18_24", "25_39", "25_39", "40_59", "40_59", "60_69", "70_plus"];
const GENDERS: [&str; 3] = ["female", "female", "male"];
const PUBLICS: [&str; 5] = ["caf_recipient", "job_seeker", "senior", "rsa_recipient", "isolated"];

fn maybe(id: Option<Uuid>) -> Value<'static> {
    id.map_or(Value::Null, Value::Id)
}

fn whole(number: impl Into<i64>) -> Value<'static> {
    Value::Whole(number.into())
}

/// A pass at the moment something happens to it.
pub(super) struct Scene<'a> {
    pub number: usize,
    pub life: Life,
    pub part: &'a Part,
    pub fundings: Vec<Funding>,
    pub day: Day,
    pub at: Instant,
}

/// What happened to a pass.
pub(super) struct PassEvent<'a> {
    pub id: Uuid,
    pub pass: PassId,
    pub event: &'a str,
    pub by: Option<Uuid>,
    pub at: Instant,
}

/// A workshop taken from a pass.
pub(super) struct Workshop<'a> {
    pub id: RedemptionId,
    pub pass: PassId,
    pub slot: u8,
    pub theme: &'a str,
    pub undone: bool,
}

impl TableRows {
    pub(super) fn pass(&mut self, keys: &Keys, scene: &Scene<'_>, id: PassId) -> Outcome<()> {
        let life = scene.life;
        let key = keys.current_code_key();
        let hash = keys.code_hash(&keys.code(id, key)?);
        let serial = keys.serial(id);
        let person = scene.part.prescribers.get(usize::from(life.prescriber));
        let &(prescriber, worker) = person.ok_or_else(|| Error::failure("nobody hands out"))?;
        let state = if life.void { PassState::Void } else { PassState::Active };
        let programme = &scene.part.programme;
        let about = usize::from(life.about);
        let pick = |of: &[&'static str]| {
            of.get(about % of.len().max(1)).map_or(Value::Null, |word| Value::Text(word))
        };
        let home = scene.part.homes.get(usize::from(life.home));
        let columns = [
            ("id", Value::Id(id.0)),
            ("origin_id", Value::Id(id.0)),
            ("serial", Value::Text(serial.as_str())),
            ("code_hash", Value::Bytes(&hash)),
            ("key_number", whole(key)),
            ("programme_id", Value::Id(programme.id.0)),
            ("prescriber_id", Value::Id(prescriber.0)),
            ("units", whole(life.units)),
            ("used_mask", whole(life.mask.0)),
            ("state", Value::Text(state.as_str())),
            ("first_day", Value::Day(scene.day)),
            ("last_day", Value::Day(programme.last_day)),
            ("redeemable_until", Value::Day(programme.redeemable_until())),
            ("released", Value::Bool(life.void)),
            ("training", Value::Bool(false)),
            ("handed_over_at", Value::Moment(scene.at)),
            ("handed_over_by", Value::Id(worker.0)),
            ("fingerprint", Value::Null),
            ("person_rank", Value::Null),
            ("home_commune", home.map_or(Value::Null, |code| Value::Text(code))),
            ("age_band", pick(&BANDS)),
            ("gender", pick(&GENDERS)),
            ("social_status", Value::Null),
            ("publics", pick(&PUBLICS)),
            ("box_id", Value::Null),
        ];
        self.add("passes", &columns)
    }

    pub(super) fn fundings(&mut self, pass: PassId, fundings: &[Funding]) -> Outcome<()> {
        for (position, funding) in (0..).zip(fundings) {
            let columns = [
                ("pass_id", Value::Id(pass.0)),
                ("position", Value::Whole(position)),
                ("agreement_id", Value::Id(funding.agreement.0)),
                ("share_bp", whole(funding.share.0)),
                ("amount_cents", Value::Whole(funding.amount.0)),
            ];
            self.add("pass_fundings", &columns)?;
        }
        Ok(())
    }

    pub(super) fn pass_event(&mut self, event: &PassEvent<'_>) -> Outcome<()> {
        let columns = [
            ("id", Value::Id(event.id)),
            ("pass_id", Value::Id(event.pass.0)),
            ("event", Value::Text(event.event)),
            ("reason", Value::Null),
            ("other_pass_id", Value::Null),
            ("by_user", maybe(event.by)),
            ("at", Value::Moment(event.at)),
        ];
        self.add("pass_events", &columns)
    }

    pub(super) fn redemption(
        &mut self,
        scene: &Scene<'_>,
        post: &Post,
        workshop: &Workshop<'_>,
    ) -> Outcome<()> {
        let Workshop { id, pass, slot, theme, undone } = *workshop;
        let columns = [
            ("id", Value::Id(id.0)),
            ("pass_id", Value::Id(pass.0)),
            ("origin_id", Value::Id(pass.0)),
            ("slot", whole(slot)),
            ("venue_id", Value::Id(post.venue.0)),
            ("organisation_id", Value::Id(post.organisation.0)),
            ("user_id", Value::Id(post.staff.0)),
            ("theme", Value::Text(theme)),
            ("minutes", Value::Whole(120)),
            ("mode", Value::Text("group")),
            ("workshop_day", Value::Day(scene.day)),
            ("redeemed_at", Value::Moment(scene.at)),
            ("price_cents", Value::Whole(scene.part.programme.price.0)),
            ("training", Value::Bool(false)),
            ("reversed", Value::Bool(undone)),
            ("scheduled_workshop_id", Value::Null),
        ];
        self.add("redemptions", &columns)
    }

    pub(super) fn reversal(
        &mut self,
        scene: &Scene<'_>,
        id: ReversalId,
        redemption: RedemptionId,
        user: UserId,
    ) -> Outcome<()> {
        let columns = [
            ("id", Value::Id(id.0)),
            ("redemption_id", Value::Id(redemption.0)),
            ("reason", Value::Text("Mauvais pass scanné")),
            ("user_id", Value::Id(user.0)),
            ("reversed_at", Value::Moment(scene.at)),
        ];
        self.add("reversals", &columns)
    }

    pub(super) fn posting(&mut self, number: i64, line: &Posting, at: Instant) -> Outcome<()> {
        let (from, to) = line.kind.accounts();
        let month: Month = line.month;
        let columns = [
            ("number", Value::Whole(number)),
            ("kind", Value::Text(line.kind.as_str())),
            ("from_account", Value::Text(from.as_str())),
            ("to_account", Value::Text(to.as_str())),
            ("agreement_id", Value::Id(line.agreement.0)),
            ("amount_cents", Value::Whole(line.amount.0)),
            ("month", whole(month.number())),
            ("workshop_month", whole(month.number())),
            ("origin_id", maybe(line.subject.pass.map(|id| id.0))),
            ("redemption_id", maybe(line.subject.redemption.map(|id| id.0))),
            ("venue_id", maybe(line.subject.venue.map(|id| id.0))),
            ("payee_id", maybe(line.subject.payee.map(|id| id.0))),
            ("workshops", whole(line.subject.workshops)),
            ("starts", whole(line.subject.starts)),
            ("lead", Value::Bool(line.lead)),
            ("recorded_at", Value::Moment(at)),
            ("statement_id", Value::Null),
        ];
        self.add("postings", &columns)
    }
}
