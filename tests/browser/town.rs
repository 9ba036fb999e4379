//! A town with passes in every state, and somebody in every role.

use serde_json::{Value, json};

use crate::actors::{HeldPass, Person, VenueStaff, text};
use crate::door::Call;
use crate::house::House;
use crate::scene::{Scene, programme};
use crate::states::Who;

pub struct Town<'a> {
    pub scene: Scene<'a>,
    pub active: HeldPass,
    pub exhausted: HeldPass,
    pub suspended: HeldPass,
    pub replaced: HeldPass,
    pub void: HeldPass,
    pub expired: HeldPass,
    pub training: HeldPass,
    /// Passes printed in advance, in two boxes.
    pub run: String,
    /// The code of one of them.
    pub printed: String,
    /// The statement of a closed month.
    pub statement: String,
    /// What the first funder is asked for that month.
    pub funding_call: String,
    /// A payment run the bank has not answered.
    pub payment_run: String,
    /// The address of an invitation that waits.
    pub invitation: String,
    roamer: Person,
    funder: Person,
    auditor: Person,
}

impl<'a> Town<'a> {
    pub fn of(house: &'a House) -> Self {
        let scene = Scene::of(house);
        let rehearsed = |fields: &Value| {
            let made = scene.operator.programme(&programme(fields));
            scene.operator.accepts_prescriber(&made, &scene.worker.organisation);
            scene.operator.accepts_venue(&made, &scene.venue);
            scene.worker.hands_over(house.key(), &json!({"programme_id": made, "units": 5}))
        };
        let short = json!({"name": "Un essai court", "training": true, "last_day": "2026-03-12"});
        let expired = rehearsed(&short);
        let (statement, funding_call) = closed(&scene);
        let payment_run = paid(&scene, &statement);
        house.move_to("2026-05-20T09:00:00Z");
        let training = rehearsed(&json!({"name": "Un essai", "training": true}));
        let [active, exhausted, suspended, replaced, void] = [10, 5, 5, 5, 5].map(|units| {
            house.tick();
            scene.hands_over(units)
        });
        for _ in 0..5 {
            house.tick();
            scene.redeems(&exhausted.code).must_be(201);
        }
        let wrong = scene.redeems(&active.code).must_be(201);
        scene.undoes(&text(&wrong, "id")).must_be(201);
        house.tick();
        scene.redeems(&active.code).must_be(201);
        scene.worker.does("suspend", &suspended.id).must_be(200);
        scene.worker.replaces(&replaced.id);
        scene.worker.does("void", &void.id).must_be(200);
        let (run, printed) = printed(&scene);
        let invitation = invitation(&scene);
        let roamer = roamer(&scene);
        let (funder, auditor) = (scene.funder(0).0, scene.auditor().0);
        Self {
            scene,
            active,
            exhausted,
            suspended,
            replaced,
            void,
            expired,
            training,
            run,
            printed,
            statement,
            funding_call,
            payment_run,
            invitation,
            roamer,
            funder,
            auditor,
        }
    }

    pub fn person(&self, who: Who) -> Option<&Person> {
        match who {
            Who::Nobody => None,
            Who::Worker => Some(&self.scene.worker),
            Who::Staff => Some(&self.scene.staff),
            Who::Roamer => Some(&self.roamer),
            Who::Funder => Some(&self.funder),
            Who::Auditor => Some(&self.auditor),
            Who::Operator => Some(&self.scene.operator),
        }
    }
}

/// March is closed with a redemption and an undone one, and one at another organisation; April is
/// over and open.
fn closed(scene: &Scene<'_>) -> (String, String) {
    let pass = scene.hands_over(5);
    redeemed_elsewhere(scene);
    scene.redeems(&pass.code).must_be(201);
    let wrong = scene.redeems(&pass.code).must_be(201);
    scene.undoes(&text(&wrong, "id")).must_be(201);
    scene.house.move_to("2026-05-02T09:00:00Z");
    scene.operator.post("/accounting/months/2026-03/close", &json!({})).must_be(201);
    let before = json!({"from": "2026-02", "to": "2026-02"});
    scene.operator.post("/open-data/vintages", &before).must_be(201);
    let first = |path: &str| text(&scene.operator.get(path).must_be(200)["data"][0], "id");
    let call = format!("/funding-calls?funder_id={}", scene.funders[0]);
    let own = format!("/statements?organisation_id={}", scene.staff.organisation);
    (first(&own), first(&call))
}

