//! The scripts of the scanner say what the service says: of a code, and of a list of live passes.

use pass_numerique::domain::code::{Code, CodeSlip, Serial};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::chromium::Device;
use crate::house::House;
use crate::scene::Scene;

on_one_engine![
    the_page_reads_a_code_as_the_service_does,
    the_page_recognises_the_passes_of_its_list_and_no_others,
];

/// Calls `work(module, told)` with one of the scanner's own modules.
fn asks(page: &Browser, module: &str, work: &str, told: &Value) -> Value {
    let script = format!(
        "const [told, done] = arguments;
        const beside = document.querySelector('script[type=module]').src;
        import(new URL('{module}', beside).href).then({work})
            .then(done, (error) => done(String(error)));"
    );
    page.runs_and_waits(&script, json!([told]))
}

fn at_the_door(house: &House) -> (Scene<'_>, Browser) {
    let scene = Scene::of(house);
    let page = Browser::of(house, &Device::phone());
    page.signs_in(&scene.staff).opens("/scanner").must_say("En ligne");
    (scene, page)
}

/// A code that looks random, the same each time.
fn code(number: u64) -> Code {
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
    let mut bytes = [u8::try_from(number % 251).unwrap(); 9];
    bytes[..8].copy_from_slice(&spread);
    Code::from_bytes(bytes)
}

fn texts() -> Vec<String> {
    let mut texts: Vec<String> =
        ["", " ", "/P/", "é", "ABCD", "0000-0000-0000-0001", "https://exemple.fr/", "U"]
            .map(str::to_owned)
            .to_vec();
    texts.push("A".repeat(300));
    texts.push(Serial::from_bytes([1, 2, 3, 4, 5, 6, 7]).as_str().to_owned());
    for number in 1..60 {
        let code = code(number);
        let grouped = code.grouped();
        texts.push(format!("HTTPS://PASS.EXEMPLE.FR/P/{}", code.as_str()));
        texts.push(grouped.to_lowercase().replace('0', "o").replace('1', "l"));
        texts.push(grouped.replace('-', " – "));
        let mut wrong: Vec<char> = grouped.chars().collect();
        let place = usize::try_from(number % 4).unwrap() * 5;
        wrong[place] = if wrong[place] == '7' { '8' } else { '7' };
        texts.push(wrong.iter().collect());
        wrong.swap(0, 18);
        texts.push(wrong.iter().collect());
    }
    texts
}

fn the_page_reads_a_code_as_the_service_does(house: &House) {
    let (_, page) = at_the_door(house);
    let texts = texts();
    let read = asks(&page, "code.js", "({ readCode }) => told.map(readCode)", &json!(texts));
    let read = read.as_array().unwrap_or_else(|| panic!("{read}"));
    assert_eq!(read.len(), texts.len());
    for (text, read) in texts.iter().zip(read) {
        let expected = match Code::read(text) {
            Ok(code) => json!({"code": code.as_str()}),
            Err(CodeSlip::Shape) => json!({"slip": "shape"}),
            Err(CodeSlip::Serial) => json!({"slip": "serial"}),
            Err(CodeSlip::Check) => json!({"slip": "check"}),
        };
        assert_eq!(*read, expected, "{text}");
    }
}

fn the_page_recognises_the_passes_of_its_list_and_no_others(house: &House) {
    let (scene, page) = at_the_door(house);
    let own: Vec<String> = (0..40)
        .map(|_| Code::read(&scene.hands_over(5).code).unwrap().as_str().to_owned())
        .collect();
    // The page has asked for a list already, and one is made once in five minutes.
    house.move_to("2026-03-10T09:06:00Z");
    let strangers: Vec<String> = (1..2_000).map(|n| code(n).as_str().to_owned()).collect();
    let work = format!(
        "async ({{ LiveList }}) => {{
            const answer = await fetch('/api/v1/venues/{}/live-passes');
            const list = new LiveList(await answer.arrayBuffer());
            const known = [];
            for (const code of told) known.push(await list.knows(code));
            return {{ passes: list.passes, known }};
        }}",
        scene.venue
    );
    let told: Vec<&String> = own.iter().chain(&strangers).collect();
    let answer = asks(&page, "live-list.js", &work, &json!(told));
    assert_eq!(answer["passes"], 40, "{answer}");
    let known: Vec<bool> = serde_json::from_value(answer["known"].clone()).unwrap();
    assert!(known[..40].iter().all(|known| *known));
    assert!(known[40..].iter().filter(|known| **known).count() < 3);
}
