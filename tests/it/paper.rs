//! The paper as other programs read it: whole files, text that can be copied, codes that scan.
//! What is made here stays in `tmp/paper` beside the build, for a look or for a validator.

use std::path::{Path, PathBuf};
use std::process::Command;

use pass_numerique::documents::bound_pdf::{BoundPdf, Title};
use pass_numerique::documents::letter::{self, LetterFacts, Letterhead, NearVenue};
use pass_numerique::documents::print_run::{self, BoxFacts, Cover, RunPass};
use pass_numerique::domain::paper::{CardsPerSheet, Language, Layout, Style};

const PASSES: u32 = 10;

pub fn shared() -> LetterFacts {
    let first = pass(0);
    let venue = NearVenue {
        name: "Médiathèque L’Alpha".to_owned(),
        address: "1 rue Coulomb".to_owned(),
        commune: "Angoulême".to_owned(),
        phone: Some("05 45 94 56 00".to_owned()),
    };
    let square = image::RgbaImage::from_pixel(90, 60, image::Rgba([20, 90, 60, 255]));
    let mut png = std::io::Cursor::new(Vec::new());
    square.write_to(&mut png, image::ImageFormat::Png).unwrap();
    LetterFacts {
        code_grouped: first.code_grouped,
        qr: first.qr,
        serial: first.serial,
        units: 10,
        used: 0,
        last_day: "2027-06-30".parse().unwrap(),
        programme: "Pass numérique de la Charente".to_owned(),
        beneficiary: Some("Олена محمد".to_owned()),
        funders: vec!["CAF de la Charente".to_owned()],
        venues: vec![venue; 5],
        training: false,
        prescriber: "CCAS d’Angoulême".to_owned(),
        letterhead: Some(Letterhead {
            logo_png: Some(letter::logo(png.get_ref()).unwrap()),
            lines: vec!["1 place de l’Hôtel-de-Ville".to_owned(), "05 45 00 00 00".to_owned()],
        }),
    }
}

fn pass(number: u32) -> RunPass {
    RunPass {
        code_grouped: format!("K7QM-3XWD-09RT-{number:04}"),
        qr: format!("HTTPS://PASS.CHARENTE.FR/P/K7QM3XWD09RT{number:04}"),
        serial: format!("9G4N-K0N4-{number:04}"),
    }
}

pub fn a_box() -> BoxFacts {
    let cover = Cover {
        run: "tirage 12".to_owned(),
        box_number: 3,
        boxes: 10,
        printed_on: "2026-11-23".parse().unwrap(),
        contact: Some("Marie Durand, 05 45 11 22 33".to_owned()),
    };
    BoxFacts { shared: shared(), passes: (0..PASSES).map(pass).collect(), cover: Some(cover) }
}

/// Every way a sheet may be set, with a name for its file.
fn styles() -> Vec<(String, Style)> {
    let mut styles = Vec::new();
    for (layout, large_print) in
        [(Layout::Letter, false), (Layout::Letter, true), (Layout::Card, false)]
    {
        for language in std::iter::once(None).chain(Language::ALL.into_iter().map(Some)) {
            let large = if large_print { "-large" } else { "" };
            let tag = language.map_or("fr", Language::as_str);
            let name = format!("{}{large}-{tag}", layout.as_str());
            styles.push((name, Style { layout, large_print, language }));
        }
    }
    styles
}

pub fn write(name: &str, pdf: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("paper");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name).with_extension("pdf");
    std::fs::write(&path, pdf).unwrap();
    path
}

