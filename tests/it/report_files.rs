//! The report as files: a spreadsheet's cells are those of the JSON, the paper is whole, and both
//! can be asked for as of a past moment.

use std::io::Cursor;

use calamine::{Data, Ods, Range, Reader, Xlsx};
use serde_json::{Value, json};

use crate::actors::text;
use crate::house::House;
use crate::money::{GROUPS, a_full_year};
use crate::paper;
use crate::processes;
use crate::scene::{Scene, THREE_FUNDERS, agreement};
use crate::seat::Seat;

on_one_engine![
    every_spreadsheet_holds_the_cells_of_the_json,
    a_sheet_says_what_was_asked_and_what_it_means,
    a_moment_that_is_not_over_is_refused,
    the_page_shows_a_past_moment_and_its_files,
    the_paper_is_whole_and_can_be_made_again,
];

on_both_engines![
    figures_asked_again_as_of_before_are_the_same,
    the_command_line_writes_every_format,
];

const YEAR: &str = "from=2026-01&to=2027-12";

/// A workbook, whatever its format: the range of each sheet, by name.
fn sheets(format: &str, bytes: &[u8]) -> Vec<(String, Range<Data>)> {
    let file = Cursor::new(bytes.to_vec());
    match format {
        "xlsx" => Xlsx::new(file).unwrap().worksheets(),
        _ => Ods::new(file).unwrap().worksheets(),
    }
}

fn number(cell: &Data) -> f64 {
    match cell {
        Data::Float(number) => *number,
        Data::Int(number) => f64::from(i32::try_from(*number).unwrap()),
        other => panic!("{other:?} is no number"),
    }
}

/// A cell as a day: `2026-03-01`.
fn day(cell: &Data) -> String {
    match cell {
        Data::DateTime(at) => at.as_datetime().unwrap().date().to_string(),
        Data::DateTimeIso(at) => at.split('T').next().unwrap().to_owned(),
        other => panic!("{other:?} is no day"),
    }
}

/// What a cell of a counter must hold.
fn must_hold(cell: &Data, name: &str, value: &Value, whole: &str) {
    let Some(value) = value.as_i64() else {
        assert_eq!(*cell, Data::Empty, "{name}, {whole}");
        return;
    };
    let value = f64::from(i32::try_from(value).unwrap());
    let expected = if name.ends_with("_cents") { value / 100.0 } else { value };
    assert!((number(cell) - expected).abs() < 1e-9, "{name}: {cell:?}, not {expected}, {whole}");
}

/// The counters a report shows for each row, in the order of the columns.
fn columns(report: &Value) -> Vec<String> {
    let mut names: Vec<&str> = vec![
        "passes_handed_over",
        "passes_started",
        "workshops_granted",
        "workshops_redeemed",
        "workshops_lapsed",
        "received_cents",
        "committed_cents",
        "consumed_cents",
        "released_cents",
        "paid_cents",
        "refunded_cents",
    ];
    let groups = report["group_by"].as_array().unwrap();
    if !groups.is_empty() && groups.iter().all(|g| g == "programme" || g == "agreement") {
        names.extend(["available_cents", "committed_balance_cents", "payable_cents"]);
    }
    names.push("use_rate_percent");
    if groups == &["programme"] && report["totals"]["passes_printed"].is_i64() {
        names.extend(["passes_printed", "passes_in_stock"]);
    }
    names.into_iter().map(str::to_owned).collect()
}

/// Compares a sheet with the JSON of the same question, cell by cell.
fn must_be_the_same(sheet: &Range<Data>, report: &Value, whole: &str) {
    let rows = report["rows"].as_array().unwrap();
    let groups = report["group_by"].as_array().unwrap();
    let columns = columns(report);
    assert_eq!(sheet.get_size(), (rows.len() + 2, groups.len() + columns.len()), "{whole}");
    for (position, row) in rows.iter().enumerate() {
        let cells = &sheet[position + 1];
        for (group, cell) in groups.iter().zip(cells) {
            let group = group.as_str().unwrap();
            match row[group].as_str().filter(|_| group == "month") {
                Some(month) => assert_eq!(day(cell), format!("{month}-01"), "{whole}"),
                None if group == "month" => assert_eq!(cell, "Non renseigné", "{whole}"),
                None => assert_eq!(*cell, row[format!("{group}_label")].as_str().unwrap()),
            }
        }
        for (name, cell) in columns.iter().zip(&cells[groups.len()..]) {
            must_hold(cell, name, &row[name], whole);
        }
    }
    let totals = &sheet[rows.len() + 1];
    if !groups.is_empty() {
        assert_eq!(totals[0], "Total");
    }
    for (name, cell) in columns.iter().zip(&totals[groups.len()..]) {
        must_hold(cell, name, &report["totals"][name], whole);
    }
}

