use super::*;

const CHARENTE: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/lieux-charente.csv"));
const EXAMPLE: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/lieux-exemple-valide.csv"));

fn sheets(bytes: &[u8]) -> Vec<VenueSheet> {
    let sheet = read(bytes).unwrap();
    assert_eq!(sheet.wrong, []);
    sheet.lines.into_iter().map(|(_, sheet)| sheet).collect()
}

fn wrong(bytes: &[u8]) -> Vec<(u64, &'static str, &'static str)> {
    let errors = read(bytes).unwrap().wrong.into_iter();
    errors.map(|wrong| (wrong.line, wrong.column, wrong.code)).collect()
}

#[test]
fn real_venues_are_read_and_written_back_the_same() {
    let charente = sheets(CHARENTE);
    assert_eq!(charente.len(), 188);
    // One of the 121 numbers fails its own check.
    assert_eq!(charente.iter().filter(|sheet| sheet.pivot.is_some()).count(), 120);
    assert_eq!(sheets(&write(&charente).unwrap()), charente);
    let example = sheets(EXAMPLE);
    assert_eq!(example[0].typology, ["TIERS_LIEUX", "ASSO"]);
    assert_eq!(example[0].support_modes.len(), 4);
    assert_eq!(sheets(&write(&example).unwrap()), example);
}

const HEADING: &str =
    "nom;id;pivot;commune;code_postal;code_insee;adresse;date_maj;latitude;longitude";

fn file(lines: &[&str]) -> Vec<u8> {
    format!("\u{feff}{HEADING}\r\n{}\r\n", lines.join("\r\n")).into_bytes()
}

#[test]
fn a_french_spreadsheet_is_read() {
    let lines =
        ["Lieu;a;732 829 320 00074;Cognac;16100;;1 rue;2026-02-01T10:00:00Z;45,69;-0,32", ";;;"];
    let sheet = sheets(&file(&lines)).remove(0);
    assert_eq!(sheet.pivot.as_deref(), Some("73282932000074"));
    assert_eq!((sheet.latitude, sheet.longitude), (Some(45.69), Some(-0.32)));
    assert_eq!(sheet.updated_on.to_string(), "2026-02-01");
}

#[test]
fn a_wrong_value_is_told_by_its_line_and_column() {
    let lines = file(&[
        "Lieu;a;0;Cognac;16100;;1 rue;2026-02-30;;",
        "",
        ";a;0;Cognac;1610;1004;1 rue;2026-02-01;;",
        "Lieu;b;7,32829E+13;Cognac;16100;;1 rue;2026-02-01;91;0",
        "Lieu;c;;Cognac;16100;;1 rue;2026-02-01;45;",
        "Lieu;d;0;Cognac;16100;;1 rue;2026-02-01;NaN;0;trop",
    ]);
    let expected = [
        (2, "date_maj", "malformed"),
        (4, "nom", "missing"),
        (4, "code_postal", "malformed"),
        (4, "code_insee", "malformed"),
        (4, "id", "duplicate"),
        (5, "pivot", "malformed"),
        (5, "latitude", "out_of_range"),
        (6, "pivot", "missing"),
        (6, "latitude", "out_of_range"),
        (7, "latitude", "malformed"),
        (7, "id", "malformed"),
    ];
    assert_eq!(wrong(&lines), expected);
}

#[test]
fn a_file_that_is_wrong_everywhere_is_told_its_first_mistakes_only() {
    let lines = "x\r\n".repeat(1_000);
    let sheet = read(format!("{HEADING}\r\n{lines}").as_bytes()).unwrap();
    assert_eq!((sheet.lines.len(), sheet.wrong.len()), (0, MOST_NAMED));
    assert!(sheet.more_wrong > 980, "{}", sheet.more_wrong);
    let lines = ";\r\n".repeat(100_001);
    let read_all = read(format!("{HEADING}\r\n{lines}").as_bytes());
    assert_eq!(read_all.unwrap_err(), UnreadableSheet::TooLong);
    let wide = format!("{HEADING}{}\r\nx\r\n", ";y".repeat(1_000));
    assert_eq!(read(wide.as_bytes()).unwrap_err(), UnreadableSheet::TooWide);
}

#[test]
fn a_cell_has_an_end() {
    let name = "é".repeat(10_001);
    let lines = file(&[&format!("{name};a;0;Cognac;16100;;1 rue;2026-02-01;;")]);
    assert_eq!(wrong(&lines), [(2, "nom", "out_of_range")]);
}

