//! A machine whose clock is wrong: nothing is done by it that cannot be taken back.

use pass_numerique::app::jobs::run_due;
use pass_numerique::domain::ids::ProgrammeId;
use pass_numerique::domain::revival::RevivalRefusal;
use pass_numerique::services::clock_mark;
use pass_numerique::services::release_expired::release_expired;
use pass_numerique::services::revive_passes::revive_passes;
use pass_numerique::services::tidy::tidy;
use pass_numerique::store::programme::fingerprint_salt;
use serde_json::{Value, json};

use crate::door::Call;
use crate::house::House;
use crate::scene::Scene;

money_on_both_engines![
    a_start_with_a_clock_that_is_ahead_releases_and_forgets_nothing,
    nothing_that_stays_is_done_by_a_clock_that_is_ahead,
    what_a_wrong_clock_released_is_committed_again_to_the_cent,
    a_pass_whose_money_is_promised_elsewhere_stays_wound_up_and_is_named,
    fingerprints_go_a_month_after_the_end_and_at_the_second_look,
];

const YEARS_AHEAD: &str = "2029-03-14T09:00:00Z";
const LATER: &str = "2026-03-10T11:00:00Z";

fn named(scene: &Scene<'_>) -> Value {
    let mut form = scene.form(10);
    form["beneficiary"] =
        json!({"given_name": "Jeanne", "family_name": "Martin", "birth_date": "1948-02-11"});
    form
}

/// What the last check found counts for a second.
fn is_ready(house: &House) -> bool {
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    house.door().ask(&Call::outside("/readyz")).status == 200
}

fn a_start_with_a_clock_that_is_ahead_releases_and_forgets_nothing(house: &House) {
    let scene = Scene::of(house);
    let services = &house.app.services;
    let pass = scene.worker.hands_over(house.key(), &named(&scene));
    run_due(services);
    let available = scene.available();

    house.move_to(YEARS_AHEAD);
    run_due(services);
    assert!(!is_ready(house));
    // Nor does it get used to the clock.
    house.tick();
    run_due(services);

    house.move_to(LATER);
    assert!(is_ready(house));
    assert_eq!(scene.available(), available);
    scene.redeems(&pass.code).must_be(201);
    scene.worker.tries_to_hand_over(house.key(), &named(&scene)).refused("already_holds_pass");

    // A service that was stopped for weeks waits for a word.
    house.move_to("2026-06-01T09:00:00Z");
    run_due(services);
    assert!(!is_ready(house));
    clock_mark::confirm(services).unwrap();
    assert!(is_ready(house));
}

/// Whoever asks for it: the jobs, a page, the API or the command line.
fn nothing_that_stays_is_done_by_a_clock_that_is_ahead(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    scene.redeems(&pass.code).must_be(201);
    run_due(&house.app.services);
    let available = scene.available();
    house.move_to(YEARS_AHEAD);
    let acts = [
        "/accounting/months/2028-10/close".to_owned(),
        format!("/programmes/{}/ending/statement", scene.programme),
    ];
    for act in &acts {
        let refused = scene.operator.post_with(house.key(), act, &json!({}));
        assert_eq!(refused.status, 503, "{act}");
        refused.refused("clock_not_believed");
    }
    let run = scene.operator.post_with(house.key(), "/payment-runs", &json!({}));
    run.refused("clock_not_believed");
    house.move_to(LATER);
    assert_eq!(scene.available(), available);
    scene.redeems(&pass.code).must_be(201);
}

fn what_a_wrong_clock_released_is_committed_again_to_the_cent(house: &House) {
    let scene = Scene::with(house, &json!({"price_cents": 1_001}), crate::scene::THREE_FUNDERS);
    let services = &house.app.services;
    let passes = [10, 7].map(|units| scene.hands_over(units));
    scene.redeems(&passes[0].code).must_be(201);
    let before = (scene.available(), scene.report("&group_by=month,agreement")["rows"].clone());
    house.move_to(YEARS_AHEAD);
    assert_eq!(release_expired(services).unwrap(), 2);
    house.move_to(LATER);
    scene.redeems(&passes[0].code).refused("expired");

    let tried = revive_passes(services, true).unwrap();
    assert_eq!((tried.passes, tried.workshops), (2, 16));
    scene.redeems(&passes[0].code).refused("expired");
    let revived = revive_passes(services, false).unwrap();
    assert_eq!((revived.passes, revived.workshops), (2, 16));
    assert_eq!((revived.amount.0, revived.refused.len()), (16 * 1_001, 0));
    let after = (scene.available(), scene.report("&group_by=month,agreement")["rows"].clone());
    assert_eq!(after, before);
    house.must_balance();
    assert_eq!(revive_passes(services, false).unwrap().passes, 0);

    for pass in &passes {
        scene.redeems(&pass.code).must_be(201);
    }
    house.move_to("2027-02-01T09:00:00Z");
    assert_eq!(release_expired(services).unwrap(), 2);
}

fn a_pass_whose_money_is_promised_elsewhere_stays_wound_up_and_is_named(house: &House) {
    let scene = Scene::with(house, &json!({}), &[(1, 10_000, 15_000)]);
    let services = &house.app.services;
    let first = scene.hands_over(10);
    house.tick();
    scene.hands_over(5);
    house.move_to(YEARS_AHEAD);
    release_expired(services).unwrap();
    house.move_to(LATER);
    scene.hands_over(6);

    for dry_run in [true, false] {
        let revived = revive_passes(services, dry_run).unwrap();
        assert_eq!((revived.passes, revived.refused.len()), (1, 1), "{revived:?}");
        let (serial, reason) = &revived.refused[0];
        assert_eq!(serial, &first.serial);
        assert!(matches!(reason, RevivalRefusal::EnvelopeGone { .. }));
    }
    assert_eq!(scene.available(), [4_000]);
    house.move_to("2027-02-01T09:00:00Z");
    release_expired(services).unwrap();
}

fn fingerprints_go_a_month_after_the_end_and_at_the_second_look(house: &House) {
    let scene = Scene::of(house);
    let services = &house.app.services;
    scene.worker.hands_over(house.key(), &named(&scene));
    let id = ProgrammeId(scene.programme.parse().unwrap());
    let kept_at = |at: &str| {
        house.move_to(at);
        release_expired(services).unwrap();
        tidy(services).unwrap();
        let mut conn = services.store.connect().unwrap();
        fingerprint_salt(&mut conn, id).unwrap().is_some()
    };
    for (at, kept) in [
        ("2027-01-20T09:00:00Z", true),
        ("2027-03-15T09:00:00Z", true),
        ("2027-03-15T21:00:00Z", true),
        // The clock was wrong: what was noted is taken back.
        ("2026-05-01T09:00:00Z", true),
        ("2027-03-16T09:00:00Z", true),
        ("2027-03-17T09:00:00Z", false),
    ] {
        assert_eq!(kept_at(at), kept, "{at}");
    }
}
