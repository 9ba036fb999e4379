use crate::http::pages::snapshot::reviewed;
use crate::http::pages::stock::tests::{run, two_boxes};

use super::*;

fn page(run: PrintRunView, history: Vec<StockEventView>) -> PrintRunPage {
    let path = address(run.id);
    let form = |path: &str, button: &str| Form::new(path, button, Vec::new());
    PrintRunPage {
        frame: Frame::open("Tirage 12"),
        done: "",
        back: back(),
        steps: step_form(&path, &run, &[]),
        codes: form(&format!("{path}/codes.csv"), "Prendre le fichier des codes"),
        resume: form(&format!("{path}/reprendre"), "Reprendre la préparation"),
        path,
        run,
        history,
    }
}

fn counted() -> StockEventView {
    StockEventView {
        event: "counted".to_owned(),
        box_number: Some(1),
        from: None,
        to: None,
        passes: 96,
        expected: Some(97),
        note: Some("Manquent : 7K3M-9QXT-2BVC".to_owned()),
        by: "Sami".to_owned(),
        at: "2026-03-10T09:00:00Z".to_owned(),
    }
}

#[test]
fn a_run_shows_where_each_box_is_and_what_happened() {
    let text = reviewed("print-run", &page(run(two_boxes()), vec![counted()]));
    assert!(!text.contains("Reprendre la préparation"), "the run is whole");
}

#[test]
fn a_run_that_was_cut_off_can_be_taken_up_and_codes_are_taken_once() {
    let mut cut = run(two_boxes());
    (cut.status, cut.made) = ("preparing".to_owned(), 100);
    cut.codes_taken_at = Some("2026-03-02T09:00:00Z".to_owned());
    let text = reviewed("print-run-cut-off", &page(cut, Vec::new()));
    assert!(!text.contains("Prendre le fichier"));
}

#[test]
fn the_paper_is_told_in_words() {
    let mut cards = run(two_boxes());
    (cards.layout, cards.language) = ("card".to_owned(), Some("ar".to_owned()));
    assert_eq!(page(cards, Vec::new()).paper(), "cartes, 8 par feuille, français et arabe");
}