#[test]
fn a_file_that_cannot_be_read_is_refused_whole() {
    assert_eq!(read(b"nom\nx\n").unwrap_err(), UnreadableSheet::Column("id"));
    assert_eq!(read(b"").unwrap_err(), UnreadableSheet::Column("id"));
    assert_eq!(read(b"id,nom,id\n").unwrap_err(), UnreadableSheet::Twice("id"));
    assert_eq!(read(b"\xff\xfei").unwrap_err(), UnreadableSheet::Encoding);
    for sign in ["\0", "\u{1a}"] {
        let text = format!("{HEADING}\nLieu{sign};a\n");
        assert_eq!(read(text.as_bytes()).unwrap_err(), UnreadableSheet::Sign(2));
    }
}

const LINE: &str = "Médiathèque;a;0;Cognac;16100;;1 rue;2026-02-01;45.69;-0.32";

#[test]
fn a_file_is_read_whatever_spreadsheet_wrote_it() {
    let plain = format!("{HEADING}\n{LINE}\n");
    let expected = sheets(plain.as_bytes());
    let wide = |bytes: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        format!("{mark}{plain}").encode_utf16().flat_map(bytes).collect()
    };
    let latin: Vec<u8> = plain.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect();
    let bytes = [
        latin,
        format!("\u{feff}{plain}").into_bytes(),
        wide(u16::to_le_bytes, "\u{feff}"),
        wide(u16::to_be_bytes, "\u{feff}"),
        wide(u16::to_le_bytes, ""),
        wide(u16::to_be_bytes, ""),
        format!("{plain}\u{1a}").into_bytes(),
        format!("sep=;\r\n{plain}").into_bytes(),
        format!("\"sep=;\"\n{plain}").into_bytes(),
    ];
    for bytes in bytes {
        assert_eq!(sheets(&bytes), expected, "{bytes:?}");
    }
    for separator in [",", "\t", "|"] {
        for end in ["\n", "\r\n", "\r"] {
            let text = plain.replace(';', separator).replace('\n', end);
            assert_eq!(sheets(text.as_bytes()), expected, "{separator:?} {end:?}");
        }
    }
    let titles = plain.replace("code_postal", "Code Postal").replace("nom;", "NOM;");
    assert_eq!(sheets(titles.as_bytes()), expected);
}

#[test]
fn days_are_read_as_french_people_write_them() {
    for day in [
        "2026-02-01",
        "01/02/2026",
        "1/2/2026",
        "01-02-2026",
        "01.02.2026",
        "01/02/2026 14:30",
        "2026/02/01",
    ] {
        let line = LINE.replace("2026-02-01", day);
        let sheet = sheets(format!("{HEADING}\n{line}\n").as_bytes()).remove(0);
        assert_eq!(sheet.updated_on.to_string(), "2026-02-01", "{day}");
    }
    for wrong in ["31/02/2026", "02/13/2026", "01/02/26", "hier", "2026-02"] {
        let line = LINE.replace("2026-02-01", wrong);
        let read = read(format!("{HEADING}\n{line}\n").as_bytes()).unwrap();
        assert!(read.wrong[0].detail.contains(&format!("« {wrong} »")), "{:?}", read.wrong);
    }
}

#[test]
fn a_number_that_is_no_siret_is_refused_or_left_out_and_told() {
    let with = |pivot: &str| {
        let line = LINE.replace(";0;", &format!(";{pivot};"));
        read(format!("{HEADING}\n{line}\n").as_bytes()).unwrap()
    };
    for wrong in ["732829320", "7328293200007", "7,32829E+13", "732829320000745", "W12"] {
        assert_eq!(with(wrong).wrong[0].column, "pivot", "{wrong}");
    }
    let slip = with("73282932000075");
    assert_eq!((slip.notes[0].column, slip.notes[0].code), ("pivot", "left_out"));
    assert_eq!(slip.lines[0].1.pivot, None);
    for right in ["73282932000074", "732 829 320 00074", "W9R2003255"] {
        let read = with(right);
        assert!(read.notes.is_empty() && read.lines[0].1.pivot.is_some(), "{right}");
    }
}

#[test]
fn a_place_that_is_none_in_france_is_left_out_and_told() {
    for (place, kept) in [
        ("0;0", None),
        ("0.0;0,0", None),
        ("52.52;13.4", None),
        ("-0.32;45.69", Some((45.69, -0.32))),
        ("-20.88;55.45", Some((-20.88, 55.45))),
    ] {
        let line = LINE.replace("45.69;-0.32", place);
        let read = read(format!("{HEADING}\n{line}\n").as_bytes()).unwrap();
        let sheet = &read.lines[0].1;
        assert_eq!(sheet.latitude.zip(sheet.longitude), kept, "{place}");
        assert_eq!(read.notes.is_empty(), place.starts_with("-20"), "{place}");
    }
}
