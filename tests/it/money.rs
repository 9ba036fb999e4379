//! Every cent: shares, waterfall, envelopes, releases and reports.

use std::collections::BTreeMap;
use std::sync::Arc;

use pass_numerique::domain::refusal::Code;
use pass_numerique::services::release_expired::release_expired;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::actors::text;
use crate::house::House;
use crate::scene::{Line, Scene, THREE_FUNDERS, agreement, programme};

money_on_both_engines![
    whatever_the_price_and_shares_the_funding_is_units_times_price,
    the_next_tier_pays_when_the_first_cannot,
    an_exhausted_envelope_is_named_with_what_is_missing,
    two_handovers_race_for_the_last_money_and_one_wins,
    expiry_gives_the_money_back_once_however_often_it_is_looked_for,
    an_undo_after_expiry_gives_the_money_on_to_the_funders,
    the_rows_add_up_to_the_totals_however_they_are_grouped,
    a_pass_paid_by_three_counts_once_and_once_for_each,
    receipts_and_refunds_move_the_cash,
    cash_above_a_lowered_envelope_goes_back_and_the_rest_stays_usable,
    money_of_a_rehearsal_stands_in_no_figure,
    the_csv_holds_the_same_numbers,
];

/// Shares of one tier, each worth at least a cent of a workshop.
fn plans() -> impl Strategy<Value = (i64, u8, Vec<i64>)> {
    (10..=5_000_i64, 5..=10_u8, prop::collection::vec(1..9_i64, 1..5)).prop_map(
        |(price, units, weights)| {
            let whole: i64 = weights.iter().sum();
            let mut shares: Vec<i64> = weights.iter().map(|w| w * 10_000 / whole).collect();
            shares[0] += 10_000 - shares.iter().sum::<i64>();
            (price, units, shares)
        },
    )
}

fn whatever_the_price_and_shares_the_funding_is_units_times_price(house: &House) {
    let scene = Scene::of(house);
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(6)
    });
    let story = |(price, units, shares): (i64, u8, Vec<i64>)| {
        let cheap = shares.iter().any(|share| price * share < 10_000);
        prop_assume!(!cheap);
        let programme = scene.operator.programme(&programme(&json!({"price_cents": price})));
        scene.operator.accepts_prescriber(&programme, &scene.worker.organisation);
        scene.operator.accepts_venue(&programme, &scene.venue);
        let mut agreements = Vec::new();
        for share in &shares {
            let funder = scene.operator.organisation("Financeur", &["funder"]);
            let line = agreement(&funder, (1, *share, 1_000_000));
            agreements.push(scene.operator.agreement(&programme, &line));
            house.tick();
        }
        let form = json!({"programme_id": programme, "units": units});
        let pass = scene.worker.hands_over(house.key(), &form);
        let total = price * i64::from(units);
        let amounts = amounts(&pass.answer);
        prop_assert_eq!(amounts.iter().sum::<i64>(), total);
        for (amount, share) in amounts.iter().zip(&shares) {
            let floor = total * share / 10_000;
            prop_assert!((floor..=floor + 1).contains(amount));
        }
        for _ in 0..units {
            scene.redeems(&pass.code).must_be(201);
        }
        for (agreement, amount) in agreements.iter().zip(amounts) {
            let left = scene.operator.available(&programme, agreement);
            prop_assert_eq!(left, 1_000_000 - amount);
        }
        let report = scene.report(&format!("&programme_id={programme}"));
        prop_assert_eq!(&report["totals"]["consumed_cents"], total);
        prop_assert_eq!(&report["totals"]["committed_balance_cents"], 0);
        Ok(())
    };
    runner.run(&plans(), story).unwrap();
}

fn amounts(pass: &Value) -> Vec<i64> {
    let parts = pass["funding"].as_array().unwrap();
    parts.iter().map(|part| part["amount_cents"].as_i64().unwrap()).collect()
}

fn the_next_tier_pays_when_the_first_cannot(house: &House) {
    let plan: &[Line] =
        &[(1, 6_000, 6_000), (1, 4_000, 100_000), (2, 10_000, 7_000), (3, 10_000, 100_000)];
    let scene = Scene::with(house, &json!({}), plan);
    let payers = |units| {
        let pass = scene.hands_over(units);
        let parts = pass.answer["funding"].as_array().unwrap().clone();
        parts.iter().map(|part| text(part, "agreement_id")).collect::<Vec<_>>()
    };
    assert_eq!(payers(10), scene.agreements[..2], "the first tier has just enough");
    assert_eq!(payers(6), scene.agreements[2..3], "then the second");
    assert_eq!(payers(5), scene.agreements[3..], "which has too little left");
    assert_eq!(scene.available(), [0, 96_000, 1_000, 95_000]);
}

