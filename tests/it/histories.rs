//! Random histories of a scheme, told through the API on both engines: whatever people do, in
//! whatever order, no cent is lost and a closed month stays as it was.
//!
//! `HISTORIES=500 scripts/test --fast --test it -- histories` plays more of them.

use std::collections::BTreeMap;

use pass_numerique::services::release_expired::release_expired;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::actors::{HeldPass, text};
use crate::door::Answer;
use crate::ground::Ground;
use crate::house::House;
use crate::scene::Scene;

/// How many histories each engine plays when nobody says.
const USUAL: u32 = 16;

/// Something that somebody does. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Act {
    HandsOver { units: u8 },
    HandsOverFromStock { which: usize },
    Redeems { pass: usize },
    Undoes { redemption: usize },
    Does { what: &'static str, pass: usize },
    Replaces { pass: usize },
    DaysPass { days: u8 },
    PaysIn { agreement: usize, cents: i64 },
    GivesBack { agreement: usize, cents: i64 },
    ChangesEnvelope { agreement: usize, cents: i64 },
    Closes,
    Approves { statement: usize },
    Pays,
    ComesBack { run: usize, payment: usize },
    IsExecuted { run: usize },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (5_u8..=10).prop_map(|units| Act::HandsOver { units }),
        1 => any::<usize>().prop_map(|which| Act::HandsOverFromStock { which }),
        12 => any::<usize>().prop_map(|pass| Act::Redeems { pass }),
        3 => any::<usize>().prop_map(|redemption| Act::Undoes { redemption }),
        2 => (prop::sample::select(vec!["suspend", "resume", "void"]), any::<usize>())
            .prop_map(|(what, pass)| Act::Does { what, pass }),
        1 => any::<usize>().prop_map(|pass| Act::Replaces { pass }),
        4 => (0_u8..40).prop_map(|days| Act::DaysPass { days }),
        1 => (0_usize..4, 1_i64..20_000)
            .prop_map(|(agreement, cents)| Act::PaysIn { agreement, cents }),
        1 => (0_usize..4, 1_i64..20_000)
            .prop_map(|(agreement, cents)| Act::GivesBack { agreement, cents }),
        1 => (0_usize..4, 0_i64..40_000)
            .prop_map(|(agreement, cents)| Act::ChangesEnvelope { agreement, cents }),
        2 => Just(Act::Closes),
        4 => any::<usize>().prop_map(|statement| Act::Approves { statement }),
        2 => Just(Act::Pays),
        1 => (any::<usize>(), any::<usize>())
            .prop_map(|(run, payment)| Act::ComesBack { run, payment }),
        1 => any::<usize>().prop_map(|run| Act::IsExecuted { run }),
    ]
}

struct History<'a> {
    scene: Scene<'a>,
    passes: Vec<HeldPass>,
    printed: Vec<String>,
    redemptions: Vec<String>,
    /// What the report said of each month when it closed.
    closed: BTreeMap<String, Value>,
}

impl<'a> History<'a> {
    fn of(house: &'a House) -> Self {
        // Odd cents, and a second tier that pays when the first is empty.
        let plan = [(1, 3_333, 30_000), (1, 6_667, 30_000), (2, 5_001, 60_000), (2, 4_999, 60_000)];
        let fields = json!({"price_cents": 1_001, "last_day": "2026-09-30"});
        let scene = Scene::with(house, &fields, &plan);
        let order = json!({"programme_id": scene.programme, "units": 7, "count": 4,
            "prescriber_id": scene.worker.organisation});
        let run = text(&scene.operator.post("/stock", &order).must_be(201), "id");
        let path = format!("/stock/{run}/codes.csv");
        let codes = crate::door::Call::new("POST", &path).key(house.key());
        let codes = scene.operator.ask(codes).text();
        let code = |line: &str| line.split(';').nth(2).unwrap().to_owned();
        let printed = codes.lines().skip(1).map(code).collect();
        let second = crate::payments::second_operator(&scene);
        crate::payments::everybody_has_an_account(&scene, &second);
        let (passes, redemptions) = (Vec::new(), Vec::new());
        Self { scene, passes, printed, redemptions, closed: BTreeMap::new() }
    }