fn every_spreadsheet_holds_the_cells_of_the_json(house: &House) {
    let scene = Scene::of(house);
    a_full_year(&scene);
    let several = ["", "month,venue", "programme,agreement", "agreement,theme,public"];
    let funder = format!("&funder_id={}", scene.funders[1]);
    for group in GROUPS.into_iter().chain(several) {
        for more in ["", "&by=workshop_day", funder.as_str(), "&as_of=2026-06-30"] {
            let asked = format!("{YEAR}&group_by={group}{more}");
            let report = scene.operator.get(&format!("/reports/consumption?{asked}")).must_be(200);
            for format in ["xlsx", "ods"] {
                let path = format!("/reports/consumption.{format}?{asked}");
                let file = scene.operator.get(&path);
                assert_eq!(file.status, 200, "{path}");
                let sheets = sheets(format, &file.bytes);
                let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
                assert_eq!(names, ["Consommation", "Définitions", "Question posée"]);
                must_be_the_same(&sheets[0].1, &report, &path);
            }
        }
    }
}

fn a_sheet_says_what_was_asked_and_what_it_means(house: &House) {
    let scene = Scene::of(house);
    a_full_year(&scene);
    let funder = &scene.funders[1];
    let asked = format!("{YEAR}&group_by=theme&funder_id={funder}&as_of=2026-06-30");
    let report = scene.operator.get(&format!("/reports/consumption?{asked}")).must_be(200);
    assert_eq!(report["as_of"], "2026-06-30T21:59:59.999999Z");
    for format in ["xlsx", "ods"] {
        let file = scene.operator.get(&format!("/reports/consumption.{format}?{asked}"));
        let sheets = sheets(format, &file.bytes);
        let definitions: Vec<String> =
            sheets[1].1.rows().skip(1).map(|row| row[1].to_string().replace('’', "'")).collect();
        for text in report["definitions"].as_object().unwrap().values() {
            assert!(definitions.iter().any(|known| known == text), "{text}");
        }
        let question = &sheets[2].1;
        let said = |name: &str| {
            let row = question.rows().find(|row| row[0] == *name);
            row.unwrap_or_else(|| panic!("{name} in {question:?}"))[1].clone()
        };
        assert_eq!(day(&said("Premier mois")), "2026-01-01");
        assert_eq!(day(&said("Dernier mois")), "2027-12-01");
        assert_eq!(said("Financeur"), "Financeur 2");
        assert_eq!(said("Dispositif"), "Tous les dispositifs");
        assert_eq!(said("Regroupement"), "Thème");
        assert_eq!(day(&said("Chiffres au (heure de Paris)")), "2026-06-30");
        assert_eq!(said("Même moment, pour le redemander"), report["as_of"].as_str().unwrap());
        for (heading, name) in [
            ("Disponible, fin du dernier mois", "available_cents"),
            ("Restant engagé, fin du dernier mois", "committed_balance_cents"),
            ("Dû aux lieux, fin du dernier mois", "payable_cents"),
        ] {
            must_hold(&said(heading), name, &report["totals"][name], format);
        }
    }
}

/// How many passes are in stock is told of now alone.
fn without_stock(report: &mut Value) {
    let strip = |figures: &mut Value| {
        let figures = figures.as_object_mut().unwrap();
        figures.remove("passes_printed");
        figures.remove("passes_in_stock");
    };
    strip(&mut report["totals"]);
    report["rows"].as_array_mut().unwrap().iter_mut().for_each(strip);
}

/// Everything the report tells, in every grouping, of everybody and of each funder.
fn told(scene: &Scene<'_>, as_of: &str) -> Vec<Value> {
    let funders = scene.funders.iter().take(3).map(|funder| format!("&funder_id={funder}"));
    let filters: Vec<String> = [String::new()].into_iter().chain(funders).collect();
    let mut told = Vec::new();
    for group in GROUPS.into_iter().chain(["month,venue", "programme,agreement"]) {
        for filter in &filters {
            for by in ["accounting_month", "workshop_day"] {
                let query = format!("&group_by={group}{filter}&by={by}{as_of}");
                let mut report = scene.report(&query);
                report["as_of"].take();
                without_stock(&mut report);
                told.push(report);
            }
        }
    }
    told
}

