use super::*;
use crate::http::pages::snapshot::reviewed;

/// Two lines of a list that goes on.
pub fn lines() -> Lines {
    let line = |number: u128, tag| Line {
        id: Uuid::from_u128(number),
        address: format!("/gestion/lieux/{number}"),
        name: format!("Lieu <{number}>"),
        detail: "Angoulême, Médiathèque".to_owned(),
        tag,
    };
    Lines {
        lines: vec![line(1, ""), line(2, "suspendu")],
        total: 60,
        next: Some("/gestion/lieux?after=2".to_owned()),
        first: None,
    }
}

fn page(search: Option<Search>, lines: Lines) -> ListPage {
    ListPage {
        frame: Frame::open("Lieux"),
        back: ("/gestion".to_owned(), "Gestion".to_owned()),
        done: "",
        ways: vec![("/gestion/lieux/nouveau", "Ajouter un lieu")],
        path: "/gestion/lieux",
        search,
        lines,
        nothing: "Aucun lieu ne correspond.",
    }
}

#[test]
fn a_list_is_searched_and_goes_on() {
    let search = Search {
        label: "Nom ou commune",
        text: "ang\"".to_owned(),
        choice: "Labellisation",
        options: &[("", "Tous"), ("labellises", "Labellisés")],
        chosen: "labellises".to_owned(),
    };
    let shown = reviewed("list", &page(Some(search), lines()));
    assert!(shown.contains("Lieu &#60;1&#62;"), "{shown}");
    reviewed("list-none", &page(None, Lines::default()));
}
