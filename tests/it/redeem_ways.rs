//! However requests to redeem come, alone or many at once, by token, cookie or from a device that
//! had no network: the same requests get the same answers and leave the same journal.
//!
//! `WAYS=50 scripts/test --fast --test it -- ways` draws more of them.

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use diesel::{QueryableByName, RunQueryDsl};
use pass_numerique::domain::ids::{EntryId, UserId};
use pass_numerique::services::Error;
use pass_numerique::services::redeem_pass::redeem;
use pass_numerique::services::redeem_request::Request;
use pass_numerique::store::sql_types::Id;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, from_value, json};
use uuid::Uuid;

use crate::actors::{HeldPass, PLANNED_THEME, Person, THEME, VenueStaff, redemption, text};
use crate::door::{Answer, Call};
use crate::ground::Ground;
use crate::house::House;
use crate::scene::{Scene, THREE_FUNDERS};
use crate::seat::Seat;

/// How many lists of requests each engine gets when nobody says.
const USUAL: u32 = 2;

#[test]
fn every_way_gives_the_same_on_sqlite() {
    compare(Ground::on_sqlite);
}

#[test]
fn every_way_gives_the_same_on_postgres() {
    compare(Ground::on_postgres);
}

money_on_both_engines![a_request_that_fails_in_a_batch_fails_alone];

fn a_request_that_fails_in_a_batch_fails_alone(house: &House) {
    let scene = Scene::of(house);
    let passes: Vec<_> = (0..9).map(|_| scene.hands_over(5)).collect();
    let request = |pass: &HeldPass, minutes: u16| {
        let mut body = redemption(&pass.code, &scene.venue);
        body["minutes"] = minutes.into();
        Request::new(UserId(scene.staff.id), house.key(), from_value(body).unwrap())
    };
    // The database itself refuses one length of workshop, which no rule knows of.
    let mut conn = house.app.services.store.connect().unwrap();
    let on = if house.ground.url.starts_with("sqlite:") {
        "CREATE TRIGGER thirteen BEFORE INSERT ON redemptions WHEN NEW.minutes = 13 BEGIN \
         SELECT RAISE(ABORT, 'thirteen'); END"
    } else {
        "ALTER TABLE redemptions ADD CONSTRAINT thirteen CHECK (minutes <> 13)"
    };
    conn.batch_execute(on).unwrap();
    let requests: Vec<Request> = passes
        .iter()
        .enumerate()
        .map(|(number, pass)| request(pass, if number == 4 { 13 } else { 60 }))
        .collect();
    let answers = redeem(&house.app.services, &requests);
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer.is_ok(), number != 4, "{number}");
    }
    assert!(matches!(answers[4], Err(Error::Failure(_))));
    assert_eq!(scene.report("")["totals"]["workshops_redeemed"], 8);
}

/// A request to redeem. Numbers choose among what there is in the town.
#[derive(Clone, Debug)]
struct Wish {
    by: usize,
    code: usize,
    venue: usize,
    theme: usize,
    key: u128,
}

fn wish() -> impl Strategy<Value = Wish> {
    let by = prop_oneof![12 => Just(0_usize), 3 => Just(1), 1 => Just(2)];
    let venue = prop_oneof![12 => Just(0_usize), 1 => 1_usize..5];
    let theme = prop_oneof![8 => Just(0_usize), 1 => 1_usize..6];
    (by, 0_usize..CODES, venue, theme, 1_u128..200).prop_map(|(by, code, venue, theme, key)| Wish {
        by,
        code,
        venue,
        theme,
        key,
    })
}

/// Some come twice, as when an answer was lost.
fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    prop::collection::vec((wish(), any::<prop::sample::Index>(), 0_u8..6), 60).prop_map(|drawn| {
        let mut wishes: Vec<Wish> = Vec::new();
        for (wish, index, again) in drawn {
            let repeated = (again == 0 && !wishes.is_empty()).then(|| index.get(&wishes).clone());
            wishes.push(repeated.unwrap_or(wish));
        }
        wishes
    })
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Token,
    Cookie,
    Batches { size: usize },
    Sync { at_once: usize },
}

