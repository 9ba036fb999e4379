//! Files of venues from several producers and spreadsheets: nothing changes hands, nothing goes back
//! in time, and whoever imports sees beforehand what would happen.

use serde_json::{Value, json};

use crate::actors::{Operator, text};
use crate::door::{Answer, Call};
use crate::house::House;
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![
    an_id_of_another_source_changes_no_venue,
    an_older_file_takes_nothing_back_also_not_a_correction_made_here,
    an_import_says_what_it_would_do_and_does_not_do_it,
];

on_one_engine![
    the_same_place_twice_is_told,
    a_number_that_was_missing_is_filled_in_by_a_later_file,
    what_is_wrong_is_told_by_the_column_of_the_file_with_its_value,
    what_does_not_fit_its_commune_is_told,
    the_map_of_venues_says_where_it_goes_on,
    an_import_is_tried_on_the_page_before_it_is_done,
];

const HEADING: &str = "id,pivot,nom,commune,code_postal,code_insee,adresse,date_maj,source,telephone,latitude,longitude";

fn line(id: &str, name: &str, day: &str, source: &str) -> String {
    format!("{id},00000000000000,{name},Angoulême,16000,16015,1 place du Palais,{day},{source},,,")
}

fn sends(operator: &Operator, query: &str, lines: &[String]) -> Answer {
    let file = format!("{HEADING}\n{}\n", lines.join("\n"));
    let path = format!("/venues/import{query}");
    operator.ask(Call::new("POST", &path).body("text/csv", file.as_bytes()))
}

fn names(operator: &Operator) -> Vec<String> {
    let listed = operator.get("/venues").must_be(200);
    let mut names: Vec<String> =
        listed["data"].as_array().unwrap().iter().map(|venue| text(venue, "name")).collect();
    names.sort_unstable();
    names
}

fn an_id_of_another_source_changes_no_venue(house: &House) {
    let operator = house.operator();
    sends(&operator, "", &[line("1", "Maison A", "2026-01-01", "hinaura")]).must_be(200);
    let other = line("1", "Maison B", "2026-02-01", "conseiller-numerique");
    let refused = sends(&operator, "", std::slice::from_ref(&other)).refused("sheet_rejected");
    let detail = refused["errors"][0]["detail"].as_str().unwrap();
    assert_eq!(refused["errors"][0]["pointer"], "/2/id");
    assert!(detail.contains("Maison A") && detail.contains("hinaura"), "{detail}");
    let partial = sends(&operator, "?partial=true", &[other]).must_be(200);
    assert_eq!((&partial["updated"], &partial["created"]), (&json!(0), &json!(0)));
    assert_eq!(names(&operator), ["Maison A"]);
    // The same source, however it is spelt, and a file that names none.
    sends(&operator, "", &[line("1", "Maison C", "2026-02-01", "Hinaura")]).must_be(200);
    sends(&operator, "", &[line("1", "Maison D", "2026-02-02", "")]).must_be(200);
    assert_eq!(names(&operator), ["Maison D"]);
}

fn an_older_file_takes_nothing_back_also_not_a_correction_made_here(house: &House) {
    let operator = house.operator();
    let import = |name: &str, day: &str| sends(&operator, "", &[line("1", name, day, "x")]);
    import("De février", "2026-02-01").must_be(200);
    let older = import("De janvier", "2026-01-01").must_be(200);
    assert_eq!((&older["updated"], &older["newer_here"]), (&json!(0), &json!(1)));
    assert_eq!(older["venues"][0]["what"], "newer_here");
    assert_eq!(names(&operator), ["De février"]);
    let venue = operator.get("/venues").must_be(200)["data"][0].clone();
    let path = format!("/venues/{}", text(&venue, "id"));
    operator.patch(&path, &json!({"name": "Corrigé ici"})).must_be(200);
    for day in ["2026-02-01", "2026-03-09", "2026-03-10"] {
        import("D’un fichier", day).must_be(200);
        assert_eq!(names(&operator), ["Corrigé ici"], "{day}");
    }
    import("De demain", "2026-03-11").must_be(200);
    assert_eq!(names(&operator), ["De demain"]);
}

