use super::*;
use crate::http::pages::snapshot::reviewed;

fn page(done: Option<Imported>, wrong: Vec<Wrong>, faults: Faults) -> ImportPage {
    let frame = Frame::open("Importer des lieux");
    ImportPage { frame, form: form(faults, true), done, wrong, more: 0 }
}

fn wrong() -> Vec<Wrong> {
    let wrong = Wrong {
        line: "12".to_owned(),
        column: "code_insee".to_owned(),
        detail: "Cette commune est introuvable.".to_owned(),
    };
    vec![wrong]
}

#[test]
fn a_file_with_mistakes_is_shown_with_its_lines() {
    let faults = Faults::field("fichier", "1 valeur du fichier est à corriger.");
    reviewed("import-wrong", &page(None, wrong(), faults));
}

#[test]
fn what_an_import_did_is_counted() {
    let done = Imported { created: 3, updated: 1, unchanged: 12, ..Imported::default() };
    reviewed("import-done", &page(Some(done.clone()), Vec::new(), Faults::default()));
    reviewed("import-done-in-part", &page(Some(done), wrong(), Faults::default()));
}