/// What was answered, and what stands in the journal afterwards.
struct Observed {
    answers: Vec<String>,
    journal: Vec<String>,
}

fn compare(ground: fn() -> Ground) {
    let cases = std::env::var("WAYS").ok().map_or(USUAL, |cases| cases.parse().unwrap());
    let config =
        Config { cases, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let runner = TestRunner::new(config).run(&wishes(), |wishes| {
        let observed = |way, wishes: &[Wish]| Town::on(&House::from(ground())).answers(way, wishes);
        let alone = observed(Way::Token, &wishes);
        let batches = [1, 7, 60].map(|size| Way::Batches { size });
        for way in batches.into_iter().chain([Way::Cookie]) {
            same(way, &observed(way, &wishes), &alone)?;
        }

        // A device gives each scan a key of its own.
        let mut scans = wishes.clone();
        scans.retain(|wish| wish.by == 0);
        scans.sort_by_key(|scan| scan.key);
        scans.dedup_by_key(|scan| scan.key);
        let alone = observed(Way::Token, &scans);
        for at_once in [1, 7, 500] {
            let way = Way::Sync { at_once };
            same(way, &observed(way, &scans), &alone)?;
        }
        Ok(())
    });
    runner.unwrap();
}

/// The first difference, and not two long lists.
fn same(way: Way, observed: &Observed, alone: &Observed) -> Result<(), TestCaseError> {
    for (number, (one, other)) in observed.answers.iter().zip(&alone.answers).enumerate() {
        prop_assert_eq!(one, other, "request {} by {:?}", number, way);
    }
    for (number, (one, other)) in observed.journal.iter().zip(&alone.journal).enumerate() {
        prop_assert_eq!(one, other, "posting {} by {:?}", number, way);
    }
    prop_assert_eq!(observed.journal.len(), alone.journal.len(), "postings by {:?}", way);
    Ok(())
}

/// How many codes a wish chooses from.
const CODES: usize = 14;

struct Town<'a> {
    scene: Scene<'a>,
    others: VenueStaff,
    venues: Vec<String>,
    planned: Vec<String>,
    passes: Vec<String>,
    codes: Vec<String>,
}

impl<'a> Town<'a> {
    /// Passes, venues and planned workshops of every kind that a rule tells apart.
    fn on(house: &'a House) -> Self {
        let scene = Scene::with(house, &json!({"max_per_day": 2}), THREE_FUNDERS);
        let runner = scene.operator.organisation("Centre social", &["venue_operator"]);
        let others = VenueStaff(house.person("venue_staff", &runner, false));
        let theirs = scene.operator.venue(&runner, "Centre social");
        let unlabelled = scene.operator.venue(&scene.staff.organisation, "Salle sans label");
        let unaccepted = scene.operator.venue(&scene.staff.organisation, "Salle d'ailleurs");
        for venue in [&theirs, &unaccepted] {
            scene.operator.labels(venue, "2025-06-01", "2027-12-31");
        }
        for venue in [&theirs, &unlabelled] {
            scene.operator.accepts_venue(&scene.programme, venue);
        }
        let nowhere = "01900000-0000-7000-8000-000000000000".to_owned();
        let venues = vec![scene.venue.clone(), theirs, unlabelled, unaccepted, nowhere];
        let mut town = Self {
            scene,
            others,
            venues,
            planned: Vec::new(),
            passes: Vec::new(),
            codes: Vec::new(),
        };
        town.plans();
        town.hands_over();
        town
    }

    fn plans(&mut self) {
        let staff = &self.scene.staff;
        for starts_at in ["2026-03-12T13:00:00Z", "2026-03-13T13:00:00Z", "2026-03-12T15:00:00Z"] {
            let planned = staff.plans(&self.venues[0], starts_at).must_be(201);
            self.planned.push(text(&planned, "id"));
        }
        staff
            .post(&format!("/scheduled-workshops/{}/cancel", self.planned[2]), &json!({}))
            .must_be(200);
    }

