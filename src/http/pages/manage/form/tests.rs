use super::*;
use crate::http::pages::snapshot::compare;

fn example() -> Form {
    let does = vec![("funder".to_owned(), "Il finance".to_owned())];
    let tiers = vec![("1".to_owned(), "Un".to_owned()), ("2".to_owned(), "Deux".to_owned())];
    let fields = vec![
        Field::line("name", "Nom").value("CAF \"sud\""),
        Field::day("valid_from", "À partir du").optional(),
        Field::choice("tier", "Rang", tiers).value("2"),
        Field::ticks("does", "Ce qu’il fait", does).values(vec!["funder".to_owned()]),
        Field::hidden("along", "oui"),
    ];
    Form::new("/gestion/ici", "Enregistrer", fields).called("un-")
}

#[test]
fn a_form_shows_what_was_answered_and_what_may_stay_empty() {
    let shown = example().render().unwrap();
    compare("form", &shown);
    assert!(shown.contains("value=\"CAF &#34;sud&#34;\""), "{shown}");
    assert!(!shown.contains("multipart"), "{shown}");
    let file = Form::new("/", "Envoyer", vec![Field::file("fichier", "Fichier", ".csv")]);
    assert!(file.render().unwrap().contains("enctype=\"multipart/form-data\""));
}

#[test]
fn what_is_wrong_stands_at_its_field_and_is_led_to() {
    let faults = Faults::field("name", "Il manque le nom.");
    let form = Form { faults, ..example() };
    let shown = form.render().unwrap();
    compare("form-wrong", &shown);
    for part in [
        "<p class=\"fault\" id=\"un-name-erreur\">Il manque le nom.</p>",
        "aria-describedby=\"un-name-erreur\" aria-invalid=\"true\"",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert_eq!(form.summary().fields, [("un-name".to_owned(), "Il manque le nom.".to_owned())]);
}