/// What a program prints, which must be content with what it was given.
pub fn told(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|_| panic!("{program} is needed: scripts/test installs it"));
    assert!(output.status.success(), "{program} {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The text of a file that is whole, on one line.
pub fn text_of(file: &Path) -> String {
    let path = file.to_str().unwrap();
    told("qpdf", &["--check", path]);
    told("pdftotext", &[path, "-"]).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_sheet_is_a_whole_file_whose_text_keeps_the_code() {
    for (name, style) in styles() {
        let file = write(&name, &letter::pdf(&shared(), style).unwrap());
        let text = text_of(&file);
        for group in ["K7QM-3XWD", "09RT-0000", "9G4N-K0N4-0000", "30 juin 2027"] {
            assert!(text.contains(group), "{name} lacks {group}: {text}");
        }
        let own = match style.language {
            Some(Language::Arabic) => "آخر يوم",
            Some(Language::Ukrainian) => "30 червня 2027 року",
            Some(Language::Turkish) => "30 Haziran 2027",
            Some(Language::Portuguese) => "30 de junho de 2027",
            Some(Language::English) => "30 June 2027",
            None => "pass numérique",
        };
        assert!(text.contains(own), "{name} lacks {own}: {text}");
        if style.layout == Layout::Letter {
            assert!(text.contains("Олена") && text.contains("محمد"), "{name}: {text}");
        }
    }
}

#[test]
fn every_pass_of_a_box_can_be_read_and_scanned() {
    let shown = [None, Some(Language::Arabic)];
    for (name, style) in styles().into_iter().filter(|(_, style)| shown.contains(&style.language)) {
        let pdf = print_run::pdf(&a_box(), style, CardsPerSheet::Eight).unwrap();
        let file = write(&format!("box-{name}"), &pdf);
        let text = text_of(&file);
        assert!(text.contains("Carton 3 sur 10") && text.contains("10 pass de 10 ateliers"));
        assert!(!text.contains("Олена"), "nobody's name is on a pass of a box");
        for pass in (0..PASSES).map(pass) {
            assert!(text.contains(&pass.serial), "{name} lacks {}", pass.serial);
        }
        let scanned = scanned(&file);
        for pass in (0..PASSES).map(pass) {
            assert!(scanned.contains(&pass.qr), "{name}: {} does not scan", pass.qr);
        }
    }
}

#[test]
fn boxes_bound_into_one_file_keep_every_pass_in_order() {
    for (name, style) in styles().into_iter().filter(|(_, style)| style.language.is_none()) {
        let title = Title {
            title: "Pass numériques, tirage 12".to_owned(),
            language: "fr-FR".to_owned(),
            author: "CCAS d’Angoulême".to_owned(),
            creator: "Pass numérique".to_owned(),
        };
        let mut bound = BoundPdf::new(Vec::new(), title).unwrap();
        let boxes = [0..4, 4..7, 7..PASSES];
        for (number, passes) in (1..).zip(boxes) {
            let mut one = a_box();
            one.passes = passes.map(pass).collect();
            let pdf = print_run::pdf(&one, style, CardsPerSheet::Eight).unwrap();
            bound.add(&format!("Carton {number}"), &pdf).unwrap();
        }
        let text = text_of(&write(&format!("bound-{name}"), &bound.finish().unwrap()));
        let mut rest = text.as_str();
        for pass in (0..PASSES).map(pass) {
            let after = rest.split_once(&pass.serial);
            rest = after.unwrap_or_else(|| panic!("{name}: {} out of order", pass.serial)).1;
        }
    }
}

/// What a scanner reads off the pages, at the coarseness of an old office printer.
fn scanned(file: &Path) -> String {
    let pages = file.with_extension("");
    let pages = pages.to_str().unwrap();
    told("pdftoppm", &["-r", "150", "-gray", file.to_str().unwrap(), pages]);
    let mut found = String::new();
    for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
        let picture = entry.unwrap().path();
        let drawn = picture.extension().is_some_and(|extension| extension == "pgm");
        let path = picture.to_str().unwrap();
        if drawn && path.starts_with(&format!("{pages}-")) {
            // A cover has no code, which zbarimg calls a failure.
            let output = Command::new("zbarimg").args(["--quiet", "--raw", path]).output();
            let output = output.expect("zbarimg is needed: scripts/test installs it");
            found.push_str(&String::from_utf8(output.stdout).unwrap());
            std::fs::remove_file(&picture).unwrap();
        }
    }
    found
}