    fn hands_over(&mut self) {
        let scene = &self.scene;
        let passes: Vec<_> = (0..10).map(|_| scene.hands_over(5)).collect();
        let worker = &scene.worker;
        worker.does("void", &passes[0].id).must_be(200);
        worker.does("suspend", &passes[1].id).must_be(200);
        let new = [worker.replaces(&passes[2].id), worker.replaces(&passes[3].id)];
        let newest = worker.replaces(&new[1].id);
        // Two workshops a day leave one of five.
        for day in ["2026-03-10T09:00:00Z", "2026-03-11T09:00:00Z", "2026-03-12T09:00:00Z"] {
            scene.house.move_to(day);
            for _ in 0..if day.starts_with("2026-03-12") { 0 } else { 2 } {
                scene.redeems(&passes[4].code).must_be(201);
            }
        }
        let passes: Vec<_> = passes.into_iter().chain(new).chain([newest]).collect();
        self.passes = passes.iter().map(|pass| pass.id.clone()).collect();
        self.codes = passes.iter().map(|pass| pass.code.clone()).collect();
        self.codes.push("0000-0000-0000-0000".to_owned());
        assert_eq!(self.codes.len(), CODES);
    }

    fn person(&self, by: usize) -> &Person {
        [&*self.scene.staff, &*self.others, &*self.scene.worker][by]
    }

    fn body(&self, wish: &Wish) -> Value {
        let mut body = json!({"code": self.codes[wish.code], "venue_id": self.venues[wish.venue]});
        match wish.theme {
            0 => body["theme"] = THEME.into(),
            1 => body["theme"] = "poterie".into(),
            2 => {}
            planned => {
                body["scheduled_workshop_id"] = self.planned[planned - 3].clone().into();
                if wish.key.is_multiple_of(2) {
                    body["theme"] = PLANNED_THEME.into();
                }
            }
        }
        body
    }

    fn answers(&self, way: Way, wishes: &[Wish]) -> Observed {
        let answers = match way {
            Way::Token => {
                wishes.iter().map(|wish| word(&self.person(wish.by).ask(self.call(wish)))).collect()
            }
            Way::Cookie => {
                let seats: Vec<Seat<'_>> =
                    (0..3).map(|by| Seat::of(self.scene.house, self.person(by))).collect();
                let ask = |wish: &Wish| {
                    let call = self.call(wish).header("Cookie", &seats[wish.by].cookie);
                    word(&self.scene.house.door().ask(&call))
                };
                wishes.iter().map(ask).collect()
            }
            Way::Batches { size } => self.batches(wishes, size),
            Way::Sync { at_once } => self.syncs(wishes, at_once),
        };
        Observed { answers, journal: self.journal() }
    }

    fn call(&self, wish: &Wish) -> Call {
        Call::new("POST", "/redemptions").json(&self.body(wish)).key(Uuid::from_u128(wish.key))
    }

    /// The function that every door goes through, without a door.
    fn batches(&self, wishes: &[Wish], size: usize) -> Vec<String> {
        let services = &self.scene.house.app.services;
        let request = |wish: &Wish| {
            let user = UserId(self.person(wish.by).id);
            let body = self.body(wish);
            let mut request =
                Request::new(user, Uuid::from_u128(wish.key), from_value(body.clone()).unwrap());
            request.request_hash = body.to_string().into_bytes();
            request
        };
        let requests: Vec<Request> = wishes.iter().map(request).collect();
        let answers = requests.chunks(size).flat_map(|some| redeem(services, some));
        answers
            .map(|answer| match answer {
                Ok(once) => taken(&serde_json::to_value(once.value).unwrap()),
                Err(Error::Refused { refused, .. }) => {
                    format!("{} {}", refused.code.as_str(), refused.sentence)
                }
                Err(Error::Failure(failure)) => panic!("{}", failure.for_the_log()),
            })
            .collect()
    }

