//! What the operator should look at: money first, then what ends, then what sleeps.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::backdated_scans::backdated_scans;
use super::find_venues::Standings;
use super::read_programme::{PlanLine, lines_with};
use super::unusual_rhythm::unusual_rhythm;
use super::{Op, Outcome, Services};
use crate::domain::alert::{ASLEEP_DAYS, Alert, ends_soon, nearly_empty};
use crate::domain::ending::{EndingStep, may_establish};
use crate::domain::ids::{AgreementId, ProgrammeId};
use crate::domain::label::Standing;
use crate::domain::money::Cents;
use crate::domain::programme::Programme;
use crate::domain::time::{Day, Zone};
use crate::store;

/// How many programmes are looked at.
const MOST: i64 = 500;

/// An alert as the API tells it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AlertView {
    /// `insolvent`, `envelope_low`, `programme_ends`, `closing_statement_due`, `label_ends`, `passes_asleep`,
    /// `stock_asleep`, `unusual_rhythm`, `backdated_scans`, `redeems_its_own` or `venues_idle`.
    #[schema(example = "envelope_low")]
    pub kind: String,
    /// One French sentence.
    #[schema(
        example = "CAF, Pass numérique : l'enveloppe est presque vide, il reste 40,00 € sur 500,00 €."
    )]
    pub sentence: String,
    /// The agreement it is about.
    pub agreement_id: Option<Uuid>,
    /// The programme it is about.
    pub programme_id: Option<Uuid>,
    /// The venue it is about.
    pub venue_id: Option<Uuid>,
    /// The organisation it is about.
    pub organisation_id: Option<Uuid>,
    /// The print run it is about.
    pub print_run_id: Option<Uuid>,
    /// The day something ends, or that stands out.
    pub day: Option<NaiveDate>,
    /// How many passes, workshops or venues.
    pub count: Option<i64>,
    /// What is missing, or left.
    pub amount_cents: Option<i64>,
}

impl From<Alert> for AlertView {
    fn from(alert: Alert) -> Self {
        let mut view = Self {
            kind: alert.kind().to_owned(),
            sentence: alert.sentence(),
            agreement_id: None,
            programme_id: None,
            venue_id: None,
            organisation_id: None,
            print_run_id: None,
            day: None,
            count: None,
            amount_cents: None,
        };
        match alert {
            Alert::Insolvent { agreement, cash, owed, .. } => {
                view.agreement_id = Some(agreement.0);
                view.amount_cents = Some((owed - cash).0);
            }
            Alert::EnvelopeLow { agreement, available, .. } => {
                view.agreement_id = Some(agreement.0);
                view.amount_cents = Some(available.0);
            }
            Alert::ProgrammeEnds { programme, last_day, workshops_left, available, .. } => {
                view.programme_id = Some(programme.0);
                (view.day, view.count) = (Some(last_day), Some(workshops_left));
                view.amount_cents = Some(available.0);
            }
            Alert::ClosingStatementDue { programme, due, .. } => {
                (view.programme_id, view.day) = (Some(programme.0), Some(due));
            }
            Alert::LabelEnds { venue, last_day, .. } => {
                (view.venue_id, view.day) = (Some(venue.0), Some(last_day));
            }
            Alert::PassesAsleep { organisation, passes: count, .. }
            | Alert::RedeemsItsOwn { organisation, workshops: count, .. } => {
                (view.organisation_id, view.count) = (Some(organisation.0), Some(count));
            }
            Alert::StockAsleep { run, organisation, passes, .. } => {
                (view.organisation_id, view.count) = (Some(organisation.0), Some(passes));
                view.print_run_id = Some(run.0);
            }
            Alert::UnusualRhythm { venue, day, workshops, .. } => {
                view.venue_id = Some(venue.0);
                (view.day, view.count) = (Some(day), Some(workshops));
            }
            Alert::BackdatedScans { venue, lately, held, .. } => {
                (view.venue_id, view.count) = (Some(venue.0), Some(held + lately.scans));
            }
            Alert::VenuesIdle { programme, venues, .. } => {
                (view.programme_id, view.count) = (Some(programme.0), Some(venues));
            }
        }
        view
    }
}

/// Everything to look at now, what costs most to miss first.
///
/// # Errors
/// A failure of the database.
pub fn alerts(services: &Services) -> Outcome<Vec<Alert>> {
    services.read(|op| {
        let today = op.now.day_in(Zone::PARIS);
        let nothing = ProgrammeId(Uuid::nil());
        let all = store::programme::page(op.conn, nothing, MOST)?;
        let programmes: Vec<Programme> = all.into_iter().filter(|one| !one.training).collect();
        let (mut low, mut ending, mut idle) = (Vec::new(), Vec::new(), Vec::new());
        let mut found = Vec::new();
        let mut unused: BTreeMap<ProgrammeId, i64> = BTreeMap::new();
        for (programme, _) in store::alert::idle_venues(op.conn)? {
            *unused.entry(programme).or_default() += 1;
        }
        let accounts = store::account::balances(op.conn, None)?.into_iter().collect();
        let left: BTreeMap<_, _> = store::alert::workshops_left(op.conn)?.into_iter().collect();
        for programme in &programmes {
            let plan = lines_with(op, programme.id, &accounts)?;
            found.extend(plan.iter().filter_map(|line| insolvent(programme, line)));
            if programme.last_day < today {
                ending.extend(closing_statement_due(op, programme, today)?);
                continue;
            }
            low.extend(plan.iter().filter_map(|line| low_envelope(programme, line, today)));
            let left = left.get(&programme.id).copied().unwrap_or_default();
            ending.extend(ends(programme, &plan, left, today));
            let venues = unused.get(&programme.id).copied().unwrap_or_default();
            idle.extend(idle_venues(programme, venues, today));
        }
        found.append(&mut low);
        found.append(&mut ending);
        found.extend(labels_that_end(op)?);
        found.extend(asleep(op, today)?);
        found.extend(stock_asleep(op)?);
        found.extend(unusual_rhythm(op, today)?);
        found.extend(backdated_scans(op)?);
        found.extend(its_own(op, today)?);
        found.append(&mut idle);
        Ok(found)
    })
}