fn an_import_says_what_it_would_do_and_does_not_do_it(house: &House) {
    let operator = house.operator();
    sends(&operator, "", &[line("1", "Avant", "2026-01-01", "x")]).must_be(200);
    let lines = [
        line("1", "Après", "2026-02-01", "x"),
        line("2", "Nouveau", "2026-02-01", "x"),
        line("3", "", "2026-02-01", "x"),
    ];
    let organisations = || operator.get("/organisations").must_be(200)["data"].clone();
    let before = organisations();
    let seen = sends(&operator, "?dry_run=true", &lines).must_be(200);
    assert_eq!(seen["dry_run"], true);
    assert_eq!((&seen["created"], &seen["updated"]), (&json!(1), &json!(1)));
    assert_eq!(seen["venues"][0]["name_before"], "Avant");
    assert_eq!(
        (&seen["venues"][1]["what"], &seen["venues"][1]["name"]),
        (&json!("created"), &json!("Nouveau"))
    );
    assert_eq!(seen["rejected"][0]["column"], "nom");
    assert_eq!(names(&operator), ["Avant"]);
    assert_eq!(organisations(), before);
    let done = sends(&operator, "?partial=true", &lines).must_be(200);
    let facts = |answer: &Value| {
        ["created", "updated", "venues", "rejected"].map(|name| answer[name].clone())
    };
    assert_eq!(facts(&done), facts(&seen), "what was said is what was done");
    assert_eq!(names(&operator), ["Après", "Nouveau"]);
}

fn the_same_place_twice_is_told(house: &House) {
    let scene = Scene::of(house);
    let lines = [
        line("a", "MEDIATHEQUE du centre", "2026-01-01", "x"),
        line("b", "Tiers-lieu", "2026-01-01", "x"),
        line("b|c", "Tiers lieu", "2026-01-01", "x"),
    ];
    for query in ["?dry_run=true", ""] {
        let seen = sends(&scene.operator, query, &lines).must_be(200);
        let twins: Vec<&Value> = seen["notes"].as_array().unwrap().iter().collect();
        assert!(twins.iter().all(|note| note["code"] == "likely_twin"), "{seen}");
        let of: Vec<u64> = twins.iter().map(|note| note["line"].as_u64().unwrap()).collect();
        assert_eq!(of, [2, 4], "{seen}");
    }
}

