//! What the paper looks like: each page is drawn small and grey, and compared with the picture kept
//! in `tests/paper`. A page that looks different is a change to look at, then to accept or to mend.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use image::GrayImage;
use pass_numerique::app::accounts;
use pass_numerique::documents::letter;
use pass_numerique::documents::print_run;
use pass_numerique::documents::report_pdf::{self, ReportFacts};
use pass_numerique::domain::as_of::AsOf;
use pass_numerique::domain::paper::{CardsPerSheet, Language, Layout, Style};
use pass_numerique::domain::report::{Balances, Counters, Group, Key, Question, Report, Row};
use pass_numerique::services::funding_calls::FundingCallView;
use pass_numerique::services::statements::{StatementLine, WholeStatement};
use serde_json::{Value, json};

use crate::paper::{a_box, shared, told, write};

/// Set to anything, it keeps what is drawn now.
const ACCEPT: &str = "PASSNUM_ACCEPT_PICTURES";
const DOTS_AN_INCH: &str = "60";

/// Another version of the program that draws shades the edge of a letter otherwise: a dot counts
/// only when it is clearly lighter or darker.
const SHADE: u8 = 64;
/// So many dots of a page may differ; a digit that changes is more than that.
const DOTS: usize = 12;

#[test]
fn a_letter_looks_as_it_did() {
    looks_as_it_did("letter", &letter::pdf(&shared(), Style::default()).unwrap());
    let style = Style { large_print: true, language: Some(Language::Arabic), ..Style::default() };
    looks_as_it_did("letter-large-ar", &letter::pdf(&shared(), style).unwrap());
}

#[test]
fn a_card_looks_as_it_did() {
    let style = Style { layout: Layout::Card, ..Style::default() };
    looks_as_it_did("card", &letter::pdf(&shared(), style).unwrap());
}

#[test]
fn a_box_looks_as_it_did() {
    let style =
        Style { layout: Layout::Card, language: Some(Language::Ukrainian), ..Style::default() };
    looks_as_it_did("box-of-cards", &print_run::pdf(&a_box(), style, CardsPerSheet::Ten).unwrap());
    let mut few = a_box();
    few.shared.training = true;
    few.passes.truncate(2);
    let letters = print_run::pdf(&few, Style::default(), CardsPerSheet::Eight).unwrap();
    looks_as_it_did("box-of-letters", &letters);
}

#[test]
fn a_statement_looks_as_it_did() {
    looks_as_it_did("statement", &accounts::statement(&statement()).unwrap());
}

#[test]
fn a_funding_call_looks_as_it_did() {
    let line = |programme: &str, tier: i32, workshops: i64| {
        json!({
            "agreement_id": uuid::Uuid::nil(), "programme_name": programme, "tier": tier,
            "share_bp": 6_667, "workshops": workshops, "amount_cents": workshops * 2_001,
            "cash_cents": 1_234_567,
        })
    };
    let call: FundingCallView = serde_json::from_value(json!({
        "id": uuid::Uuid::nil(), "reference": "A-2026-0007", "funder_id": uuid::Uuid::nil(),
        "funder_name": "CAF de la Charente", "month": "2026-03", "amount_cents": 86_043,
        "lines": [line("Pass numérique de la Charente", 1, 40), line("Pass jeunes", 2, 3)],
        "issued_at": "2026-04-02T09:00:00Z",
    }))
    .unwrap();
    looks_as_it_did("call", &accounts::funding_call(&call).unwrap());
}

#[test]
fn a_report_looks_as_it_did() {
    let themes = ["Premiers pas", "Démarches en ligne", "Santé", "Parentalité"];
    let months = (1..=9).map(|month| row(&format!("2026-0{month}"), month * month % 23)).collect();
    let months = report(Group::Month, months);
    let themes =
        report(Group::Theme, themes.iter().zip([41, 23, 9, 2]).map(|(t, n)| row(t, n)).collect());
    let communes = (1..=12).map(|n| row(&format!("Commune {n}"), n * 3)).collect();
    let communes = report(Group::VenueCommune, communes);
    let facts = ReportFacts {
        programmes: &themes,
        since_start: &themes,
        months: &months,
        themes: &themes,
        venues: &communes,
        homes: &communes,
        detail: None,
        address: "https://pass.exemple.fr/rapports?from=2026-01",
    };
    looks_as_it_did("report", &report_pdf::pdf(&facts).unwrap());
}

fn row(label: &str, used: i64) -> Row {
    let counters = Counters {
        passes_handed_over: used,
        workshops_granted: used * 2,
        workshops_redeemed: used,
        committed_cents: used * 6_001,
        consumed_cents: used * 3_000,
        ..Counters::default()
    };
    let key = Key { label: label.to_owned(), value: Some(label.to_owned()) };
    Row { keys: vec![key], counters, balances: None, stock: None }
}

