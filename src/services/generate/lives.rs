//! What happens to each pass, drawn before anything is written: one in ten is never used, most
//! are used to the end about once a week, some are cancelled, some workshops are undone.

use chrono::{Datelike, Weekday};

use super::Plan;
use super::country::Part;
use crate::domain::mask::SlotMask;
use crate::services::Services;

/// The drawn life of a pass.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// Its département.
    pub part: u16,
    /// Who hands it over.
    pub prescriber: u16,
    /// Where its holder goes.
    pub venue: u16,
    /// Where its holder lives.
    pub home: u16,
    /// Workshops when new.
    pub units: u8,
    /// The used slots at the end.
    pub mask: SlotMask,
    /// Whether it ends cancelled.
    pub void: bool,
    /// What is said of the person.
    pub about: u8,
}

/// What happens to a pass on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A workshop.
    Workshop,
    /// A workshop that is undone the same day.
    Undone,
    /// It is cancelled.
    Void,
}

/// All lives, and the calendar of what happens.
pub struct Lives {
    /// The passes, in the order they are handed over.
    pub passes: Vec<Life>,
    /// For each day of the year the first pass that is handed over on it or later.
    pub handed_over: Vec<usize>,
    /// For each day what happens.
    pub days: Vec<Vec<(u32, Happening)>>,
}

/// A source of small numbers.
struct Dice<'a> {
    services: &'a Services,
    bytes: [u8; 4096],
    next: usize,
}

impl Dice<'_> {
    /// A number from 0 to `below` − 1.
    fn draw(&mut self, below: usize) -> usize {
        if self.next + 4 > self.bytes.len() {
            self.services.random.fill(&mut self.bytes);
            self.next = 0;
        }
        let four = self.bytes.get(self.next..self.next + 4).unwrap_or_default();
        let number = four.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        self.next += 4;
        number % below.max(1)
    }

    fn small(&mut self, below: usize) -> u16 {
        u16::try_from(self.draw(below)).unwrap_or_default()
    }
}

/// Draws every life. Passes are handed over on working days of the first ten months, so that most
/// have time to be used.
pub fn draw(services: &Services, plan: Plan, country: &[Part]) -> Lives {
    let days: Vec<_> = plan.first_day.iter_days().take_while(|day| *day < plan.today).collect();
    let working: Vec<usize> = (0..days.len() * 5 / 6)
        .filter(|day| {
            let weekday = days.get(*day).map(chrono::NaiveDate::weekday);
            !matches!(weekday, None | Some(Weekday::Sat | Weekday::Sun))
        })
        .collect();
    let passes = usize::try_from(plan.passes).unwrap_or_default();
    let mut dice = Dice { services, bytes: [0; 4096], next: 4096 };
    let mut lives = Lives {
        passes: Vec::with_capacity(passes),
        handed_over: vec![0; days.len() + 1],
        days: vec![Vec::new(); days.len()],
    };
    for (rank, day) in working.iter().enumerate() {
        let until = passes * (rank + 1) / working.len();
        while lives.passes.len() < until {
            let life = life(&mut dice, country, *day, &mut lives);
            lives.passes.push(life);
        }
        for later in lives.handed_over.iter_mut().skip(day + 1) {
            *later = lives.passes.len();
        }
    }
    for _ in 0..plan.fresh {
        let part = dice.draw(country.len());
        let fresh = unused(&mut dice, country, part, 10);
        lives.passes.push(fresh);
    }
    if let Some(last) = lives.handed_over.last_mut() {
        *last = lives.passes.len();
    }
    lives
}

/// A pass nobody has used yet.
fn unused(dice: &mut Dice<'_>, country: &[Part], part: usize, units: u8) -> Life {
    let (prescribers, venues, homes) = country
        .get(part)
        .map_or((1, 1, 1), |part| (part.prescribers.len(), part.venues.len(), part.homes.len()));
    Life {
        part: u16::try_from(part).unwrap_or_default(),
        prescriber: dice.small(prescribers),
        // Some venues are much busier than others.
        venue: dice.small(venues).min(dice.small(venues)),
        home: dice.small(homes),
        units,
        mask: SlotMask::default(),
        void: false,
        about: u8::try_from(dice.draw(256)).unwrap_or_default(),
    }
}

fn life(dice: &mut Dice<'_>, country: &[Part], day: usize, lives: &mut Lives) -> Life {
    let part = dice.draw(country.len());
    let units: u8 = if dice.draw(5) == 0 { 5 } else { 10 };
    let mut life = unused(dice, country, part, units);
    let number = u32::try_from(lives.passes.len()).unwrap_or_default();
    let ends = if dice.draw(100) == 0 { Some(day + dice.draw(60)) } else { None };
    if dice.draw(10) > 0 {
        let course = Course { number, handed_over: day, ends };
        visits(dice, &mut life, &course, &mut lives.days);
    }
    if let Some(happenings) = ends.and_then(|day| lives.days.get_mut(day)) {
        happenings.push((number, Happening::Void));
        life.void = true;
    }
    life
}

/// Which pass it is, and from which day to which it can be used.
struct Course {
    number: u32,
    handed_over: usize,
    ends: Option<usize>,
}

fn visits(
    dice: &mut Dice<'_>,
    life: &mut Life,
    course: &Course,
    days: &mut [Vec<(u32, Happening)>],
) {
    let Course { number, handed_over, ends } = *course;
    let units = usize::from(life.units);
    let wanted = if dice.draw(10) < 8 { units } else { 1 + dice.draw(units) };
    let mut when = handed_over + 1 + dice.draw(14);
    for _ in 0..wanted {
        let over = ends.is_some_and(|ends| when >= ends);
        let Some(happenings) = days.get_mut(when).filter(|_| !over) else { return };
        if dice.draw(100) == 0 {
            happenings.push((number, Happening::Undone));
        } else if let Some((mask, _)) = life.mask.take(life.units) {
            life.mask = mask;
            happenings.push((number, Happening::Workshop));
        }
        when += 3 + dice.draw(6);
    }
}
