//! What a bank answers, in every way that banks write it: no refusal is lost, none is made up.

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use crate::actors::text;
use crate::door::{Answer, Call};
use crate::house::House;
use crate::payments::{
    IBAN, OTHER_IBAN, account, answer_of_the_bank, everybody_has_an_account, file, has_an_account,
    march_to_pay, pays,
};
use crate::scene::Scene;
use crate::seat::Seat;

on_one_engine![
    a_holders_name_in_any_letters_is_paid_or_refused_when_it_is_given,
    what_a_bank_refuses_and_no_payment_bears_is_shown_on_the_page,
];

money_on_both_engines![
    a_refusal_of_another_block_or_payment_puts_nothing_back,
    a_refusal_is_found_by_every_id_a_bank_may_give,
    an_answer_is_read_in_the_encoding_that_it_declares,
    a_holder_that_no_bank_can_read_is_left_out_and_the_others_are_paid,
];

fn sends(scene: &Scene<'_>, run: &Value, body: &[u8]) -> Answer {
    let path = format!("/payment-runs/{}/answers", text(run, "id"));
    scene.operator.ask(Call::new("POST", &path).body("application/xml", body))
}

fn transfer(inside: &str) -> String {
    format!("<TxInfAndSts>{inside}</TxInfAndSts>")
}

fn a_refusal_of_another_block_or_payment_puts_nothing_back(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    let run = pays(&scene, &json!({})).must_be(201);
    let ours = "<OrgnlPmtInfId>P-2026-0001</OrgnlPmtInfId>";
    let block = |id: &str, status: &str, transfers: &str| {
        let id = if id.is_empty() {
            String::new()
        } else {
            format!("<OrgnlPmtInfId>{id}</OrgnlPmtInfId>")
        };
        format!("{id}<PmtInfSts>{status}</PmtInfSts>{transfers}")
    };
    let theirs = transfer("<OrgnlEndToEndId>R-2026-0001</OrgnlEndToEndId><TxSts>RJCT</TxSts>");
    let unnamed = transfer("<TxSts>RJCT</TxSts>");
    let amount = transfer(
        "<TxSts>RJCT</TxSts><OrgnlTxRef><Amt><InstdAmt Ccy=\"EUR\">30.00</InstdAmt></Amt></OrgnlTxRef>",
    );
    let by_the_bank = transfer(
        "<StsId>BQ-77</StsId><OrgnlEndToEndId>NOTPROVIDED</OrgnlEndToEndId><TxSts>CANC</TxSts>",
    );
    let other = transfer("<OrgnlInstrId>R-2020-0009</OrgnlInstrId><TxSts>RJCT</TxSts>");
    for (what, unknown) in [
        (block("AUTRE-LOT", "RJCT", ""), json!(["AUTRE-LOT"])),
        (block("AUTRE-LOT", "CANC", ""), json!(["AUTRE-LOT"])),
        (block("AUTRE-LOT", "RJCT", &theirs), json!(["AUTRE-LOT", "R-2026-0001"])),
        (block("", "RJCT", ""), json!(["(sans identifiant)"])),
        (block("NOTPROVIDED", "RJCT", ""), json!(["(sans identifiant)"])),
        (format!("{ours}{unnamed}"), json!(["(sans identifiant)"])),
        (format!("{ours}{amount}{unnamed}"), json!(["(sans identifiant)"])),
        (format!("{ours}{by_the_bank}{other}"), json!(["BQ-77", "R-2020-0009"])),
        (block("P-2026-0001", "PART", ""), json!(["(sans identifiant)"])),
        (
            format!(
                "{ours}<NbOfTxsPerSts><DtldNbOfTxs>1</DtldNbOfTxs><DtldSts>RJCT</DtldSts></NbOfTxsPerSts>"
            ),
            json!(["(sans identifiant)"]),
        ),
    ] {
        let whole = answer_of_the_bank("P-2026-0001", "", "ACTC");
        let whole = whole.replace(ours, &what);
        assert!(whole.contains(&what), "{whole}");
        let read = sends(&scene, &run, whole.as_bytes()).must_be(200);
        assert_eq!((&read["rejected"], &read["known"]), (&json!([]), &json!([])), "{what}");
        assert_eq!(read["unknown"], unknown, "{what}");
    }
    let read = scene.operator.get("/statements?state=in_payment").must_be(200);
    assert_eq!(read["data"].as_array().unwrap().len(), 1, "nothing would be paid twice");
}

