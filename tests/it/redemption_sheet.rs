//! Every redemption as one file, for the operator and the auditor.

use std::sync::Barrier;

use pass_numerique::services::export_redemptions::{Days, each_redemption};

use crate::actors::text;
use crate::house::House;
use crate::processes;
use crate::scene::Scene;

on_one_engine![every_redemption_is_a_line_of_one_file, days_in_the_wrong_order_are_refused,];

on_both_engines![readers_who_stand_still_keep_nothing_from_anybody];

fn every_redemption_is_a_line_of_one_file(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let first = scene.redeems(&pass.code).must_be(201);
    scene.undoes(&text(&first, "id")).must_be(201);
    house.move_to("2026-03-11T10:00:00Z");
    scene.redeems(&pass.code).must_be(201);
    house.move_to("2026-03-12T10:00:00Z");
    scene.redeems(&pass.code).must_be(201);

    let answer = scene.operator.get("/redemptions.csv");
    assert_eq!(answer.header("content-type").unwrap(), "text/csv; charset=utf-8");
    let sheet = answer.text();
    let lines: Vec<&str> = sheet.lines().collect();
    assert_eq!(lines.len(), 4, "{sheet}");
    assert!(lines[0].starts_with("\u{feff}Pass;Jour de l'atelier;"), "{}", lines[0]);
    let cells = |line: &str| line.split(';').map(str::to_owned).collect::<Vec<_>>();
    let days: Vec<String> = lines[1..].iter().map(|line| cells(line)[1].clone()).collect();
    assert_eq!(days, ["2026-03-10", "2026-03-11", "2026-03-12"]);
    assert_eq!(cells(lines[1])[10], "oui", "it was undone");
    assert_eq!(cells(lines[2])[10], "");
    assert_eq!(cells(lines[2])[3], "Médiathèque du centre");

    let some = scene.auditor().get("/redemptions.csv?from=2026-03-11&to=2026-03-11").text();
    assert_eq!(some.lines().count(), 2, "{some}");
    scene.staff.get("/redemptions.csv").refused("forbidden");
    scene.funder(0).get("/redemptions.csv").refused("forbidden");

    let said = processes::run(&house.ground, &["report", "redemptions"], "");
    assert_eq!(String::from_utf8(said.stdout).unwrap(), sheet, "the command says the same");
}

fn days_in_the_wrong_order_are_refused(house: &House) {
    let scene = Scene::of(house);
    let refused = scene.operator.get("/redemptions.csv?from=2026-03-11&to=2026-03-10");
    refused.refused("invalid_body");
    scene.operator.get("/redemptions.csv?from=gestern").refused("invalid_query");
}

const READERS: usize = 10;

/// More readers than the service has connections, each in the middle of the file.
fn readers_who_stand_still_keep_nothing_from_anybody(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let redeemed = scene.redeems(&pass.code).must_be(201);
    let (inside, done) = (Barrier::new(READERS + 1), Barrier::new(READERS + 1));
    std::thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                let mut reversed = Vec::new();
                each_redemption(&house.app.services, Days::default(), |line| {
                    inside.wait();
                    done.wait();
                    reversed.push(line.reversed);
                    Ok(())
                })
                .unwrap();
                assert_eq!(reversed, [false], "as it was when the file began");
            });
        }
        inside.wait();
        scene.staff.get("/me").must_be(200);
        scene.undoes(&text(&redeemed, "id")).must_be(201);
        scene.hands_over(5);
        done.wait();
    });
}
