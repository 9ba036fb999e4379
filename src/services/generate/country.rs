//! Where the past happened: départements with their programmes, funders, prescribers and venues.

use chrono::Months;

use super::Plan;
use crate::adapters::geography::{self, Commune};
use crate::domain::agreement::Funding;
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{AgreementId, OrganisationId, ProgrammeId, UserId, VenueId};
use crate::domain::money::Cents;
use crate::domain::programme::Programme;
use crate::domain::split::{self, ShareBp};
use crate::services::agreements::{self, NewAgreement};
use crate::services::label_venue::{self, NewLabel};
use crate::services::money_movements::{self, Receipt};
use crate::services::organisations::{self, NewOrganisation};
use crate::services::programme_request::NewProgramme;
use crate::services::users::{self, NewUser};
use crate::services::venues::{self, NewVenue};
use crate::services::{Error, Outcome, Services, programme_members, programmes};
use crate::store;

/// The password of the accounts that have one: of the operator, and of the first venues.
pub const PASSWORD: &str = "demo-pass-numerique";

/// So many venues at least have somebody who can sign in, one a département or more: argon2 makes
/// each of them costly.
const SIGNED_IN: usize = 64;

/// The price of a workshop.
pub const PRICE: Cents = Cents(1_000);

/// One département.
pub struct Part {
    /// Its programme.
    pub programme: Programme,
    /// Who pays, with their shares.
    pub funders: Vec<Funding>,
    /// Who hands out.
    pub prescribers: Vec<(OrganisationId, UserId)>,
    /// Where workshops are.
    pub venues: Vec<Post>,
    /// Where people live, the larger communes more often.
    pub homes: Vec<&'static str>,
}

/// A venue, and somebody who scans there.
pub struct Post {
    /// The venue.
    pub venue: VenueId,
    /// Who is owed.
    pub organisation: OrganisationId,
    /// Who scans.
    pub staff: UserId,
    /// Their e-mail, when they can sign in.
    pub email: Option<String>,
}

impl Part {
    /// What each agreement pays of a pass of so many workshops.
    pub fn fundings(&self, units: u8) -> Vec<Funding> {
        let shares: Vec<ShareBp> = self.funders.iter().map(|funder| funder.share).collect();
        let amounts = split::cumulative(PRICE, &shares, units);
        let funders = self.funders.iter().zip(amounts);
        funders.map(|(funder, amount)| Funding { amount, ..funder.clone() }).collect()
    }
}

/// Makes the country: one département for ten thousand passes, a venue for five hundred.
pub fn settle(services: &Services, plan: Plan) -> Outcome<Vec<Part>> {
    let all: Vec<&'static str> = geography::departements()
        .filter(|code| geography::communes_of(code).any(|commune| commune.population > 1_000))
        .collect();
    let all_passes = plan.passes.saturating_add(plan.fresh);
    let passes = usize::try_from(all_passes).unwrap_or(usize::MAX);
    let count = (passes / 10_000).clamp(1, all.len());
    let first = all.iter().position(|code| *code == "16").unwrap_or(0);
    let chosen: Vec<&str> = all.iter().cycle().skip(first).take(count).copied().collect();
    let operator = organisation(services, "Opérateur du pass numérique", [false; 3])?;
    let operator = account(services, Role::Operator, "operateur@exemple.fr", operator, true)?;
    let state = organisation(services, "État", [true, false, false])?;
    let signed_in = SIGNED_IN.div_ceil(count);
    let maker = Maker { services, plan, operator, state, signed_in };
    chosen.iter().map(|code| maker.part(code, passes.div_ceil(count))).collect()
}

struct Maker<'a> {
    services: &'a Services,
    plan: Plan,
    operator: Caller,
    state: OrganisationId,
    /// How many venues of a département have somebody who can sign in.
    signed_in: usize,
}