    fn plays(&mut self, act: &Act) {
        let house = self.scene.house;
        house.tick();
        let answer = match act {
            Act::HandsOver { units } => {
                let answer = self.scene.tries_to_hand_over(*units);
                if answer.status == 201 {
                    self.passes.push(answer.must_be(201).into());
                }
                Some(answer)
            }
            Act::HandsOverFromStock { which } => {
                let code = &self.printed[which % self.printed.len()];
                let answer =
                    self.scene.worker.post_with(house.key(), "/handovers", &json!({"code": code}));
                if answer.status == 201 {
                    self.passes.push(answer.must_be(201).into());
                }
                Some(answer)
            }
            Act::Redeems { pass } => self.pass(*pass).map(|pass| self.scene.redeems(&pass.code)),
            Act::Undoes { redemption } => {
                let some = self.redemptions.get(redemption % self.redemptions.len().max(1));
                some.map(|id| self.scene.undoes(id))
            }
            Act::Does { what, pass } => {
                self.pass(*pass).map(|pass| self.scene.worker.does(what, &pass.id))
            }
            Act::Replaces { pass } => {
                let answer =
                    self.pass(*pass).map(|pass| self.scene.worker.does("replace", &pass.id));
                if let Some(answer) = answer.as_ref().filter(|answer| answer.status == 201) {
                    self.passes.push(answer.must_be(201).into());
                }
                answer
            }
            other => self.minds_the_money(other),
        };
        let Some(answer) = answer else { return };
        assert!(answer.status < 500, "{act:?}: {}", answer.text());
        if matches!(act, Act::Redeems { .. }) && answer.status == 201 {
            self.redemptions.push(text(&answer.must_be(201), "id"));
        }
    }

    fn minds_the_money(&mut self, act: &Act) -> Option<Answer> {
        let (house, operator) = (self.scene.house, &self.scene.operator);
        let agreement =
            |position: usize| format!("/agreements/{}", self.scene.agreements[position]);
        match act {
            Act::DaysPass { days } => {
                for _ in 0..*days {
                    house.clock.move_to(
                        pass_numerique::adapters::clock::Clock::now(&*house.clock)
                            .plus_seconds(24 * 3_600),
                    );
                }
                release_expired(&house.app.services).unwrap();
                None
            }
            Act::PaysIn { agreement: position, cents } => {
                let body = json!({"amount_cents": cents, "received_on": "2026-03-10",
                    "reference": "VIR"});
                let path = format!("{}/receipts", agreement(*position));
                Some(operator.post_with(house.key(), &path, &body))
            }
            Act::GivesBack { agreement: position, cents } => {
                let body = json!({"amount_cents": cents, "refunded_on": "2026-03-10",
                    "reference": "REV"});
                let path = format!("{}/refunds", agreement(*position));
                Some(operator.post_with(house.key(), &path, &body))
            }
            Act::ChangesEnvelope { agreement: position, cents } => {
                Some(operator.patch(&agreement(*position), &json!({"envelope_cents": cents})))
            }
            Act::Closes => Some(self.closes()),
            Act::Approves { statement } => {
                let found = operator.get("/statements?limit=200").must_be(200);
                let found = found["data"].as_array().unwrap();
                let some = found.get(statement % found.len().max(1))?;
                let path = format!("/statements/{}/approve", text(some, "id"));
                Some(operator.post(&path, &json!({})))
            }
            other => self.deals_with_the_bank(other),
        }
    }

    fn deals_with_the_bank(&self, act: &Act) -> Option<Answer> {
        let (house, operator) = (self.scene.house, &self.scene.operator);
        let some_run = |which: usize| {
            let found = operator.get("/payment-runs?limit=200").must_be(200);
            let found = found["data"].as_array().unwrap();
            found.get(which % found.len().max(1)).cloned()
        };
        match act {
            Act::Pays => Some(operator.post_with(house.key(), "/payment-runs", &json!({}))),
            Act::ComesBack { run, payment } => {
                let run = some_run(*run)?;
                let payments = run["payments"].as_array().unwrap();
                let id = &payments[payment % payments.len()]["statement_id"];
                let path = format!("/payment-runs/{}/rejections", text(&run, "id"));
                let body = json!({"statement_id": id, "reason": "Compte clos"});
                Some(operator.post(&path, &body))
            }
            Act::IsExecuted { run } => {
                let path = format!("/payment-runs/{}/execution", text(&some_run(*run)?, "id"));
                Some(operator.post(&path, &json!({"executed_on": "2026-04-02"})))
            }
            _ => None,
        }
    }

