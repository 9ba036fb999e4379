use super::*;

fn sample() -> Code {
    Code::from_bytes([0x3a, 0x91, 0xfe, 0x07, 0x55, 0xc2, 0x18, 0x6d, 0xb4])
}

#[test]
fn a_code_reads_back_however_it_is_typed() {
    let code = sample();
    let grouped = code.grouped();
    let qr = format!("HTTPS://PASS.EXEMPLE.FR/P/{}", code.as_str());
    let folded = grouped.replace('0', "o").replace('1', "l").replace('V', "u");
    for text in
        [grouped.to_lowercase(), qr.clone(), qr.to_lowercase(), folded, " ".to_owned() + &grouped]
    {
        assert_eq!(Code::read(&text), Ok(code.clone()), "{text}");
    }
    assert_eq!(code.grouped().len(), 19);
}

#[test]
fn what_stands_around_a_code_does_not_hide_it() {
    let code = sample();
    let (plain, grouped) = (code.as_str(), code.grouped());
    let address = format!("https://pass.exemple.fr/p/{plain}");
    for after in [
        "/",
        "?utm=1",
        "?utm_source=a&b=/p/x",
        "#x",
        "/#x",
        "/?a=1",
        ")",
        ",",
        ".",
        ").",
        "»",
        "\n",
        "\r\n",
        "\u{1d}",
        "\t",
        "&x=1",
        "/index.html",
        "…",
        "!",
        "\u{200b}",
        ";",
    ] {
        assert_eq!(Code::read(&format!("{address}{after}")), Ok(code.clone()), "{after:?}");
        assert_eq!(Code::read(&format!("{grouped}{after}")), Ok(code.clone()), "{after:?}");
    }
    for before in
        ["P/", "/P/", "(", "« ", "Code : ", "\u{feff}", "Mon pass, voici : ", "pass.fr/p/"]
    {
        assert_eq!(Code::read(&format!("{before}{grouped}")), Ok(code.clone()), "{before:?}");
    }
    let dashes = ('\u{2010}'..='\u{2015}').chain(['\u{2212}', '-', '_', '\u{ff0d}', '\u{fe63}']);
    let blanks =
        ('\u{2000}'..='\u{200a}').chain([' ', '\u{a0}', '\u{202f}', '\u{3000}', '\t', '\u{200b}']);
    for between in dashes.chain(blanks) {
        let typed = grouped.replace('-', &between.to_string());
        assert_eq!(Code::read(&typed), Ok(code.clone()), "{between:?}");
        assert!(
            stands_in(&format!("perdu : {typed}")) || between == '_' || between == '\u{200b}',
            "{between:?}"
        );
    }
    let wide = |sign: char| char::from_u32(u32::from(sign) + 0xfee0).unwrap();
    let typed: String = plain.chars().map(wide).collect();
    assert_eq!(Code::read(&typed), Ok(code.clone()));
    let serial = Serial::from_bytes([7; 7]);
    assert_eq!(Serial::read(&format!("({}).", serial.as_str())), Some(serial));
}

#[test]
fn every_slip_of_one_or_two_symbols_and_every_swap_is_caught() {
    let symbols = symbols_typed(sample().as_str()).unwrap();
    for i in 0..LENGTH {
        for wrong in 0..32 {
            let mut one = symbols.clone();
            one[i] = wrong;
            assert_eq!(checks(&one), wrong == symbols[i]);
            for j in 0..i {
                for other in 0..32 {
                    let mut two = one.clone();
                    two[j] = other;
                    assert_eq!(checks(&two), two == symbols);
                }
            }
        }
        for j in 0..i {
            let mut swapped = symbols.clone();
            swapped.swap(i, j);
            assert_eq!(checks(&swapped), swapped == symbols);
        }
    }
}

#[test]
fn a_code_is_found_wherever_somebody_types_it() {
    let code = Code::from_bytes([7; 9]);
    for text in [
        code.grouped(),
        format!("pass {} perdu", code.as_str().to_lowercase()),
        format!("perdu ({}).", code.grouped().replace('-', " ")),
        format!("HTTPS://PASS.EXEMPLE.FR/P/{}", code.as_str()),
    ] {
        assert!(stands_in(&text), "{text}");
    }
    let serial = Serial::from_bytes([7; 7]);
    for text in ["", "Vu avec le CCAS, pass remis le 12 mars", serial.as_str(), "PQRS"] {
        assert!(!stands_in(text), "{text}");
    }
    assert!(code.as_str().ends_with(&ending(&code.grouped())));
}

#[test]
fn a_serial_is_not_taken_for_a_code_and_rubbish_never_panics() {
    let serial = Serial::from_bytes([1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(Serial::read(&serial.as_str().to_lowercase()), Some(serial.clone()));
    assert_eq!(Code::read(serial.as_str()), Err(CodeSlip::Serial));
    for rubbish in ["", "é", "\u{0}", "/P/", "ABCD-EFGH-JKMN-PQR€", &"A".repeat(9_999)] {
        assert!(Code::read(rubbish).is_err());
        assert_eq!(Serial::read(rubbish), None);
    }
}

#[test]
fn a_word_beside_a_code_is_never_one_of_its_groups() {
    for number in 0..4_096_u16 {
        let [high, low] = number.to_be_bytes();
        let code = Code::from_bytes([high, 0x91, low, 0x07, high, 0xc2, low, 0x6d, 0xb4]);
        let grouped = code.grouped();
        let spaced = grouped.replace('-', " ");
        for text in
            [format!("Code : {grouped}."), format!("code {spaced}"), format!("{grouped} pour Awa")]
        {
            assert_eq!(Code::read(&text), Ok(code.clone()), "{text}");
        }
    }
}
