//! A year in the Charente, played day by day through the use cases on a clock that is moved.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use super::super::Stop;
use super::cast::{Cast, at};
use crate::adapters::clock::MovedClock;
use crate::domain::caller::Caller;
use crate::domain::ids::{PassId, ProgrammeId, RedemptionId};
use crate::domain::theme::CATALOGUE;
use crate::domain::time::{Instant, Zone};
use crate::services::change_pass::{Change, PassChange, Reason, change_pass};
use crate::services::hand_over::{HandOver, hand_over};
use crate::services::programmes::{self, ProgrammeChange};
use crate::services::redeem_pass::redeem;
use crate::services::redeem_request::{Redeem, Request};
use crate::services::release_expired::release_expired;
use crate::services::replace_pass::replace_pass;
use crate::services::reverse_redemption::{Reverse, reverse_redemption};
use crate::services::{Error, Services};

/// Handovers of a working day: about two thousand in a year.
const A_DAY: usize = 8;

/// Where people live, the larger communes more often.
const HOMES: [&str; 20] = [
    "16015", "16015", "16015", "16015", "16102", "16102", "16374", "16374", "16113", "16291",
    "16358", "16154", "16166", "16078", "16028", "16106", "16292", "16089", "16167", "16281",
];

/// A workshop that somebody means to come to.
struct Visit {
    pass: usize,
    stage: usize,
}

/// A pass on its way through the year.
struct Held {
    id: Uuid,
    code: String,
    social_worker: usize,
}

struct Year<'a> {
    services: &'a Services,
    cast: &'a Cast,
    held: Vec<Held>,
    visits: BTreeMap<NaiveDate, Vec<Visit>>,
    redeemed: u64,
}

/// Plays every working day from the cast's first day to yesterday.
pub fn play(
    services: &Services,
    clock: &MovedClock,
    cast: &Cast,
    now: Instant,
) -> Result<(), Stop> {
    let today = now.day_in(Zone::PARIS);
    let days: Vec<NaiveDate> = cast.first_day.iter_days().take_while(|day| *day < today).collect();
    let bar = ProgressBar::new(u64::try_from(days.len()).unwrap_or(0));
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} jours · {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut year = Year { services, cast, held: Vec::new(), visits: BTreeMap::new(), redeemed: 0 };
    // The scheme begins with short passes, and is prolonged half way, as real ones are.
    prolong(services, cast, cast.first_day + Months::new(6) - Days::new(1))?;
    let half_way = cast.first_day + Months::new(5);
    for day in days {
        clock.move_to(at(day, 5 * 60));
        if day == half_way {
            prolong(services, cast, today + Months::new(1))?;
        }
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            year.play_day(clock, day, today)?;
        }
        if day.weekday() == Weekday::Sun {
            release_expired(services)?;
        }
        bar.inc(1);
        bar.set_message(format!("{} pass, {} ateliers", year.held.len(), year.redeemed));
        if bar.is_hidden() && day.day() == 1 {
            println!("{day}: {} pass, {} ateliers", year.held.len(), year.redeemed);
        }
    }
    bar.finish();
    Ok(())
}

fn prolong(services: &Services, cast: &Cast, last_day: NaiveDate) -> Result<(), Stop> {
    let change = ProgrammeChange { last_day: Some(last_day), ..ProgrammeChange::default() };
    programmes::change(services, ProgrammeId(cast.programmes[0]), &change)?;
    Ok(())
}

