//! The demo's stock: a box that sleeps, one in use and one on its way.

use chrono::Days;

use super::super::Stop;
use super::cast::Cast;
use crate::adapters::clock::MovedClock;
use crate::domain::caller::Caller;
use crate::domain::ids::PrintRunId;
use crate::domain::paper::Sheets;
use crate::domain::stock::Step;
use crate::domain::time::{Instant, Zone};
use crate::services::hand_over_stock::{HandOverStock, hand_over_stock};
use crate::services::move_stock::{MoveStock, StockStep, move_stock};
use crate::services::print_run::{self, NewPrintRun};
use crate::services::{Services, stock_papers, terminal};

/// Orders passes for the prescriber people sign in as, sends them, and hands some over.
///
/// # Errors
/// A refusal of the scheme, which would be a fault of the demo.
pub fn print(
    services: &Services,
    clock: &MovedClock,
    cast: &Cast,
    now: Instant,
) -> Result<(), Stop> {
    let operator = &terminal::operator(services, None)?;
    let Some(worker) = cast.social_workers.first() else { return Ok(()) };
    let ago = |days: u64| {
        let day = now.day_in(Zone::PARIS) - Days::new(days);
        Instant::from_utc(day.and_time(chrono::NaiveTime::MIN).and_utc()).plus_seconds(9 * 3600)
    };
    clock.move_to(ago(75));
    let order = NewPrintRun {
        programme_id: cast.programmes[0],
        prescriber_id: worker.organisation.0,
        units: 10,
        count: 120,
        box_size: Some(40),
        layout: None,
        cards_per_sheet: None,
        large_print: false,
        language: None,
        commune: Some("16015".to_owned()),
    };
    let run = PrintRunId(print_run::order(services, operator, &order, None)?.value.id);
    let step = |caller: &Caller, step, boxes: &[u32], note: Option<&str>| {
        let request = MoveStock {
            boxes: Some(boxes.to_vec()),
            prescriber_id: None,
            note: note.map(str::to_owned),
        };
        let asked = StockStep { run, step, request: &request };
        move_stock(services, caller, &asked, None).map(drop)
    };
    clock.move_to(ago(72));
    step(operator, Step::Ship, &[1, 2], Some("Colis 6A12345"))?;
    clock.move_to(ago(70));
    step(worker, Step::Receive, &[1, 2], None)?;
    let in_use = stock_papers::box_paper(services, run, 1, Sheets::default())?;
    for (days, pass) in (2..30).rev().step_by(2).zip(&in_use.passes) {
        clock.move_to(ago(days));
        let request = HandOverStock {
            code: pass.code.clone(),
            programme_id: None,
            units: None,
            beneficiary: None,
            commune: Some("16015".to_owned()),
            age_band: None,
            gender: None,
            status: None,
            publics: Vec::new(),
        };
        hand_over_stock(services, worker, &request, None)?;
    }
    clock.move_to(ago(1));
    step(operator, Step::Ship, &[3], Some("Colis 6A12399"))?;
    clock.move_to(now);
    Ok(())
}
