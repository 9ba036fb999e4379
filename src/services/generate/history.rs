//! The drawn lives, written day by day: passes, redemptions, reversals and their postings.

use std::collections::HashMap;

use super::country::{PRICE, Part};
use super::lives::{Happening, Lives};
use super::rows::{PassEvent, Scene, Workshop};
use super::table_rows::TableRows;
use super::{Generated, LiveCode, Plan, second_of};
use crate::domain::ids::{AgreementId, PassId, RedemptionId, ReversalId};
use crate::domain::ledger::{Account, PostingKind, Subject, event};
use crate::domain::mask::SlotMask;
use crate::domain::money::Cents;
use crate::domain::pass::unused;
use crate::domain::theme::CATALOGUE;
use crate::domain::time::{Day, Month};
use crate::services::hand_over::leader;
use crate::services::redemption_postings::parts_of_slot;
use crate::services::{Error, Outcome, Services};
use crate::store;
use crate::store::dialect;
use crate::store::every_table::TableShape;

/// Seconds of a working day, from eight in the morning.
const OPENS: u32 = 8 * 3_600;
const OPEN_SECONDS: usize = 9 * 3_600;

/// The past so far.
pub struct History<'a> {
    services: &'a Services,
    country: &'a [Part],
    lives: &'a Lives,
    rows: TableRows,
    ids: Vec<PassId>,
    masks: Vec<SlotMask>,
    available: HashMap<AgreementId, Cents>,
    /// What was made so far.
    pub made: Generated,
}

impl<'a> History<'a> {
    /// Nothing yet; postings go on after those that made the country.
    pub fn new(
        services: &'a Services,
        country: &'a [Part],
        lives: &'a Lives,
        tables: Vec<TableShape>,
    ) -> Outcome<Self> {
        let last = services.read(|op| Ok(store::ledger::last_number(op.conn)?))?;
        Ok(Self {
            services,
            country,
            lives,
            rows: TableRows::new(tables),
            ids: Vec::with_capacity(lives.passes.len()),
            masks: vec![SlotMask::default(); lives.passes.len()],
            available: HashMap::new(),
            made: Generated { postings: last, ..Generated::default() },
        })
    }

    /// One day: first it is handed over, then people come.
    pub fn day(&mut self, day: Day, number: usize) -> Outcome<()> {
        let bounds = (self.lives.handed_over.get(number), self.lives.handed_over.get(number + 1));
        let (Some(&first), Some(&end)) = bounds else { return Ok(()) };
        for pass in first..end {
            let second = (pass - first) * OPEN_SECONDS / (end - first);
            let scene = self.scene(pass, day, second)?;
            self.hand_over(&scene)?;
            self.rows.write(self.services, false)?;
        }
        let lives = self.lives;
        let happenings = lives.days.get(number).map(Vec::as_slice).unwrap_or_default();
        for (place, (pass, happening)) in happenings.iter().enumerate() {
            let second = place * OPEN_SECONDS / happenings.len().max(1);
            let scene = self.scene(usize::try_from(*pass).unwrap_or_default(), day, second)?;
            match happening {
                Happening::Workshop => self.redeem(&scene, false)?,
                Happening::Undone => self.redeem(&scene, true)?,
                Happening::Void => self.cancel(&scene)?,
            }
            self.rows.write(self.services, false)?;
        }
        Ok(())
    }