fn insolvent(programme: &Programme, line: &PlanLine) -> Option<Alert> {
    (line.missing() > 0).then(|| Alert::Insolvent {
        agreement: AgreementId(line.agreement.id),
        funder: line.funder_name.clone(),
        programme: programme.name.clone(),
        cash: Cents(line.cash),
        owed: Cents(line.committed + line.payable),
    })
}

fn low_envelope(programme: &Programme, line: &PlanLine, today: Day) -> Option<Alert> {
    let agreement = &line.agreement;
    let available = Cents(agreement.available_cents);
    let envelope = Cents(agreement.envelope_cents);
    let counts = agreement.valid_until.is_none_or(|until| today <= until);
    (counts && nearly_empty(available, envelope)).then(|| Alert::EnvelopeLow {
        agreement: AgreementId(agreement.id),
        funder: line.funder_name.clone(),
        programme: programme.name.clone(),
        available,
        envelope,
    })
}

fn ends(
    programme: &Programme,
    plan: &[PlanLine],
    workshops_left: i64,
    today: Day,
) -> Option<Alert> {
    Some(Alert::ProgrammeEnds {
        programme: programme.id,
        name: programme.name.clone(),
        last_day: programme.last_day,
        days: ends_soon(programme.last_day, today)?,
        workshops_left,
        available: Cents(plan.iter().map(|line| line.agreement.available_cents).sum()),
    })
}

fn closing_statement_due(
    op: &mut Op<'_>,
    programme: &Programme,
    today: Day,
) -> Outcome<Option<Alert>> {
    let over = may_establish(programme, today).is_ok();
    if !over || store::closing_statement::of_programme(op.conn, programme.id)?.is_some() {
        return Ok(None);
    }
    let due = EndingStep::StatementDue.day(programme);
    Ok(Some(Alert::ClosingStatementDue {
        programme: programme.id,
        name: programme.name.clone(),
        redeemable_until: programme.redeemable_until(),
        due,
        late: due < today,
    }))
}

/// Venues need some weeks to begin: a programme that has just opened is left in peace.
fn idle_venues(programme: &Programme, venues: i64, today: Day) -> Option<Alert> {
    let settled = programme.first_day.checked_add_days(Days::new(ASLEEP_DAYS))?;
    let name = programme.name.clone();
    (settled <= today && venues > 0).then_some(Alert::VenuesIdle {
        programme: programme.id,
        name,
        venues,
    })
}

fn labels_that_end(op: &mut Op<'_>) -> Outcome<Vec<Alert>> {
    let standings = Standings::of(op)?;
    let mut ending: BTreeMap<_, Day> = BTreeMap::new();
    for venue in standings.labelled() {
        if let Standing::EndsSoon { until } = standings.of_venue(venue) {
            ending.insert(venue, until);
        }
    }
    if ending.is_empty() {
        return Ok(Vec::new());
    }
    let mut alerts = Vec::new();
    for row in store::venue::names(op.conn)? {
        if let Some(last_day) = ending.get(&row.id) {
            alerts.push((*last_day, row.name, row.id));
        }
    }
    alerts.sort();
    let alert = |(last_day, name, venue)| Alert::LabelEnds { venue, name, last_day };
    Ok(alerts.into_iter().map(alert).collect())
}

fn asleep(op: &mut Op<'_>, today: Day) -> Outcome<Vec<Alert>> {
    let handed_over = today.checked_sub_days(Days::new(ASLEEP_DAYS)).unwrap_or(today);
    let rows = store::alert::asleep(op.conn, handed_over, today)?;
    let alert = |row: store::alert::CountedRow| Alert::PassesAsleep {
        organisation: row.organisation,
        name: row.name,
        passes: row.count,
    };
    Ok(rows.into_iter().map(alert).collect())
}

fn stock_asleep(op: &mut Op<'_>) -> Outcome<Vec<Alert>> {
    let days = i64::try_from(ASLEEP_DAYS).unwrap_or(i64::MAX);
    let since = op.now.plus_seconds(-days.saturating_mul(86_400));
    let rows = store::stock_box::asleep(op.conn, since)?;
    let alert = |row: store::stock_box::AsleepRow| Alert::StockAsleep {
        run: row.run,
        number: row.number,
        organisation: row.organisation,
        name: row.name,
        passes: row.passes,
        boxes: row.boxes,
    };
    Ok(rows.into_iter().map(alert).collect())
}

fn its_own(op: &mut Op<'_>, today: Day) -> Outcome<Vec<Alert>> {
    let since = today.checked_sub_months(Months::new(12)).unwrap_or(today);
    let mut found = Vec::new();
    for (organisation, name) in store::alert::prescribers_that_redeem(op.conn)? {
        let workshops = store::alert::redeemed_from_its_own(op.conn, organisation, since)?;
        if workshops > 0 {
            found.push((Reverse(workshops), name, organisation));
        }
    }
    found.sort();
    let alert = |(Reverse(workshops), name, organisation)| Alert::RedeemsItsOwn {
        organisation,
        name,
        workshops,
    };
    Ok(found.into_iter().map(alert).collect())
}