fn figures_asked_again_as_of_before_are_the_same(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let first = scene.redeems(&pass.code).must_be(201);
    let idle = scene.hands_over(5);
    house.move_to("2026-03-12T10:00:00Z");
    let before = told(&scene, "");
    let now = scene.report("")["as_of"].clone();
    assert_eq!(now, "2026-03-12T10:00:00Z", "a report says what it is of");

    house.tick();
    scene.undoes(&text(&first, "id")).must_be(201);
    scene.redeems(&pass.code).must_be(201);
    scene.worker.does("void", &idle.id).must_be(200);
    scene.hands_over(7);
    let receipt = json!({"amount_cents": 77, "received_on": "2026-03-01", "reference": "VIR"});
    let path = format!("/agreements/{}/receipts", scene.agreements[0]);
    scene.operator.post(&path, &receipt).must_be(201);
    let late = scene.operator.organisation("Arrivé après", &["funder"]);
    scene.operator.agreement(&scene.programme, &agreement(&late, (2, 10_000, 4_200)));
    house.move_to("2026-04-20T10:00:00Z");
    scene.redeems(&pass.code).must_be(201);

    assert_ne!(told(&scene, ""), before, "much has changed");
    for as_of in ["2026-03-12T10:00:00Z", "2026-03-12T11:00:00%2B01:00", "2026-03-12T10:00:00.9Z"] {
        assert_eq!(told(&scene, &format!("&as_of={as_of}")), before, "{as_of}");
    }
    let at_the_end = told(&scene, "&as_of=2026-03-12");
    assert_ne!(at_the_end, before, "the day was not over");
    assert_eq!(at_the_end, told(&scene, "&as_of=2026-03-12T22:59:59.999999Z"), "midnight in Paris");
    let silent = scene.operator.get("/reports/consumption?as_of=2026-03-15").must_be(200);
    assert_eq!((&silent["from"], &silent["to"]), (&json!("2025-04"), &json!("2026-03")));
    assert_eq!(scene.report("&as_of=2026-01-01")["totals"]["available_cents"], 0);
}

