//! The form that orders a print run.

use uuid::Uuid;

use super::form::{Field, Form};
use super::typed::Typed;
use crate::domain::paper::{Language, SheetChoice};
use crate::domain::print_run::{BOX_SIZE, MOST_PASSES};
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::services::organisations::OrganisationView;
use crate::services::print_run::NewPrintRun;
use crate::services::programmes::ProgrammeView;

/// The shapes the paper may have, with the words of the choice.
const SHAPES: [(&str, &str); 4] = [
    ("letter", "Lettre A4"),
    ("large", "Lettre A4 en gros caractères"),
    ("card8", "Cartes, 8 par feuille A4"),
    ("card10", "Cartes, 10 par feuille A4"),
];

/// The papers there are: names and words.
#[must_use]
pub fn shapes() -> Vec<(String, String)> {
    SHAPES.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec()
}

/// The languages there are: tags and words.
#[must_use]
pub fn languages() -> Vec<(String, String)> {
    let french = [(String::new(), "Français seul".to_owned())];
    let others = Language::ALL.map(|language| {
        (language.as_str().to_owned(), format!("Français et {}", language.label()))
    });
    french.into_iter().chain(others).collect()
}

/// How a run is printed otherwise than it was ordered; as ordered when no paper is named.
#[must_use]
pub fn choice(asked: &Fields) -> SheetChoice {
    let shape = asked.text("papier");
    if !SHAPES.iter().any(|(name, _)| *name == shape) {
        return SheetChoice::default();
    }
    let (layout, cards_per_sheet) = paper(shape);
    SheetChoice {
        layout: Some(layout.to_owned()),
        large_print: Some(shape == "large"),
        language: Some(asked.text("langue").to_owned()),
        cards_per_sheet,
    }
}

fn paper(shape: &str) -> (&'static str, Option<u8>) {
    match shape {
        "card8" => ("card", Some(8)),
        "card10" => ("card", Some(10)),
        _ => ("letter", None),
    }
}

/// The form of a new print run of a programme.
#[must_use]
pub fn order(programme: &ProgrammeView, prescribers: &[OrganisationView]) -> Form {
    let known = prescribers.iter().map(|one| (one.id.to_string(), one.name.clone()));
    let known = [(String::new(), "Choisir".to_owned())].into_iter().chain(known).collect();
    let sizes = programme.sizes.iter().map(|size| (size.to_string(), format!("{size} ateliers")));
    let fields = vec![
        Field::hidden("programme_id", &programme.id.to_string()),
        Field::choice("prescriber_id", "Pour quel prescripteur", known),
        Field::choice("units", "Ateliers par pass", sizes.collect()),
        Field::digits("count", "Combien de pass").hint(&format!("{MOST_PASSES} au plus")),
        Field::digits("box_size", "Pass par carton").value(&BOX_SIZE.to_string()),
        Field::choice("layout", "Papier", shapes()),
        Field::choice("language", "Langue", languages()),
        Field::line("commune", "Commune du prescripteur")
            .hint("Nom ou code postal. Les 5 lieux les plus proches sont imprimés.")
            .optional(),
    ];
    Form::new("/gestion/tirages", "Commander le tirage", fields)
}

/// What is asked for a new print run.
///
/// # Errors
/// What is wrong with what was typed.
pub fn read(fields: &Fields) -> Result<NewPrintRun, Faults> {
    let mut typed = Typed::new(fields);
    let programme_id: Uuid = typed.id("programme_id");
    let prescriber_id = typed.id("prescriber_id");
    let units = u8::try_from(typed.number("units")).unwrap_or(u8::MAX);
    let count = u32::try_from(typed.number("count")).unwrap_or(u32::MAX);
    let box_size = u16::try_from(typed.number("box_size")).unwrap_or(u16::MAX);
    let commune = typed.some("commune").map(|_| typed.commune("commune"));
    let shape = typed.text("layout");
    let (layout, cards_per_sheet) = paper(&shape);
    let language = typed.some("language");
    typed.done()?;
    Ok(NewPrintRun {
        programme_id,
        prescriber_id,
        units,
        count,
        box_size: Some(box_size),
        layout: Some(layout.to_owned()),
        cards_per_sheet,
        large_print: shape == "large",
        language,
        commune,
    })
}
