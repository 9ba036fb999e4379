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
    assert_eq!(charente.iter().filter(|sheet| sheet.pivot.is_some()).count(), 121);
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
    assert_eq!(read(b"\xff\xfe").unwrap_err(), UnreadableSheet::Encoding);
}