fn a_refusal_is_found_by_every_id_a_bank_may_give(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    let ids = [
        "<OrgnlEndToEndId>R-2026-0001</OrgnlEndToEndId>",
        "<OrgnlInstrId>R-2026-0001</OrgnlInstrId>",
        "<OrgnlInstrId>R-2026-0001</OrgnlInstrId><OrgnlEndToEndId>NOTPROVIDED</OrgnlEndToEndId>",
        "<StsId>B</StsId><OrgnlEndToEndId> R-2026-0001 </OrgnlEndToEndId>",
        "<OrgnlEndToEndId>r-2026-0001</OrgnlEndToEndId>",
    ];
    let mut number = 0;
    for (id, status) in ids.iter().flat_map(|id| [(id, "RJCT"), (id, "CANC")]) {
        number += 1;
        let run = pays(&scene, &json!({})).must_be(201);
        let name = text(&run, "reference");
        let refused = transfer(&format!("{id}<TxSts>{status}</TxSts>"));
        let read = sends(&scene, &run, answer_of_the_bank(&name, &refused, "PART").as_bytes());
        let read = read.must_be(200);
        assert_eq!(read["rejected"], json!(["R-2026-0001"]), "{number}: {id} {status}");
        assert_eq!(read["unknown"], json!([]), "{id}");
    }
    // The block of the run, refused or cancelled as a whole.
    for status in ["RJCT", "CANC"] {
        let run = pays(&scene, &json!({})).must_be(201);
        let whole = answer_of_the_bank(&text(&run, "reference"), "", "PART").replace(
            "</OrgnlPmtInfId>",
            &format!("</OrgnlPmtInfId><PmtInfSts>{status}</PmtInfSts>"),
        );
        let read = sends(&scene, &run, whole.as_bytes()).must_be(200);
        assert_eq!(read["rejected"], json!(["R-2026-0001"]), "{status}");
    }
    // Refused as a whole, and this one paid: it is not paid again.
    let run = pays(&scene, &json!({})).must_be(201);
    let paid = transfer("<OrgnlEndToEndId>R-2026-0001</OrgnlEndToEndId><TxSts>ACSC</TxSts>");
    let whole = answer_of_the_bank(&text(&run, "reference"), &paid, "RJCT");
    let read = sends(&scene, &run, whole.as_bytes()).must_be(200);
    assert_eq!(read["rejected"], json!([]));
}

type Writes<'a> = Box<dyn Fn(&str) -> Vec<u8> + 'a>;

fn an_answer_is_read_in_the_encoding_that_it_declares(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    let words = "R\u{e9}f\u{e9}rence erron\u{e9}e";
    let one_byte =
        |text: &str| text.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect();
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    };
    let marked = |text: &str, bytes: fn(u16) -> [u8; 2]| wide(&format!("\u{feff}{text}"), bytes);
    let encodings: [(&str, Writes<'_>); 9] = [
        ("ISO-8859-1", Box::new(one_byte)),
        ("iso-8859-15", Box::new(one_byte)),
        ("windows-1252", Box::new(one_byte)),
        ("UTF-16", Box::new(|text| marked(text, u16::to_le_bytes))),
        ("UTF-16", Box::new(|text| marked(text, u16::to_be_bytes))),
        ("UTF-16LE", Box::new(|text| wide(text, u16::to_le_bytes))),
        ("UTF-16BE", Box::new(|text| wide(text, u16::to_be_bytes))),
        ("UTF-16", Box::new(|text| text.as_bytes().to_vec())),
        ("utf-8", Box::new(|text| format!("\u{feff}{text}").into_bytes())),
    ];
    for (declared, write) in encodings {
        let run = pays(&scene, &json!({})).must_be(201);
        let refused = transfer(&format!(
            "<OrgnlEndToEndId>R-2026-0001</OrgnlEndToEndId><TxSts>RJCT</TxSts>\
             <StsRsnInf><AddtlInf>{words}</AddtlInf></StsRsnInf>"
        ));
        let xml = answer_of_the_bank(&text(&run, "reference"), &refused, "PART");
        let xml = xml.replace("encoding=\"UTF-8\"", &format!("encoding='{declared}'"));
        let read = sends(&scene, &run, &write(&xml)).must_be(200);
        assert_eq!(read["rejected"], json!(["R-2026-0001"]), "{declared}");
        assert_eq!(read["run"]["payments"][0]["reject_reason"], words, "{declared}");
    }
}