/// A workshop at an organisation whose statement nobody has looked at.
fn redeemed_elsewhere(scene: &Scene<'_>) {
    let centre = scene.operator.organisation("Centre social des Alliers", &["venue_operator"]);
    let venue = scene.operator.venue(&centre, "Centre social");
    scene.operator.labels(&venue, "2025-06-01", "2027-12-31");
    scene.operator.accepts_venue(&scene.programme, &venue);
    let staff = VenueStaff(scene.house.person("venue_staff", &centre, false));
    let pass = scene.hands_over(5);
    staff.redeems(scene.house.key(), &pass.code, &venue).must_be(201);
}

/// The statement is paid: bank details that two persons saw, and others that wait for the second.
fn paid(scene: &Scene<'_>, statement: &str) -> String {
    let second = scene.house.person("operator", &scene.operator.organisation, false);
    let accounts = [
        (&scene.operator.organisation, "Opérateur", "DE89370400440532013000"),
        (&scene.staff.organisation, "Médiathèque", "FR7630006000011234567890189"),
    ];
    for (organisation, holder, iban) in accounts {
        let path = format!("/organisations/{organisation}/bank-details");
        let body = json!({"holder": holder, "iban": iban, "bic": "AGRIFRPP"});
        let given = text(&scene.operator.post(&path, &body).must_be(201), "id");
        second.post(&format!("{path}/{given}/confirm"), &json!({})).must_be(200);
    }
    let path = format!("/organisations/{}/bank-details", scene.staff.organisation);
    let moved = json!({"holder": "Médiathèque", "iban": "DE89370400440532013000",
        "bic": "COBADEFFXXX"});
    second.post(&path, &moved).must_be(201);
    let approve = format!("/statements/{statement}/approve");
    scene.operator.post(&approve, &json!({})).must_be(200);
    let made = scene.operator.post_with(scene.house.key(), "/payment-runs", &json!({}));
    text(&made.must_be(201), "id")
}

/// Two boxes on their way, and the code of a pass of the second.
fn printed(scene: &Scene<'_>) -> (String, String) {
    let order = json!({"programme_id": scene.programme, "units": 10, "count": 8, "box_size": 4,
        "prescriber_id": scene.worker.organisation});
    let run = text(&scene.operator.post("/stock", &order).must_be(201), "id");
    let key = scene.house.key();
    let codes = Call::new("POST", &format!("/stock/{run}/codes.csv")).key(key);
    let codes = scene.operator.ask(codes).text();
    let last = codes.lines().last().unwrap().split(';').nth(2).unwrap().to_owned();
    let ship = format!("/stock/{run}/ship");
    scene.operator.post(&ship, &json!({"note": "Colis 6A123"})).must_be(200);
    let receive = format!("/stock/{run}/receive");
    scene.worker.post(&receive, &json!({"boxes": [1]})).must_be(200);
    (run, last)
}

/// Where somebody who was invited chooses a password.
fn invitation(scene: &Scene<'_>) -> String {
    let invited = json!({
        "email": "nouvelle@exemple.fr", "name": "Nadia", "role": "funder",
        "organisation_id": scene.funders[0], "manager": false,
    });
    let invited = scene.operator.post("/users", &invited).must_be(201);
    let link = text(&invited, "invitation_link");
    let (_, path) = link.split_once("/invitation/").unwrap();
    format!("/invitation/{path}")
}

/// Staff of an organisation with two venues.
fn roamer(scene: &Scene<'_>) -> Person {
    let runner = scene.operator.organisation("Maison des associations", &["venue_operator"]);
    for name in ["Salle du nord", "Salle du sud"] {
        let venue = scene.operator.venue(&runner, name);
        scene.operator.labels(&venue, "2025-06-01", "2027-12-31");
        scene.operator.accepts_venue(&scene.programme, &venue);
    }
    VenueStaff(scene.house.person("venue_staff", &runner, false)).0
}