fn an_exhausted_envelope_is_named_with_what_is_missing(house: &House) {
    let scene = Scene::with(house, &json!({}), &[(1, 7_000, 100_000), (1, 3_000, 2_500)]);
    let refused = scene.tries_to_hand_over(10).refused(Code::EnvelopeExhausted.as_str());
    assert_eq!(refused["agreement_id"], scene.agreements[1].as_str());
    assert_eq!(refused["missing_cents"], 500);
    let told = refused["detail"].as_str().unwrap();
    assert!(told.contains("Financeur 2") && told.contains("5,00"), "{told}");
    scene.hands_over(8);
    let refused = scene.tries_to_hand_over(5).refused("envelope_exhausted");
    assert_eq!(refused["missing_cents"], 1_400);
    assert_eq!(scene.available(), [94_400, 100]);
}

fn two_handovers_race_for_the_last_money_and_one_wins(house: &House) {
    let scene = Scene::with(house, &json!({}), &[(1, 5_000, 5_000), (1, 5_000, 50_000)]);
    scene.worker.token();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| scene.tries_to_hand_over(10).status)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let won = statuses.iter().filter(|status| **status == 201).count();
    let lost = statuses.iter().filter(|status| **status == 409).count();
    assert_eq!((won, lost), (1, 7), "{statuses:?}");
    assert_eq!(scene.available(), [0, 45_000]);
}

