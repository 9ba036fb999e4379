//! Who plays in the demo: a believable Charente, made through the use cases.

use chrono::{Datelike, Days, Months, NaiveDate};
use uuid::Uuid;

use super::super::Stop;
use super::Filled;
use super::account::Account;
use super::stages::{self, Stage};
use crate::adapters::clock::MovedClock;
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{AgreementId, OrganisationId, ProgrammeId};
use crate::domain::time::{Instant, Zone};
use crate::services::Services;
use crate::services::agreements::{self, NewAgreement};
use crate::services::money_movements::{self, Receipt};
use crate::services::organisations::{self, NewOrganisation};
use crate::services::programme_members;
use crate::services::programmes::{self, NewProgramme};

/// The operator who confirms what the first one gives.
pub const SECOND_OPERATOR: &str = "direction@exemple.fr";

/// Everybody.
pub struct Cast {
    /// The programme for all, first, and the one for job seekers.
    pub programmes: [Uuid; 2],
    /// One social worker for each prescriber.
    pub social_workers: Vec<Caller>,
    /// The labelled venues.
    pub stages: Vec<Stage>,
    /// The first day of the year that is played.
    pub first_day: NaiveDate,
    accounts: Vec<(String, String)>,
}

impl Cast {
    /// What the demo remembers.
    pub fn filled(&self) -> Filled {
        let social_worker = self.social_workers.first();
        Filled {
            accounts: self.accounts.clone(),
            social_worker: social_worker.map(|caller| caller.user.0).unwrap_or_default(),
            prescriber: social_worker.map(|caller| caller.organisation.0).unwrap_or_default(),
            programme: self.programmes[0],
            example_pass: None,
        }
    }
}

/// The organisations that pay, hand out and run the scheme.
struct Organisations {
    operator: Uuid,
    state: Uuid,
    caf: Uuid,
    employment: Uuid,
    county: Uuid,
    angouleme: Uuid,
    soyaux: Uuid,
}

/// Makes organisations, accounts, venues, programmes and funding plans, a year before `now`.
pub fn assemble(services: &Services, clock: &MovedClock, now: Instant) -> Result<Cast, Stop> {
    let today = now.day_in(Zone::PARIS);
    let this_month = today.with_day(1).unwrap_or(today);
    let first_day = this_month - Months::new(12);
    clock.move_to(at(first_day, 6 * 60));

    let organisations = organisations(services)?;
    let mut accounts = Vec::new();
    let social_workers = people(services, &organisations, &mut accounts)?;
    let stages = stages::label(services, first_day, today)?;
    if let Some(stage) = stages.first() {
        let email = "lieu@exemple.fr";
        let organisation = stage.staff.organisation.0;
        let (role, name) = (Role::VenueStaff, "Lucas Morel");
        accounts.push((role.label().to_owned(), email.to_owned()));
        Account { role, email, name, organisation, signs_in: true }.open(services)?;
    }

    let days = (first_day, this_month + Months::new(2) - Days::new(1));
    let for_all = programme(services, "Pass numérique Charente", &[5, 10], days, "signature")?;
    let days = (first_day + Months::new(3), this_month + Months::new(7) - Days::new(1));
    let for_work = programme(services, "Pass numérique emploi", &[5, 8, 10], days, "receipt")?;
    let programmes = [for_all, for_work];
    fund(services, &organisations, programmes, &social_workers, first_day)?;
    accept(services, programmes, &social_workers, &stages)?;
    Ok(Cast { programmes, social_workers, stages, first_day, accounts })
}

fn organisations(services: &Services) -> Result<Organisations, Stop> {
    let make = |name: &str, does: [bool; 3]| organisation(services, name, does);
    let (pays, pays_and_hands_out) = ([true, false, false], [true, true, false]);
    Ok(Organisations {
        operator: make("Opérateur du pass numérique", [false; 3])?,
        state: make("État – Agence nationale de la cohésion des territoires", pays)?,
        caf: make("CAF de la Charente", pays)?,
        employment: make("France Travail Charente", pays_and_hands_out)?,
        county: make("Département de la Charente", pays_and_hands_out)?,
        angouleme: make("Ville d'Angoulême", pays_and_hands_out)?,
        soyaux: make("Ville de Soyaux", pays)?,
    })
}

/// The accounts that people try, and a social worker for each prescriber.
fn people(
    services: &Services,
    at: &Organisations,
    accounts: &mut Vec<(String, String)>,
) -> Result<Vec<Caller>, Stop> {
    let mut account = |role: Role, email: &str, name: &str, organisation: Uuid| {
        accounts.push((role.label().to_owned(), email.to_owned()));
        Account { role, email, name, organisation, signs_in: true }.open(services)
    };
    account(Role::Operator, "operateur@exemple.fr", "Odile Perrin", at.operator)?;
    account(Role::Operator, SECOND_OPERATOR, "Denis Girard", at.operator)?;
    let first = account(Role::SocialWorker, "social@exemple.fr", "Sophie Laurent", at.angouleme)?;
    account(Role::Funder, "financeur@exemple.fr", "Fabrice Caron", at.caf)?;
    account(Role::Auditor, "auditeur@exemple.fr", "Agnès Dumas", at.operator)?;
    let worker = |email: &str, name: &str, organisation: Uuid| {
        let role = Role::SocialWorker;
        Account { role, email, name, organisation, signs_in: false }.open(services)
    };
    let second = worker("mds@exemple.fr", "Malik Benali", at.county)?;
    let third = worker("agence@exemple.fr", "Isabelle Roux", at.employment)?;
    Ok(vec![first, second, third])
}