impl Maker<'_> {
    fn part(&self, code: &str, passes: usize) -> Outcome<Part> {
        let name = geography::departement_name(code).unwrap_or(code);
        let mut communes: Vec<&'static Commune> = geography::communes_of(code).collect();
        communes.sort_by_key(|commune| std::cmp::Reverse(commune.population));
        let id = self.programme(name)?;
        let found = self.services.read(|op| Ok(store::programme::by_id(op.conn, id)?))?;
        let programme = found.ok_or_else(|| Error::failure("no programme"))?;
        let funders = self.fund(id, name, passes)?;
        let mut prescribers = Vec::new();
        for number in 0..(passes / 4_000).max(2) {
            let at = format!("Action sociale {name} {}", number + 1);
            let at = organisation(self.services, &at, [false, true, false])?;
            programme_members::accept_prescriber(self.services, id, at)?;
            let email = format!("social-{code}-{number}@exemple.fr");
            let worker = account(self.services, Role::SocialWorker, &email, at, false)?;
            prescribers.push((at, worker.user));
        }
        let mut venues = Vec::new();
        for number in 0..(passes / 500).max(4) {
            let commune = communes.get(number % communes.len().clamp(1, 60)).copied();
            venues.extend(commune.map(|at| self.venue(id, code, number, at)).transpose()?);
        }
        let homes = communes.iter().enumerate().flat_map(|(rank, commune)| {
            std::iter::repeat_n(commune.code, (40 / (rank + 1)).max(1))
        });
        Ok(Part { programme, funders, prescribers, venues, homes: homes.take(400).collect() })
    }

    fn programme(&self, name: &str) -> Outcome<ProgrammeId> {
        let request = NewProgramme {
            name: format!("Pass numérique {name}"),
            price_cents: PRICE.0,
            sizes: vec![5, 10],
            first_day: self.plan.first_day,
            last_day: self.plan.today + Months::new(6),
            tolerance_days: None,
            time_zone: None,
            max_per_day: None,
            passes_per_person: None,
            undo_days: None,
            opened_by: None,
            training: false,
            territory: None,
        };
        Ok(ProgrammeId(programmes::create(self.services, &request, None)?.value.id))
    }

    /// Two thirds from the State, one third from the family-benefit office.
    fn fund(&self, programme: ProgrammeId, name: &str, passes: usize) -> Outcome<Vec<Funding>> {
        let caf = organisation(self.services, &format!("CAF {name}"), [true, false, false])?;
        let worth = i64::try_from(passes).unwrap_or(i64::MAX / 20_000) * PRICE.0 * 10;
        let mut funders = Vec::new();
        for (funder, share) in [(self.state, 6_667_u16), (caf, 3_333)] {
            let request = NewAgreement {
                funder_id: funder.0,
                tier: 1,
                share_bp: i64::from(share),
                envelope_cents: worth,
                territory: None,
                publics: None,
                valid_from: None,
                valid_until: None,
            };
            let made = agreements::create(self.services, programme, &request, None)?.value;
            let agreement = AgreementId(made.id);
            let receipt = Receipt {
                amount_cents: worth * i64::from(share) / split::WHOLE_BP,
                received_on: self.plan.first_day,
                reference: "Versement de l'année".to_owned(),
            };
            money_movements::receive(self.services, &self.operator, agreement, &receipt, None)?;
            funders.push(Funding {
                agreement,
                funder,
                funder_name: String::new(),
                share: ShareBp(share),
                amount: Cents::ZERO,
            });
        }
        Ok(funders)
    }

    fn venue(
        &self,
        programme: ProgrammeId,
        code: &str,
        number: usize,
        commune: &'static Commune,
    ) -> Outcome<Post> {
        let name = format!("Espace numérique {} {}", commune.name, number + 1);
        let runner = organisation(self.services, &name, [false, false, true])?;
        let centre = geography::centre(commune.code);
        let request = NewVenue {
            organisation_id: runner.0,
            name,
            address: "1 place de la Mairie".to_owned(),
            address_complement: None,
            postal_code: commune.postal_codes().next().unwrap_or("00000").to_owned(),
            commune: commune.code.to_owned(),
            latitude: centre.map(|point| point.latitude),
            longitude: centre.map(|point| point.longitude),
            phone: None,
            services: None,
            opening_hours: None,
        };
        let venue = VenueId(venues::create(self.services, &request, None)?.value.id);
        let label = NewLabel {
            valid_from: self.plan.first_day,
            valid_until: self.plan.today + Months::new(24),
        };
        label_venue::label(self.services, venue, &label, None)?;
        programme_members::accept_venues(self.services, programme, &[venue.0])?;
        let can = number < self.signed_in;
        let email = format!("lieu-{code}-{number}@exemple.fr");
        let staff = account(self.services, Role::VenueStaff, &email, runner, can)?;
        let email = can.then_some(email);
        Ok(Post { venue, organisation: runner, staff: staff.user, email })
    }
}

fn organisation(services: &Services, name: &str, does: [bool; 3]) -> Outcome<OrganisationId> {
    let [funder, prescriber, venue_operator] = does;
    let request = NewOrganisation {
        name: name.to_owned(),
        siret: None,
        rna: None,
        funder,
        prescriber,
        venue_operator,
    };
    Ok(OrganisationId(organisations::create(services, &request, None)?.value.id))
}

fn account(
    services: &Services,
    role: Role,
    email: &str,
    organisation: OrganisationId,
    can_sign_in: bool,
) -> Outcome<Caller> {
    let request = NewUser {
        email: email.to_owned(),
        name: role.label().to_owned(),
        organisation_id: organisation.0,
        role: role.as_str().to_owned(),
        manager: false,
    };
    let made = users::add(services, &request, can_sign_in.then_some(PASSWORD))?;
    Ok(Caller { user: UserId(made.id), organisation, role, manager: false })
}