    fn syncs(&self, wishes: &[Wish], at_once: usize) -> Vec<String> {
        let scan = |wish: &Wish| {
            let mut scan = self.body(wish);
            scan["idempotency_key"] = json!(Uuid::from_u128(wish.key));
            scan["scanned_at"] = "2026-03-12T08:00:00Z".into();
            scan
        };
        let mut words = Vec::new();
        for some in wishes.chunks(at_once) {
            let scans: Vec<Value> = some.iter().map(scan).collect();
            let results = self.scene.staff.syncs(None, &scans);
            words.extend(results.iter().map(|result| match result["outcome"].as_str().unwrap() {
                "accepted" => taken(&result["redemption"]),
                _ => format!("{} {}", text(result, "code"), text(result, "detail")),
            }));
        }
        words
    }

    fn journal(&self) -> Vec<String> {
        let mut conn = self.scene.house.app.services.store.connect().unwrap();
        let rows: Vec<Row> = diesel::sql_query(
            "SELECT p.kind, p.agreement_id, p.amount_cents, p.month, p.workshop_month, p.origin_id, \
             p.venue_id, p.workshops, p.starts, p.lead, r.pass_id, r.slot, r.theme, \
             coalesce(r.mode, '') AS mode, coalesce(r.minutes, 0) AS minutes, u.used_mask \
             FROM postings p JOIN redemptions r ON r.id = p.redemption_id \
             JOIN passes u ON u.id = r.pass_id ORDER BY p.number",
        )
        .load(&mut conn)
        .unwrap();
        let place = |all: &[String], id: EntryId| {
            all.iter().position(|one| *one == id.0.to_string()).map_or(99, |place| place)
        };
        let line = |row: &Row| {
            format!(
                "{} {} {} {} {} line {} pass {} venue {} {} {} {} slot {} {} {} {} mask {}",
                row.kind,
                place(&self.scene.agreements, row.agreement_id),
                row.amount_cents,
                row.month,
                row.workshop_month,
                place(&self.passes, row.origin_id),
                place(&self.passes, row.pass_id),
                place(&self.venues, row.venue_id),
                row.workshops,
                row.starts,
                row.lead,
                row.slot,
                row.theme,
                row.mode,
                row.minutes,
                row.used_mask,
            )
        };
        rows.iter().map(line).collect()
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Id)]
    agreement_id: EntryId,
    #[diesel(sql_type = BigInt)]
    amount_cents: i64,
    #[diesel(sql_type = Integer)]
    month: i32,
    #[diesel(sql_type = Integer)]
    workshop_month: i32,
    #[diesel(sql_type = Id)]
    origin_id: EntryId,
    #[diesel(sql_type = Id)]
    venue_id: EntryId,
    #[diesel(sql_type = Integer)]
    workshops: i32,
    #[diesel(sql_type = Integer)]
    starts: i32,
    #[diesel(sql_type = Bool)]
    lead: bool,
    #[diesel(sql_type = Id)]
    pass_id: EntryId,
    #[diesel(sql_type = Integer)]
    slot: i32,
    #[diesel(sql_type = Text)]
    theme: String,
    #[diesel(sql_type = Text)]
    mode: String,
    #[diesel(sql_type = Integer)]
    minutes: i32,
    #[diesel(sql_type = Integer)]
    used_mask: i32,
}

fn word(answer: &Answer) -> String {
    if answer.status == 201 {
        return taken(&answer.json());
    }
    let problem = answer.problem();
    format!("{} {}", text(&problem, "code"), text(&problem, "detail"))
}

fn taken(redemption: &Value) -> String {
    format!(
        "slot {} of {}, {} left, {} on {}",
        redemption["slot"],
        redemption["price_cents"],
        redemption["remaining"],
        redemption["theme"],
        redemption["workshop_day"],
    )
}