fn a_moment_that_is_not_over_is_refused(house: &House) {
    let scene = Scene::with(house, &json!({}), THREE_FUNDERS);
    house.move_to("2026-03-12T10:00:00Z");
    for form in ["", ".csv", ".xlsx", ".ods", ".pdf"] {
        let ask = |as_of: &str| {
            scene.operator.get(&format!("/reports/consumption{form}?{YEAR}&as_of={as_of}"))
        };
        for wrong in ["2026-03-12T10:00:01Z", "2026-03-12", "2027-01-01", "hier", "2026-02-30"] {
            let refused = ask(wrong).refused("invalid_query");
            assert_eq!(refused["errors"][0]["pointer"], "/as_of", "{refused}");
        }
        for right in ["2026-03-12T10:00:00Z", "2026-03-11", ""] {
            assert_eq!(ask(right).status, 200, "{form} {right}");
        }
    }
    let seat = Seat::of(house, &scene.funder(0));
    for path in ["/rapports", "/rapports/detail"] {
        let answer = seat.reads(&format!("{path}?as_of=2026-03-12"));
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(r##"<a href="#as_of">Ce moment"##), "{}", answer.text());
    }
}

fn the_page_shows_a_past_moment_and_its_files(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    scene.redeems(&pass.code).must_be(201);
    house.move_to("2026-03-12T10:00:00Z");
    scene.redeems(&pass.code).must_be(201);
    let seat = Seat::of(house, &scene.funder(0));
    for path in ["/rapports", "/rapports/detail"] {
        let page = seat.reads(&format!("{path}?as_of=2026-03-11")).text();
        assert!(page.contains("Chiffres au 11 mars 2026 à 23 h 59, heure de Paris"), "{page}");
        assert!(page.contains(r#"type="date" value="2026-03-11""#), "{page}");
        let links: Vec<String> = page
            .split("href=\"")
            .filter_map(|rest| rest.split('"').next())
            .filter(|address| address.contains("/reports/consumption."))
            .map(|address| address.replace("&#38;", "&"))
            .collect();
        for format in ["csv", "xlsx", "ods", "pdf"] {
            assert!(links.iter().any(|link| link.contains(&format!(".{format}?"))), "{links:?}");
        }
        for link in links {
            assert!(link.contains("as_of=2026-03-11"), "{link}");
            let file = seat.reads(&link);
            assert_eq!(file.status, 200, "{link}");
            if link.contains(".csv") {
                let total = file.text().lines().last().unwrap().to_owned();
                assert!(total.starts_with("Total;1;1;10;1;0;0,00;50,00;5,00"), "{total}");
            }
        }
    }
    let page = seat.reads("/rapports?as_of=2026-03-11").text();
    for words in ["avril 2025 à mars 2026", "Ce qui reste au 11 mars 2026"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let exact = seat.reads("/rapports?as_of=2026-03-11T20:00:00Z").text();
    assert!(exact.contains(r#"type="text" value="2026-03-11T20:00:00Z""#), "{exact}");
}

fn the_paper_is_whole_and_can_be_made_again(house: &House) {
    let scene = Scene::of(house);
    a_full_year(&scene);
    house.move_to("2027-03-01T08:30:00Z");
    let funder = scene.funder(0);
    let asked = format!("{YEAR}&group_by=month,theme");
    let made = funder.get(&format!("/reports/consumption.pdf?{asked}"));
    assert_eq!(made.header("content-type"), Some("application/pdf"));
    let name = format!("report-{}", house.unique("paper"));
    let first = paper::text_of(&paper::write(&name, &made.bytes)).replace('\u{202f}', " ");
    let report = funder.get(&format!("/reports/consumption?{asked}")).must_be(200);
    let consumed = report["totals"]["consumed_cents"].as_i64().unwrap();
    for said in [
        "Rapport de consommation".to_owned(),
        "Financeur 1".to_owned(),
        "De janvier 2026 à décembre 2027".to_owned(),
        "1 mars 2027 à 9 h 30".replace("1 mars", "1er mars"),
        format!("{},{:02}", consumed / 100, consumed % 100),
        "Validations moins annulations, selon leur mois comptable.".to_owned(),
        "Par mois, puis par thème".to_owned(),
        "as_of=2027-03-01T08:30:00Z".to_owned(),
        "Date et signature".to_owned(),
    ] {
        assert!(first.contains(&said), "{said} in {first}");
    }
    house.move_to("2027-03-02T08:30:00Z");
    let receipt = json!({"amount_cents": 50_000, "received_on": "2027-03-01", "reference": "VIR"});
    let path = format!("/agreements/{}/receipts", scene.agreements[0]);
    scene.operator.post(&path, &receipt).must_be(201);
    let again = funder.get(&format!("/reports/consumption.pdf?{asked}&as_of=2027-03-01T08:30:00Z"));
    let again = paper::text_of(&paper::write(&name, &again.bytes)).replace('\u{202f}', " ");
    let made = |text: &str| text.replace("produit le 2 mars", "produit le 1er mars");
    assert_eq!(made(&again), first, "the same figures, only made a day later");
    let other = format!("/reports/consumption.pdf?funder_id={}", scene.funders[1]);
    funder.get(&other).refused("not_found");
}

fn the_command_line_writes_every_format(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    scene.redeems(&pass.code).must_be(201);
    house.move_to("2026-03-12T10:00:00Z");
    scene.redeems(&pass.code).must_be(201);
    let period = ["report", "consumption", "--from", "2026-01", "--to", "2027-12"];
    let asked = |more: &[&str]| {
        let output = processes::run(&house.ground, &[&period, more].concat(), "");
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    let by_theme = ["--group-by", "month,theme", "--as-of", "2026-03-11"];
    let written = asked(&by_theme);
    let mut report: Value = serde_json::from_slice(&written).unwrap();
    let known = scene.report("&group_by=month,theme&as_of=2026-03-11");
    assert_eq!(report, known);
    for format in ["xlsx", "ods"] {
        let file = house.ground.folder.join(format!("rapport.{format}"));
        let more = ["--format", format, "--out", file.to_str().unwrap()];
        assert!(asked(&[&by_theme[..], &more].concat()).is_empty());
        must_be_the_same(&sheets(format, &std::fs::read(file).unwrap())[0].1, &report, format);
    }
    report = serde_json::from_slice(&asked(&[])).unwrap();
    assert_eq!(report["totals"]["workshops_redeemed"], 2);
    let wrong = processes::run(&house.ground, &[&period[..], &["--as-of", "hier"]].concat(), "");
    assert_eq!(wrong.status.code(), Some(2), "{wrong:?}");
    let future = ["--as-of", "2099-01-01"];
    let future = processes::run(&house.ground, &[&period[..], &future].concat(), "");
    assert_eq!(future.status.code(), Some(1), "{future:?}");
}