fn expiry_gives_the_money_back_once_however_often_it_is_looked_for(house: &House) {
    let scene = Scene::of(house);
    let (used, fresh) = (scene.hands_over(10), scene.hands_over(5));
    let empty = scene.hands_over(5);
    for _ in 0..4 {
        scene.redeems(&used.code).must_be(201);
    }
    for _ in 0..5 {
        scene.redeems(&empty.code).must_be(201);
    }
    house.move_to("2027-01-31T22:59:00Z");
    assert_eq!(
        release_expired(&house.app.services).unwrap(),
        0,
        "the tolerance runs a minute more"
    );
    house.move_to("2027-01-31T23:00:00Z");
    let second = house.ground.app(house.clock.clone());
    let apps = [Arc::clone(&house.app), Arc::new(second)];
    let released: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = apps
            .iter()
            .map(|app| scope.spawn(|| release_expired(&app.services).unwrap()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(released, 3);
    assert_eq!(release_expired(&house.app.services).unwrap(), 0);
    assert_eq!(scene.available(), [995_500, 997_300, 998_200], "nine workshops were consumed");
    let totals = &scene.report("")["totals"];
    assert_eq!(
        (&totals["workshops_lapsed"], &totals["released_cents"]),
        (&json!(11), &json!(11_000))
    );
    assert_eq!(scene.worker.reads(&fresh.id)["status"], "expired");
    scene.worker.does("void", &fresh.id).refused("expired");
    scene.redeems(&fresh.code).refused("expired");
}

fn an_undo_after_expiry_gives_the_money_on_to_the_funders(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    house.move_to("2027-01-31T10:00:00Z");
    let late = scene.redeems(&pass.code).must_be(201);
    house.move_to("2027-02-02T10:00:00Z");
    assert_eq!(release_expired(&house.app.services).unwrap(), 1);
    assert_eq!(scene.available(), [999_500, 999_700, 999_800]);
    scene.undoes(&text(&late, "id")).must_be(201);
    assert_eq!(scene.available(), [1_000_000, 1_000_000, 1_000_000]);
    let totals = &scene.report("")["totals"];
    assert_eq!(
        (&totals["workshops_redeemed"], &totals["workshops_lapsed"]),
        (&json!(0), &json!(5))
    );
    scene.redeems(&pass.code).refused("expired");
    // Whatever months are counted by, it lapsed when it was undone.
    let by_day = scene.report("&group_by=month&by=workshop_day");
    let rows = by_day["rows"].as_array().unwrap();
    let lapsed = rows.iter().map(|row| (row["month"].as_str().unwrap(), &row["workshops_lapsed"]));
    assert!(lapsed.clone().any(|(month, lapsed)| month == "2027-02" && *lapsed == 5), "{rows:?}");
    assert!(lapsed.clone().all(|(month, lapsed)| month == "2027-02" || *lapsed == 0), "{rows:?}");
}

pub const GROUPS: [&str; 12] = [
    "month",
    "programme",
    "agreement",
    "theme",
    "venue",
    "venue_commune",
    "venue_departement",
    "home_commune",
    "departement",
    "public",
    "age_band",
    "prescriber",
];

/// A year with handovers, redemptions, undos, voids, expiries, receipts and refunds.
pub fn a_full_year(scene: &Scene<'_>) {
    let house = scene.house;
    let receipt = json!({"amount_cents": 50_000, "received_on": "2026-03-01", "reference": "VIR"});
    for agreement in &scene.agreements {
        scene.operator.post(&format!("/agreements/{agreement}/receipts"), &receipt).must_be(201);
    }
    let refund = json!({"amount_cents": 1_234, "refunded_on": "2026-03-02", "reference": "REV"});
    let path = format!("/agreements/{}/refunds", scene.agreements[1]);
    scene.operator.post(&path, &refund).must_be(201);
    let homes = [("16015", "60_69", json!(["job_seeker"])), ("97411", "25_39", json!([]))];
    for (units, (commune, age, publics)) in (5..=10).zip(homes.iter().cycle()) {
        let mut form = scene.form(units);
        (form["commune"], form["age_band"]) = (json!(commune), json!(age));
        form["publics"] = publics.clone();
        let pass = scene.worker.hands_over(house.key(), &form);
        let first = scene.redeems(&pass.code).must_be(201);
        house.move_to(&format!("2026-{:02}-10T09:00:00Z", units - 1));
        scene.redeems(&pass.code).must_be(201);
        if units == 5 {
            scene.undoes(&text(&first, "id")).refused("undo_window_closed");
        }
        if units % 2 == 0 {
            let wrong = scene.redeems(&pass.code).must_be(201);
            scene.undoes(&text(&wrong, "id")).must_be(201);
        }
        if units == 7 {
            scene.worker.does("void", &pass.id).must_be(200);
        }
    }
    house.move_to("2027-02-10T09:00:00Z");
    assert_eq!(release_expired(&house.app.services).unwrap(), 5);
}

fn the_rows_add_up_to_the_totals_however_they_are_grouped(house: &House) {
    let scene = Scene::of(house);
    a_full_year(&scene);
    let whole = scene.report("&group_by=month")["totals"].clone();
    assert_eq!(whole["workshops_redeemed"], 12);
    assert_eq!(
        (&whole["received_cents"], &whole["refunded_cents"]),
        (&json!(150_000), &json!(1_234))
    );
    let funders = scene.funders.iter().map(|funder| format!("&funder_id={funder}"));
    let filters: Vec<String> = [String::new()].into_iter().chain(funders).collect();
    for filter in &filters {
        let totals = scene.report(filter)["totals"].clone();
        let several = ["month,venue", "agreement,theme,public", "home_commune,departement"];
        for group in GROUPS.into_iter().chain(several) {
            for by in ["accounting_month", "workshop_day"] {
                let mut report = scene.report(&format!("{filter}&group_by={group}&by={by}"));
                // Programmes alone have a stock.
                for stock in ["passes_printed", "passes_in_stock"] {
                    report["totals"].as_object_mut().unwrap().remove(stock);
                }
                assert_eq!(report["totals"], totals, "{group} {by} {filter}");
                assert_eq!(summed(&report), counters(&report["totals"]), "{group} {by} {filter}");
            }
        }
    }
    the_funders_together_paid_the_whole(&scene, &whole);
}

fn the_funders_together_paid_the_whole(scene: &Scene<'_>, whole: &Value) {
    let shares = scene.funders.iter().map(|f| scene.report(&format!("&funder_id={f}")));
    let shares: Vec<Value> = shares.collect();
    for (name, value) in whole.as_object().unwrap() {
        let values = shares.iter().map(|report| report["totals"][name].as_i64().unwrap());
        if name.ends_with("_cents") {
            assert_eq!(values.sum::<i64>(), *value, "{name}");
        } else {
            values.for_each(|each| assert_eq!(each, *value, "{name}"));
        }
    }
}

pub fn counters(totals: &Value) -> BTreeMap<String, i64> {
    let balances = [
        "available_cents",
        "committed_balance_cents",
        "payable_cents",
        "use_rate_percent",
        "passes_printed",
        "passes_in_stock",
    ];
    let fields = totals.as_object().unwrap().iter();
    fields
        .filter(|(name, value)| value.is_i64() && !balances.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.as_i64().unwrap()))
        .collect()
}

fn summed(report: &Value) -> BTreeMap<String, i64> {
    let mut sums: BTreeMap<String, i64> =
        counters(&report["totals"]).into_keys().map(|name| (name, 0)).collect();
    for row in report["rows"].as_array().unwrap() {
        for (name, value) in counters(row) {
            *sums.get_mut(&name).unwrap() += value;
        }
    }
    sums
}

fn a_pass_paid_by_three_counts_once_and_once_for_each(house: &House) {
    let scene = Scene::with(house, &json!({}), THREE_FUNDERS);
    let pass = scene.hands_over(10);
    scene.redeems(&pass.code).must_be(201);
    let count = |totals: &Value| {
        ["passes_handed_over", "passes_started", "workshops_granted", "workshops_redeemed"]
            .map(|name| totals[name].as_i64().unwrap())
    };
    assert_eq!(count(&scene.report("")["totals"]), [1, 1, 10, 1]);
    for (position, cents) in [(0, 500), (1, 300), (2, 200)] {
        let own = scene.funder(position).get("/reports/consumption?from=2026-01&to=2026-12");
        let totals = own.must_be(200)["totals"].clone();
        assert_eq!(count(&totals), [1, 1, 10, 1]);
        assert_eq!(totals["consumed_cents"], cents);
    }
    let by_agreement = scene.report("&group_by=agreement");
    assert_eq!(by_agreement["rows"].as_array().unwrap().len(), 3);
    assert_eq!(summed(&by_agreement)["passes_handed_over"], 1);
}

fn cash_above_a_lowered_envelope_goes_back_and_the_rest_stays_usable(house: &House) {
    let scene = Scene::with(house, &json!({}), &[(1, 10_000, 100_000)]);
    let path = |what: &str| format!("/agreements/{}{what}", scene.agreements[0]);
    let receipt = json!({"amount_cents": 100_000, "received_on": "2026-03-02", "reference": "VIR"});
    scene.operator.post_with(house.key(), &path("/receipts"), &receipt).must_be(201);
    let pass = scene.hands_over(10);
    for _ in 0..2 {
        scene.redeems(&pass.code).must_be(201);
    }
    scene.operator.patch(&path(""), &json!({"envelope_cents": 50_000})).must_be(200);
    let refund = |cents: i64| json!({"amount_cents": cents, "refunded_on": "2026-03-09", "reference": "REV"});
    scene.operator.post(&path("/refunds"), &refund(90_001)).refused("refund_too_large");
    let moved = scene.operator.post(&path("/refunds"), &refund(50_000)).must_be(201);
    assert_eq!(moved["available_cents"], 40_000, "the envelope is not touched");
    let moved = scene.operator.post(&path("/refunds"), &refund(39_000)).must_be(201);
    assert_eq!(moved["available_cents"], 1_000);
    let totals = scene.report("")["totals"].clone();
    assert_eq!(
        (&totals["refunded_cents"], &totals["available_cents"]),
        (&json!(89_000), &json!(1_000))
    );

    // At the end nothing is left that belongs to nobody.
    let receipt = json!({"amount_cents": 500, "received_on": "2026-03-12", "reference": "VIR 2"});
    scene.operator.post_with(house.key(), &path("/receipts"), &receipt).must_be(201);
    house.move_to("2027-02-15T09:00:00Z");
    let ending = format!("/programmes/{}/ending", scene.programme);
    scene.operator.post(&format!("{ending}/statement"), &json!({})).must_be(201);
    let agree = json!({"funder_id": scene.funders[0]});
    scene.operator.post(&format!("{ending}/agreements"), &agree).must_be(200);
    let credit = json!({"refunded_on": "2027-03-01"});
    let credits = format!("{ending}/credits");
    let ended = scene.operator.post_with(house.key(), &credits, &credit).must_be(200);
    let line = &ended["statement"]["lines"][0];
    assert_eq!(
        (&line["cash_cents"], &line["to_return_cents"]),
        (&json!(11_500), &json!(9_500)),
        "{ended}"
    );
    let account = scene.operator.get(&path("/account")).must_be(200);
    assert_eq!(account["cash_cents"], 2_000, "what a venue is owed: {account}");
}

fn money_of_a_rehearsal_stands_in_no_figure(house: &House) {
    let scene = Scene::of(house);
    let programme = scene.operator.programme(&crate::scene::programme(&json!({"training": true})));
    let agreement = crate::scene::agreement(&scene.funders[0], (1, 10_000, 777_700));
    let agreement = scene.operator.agreement(&programme, &agreement);
    let seen = || {
        let report = scene.report("&group_by=agreement");
        let solvency = scene.operator.get("/reports/solvency").must_be(200);
        let months = scene.operator.get("/accounting/months").must_be(200);
        (report["totals"].clone(), report["rows"].clone(), solvency["totals"].clone(), months)
    };
    house.move_to("2026-04-02T08:00:00Z");
    let before = seen();
    house.move_to("2026-03-12T08:00:00Z");
    let receipt =
        json!({"amount_cents": 333_300, "received_on": "2026-03-09", "reference": "ESSAI"});
    let path = format!("/agreements/{agreement}/receipts");
    scene.operator.post_with(house.key(), &path, &receipt).must_be(201);
    house.move_to("2026-04-02T08:00:00Z");
    assert_eq!(seen(), before);
    scene.operator.post("/accounting/months/2026-03/close", &json!({})).must_be(201);
    let closed = seen().3;
    assert_eq!(closed["closed"][0]["figures"]["received_cents"], 0, "{closed}");
    assert_eq!(closed["closed"][0]["figures"]["cash_cents"], 0, "{closed}");
}

fn receipts_and_refunds_move_the_cash(house: &House) {
    let scene = Scene::with(house, &json!({"opened_by": "receipt"}), &[(1, 10_000, 1_000_000)]);
    scene.tries_to_hand_over(5).refused("envelope_exhausted");
    let path = |what: &str| format!("/agreements/{}/{what}", scene.agreements[0]);
    let receipt = json!({"amount_cents": 8_000, "received_on": "2026-03-01", "reference": "VIR 1"});
    let key = house.key();
    for replayed in [false, true] {
        let answer = scene.operator.post_with(key, &path("receipts"), &receipt);
        assert_eq!(answer.must_be(201)["available_cents"], 8_000);
        assert_eq!(answer.replayed(), replayed);
    }
    scene.hands_over(5);
    let refund = |cents: i64| json!({"amount_cents": cents, "refunded_on": "2026-03-09", "reference": "REV 1"});
    scene.operator.post(&path("refunds"), &refund(3_001)).refused("refund_too_large");
    scene.operator.post(&path("refunds"), &refund(3_000)).must_be(201);
    assert_eq!(scene.available(), [0]);
    let totals = &scene.report("")["totals"];
    assert_eq!(
        (&totals["received_cents"], &totals["refunded_cents"]),
        (&json!(8_000), &json!(3_000))
    );
}

fn the_csv_holds_the_same_numbers(house: &House) {
    let scene = Scene::of(house);
    a_full_year(&scene);
    let query = "from=2026-01&to=2027-12&group_by=month,theme";
    let report = scene.operator.get(&format!("/reports/consumption?{query}")).must_be(200);
    let machine =
        scene.operator.get(&format!("/reports/consumption.csv?{query}&dialect=rfc4180")).text();
    let mut reader = csv::Reader::from_reader(machine.as_bytes());
    let names = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), report["rows"].as_array().unwrap().len());
    for (name, total) in counters(&report["totals"]) {
        let column = names.iter().position(|heading| heading == name).unwrap();
        let sum: i64 = rows.iter().map(|row| row[column].parse::<i64>().unwrap()).sum();
        assert_eq!(sum, total, "{name}");
    }
    let french = scene.operator.get(&format!("/reports/consumption.csv?{query}"));
    assert!(french.bytes.starts_with("\u{feff}".as_bytes()), "opens in a spreadsheet");
    assert!(french.text().contains(';') && french.text().contains("1500,00"), "{}", french.text());
}