    fn scene(&self, number: usize, day: Day, second: usize) -> Outcome<Scene<'a>> {
        let nobody = || Error::failure("a pass that was not drawn");
        let life = *self.lives.passes.get(number).ok_or_else(nobody)?;
        let part = self.country.get(usize::from(life.part)).ok_or_else(nobody)?;
        let at = second_of(day, OPENS + u32::try_from(second).unwrap_or_default());
        Ok(Scene { number, life, part, fundings: part.fundings(life.units), day, at })
    }

    fn hand_over(&mut self, scene: &Scene<'_>) -> Outcome<()> {
        let id = PassId(self.services.random.id(scene.at));
        self.ids.push(id);
        self.made.passes += 1;
        self.rows.pass(&self.services.keys, scene, id)?;
        self.rows.fundings(id, &scene.fundings)?;
        let worker = scene.part.prescribers.get(usize::from(scene.life.prescriber));
        let event = PassEvent {
            id: self.services.random.id(scene.at),
            pass: id,
            event: "handed_over",
            by: worker.map(|(_, user)| user.0),
            at: scene.at,
        };
        self.rows.pass_event(&event)?;
        let parts: Vec<_> =
            scene.fundings.iter().map(|funding| (funding.agreement, funding.amount)).collect();
        let subject = Subject { pass: Some(id), workshops: scene.life.units, ..Subject::default() };
        self.post(scene, PostingKind::Commitment, &parts, subject)
    }

    fn redeem(&mut self, scene: &Scene<'_>, undone: bool) -> Outcome<()> {
        let nobody = || Error::failure("a workshop of nobody");
        let pass = *self.ids.get(scene.number).ok_or_else(nobody)?;
        let mask = self.masks.get_mut(scene.number).ok_or_else(nobody)?;
        let first = mask.used() == 0;
        let (after, slot) = mask.take(scene.life.units).ok_or_else(nobody)?;
        if !undone {
            *mask = after;
        }
        let post = scene.part.venues.get(usize::from(scene.life.venue)).ok_or_else(nobody)?;
        let theme = CATALOGUE.get((scene.number + usize::from(slot)) % CATALOGUE.len());
        let id = RedemptionId(self.services.random.id(scene.at));
        self.made.redemptions += 1;
        let theme = theme.map_or("", |theme| theme.code);
        self.rows.redemption(scene, post, &Workshop { id, pass, slot, theme, undone })?;
        let parts = parts_of_slot(PRICE, &scene.fundings, slot);
        let mut subject = Subject {
            pass: Some(pass),
            redemption: Some(id),
            venue: Some(post.venue),
            payee: Some(post.organisation),
            workshops: 1,
            starts: i8::from(first),
            ..Subject::default()
        };
        self.post(scene, PostingKind::Consumption, &parts, subject)?;
        if !undone {
            return Ok(());
        }
        let reversal = ReversalId(self.services.random.id(scene.at));
        self.rows.reversal(scene, reversal, id, post.staff)?;
        subject.starts = -subject.starts;
        self.post(scene, PostingKind::Reversal, &parts, subject)
    }

    fn cancel(&mut self, scene: &Scene<'_>) -> Outcome<()> {
        let found = (self.ids.get(scene.number), self.masks.get(scene.number));
        let (Some(pass), Some(mask)) = found else { return Ok(()) };
        let (pass, mask) = (*pass, *mask);
        let id = self.services.random.id(scene.at);
        let event = PassEvent { id, pass, event: "void", by: None, at: scene.at };
        self.rows.pass_event(&event)?;
        let left = unused(PRICE, &scene.fundings, mask, scene.life.units);
        let workshops = scene.life.units - mask.used();
        let subject = Subject { pass: Some(pass), workshops, ..Subject::default() };
        self.post(scene, PostingKind::Release, &left, subject)
    }

    fn post(
        &mut self,
        scene: &Scene<'_>,
        kind: PostingKind,
        parts: &[(AgreementId, Cents)],
        subject: Subject,
    ) -> Outcome<()> {
        let month = Month::of(scene.day);
        for line in event(kind, month, parts, leader(&scene.fundings), subject) {
            self.made.postings += 1;
            self.rows.posting(self.made.postings, &line, scene.at)?;
            let (from, to) = kind.accounts();
            let available = self.available.entry(line.agreement).or_default();
            match (from, to) {
                (Account::Available, _) => *available -= line.amount,
                (_, Account::Available) => *available += line.amount,
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes what still waits, and hands out the codes of the fresh passes.
    pub fn finish(mut self, plan: Plan) -> Outcome<Generated> {
        self.rows.write(self.services, true)?;
        let available = std::mem::take(&mut self.available);
        self.services.write(|op| {
            for (agreement, change) in &available {
                store::agreement::add_available(op.conn, *agreement, *change)?;
            }
            Ok(dialect::numbers_go_on(op.conn)?)
        })?;
        self.made.codes = self.codes(plan)?;
        Ok(self.made)
    }

    fn codes(&self, plan: Plan) -> Outcome<Vec<LiveCode>> {
        let keys = &self.services.keys;
        let able: Vec<Vec<(uuid::Uuid, &String)>> = self
            .country
            .iter()
            .map(|part| {
                part.venues
                    .iter()
                    .filter_map(|post| Some((post.venue.0, post.email.as_ref()?)))
                    .collect()
            })
            .collect();
        let before = usize::try_from(plan.passes).unwrap_or_default();
        let mut found = Vec::new();
        for (number, (life, id)) in self.lives.passes.iter().zip(&self.ids).enumerate().skip(before)
        {
            let there = able.get(usize::from(life.part)).map(Vec::as_slice).unwrap_or_default();
            let Some((venue, email)) = there.get(number % there.len().max(1)) else { continue };
            let code = keys.code(*id, keys.current_code_key())?.as_str().to_owned();
            found.push(LiveCode { code, venue: *venue, email: (*email).clone() });
        }
        Ok(found)
    }
}
