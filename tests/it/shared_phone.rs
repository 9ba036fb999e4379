//! A phone that several people use: what was kept for one of them is not shown to the next.

use crate::actors::{PASSWORD, Person, VenueStaff};
use crate::door::Answer;
use crate::house::House;
use crate::scene::Scene;
use crate::seat::Seat;

on_one_engine![
    signing_out_on_any_page_clears_the_device,
    a_code_goes_no_further_than_whom_it_was_carried_for,
    a_kept_page_names_whom_it_was_made_for,
];

fn signs_in(house: &House, person: &Person) -> Answer {
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    Seat::of_nobody(house).sends("/connexion", &fields)
}

/// What the answer makes the mark of the device.
fn mark(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let marks = cookies.filter_map(|cookie| cookie.strip_prefix("pass_numerique_mark="));
    let found: Vec<&str> = marks.collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(!found[0].contains("HttpOnly"), "the page reads it");
    found[0].split(';').next().unwrap().to_owned()
}

fn signing_out_on_any_page_clears_the_device(house: &House) {
    let scene = Scene::of(house);
    for from in ["/scanner", "/seances", "/releves", "/lieux"] {
        let staff = Seat::of(house, &scene.staff);
        let out = staff.sends_from(from, "", "/deconnexion", &[]);
        assert_eq!(out.header("clear-site-data"), Some("\"cache\""), "{from}");
        assert_eq!(mark(&out), "");
        let page = Seat::of_nobody(house).reads(out.header("location").unwrap()).text();
        assert!(page.contains("/scanner/leave.js"), "{page}");
        assert!(page.contains("Vous êtes déconnecté"), "{page}");
    }
    let page = Seat::of_nobody(house).reads("/").text();
    assert!(!page.contains("leave.js"), "only who signs out leaves");
}

fn a_code_goes_no_further_than_whom_it_was_carried_for(house: &House) {
    let scene = Scene::of(house);
    let out = Seat::of(house, &scene.staff).sends_from("/scanner", "", "/deconnexion", &[]);
    for answer in [out, signs_in(house, &scene.staff)] {
        let cookies = answer.headers.get_all("set-cookie").iter();
        let cookies: Vec<&str> = cookies.map(|value| value.to_str().unwrap()).collect();
        for path in ["/scanner", "/remise"] {
            let gone = cookies.iter().any(|cookie| {
                cookie.starts_with("pass_numerique_code=;")
                    && cookie.contains(&format!("Path={path}"))
                    && cookie.contains("Max-Age=0")
            });
            assert!(gone, "{path}: {cookies:?}");
        }
    }
}

fn a_kept_page_names_whom_it_was_made_for(house: &House) {
    let scene = Scene::of(house);
    let colleague = VenueStaff(house.person("venue_staff", &scene.staff.organisation, false));
    let marks = [&scene.staff.0, &colleague.0].map(|person| {
        let signed_in = mark(&signs_in(house, person));
        let answer = Seat::of(house, person).reads("/scanner");
        let page = answer.text();
        assert!(page.contains(&format!("data-whose=\"{signed_in}\"")), "{page}");
        let script = page.find("/scanner/whose.js").unwrap();
        assert!(script < page.find("<body>").unwrap(), "before anything is shown");
        assert_eq!(mark(&answer), signed_in);
        signed_in
    });
    assert_ne!(marks[0], marks[1]);
    assert!(!marks[0].contains(&scene.staff.id.to_string()));
}