/// The funding plans: two towns with tiers of their own, the département for all others.
fn fund(
    services: &Services,
    who: &Organisations,
    [for_all, for_work]: [Uuid; 2],
    social_workers: &[Caller],
    first_day: NaiveDate,
) -> Result<(), Stop> {
    let shares = [
        (for_all, who.angouleme, 1, 2_000, 1_200_000, Some("16015")),
        (for_all, who.caf, 1, 3_000, 2_000_000, Some("16015")),
        (for_all, who.state, 1, 5_000, 3_400_000, Some("16015")),
        (for_all, who.soyaux, 2, 1_000, 200_000, Some("16374")),
        (for_all, who.caf, 2, 3_333, 800_000, Some("16374")),
        (for_all, who.state, 2, 5_667, 1_300_000, Some("16374")),
        (for_all, who.county, 3, 2_000, 5_000_000, None),
        (for_all, who.caf, 3, 3_000, 7_000_000, None),
        (for_all, who.state, 3, 5_000, 12_000_000, None),
        (for_work, who.employment, 1, 6_000, 6_000_000, None),
        (for_work, who.state, 1, 4_000, 4_000_000, None),
    ];
    let Some(first) = social_workers.first() else { return Ok(()) };
    let operator =
        Caller { organisation: OrganisationId(who.operator), role: Role::Operator, ..*first };
    for (programme, funder, tier, share, envelope, home) in shares {
        let made = agreement(services, programme, (funder, tier, share, envelope), home)?;
        // The programme for work opens by receipt; the other funders pay in two thirds.
        let paid_in = if programme == for_work { envelope } else { envelope / 3 * 2 };
        receipt(services, &operator, made, paid_in, first_day)?;
    }
    Ok(())
}

fn accept(
    services: &Services,
    programmes: [Uuid; 2],
    social_workers: &[Caller],
    stages: &[Stage],
) -> Result<(), Stop> {
    for programme in programmes.map(ProgrammeId) {
        for social_worker in social_workers {
            let prescriber = social_worker.organisation;
            programme_members::accept_prescriber(services, programme, prescriber)?;
        }
        for stage in stages {
            programme_members::accept_venues(services, programme, &[stage.venue])?;
        }
    }
    Ok(())
}

/// The instant `minutes` after midnight of a day, UTC.
pub fn at(day: NaiveDate, minutes: u32) -> Instant {
    let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc();
    Instant::from_utc(midnight).plus_seconds(i64::from(minutes) * 60)
}

fn organisation(services: &Services, name: &str, does: [bool; 3]) -> Result<Uuid, Stop> {
    let [funder, prescriber, venue_operator] = does;
    let request = NewOrganisation {
        name: name.to_owned(),
        siret: None,
        rna: None,
        funder,
        prescriber,
        venue_operator,
    };
    Ok(organisations::create(services, &request, None)?.value.id)
}

fn programme(
    services: &Services,
    name: &str,
    sizes: &[i64],
    (first_day, last_day): (NaiveDate, NaiveDate),
    opened_by: &str,
) -> Result<Uuid, Stop> {
    let request = NewProgramme {
        name: format!("{name} {}", last_day.year()),
        price_cents: 1_000,
        sizes: sizes.to_vec(),
        first_day,
        last_day,
        tolerance_days: None,
        time_zone: None,
        max_per_day: None,
        passes_per_person: None,
        undo_days: None,
        opened_by: Some(opened_by.to_owned()),
        training: false,
        territory: None,
    };
    Ok(programmes::create(services, &request, None)?.value.id)
}

fn agreement(
    services: &Services,
    programme: Uuid,
    (funder, tier, share_bp, envelope_cents): (Uuid, i32, i64, i64),
    home: Option<&str>,
) -> Result<AgreementId, Stop> {
    let request = NewAgreement {
        funder_id: funder,
        tier,
        share_bp,
        envelope_cents,
        territory: home.map(|code| vec![code.to_owned()]),
        publics: None,
        valid_from: None,
        valid_until: None,
    };
    let made = agreements::create(services, ProgrammeId(programme), &request, None)?;
    Ok(AgreementId(made.value.id))
}

fn receipt(
    services: &Services,
    operator: &Caller,
    agreement: AgreementId,
    amount_cents: i64,
    received_on: NaiveDate,
) -> Result<(), Stop> {
    let reference = "Versement initial".to_owned();
    let request = Receipt { amount_cents, received_on, reference };
    money_movements::receive(services, operator, agreement, &request, None)?;
    Ok(())
}
