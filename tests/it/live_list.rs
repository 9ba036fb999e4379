//! The list a scanner holds for the hours without a network.

use pass_numerique::adapters::clock::Clock;
use pass_numerique::adapters::live_filter;
use pass_numerique::domain::code::Code;
use serde_json::json;
use xorf::{BinaryFuse16, BinaryFuse16Ref, DmaSerializable, Filter, FilterRef};

use crate::actors::{Person, VenueStaff};
use crate::house::House;
use crate::scene::Scene;

on_both_engines![
    the_list_knows_the_passes_that_give_a_workshop_and_no_others,
    the_list_of_a_venue_that_no_programme_accepts_is_empty,
];

/// A list as the scanner reads it.
struct List {
    passes: u32,
    made_at: u64,
    key: [u8; 32],
    filter: Vec<u8>,
}

impl List {
    fn of(staff: &Person, venue: &str) -> Self {
        let answer = staff.get(&format!("/venues/{venue}/live-passes"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let bytes = &answer.bytes;
        assert_eq!(&bytes[..4], b"PNL1");
        Self {
            passes: u32::from_le_bytes(bytes[4..8].try_into().unwrap()),
            made_at: u64::from_le_bytes(bytes[8..16].try_into().unwrap()),
            key: bytes[16..48].try_into().unwrap(),
            filter: bytes[48..].to_vec(),
        }
    }

    fn knows(&self, code: &str) -> bool {
        let entry = live_filter::entry(&self.key, &Code::read(code).unwrap());
        let (descriptor, prints) = self.filter.split_at(BinaryFuse16::DESCRIPTOR_LEN);
        BinaryFuse16Ref::from_dma(descriptor, prints).contains(&entry)
    }
}

fn the_list_knows_the_passes_that_give_a_workshop_and_no_others(house: &House) {
    let scene = Scene::of(house);
    let names = ["fresh", "begun", "used up", "void", "suspended", "replaced"];
    let [fresh, begun, used_up, void, suspended, replaced] = names.map(|_| scene.hands_over(5));
    scene.redeems(&begun.code).must_be(201);
    for _ in 0..5 {
        scene.redeems(&used_up.code).must_be(201);
    }
    scene.worker.does("void", &void.id).must_be(200);
    scene.worker.does("suspend", &suspended.id).must_be(200);
    let instead = scene.worker.replaces(&replaced.id);

    let list = List::of(&scene.staff, &scene.venue);
    assert_eq!(list.passes, 3);
    assert_eq!(list.made_at, house.clock.now().millis());
    for live in [&fresh, &begun, &instead] {
        assert!(list.knows(&live.code));
    }
    for dead in [&used_up, &void, &suspended, &replaced] {
        assert!(!list.knows(&dead.code));
    }
    let again = List::of(&scene.staff, &scene.venue);
    assert_eq!((list.key, &list.filter), (again.key, &again.filter), "made once for everybody");
    let late = scene.hands_over(5);
    house.move_to("2026-03-10T09:05:30Z");
    let next = List::of(&scene.staff, &scene.venue);
    assert_ne!(list.key, next.key, "each list opens with a key of its own");
    assert!(next.knows(&late.code) && next.passes == 4);

    house.move_to("2027-03-01T09:00:00Z");
    assert_eq!(List::of(&scene.staff, &scene.venue).passes, 0, "all have expired");
}

fn the_list_of_a_venue_that_no_programme_accepts_is_empty(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let runner = scene.operator.organisation("Tiers-lieu", &["venue_operator"]);
    let other = VenueStaff(house.person("venue_staff", &runner, false));
    let venue = scene.operator.venue(&runner, "Tiers-lieu de la gare");
    let list = List::of(&other, &venue);
    assert_eq!((list.passes, list.knows(&pass.code)), (0, false));
    other.get(&format!("/venues/{}/live-passes", scene.venue)).refused("not_found");
    scene.worker.get(&format!("/venues/{venue}/live-passes")).refused("forbidden");
    assert_eq!(json!(list.passes), 0);
}
