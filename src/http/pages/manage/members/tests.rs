use super::super::list::tests::lines;
use super::*;
use crate::http::pages::snapshot::reviewed;

fn page(lines: Lines, offered: Lines, all: &str) -> MembersPage {
    let path = "/gestion/dispositifs/1/lieux".to_owned();
    let words = Words {
        heading: "Lieux",
        nobody: "Aucun lieu ne peut encore valider les pass de ce dispositif.",
        add: "Ajouter des lieux labellisés",
        look_for: "Nom du lieu, commune ou numéro du département",
        remove: "Retirer des lieux",
        nothing: "Aucun autre lieu labellisé ne correspond.",
        all: all.to_owned(),
    };
    MembersPage {
        frame: Frame::open("Lieux : Charente 2026"),
        done: "",
        back: ("/gestion/dispositifs/1".to_owned(), "Charente 2026".to_owned()),
        words,
        remove: removal(&path, &lines),
        lines,
        idle: false,
        text: "angoulême".to_owned(),
        offered,
        form: Form::new(path.clone(), "Ajouter", Vec::new()),
        path,
    }
}

#[test]
fn who_takes_part_comes_before_who_may_be_added() {
    reviewed("members-none", &page(Lines::default(), Lines::default(), ""));
    let shown = reviewed("members", &page(lines(), lines(), "Ajouter les 60 lieux trouvés"));
    assert!(shown.contains("Lieu &#60;1&#62;"), "{shown}");
}