    fn closes(&mut self) -> Answer {
        let operator = &self.scene.operator;
        let months = operator.get("/accounting/months").must_be(200);
        let last = months["to_close"].as_array().unwrap().last().cloned();
        let month = last.as_ref().and_then(Value::as_str).unwrap_or("2026-03").to_owned();
        let answer = operator.post(&format!("/accounting/months/{month}/close"), &json!({}));
        if answer.status == 201 {
            for one in answer.must_be(201)["months"].as_array().unwrap() {
                let month = text(one, "month");
                let said = self.report_of(&month);
                assert_eq!(one["statements_cents"], said["totals"]["consumed_cents"]);
                assert_eq!(one["funding_calls_cents"], said["totals"]["consumed_cents"]);
                self.closed.insert(month, said);
            }
        }
        answer
    }

    fn report_of(&self, month: &str) -> Value {
        let path = format!("/reports/consumption?from={month}&to={month}&group_by=agreement");
        let mut said = self.scene.operator.get(&path).must_be(200);
        said["as_of"] = Value::Null;
        said
    }

    fn pass(&self, which: usize) -> Option<&HeldPass> {
        self.passes.get(which % self.passes.len().max(1))
    }

    /// What must hold at the end of every history.
    fn ends(&self) {
        self.scene.house.must_balance();
        for (month, said) in &self.closed {
            assert_eq!(&self.report_of(month), said, "{month} is closed");
        }
        self.lines_are_once();
        let totals = &self.scene.report("")["totals"];
        let all = |name: &str| totals[name].as_i64().unwrap();
        let consumed = all("consumed_cents");
        let standing = all("workshops_redeemed");
        assert_eq!(consumed, standing * 1_001, "every workshop costs its price");
        let left = all("committed_cents") - consumed - all("released_cents");
        assert_eq!(all("committed_balance_cents"), left);
        self.payments_are_what_was_paid(all("paid_cents"));
        assert_eq!(all("payable_cents"), consumed - all("paid_cents"));
    }

    /// What the reports call paid is what the bank was asked to pay, less what came back, and what
    /// the statements that are paid come to.
    fn payments_are_what_was_paid(&self, paid: i64) {
        let operator = &self.scene.operator;
        let runs = operator.get("/payment-runs?limit=200").must_be(200);
        let sum = |run: &Value| {
            run["control_sum_cents"].as_i64().unwrap() - run["rejected_cents"].as_i64().unwrap()
        };
        assert_eq!(runs["data"].as_array().unwrap().iter().map(sum).sum::<i64>(), paid);
        let due = |state: &str| -> i64 {
            let path = format!("/statements?limit=200&state={state}");
            let found = operator.get(&path).must_be(200);
            let found = found["data"].as_array().unwrap();
            found.iter().map(|one| one["due_cents"].as_i64().unwrap()).sum()
        };
        assert_eq!(due("in_payment") + due("paid"), paid);
    }

    /// Each redemption and each reversal of a closed month is on one statement, once.
    fn lines_are_once(&self) {
        let operator = &self.scene.operator;
        let found = operator.get("/statements?limit=200").must_be(200);
        let (mut seen, mut sum) = (Vec::new(), 0);
        for statement in found["data"].as_array().unwrap() {
            let path = format!("/statements/{}/lines?limit=200", text(statement, "id"));
            let lines = operator.get(&path).must_be(200);
            assert_eq!(lines["next"], Value::Null);
            for line in lines["data"].as_array().unwrap() {
                seen.push((text(line, "redemption_id"), text(line, "kind")));
                sum += line["amount_cents"].as_i64().unwrap();
            }
        }
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count, "a line is on two statements");
        let closed = self.closed.values().map(|said| said["totals"]["consumed_cents"].as_i64());
        assert_eq!(sum, closed.map(Option::unwrap).sum::<i64>());
    }
}

fn play(ground: fn() -> Ground) {
    let cases = std::env::var("HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(USUAL);
    let config =
        Config { cases, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let told = runner.run(&prop::collection::vec(act(), 40..120), |acts| {
        let house: House = ground().into();
        let mut history = History::of(&house);
        for act in &acts {
            history.plays(act);
        }
        history.ends();
        Ok(())
    });
    told.unwrap();
    println!("{cases} histories held");
}

#[test]
fn every_history_balances_on_sqlite() {
    play(Ground::on_sqlite);
}

#[test]
fn every_history_balances_on_postgres() {
    play(Ground::on_postgres);
}
