//! A town where the scheme runs: three funders, a prescriber, a labelled venue, a programme.

use serde_json::{Value, json};

use crate::actors::{Auditor, Funder, HeldPass, Operator, SocialWorker, VenueStaff};
use crate::door::Answer;
use crate::house::House;

/// One agreement of a plan: its tier, its share in basis points, its envelope.
pub type Line = (i32, i64, i64);

/// Half, three tenths and a fifth, with plenty in each envelope.
pub const THREE_FUNDERS: &[Line] =
    &[(1, 5_000, 1_000_000), (1, 3_000, 1_000_000), (1, 2_000, 1_000_000)];

pub struct Scene<'a> {
    pub house: &'a House,
    pub operator: Operator,
    pub worker: SocialWorker,
    pub staff: VenueStaff,
    pub programme: String,
    pub funders: Vec<String>,
    pub agreements: Vec<String>,
    pub venue: String,
}

impl<'a> Scene<'a> {
    /// The usual town.
    pub fn of(house: &'a House) -> Self {
        Self::with(house, &json!({}), THREE_FUNDERS)
    }

    /// A town whose programme differs from the usual one in some `fields`.
    pub fn with(house: &'a House, fields: &Value, plan: &[Line]) -> Self {
        let operator = house.operator();
        let prescriber = operator.organisation("CCAS", &["prescriber"]);
        let worker = SocialWorker(house.person("social_worker", &prescriber, false));
        let runner = operator.organisation("Médiathèque", &["venue_operator"]);
        let staff = VenueStaff(house.person("venue_staff", &runner, false));
        let venue = operator.venue(&runner, "Médiathèque du centre");
        operator.labels(&venue, "2025-06-01", "2027-12-31");
        let programme = operator.programme(&programme(fields));
        operator.accepts_prescriber(&programme, &prescriber);
        operator.accepts_venue(&programme, &venue);
        let (mut funders, mut agreements) = (Vec::new(), Vec::new());
        for (number, line) in (1..).zip(plan) {
            let funder = operator.organisation(&format!("Financeur {number}"), &["funder"]);
            agreements.push(operator.agreement(&programme, &agreement(&funder, *line)));
            funders.push(funder);
            house.tick();
        }
        Self { house, operator, worker, staff, programme, funders, agreements, venue }
    }

    pub fn funder(&self, position: usize) -> Funder {
        Funder(self.house.person("funder", &self.funders[position], false))
    }

    pub fn auditor(&self) -> Auditor {
        Auditor(self.house.person("auditor", &self.operator.organisation, false))
    }

    /// What a handover of so many workshops sends.
    pub fn form(&self, units: u8) -> Value {
        json!({"programme_id": self.programme, "units": units})
    }

    pub fn tries_to_hand_over(&self, units: u8) -> Answer {
        self.worker.tries_to_hand_over(self.house.key(), &self.form(units))
    }

    pub fn hands_over(&self, units: u8) -> HeldPass {
        self.worker.hands_over(self.house.key(), &self.form(units))
    }

    pub fn redeems(&self, code: &str) -> Answer {
        self.staff.redeems(self.house.key(), code, &self.venue)
    }

    pub fn undoes(&self, redemption: &str) -> Answer {
        self.staff.undoes(self.house.key(), redemption)
    }

    /// What each agreement has left, in the order of the plan.
    pub fn available(&self) -> Vec<i64> {
        let left = |agreement: &String| self.operator.available(&self.programme, agreement);
        self.agreements.iter().map(left).collect()
    }

    /// The report of everything the operator sees, `query` beside the year.
    pub fn report(&self, query: &str) -> Value {
        let path = format!("/reports/consumption?from=2026-01&to=2027-12{query}");
        self.operator.get(&path).must_be(200)
    }
}

pub fn programme(fields: &Value) -> Value {
    let mut body = json!({
        "name": "Pass numérique Charente", "price_cents": 1000, "sizes": [5, 6, 7, 8, 9, 10],
        "first_day": "2026-01-01", "last_day": "2026-12-31", "max_per_day": 10,
    });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

pub fn agreement(funder: &str, (tier, share_bp, envelope_cents): Line) -> Value {
    json!({
        "funder_id": funder, "tier": tier, "share_bp": share_bp, "envelope_cents": envelope_cents,
    })
}