fn what_is_wrong_is_told_by_the_column_of_the_file_with_its_value(house: &House) {
    let operator = house.operator();
    let right = "a,73282932000074,Lieu,Angoulême,16000,16015,1 rue,2026-01-01,x,3949,45.65,0.16";
    for (from, to, column) in [
        ("Lieu", "x".repeat(301), "nom"),
        ("3949", "05 45".to_owned(), "telephone"),
        ("73282932000074", "732829320".to_owned(), "pivot"),
        ("73282932000074", "7328293200007".to_owned(), "pivot"),
        ("2026-01-01", "31/02/2026".to_owned(), "date_maj"),
        ("16000", "1600".to_owned(), "code_postal"),
        ("45.65", "nord".to_owned(), "latitude"),
    ] {
        let refused = sends(&operator, "", &[right.replace(from, &to)]).refused("sheet_rejected");
        assert_eq!(refused["errors"][0]["pointer"], format!("/2/{column}"), "{refused}");
        let begin: String = to.chars().take(20).collect();
        let detail = refused["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains(&begin), "{detail}");
        assert!(
            refused["detail"].as_str().unwrap().starts_with("1 valeur du fichier est"),
            "{refused}"
        );
    }
    let taken = sends(&operator, "", &[right.to_owned()]).must_be(200);
    assert_eq!((&taken["created"], &taken["notes"]), (&json!(1), &json!([])));
    let venue = operator.get("/venues").must_be(200)["data"][0].clone();
    assert_eq!(venue["phone"], "3949");
}

fn what_does_not_fit_its_commune_is_told(house: &House) {
    let operator = house.operator();
    let line = "a,0,Lieu,Angoulême,16000,16015,1 rue,2026-01-01,x,,45.65,0.16";
    let seen = |line: &str| sends(&operator, "?dry_run=true", &[line.to_owned()]).must_be(200);
    for (wrong, column) in [
        (line.replace("Angoulême", "Paris"), "commune"),
        (line.replace("45.65,0.16", "0,0"), "latitude"),
        (line.replace("45.65,0.16", "52.52,13.40"), "latitude"),
        (line.replace("45.65,0.16", "48.85,2.35"), "latitude"),
        (line.replace("45.65,0.16", "0.16,45.65"), "latitude"),
        (line.replace(",0,Lieu", ",73282932000075,Lieu"), "pivot"),
    ] {
        let told = seen(&wrong);
        assert_eq!(told["notes"][0]["column"], column, "{told}");
    }
    for right in ["ANGOULEME", "Angouleme Cedex"] {
        assert_eq!(seen(&line.replace("Angoulême", right))["notes"], json!([]), "{right}");
    }
    let unknown = line.replace("Angoulême", "Nulle part").replace("16015", "");
    let unknown = unknown.replace("16000", "16300");
    let told = seen(&unknown);
    let detail = told["rejected"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("16028"), "communes of that postal code are offered: {detail}");
    let former = line.replace("16015", "16140").replace("Angoulême", "Fontclaireau");
    assert_eq!(seen(&former)["created"], 1);
}

fn the_map_of_venues_says_where_it_goes_on(house: &House) {
    let scene = Scene::of(house);
    for number in 0..4 {
        scene.operator.venue(&scene.staff.organisation, &format!("Annexe {number}"));
    }
    let (mut path, mut found) = ("/api/v1/venues?limit=2".to_owned(), 0);
    for _ in 0..5 {
        let call = Call::outside(&path).header("Accept", "application/geo+json");
        let answer = house.door().ask(&call);
        found += answer.must_be(200)["features"].as_array().unwrap().len();
        let Some(link) = answer.header("link") else { break };
        path = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
    }
    assert_eq!(found, 5);
}

fn an_import_is_tried_on_the_page_before_it_is_done(house: &House) {
    let scene = Scene::of(house);
    let desk = Seat::of(house, &scene.operator);
    let page = desk.reads("/gestion/lieux/importer").text();
    let (_, tick) = page.split_once("name=\"essai\"").unwrap();
    assert!(tick.split('>').next().unwrap().contains("checked"), "{page}");
    let file = format!("{HEADING}\n{}\n", line("1", "Maison neuve", "2026-02-01", "x"));
    let sent = |tried: bool| {
        let part = |name: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let token = desk.token("/gestion/lieux/importer");
        let mut body = part("jeton", &token) + &part("cle", &house.key().to_string());
        if tried {
            body += &part("essai", "oui");
        }
        body += "--x\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"a.csv\"\r\n\
            Content-Type: text/csv\r\n\r\n";
        body += &file;
        body += "\r\n--x--\r\n";
        desk.sends_body("/gestion/lieux/importer", "multipart/form-data; boundary=x", &body)
    };
    let seen = sent(true);
    assert_eq!(seen.status, 200);
    assert!(seen.text().contains("rien n’est importé"), "{}", seen.text());
    assert!(seen.text().contains("Maison neuve"));
    let text = seen.text();
    let (_, tick) = text.split_once("name=\"essai\"").unwrap();
    assert!(!tick.split('>').next().unwrap().contains("checked"), "{text}");
    assert!(!names(&scene.operator).contains(&"Maison neuve".to_owned()));
    assert_eq!(sent(false).status, 303);
    assert!(names(&scene.operator).contains(&"Maison neuve".to_owned()));
}

fn a_number_that_was_missing_is_filled_in_by_a_later_file(house: &House) {
    let operator = house.operator();
    let with = |id: &str, pivot: &str, day: &str| {
        line(id, &format!("Lieu {id}"), day, "x").replace("00000000000000", pivot)
    };
    let slip = sends(&operator, "", &[with("1", "73282932000075", "2026-01-01")]).must_be(200);
    assert_eq!(slip["notes"][0]["column"], "pivot", "{slip}");
    sends(&operator, "", &[with("1", "73282932000074", "2026-01-02")]).must_be(200);
    let known = |number: &str| {
        let listed = operator.get("/organisations").must_be(200);
        let found = listed["data"].as_array().unwrap().iter().filter(|one| one["siret"] == number);
        found.count()
    };
    assert_eq!(known("73282932000074"), 1);
    sends(&operator, "", &[with("2", "0", "2026-01-01")]).must_be(200);
    let taken = sends(&operator, "", &[with("2", "73282932000074", "2026-01-02")]).must_be(200);
    assert_eq!(taken["notes"][0]["code"], "number_taken", "{taken}");
    assert_eq!(known("73282932000074"), 1);
}