fn a_holders_name_in_any_letters_is_paid_or_refused_when_it_is_given(house: &House) {
    let (scene, second) = march_to_pay(house);
    let own = scene.operator.organisation.clone();
    has_an_account(&scene, &second, &own, &account("D\u{e9}partement", OTHER_IBAN));
    let theirs = scene.staff.organisation.clone();
    let path = format!("/organisations/{theirs}/bank-details");
    for wrong in
        [format!("{}\u{153}", "a".repeat(69)), "北京".repeat(20), "---".to_owned(), "🦄".to_owned()]
    {
        let refused = scene.operator.post(&path, &account(&wrong, IBAN)).refused("invalid_body");
        assert_eq!(refused["errors"][0]["pointer"], "/holder", "{refused}");
    }
    for (name, written) in [
        ("L\u{153}uvre", "Loeuvre"),
        ("Stra\u{df}e \u{141}\u{f3}d\u{17a}", "Strasse Lodz"),
        ("100 € & Cie", "100 EUR + Cie"),
        ("Москва", "Moskva"),
        ("北京", "Bei Jing"),
    ] {
        has_an_account(&scene, &second, &theirs, &account(name, IBAN));
        let run = pays(&scene, &json!({})).must_be(201);
        for version in ["03", "09"] {
            let xml = file(&scene.operator, &run, version);
            assert!(xml.contains(&format!("<Nm>{written}</Nm>")), "{name}: {xml}");
        }
        let whole = answer_of_the_bank(&text(&run, "reference"), "", "RJCT");
        sends(&scene, &run, whole.as_bytes()).must_be(200);
    }
}

fn a_holder_that_no_bank_can_read_is_left_out_and_the_others_are_paid(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    // Names that were taken before they were looked at.
    let mut conn = house.ground.database_url().connect().unwrap();
    conn.batch_execute("UPDATE bank_details SET holder = '---' WHERE holder <> 'Op\u{e9}rateur'")
        .unwrap();
    let held = scene.operator.get("/statements?state=approved").must_be(200);
    assert_eq!(held["data"].as_array().unwrap().len(), 1);
    pays(&scene, &json!({})).refused("nothing_to_pay");
    let long = format!("UPDATE bank_details SET holder = '{}'", "\u{153}".repeat(70));
    conn.batch_execute(&long).unwrap();
    let run = pays(&scene, &json!({})).must_be(201);
    let cut = format!("<Nm>{}</Nm>", "oe".repeat(35));
    assert!(file(&scene.operator, &run, "09").contains(&cut), "cut to seventy");
}

fn what_a_bank_refuses_and_no_payment_bears_is_shown_on_the_page(house: &House) {
    let (scene, second) = march_to_pay(house);
    everybody_has_an_account(&scene, &second);
    let run = pays(&scene, &json!({})).must_be(201);
    let page = format!("/paiements/{}", text(&run, "id"));
    let desk = Seat::of(house, &scene.operator);
    let refused = transfer("<StsId>BQ-77</StsId><TxSts>RJCT</TxSts>");
    let answer = answer_of_the_bank("P-2026-0001", &refused, "PART");
    let (token, key) = (desk.token(&page), house.key());
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"jeton\"\r\n\r\n{token}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"cle\"\r\n\r\n{key}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"a.xml\"\r\n\
         Content-Type: application/xml\r\n\r\n{answer}\r\n--x--\r\n"
    );
    let read =
        desk.sends_body(&format!("{page}/reponse"), "multipart/form-data; boundary=x", &body);
    assert_eq!(read.status, 200, "{}", read.text());
    assert!(read.text().contains("BQ-77"), "{}", read.text());
}