impl Year<'_> {
    fn play_day(
        &mut self,
        clock: &MovedClock,
        day: NaiveDate,
        today: NaiveDate,
    ) -> Result<(), Stop> {
        for minute in 0..A_DAY {
            let minutes = 8 * 60 + u32::try_from(minute * 17).unwrap_or(0);
            clock.move_to(at(day, minutes));
            self.hand_over(day, today)?;
        }
        let visits = self.visits.remove(&day).unwrap_or_default();
        for (number, visit) in visits.iter().enumerate() {
            let minutes = 9 * 60 + u32::try_from(number % 400).unwrap_or(0);
            clock.move_to(at(day, minutes));
            self.redeem(visit)?;
        }
        Ok(())
    }

    /// A number from 0 to `below` − 1.
    fn draw(&self, below: usize) -> usize {
        let mut bytes = [0; 8];
        self.services.random.fill(&mut bytes);
        let below = u64::try_from(below.max(1)).unwrap_or(1);
        usize::try_from(u64::from_le_bytes(bytes) % below).unwrap_or(0)
    }

    fn pick<'a, T>(&self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.draw(of.len()))
    }

    fn hand_over(&mut self, day: NaiveDate, today: NaiveDate) -> Result<(), Stop> {
        let social_worker = self.draw(self.cast.social_workers.len());
        let Some(caller) = self.cast.social_workers.get(social_worker).copied() else {
            return Ok(());
        };
        let for_work = day >= self.cast.first_day + Months::new(3) && self.draw(3) == 0;
        let request = self.request(for_work);
        let pass = match hand_over(self.services, &caller, &request, None) {
            Ok(once) => once.value,
            // An envelope that is empty is part of a real year.
            Err(Error::Refused { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let position = self.held.len();
        self.held.push(Held { id: pass.id, code: pass.code, social_worker });
        self.plan_visits(position, usize::from(pass.units), day, today);
        self.misfortune(position, &caller)
    }

    fn request(&self, for_work: bool) -> HandOver {
        let [for_all, work] = self.cast.programmes;
        let bands = ["18_24", "25_39", "25_39", "40_59", "40_59", "60_69", "70_plus"];
        let publics = if for_work {
            vec!["job_seeker".to_owned()]
        } else {
            let some = ["caf_recipient", "senior", "rsa_recipient", "allophone", "isolated"];
            self.pick(&some).map(|public| (*public).to_owned()).into_iter().collect()
        };
        HandOver {
            programme_id: if for_work { work } else { for_all },
            units: if self.draw(4) == 0 { 5 } else { 10 },
            beneficiary: None,
            commune: self.pick(&HOMES).map(|code| (*code).to_owned()),
            age_band: self.pick(&bands).map(|band| (*band).to_owned()),
            gender: self.pick(&["female", "female", "male"]).map(|g| (*g).to_owned()),
            status: None,
            publics,
        }
    }

    /// A fifth never come; the others come about once a week to the same place.
    fn plan_visits(&mut self, pass: usize, units: usize, day: NaiveDate, today: NaiveDate) {
        if self.draw(5) == 0 {
            return;
        }
        let stage = self.draw(self.cast.stages.len()).min(self.draw(self.cast.stages.len()));
        let wanted = 1 + self.draw(units).max(self.draw(units));
        let mut when = day + Days::new(3 + u64::try_from(self.draw(20)).unwrap_or(0));
        for _ in 0..wanted {
            while matches!(when.weekday(), Weekday::Sat | Weekday::Sun) {
                when = when + Days::new(1);
            }
            if when >= today {
                return;
            }
            self.visits.entry(when).or_default().push(Visit { pass, stage });
            when = when + Days::new(6 + u64::try_from(self.draw(6)).unwrap_or(0));
        }
    }

    /// One pass in a hundred is given by mistake and cancelled; of older ones some are lost.
    fn misfortune(&mut self, position: usize, caller: &Caller) -> Result<(), Stop> {
        let Some(pass) = self.held.get(position) else { return Ok(()) };
        if self.draw(100) == 0 {
            let reason = Reason { reason: "Remis par erreur".to_owned() };
            let (pass, change) = (PassId(pass.id), Change::Void);
            let asked = PassChange { pass, change, reason: &reason };
            change_pass(self.services, caller, &asked, None)?;
        }
        let lost = self.draw(position + 1);
        if self.draw(60) == 0
            && let Some(pass) = self.held.get_mut(lost)
            && let Some(caller) = self.cast.social_workers.get(pass.social_worker)
        {
            let reason = Reason { reason: "Pass perdu".to_owned() };
            match replace_pass(self.services, caller, PassId(pass.id), &reason, None) {
                Ok(once) => (pass.id, pass.code) = (once.value.id, once.value.code),
                Err(Error::Refused { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn redeem(&mut self, visit: &Visit) -> Result<(), Stop> {
        let (Some(pass), Some(stage)) =
            (self.held.get(visit.pass), self.cast.stages.get(visit.stage))
        else {
            return Ok(());
        };
        let theme = CATALOGUE.get(self.draw(CATALOGUE.len()).min(self.draw(CATALOGUE.len())));
        let wanted = Redeem {
            code: pass.code.clone(),
            venue_id: stage.venue,
            theme: theme.map(|theme| theme.code.to_owned()),
            scheduled_workshop_id: None,
            minutes: Some(120),
            mode: Some("group".to_owned()),
        };
        let key = self.services.random.id(self.services.clock.now());
        let request = Request::new(stage.staff.user, key, wanted);
        let redeemed = match redeem(self.services, &[request]).pop() {
            Some(Ok(once)) => once.value,
            // Expired, cancelled: people come all the same.
            Some(Err(Error::Refused { .. })) | None => return Ok(()),
            Some(Err(error)) => return Err(error.into()),
        };
        self.redeemed += 1;
        if self.draw(120) == 0 {
            let reason = Reverse { reason: "Erreur de scan".to_owned() };
            let id = RedemptionId(redeemed.id);
            reverse_redemption(self.services, &stage.staff, id, &reason, None)?;
            self.redeemed -= 1;
        }
        Ok(())
    }
}
