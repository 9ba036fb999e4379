//! The paper of a pass.

use serde_json::json;

use crate::house::House;
use crate::scene::Scene;

on_one_engine![a_pass_is_printed_by_its_prescriber,];

on_both_engines![a_territory_limits_who_receives_a_pass,];

fn a_pass_is_printed_by_its_prescriber(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let path = |what: &str| format!("/passes/{}/{what}", pass.id);
    for layout in ["letter", "card"] {
        let pdf = scene.worker.get(&path(&format!("document.pdf?layout={layout}")));
        assert_eq!((pdf.status, pdf.header("content-type")), (200, Some("application/pdf")));
        assert!(pdf.bytes.starts_with(b"%PDF-"));
        assert_eq!(pdf.header("cache-control"), Some("no-store"));
    }
    scene.worker.get(&path("document.pdf?layout=poster")).refused("invalid_query");
    assert!(scene.worker.get(&path("qr.svg")).text().contains("<svg"));
    assert!(scene.worker.get(&path("qr.png")).bytes.starts_with(b"\x89PNG"));
    scene.operator.get(&path("document.pdf")).refused("forbidden");
    scene.worker.does("void", &pass.id).must_be(200);
    for what in ["document.pdf", "qr.svg", "qr.png"] {
        scene.worker.get(&path(what)).refused("void");
    }
}

fn a_territory_limits_who_receives_a_pass(house: &House) {
    let scene = Scene::with(house, &json!({"territory": ["16"]}), crate::scene::THREE_FUNDERS);
    let mut form = scene.form(5);
    form["commune"] = json!("97411");
    scene.worker.tries_to_hand_over(house.key(), &form).refused("outside_territory");
    form["commune"] = json!("16015");
    scene.worker.hands_over(house.key(), &form);
    let stranger = scene.operator.organisation("Autre CCAS", &["prescriber"]);
    let stranger = crate::actors::SocialWorker(house.person("social_worker", &stranger, false));
    stranger.tries_to_hand_over(house.key(), &form).refused("prescriber_not_accepted");
}