fn report(group: Group, rows: Vec<Row>) -> Report {
    let mut totals = Counters::default();
    for row in &rows {
        totals.add(&row.counters);
    }
    let question = Question::of_all("2026-11-30".parse::<AsOf>().unwrap().instant);
    let (from, to) = ("2026-01".parse().unwrap(), "2026-12".parse().unwrap());
    let balances = Balances { available_cents: 123_456_789, ..Balances::default() };
    Report { from, to, question, groups: vec![group], rows, totals, balances, stock: None }
}

fn statement() -> WholeStatement {
    let lines: Vec<StatementLine> =
        (1..=45).map(|number| serde_json::from_value(statement_line(number)).unwrap()).collect();
    let amount: i64 = lines.iter().map(|line| line.amount_cents).sum();
    let statement = json!({
        "id": uuid::Uuid::nil(), "reference": "R-2026-0042", "organisation_id": uuid::Uuid::nil(),
        "organisation_name": "Association Les Clics du Quartier", "month": "2026-03",
        "workshops": 43, "amount_cents": amount, "carried_cents": -3_000,
        "due_cents": amount - 3_000, "state": "approved", "carried_into": null,
        "payment_run_id": null, "issued_at": "2026-04-02T09:00:00Z",
        "approved_at": "2026-04-03T15:00:00Z", "approved_by": "Marie Durand",
    });
    WholeStatement {
        statement: serde_json::from_value(statement).unwrap(),
        organisation_number: "123 456 789 00012".to_owned(),
        lines,
        carried: vec![("R-2026-0031".to_owned(), -3_000)],
    }
}

fn statement_line(number: i64) -> Value {
    let undone = number % 40 == 0;
    let cents = if undone { -3_000 } else { 3_000 };
    let part = |name: &str, cents: i64| json!({"funder_id": uuid::Uuid::nil(), "funder_name": name, "amount_cents": cents});
    json!({
        "redemption_id": uuid::Uuid::nil(),
        "kind": if undone { "reversal" } else { "redemption" },
        "workshop_day": format!("2026-03-{:02}", 1 + number % 30),
        "booked_at": "2026-03-31T10:00:00Z",
        "venue_id": uuid::Uuid::nil(),
        "venue_name": if number % 3 == 0 { "Médiathèque L’Alpha" } else { "Les Clics du Quartier" },
        "theme": "first_steps",
        "theme_label": "Premiers pas",
        "serial": format!("9G4N-K0N4-{number:04}"),
        "amount_cents": cents,
        "funding": [part("CAF de la Charente", cents * 2 / 3), part("Ville d’Angoulême", cents / 3)],
    })
}

/// Every page, against the pictures that are kept.
fn looks_as_it_did(name: &str, pdf: &[u8]) {
    let seen = drawn(name, pdf);
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/paper");
    if std::env::var_os(ACCEPT).is_some() {
        for old in pages_in(&kept, name) {
            std::fs::remove_file(old).unwrap();
        }
        for page in &seen {
            std::fs::copy(page, kept.join(page.file_name().unwrap())).unwrap();
        }
        return;
    }
    let mut faults = String::new();
    for page in &seen {
        let before = kept.join(page.file_name().unwrap());
        let fault =
            if before.exists() { difference(&before, page) } else { Some("is new".to_owned()) };
        if let Some(fault) = fault {
            writeln!(faults, "{} {fault}; it was {}", page.display(), before.display()).unwrap();
        }
    }
    let pages = pages_in(&kept, name).len();
    if pages != seen.len() {
        writeln!(faults, "{name} has {} pages and had {pages}", seen.len()).unwrap();
    }
    assert!(
        faults.is_empty(),
        "{faults}Look at them. If they are meant: {ACCEPT}=1 cargo test --test it paper_pictures"
    );
}

/// Draws each page to a file beside the build.
fn drawn(name: &str, pdf: &[u8]) -> Vec<PathBuf> {
    let file = write(&format!("picture-{name}"), pdf);
    let folder = file.with_extension("pages");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    let pages = folder.join(name);
    let (file, pages) = (file.to_str().unwrap(), pages.to_str().unwrap());
    told("pdftoppm", &["-r", DOTS_AN_INCH, "-gray", "-png", file, pages]);
    pages_in(&folder, name)
}

/// The pictures `NAME-1.png`, `NAME-2.png` … of a folder.
fn pages_in(folder: &Path, name: &str) -> Vec<PathBuf> {
    let is_page = |path: &PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let number = stem.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
        number.is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = entries.filter(is_page).collect();
    pages.sort();
    pages
}

/// What differs, if it is more than how a letter's edge is shaded.
fn difference(before: &Path, now: &Path) -> Option<String> {
    let (before, now) = (grey(before), grey(now));
    if before.dimensions() != now.dimensions() {
        return Some("has another size".to_owned());
    }
    let dots = before.pixels().zip(now.pixels());
    let other = dots.filter(|(before, now)| before.0[0].abs_diff(now.0[0]) > SHADE).count();
    (other > DOTS).then(|| format!("looks different in {other} dots"))
}

fn grey(path: &Path) -> GrayImage {
    image::open(path).unwrap().to_luma8()
}
