//! The settings of a programme as a form, and what was typed as a request.

use super::form::{Field, Form};
use super::typed::{Typed, territory_in_words, typed_cents, typed_day};
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::services::programmes::{NewProgramme, ProgrammeChange, ProgrammeView};

/// Where French programmes run.
const ZONES: [(&str, &str); 9] = [
    ("Europe/Paris", "France métropolitaine"),
    ("America/Guadeloupe", "Guadeloupe"),
    ("America/Martinique", "Martinique"),
    ("America/Cayenne", "Guyane"),
    ("Indian/Reunion", "La Réunion"),
    ("Indian/Mayotte", "Mayotte"),
    ("America/Miquelon", "Saint-Pierre-et-Miquelon"),
    ("Pacific/Noumea", "Nouvelle-Calédonie"),
    ("Pacific/Tahiti", "Polynésie française"),
];

/// What opens an envelope, in words.
pub const OPENINGS: [(&str, &str); 2] = [
    ("signature", "Dès la signature : toute l’enveloppe est disponible"),
    ("receipt", "À la réception : seul l’argent versé est disponible"),
];

/// Values and words of a list.
#[must_use]
pub fn options(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
}

/// Where a programme's days begin, in words.
#[must_use]
pub fn zone_in_words(zone: &str) -> String {
    let known = ZONES.iter().find(|(name, _)| *name == zone);
    known.map_or_else(|| zone.to_owned(), |(_, words)| (*words).to_owned())
}

/// The form of a new programme.
#[must_use]
pub fn create() -> Form {
    let mut fields = vec![name("")];
    fields.extend(promises(None));
    fields.push(sizes(Vec::new()));
    fields
        .push(Field::day("last_day", "Dernier jour des pass").hint(
            "Tous les pass s’arrêtent ce jour-là, avec la tolérance. Par exemple 31/12/2027",
        ));
    fields.extend(numbers(["31", "1", "1", "7"]));
    fields.push(territory(&[]));
    Form::new("/gestion/dispositifs", "Créer le dispositif", fields)
}

/// The form that changes a programme. Once it has begun, what passes were promised stays.
#[must_use]
pub fn change(programme: &ProgrammeView, begun: bool) -> Form {
    let mut fields = vec![name(&programme.name)];
    if !begun {
        fields.extend(promises(Some(programme)));
    }
    fields.push(sizes(programme.sizes.iter().map(u16::to_string).collect()));
    let last = typed_day(Some(programme.last_day));
    let hint = "Seuls les pass remis à partir de maintenant suivent cette date.";
    fields.push(Field::day("last_day", "Dernier jour des pass").hint(hint).value(&last));
    let ProgrammeView { tolerance_days, max_per_day, passes_per_person, undo_days, .. } = programme;
    let numbers_now = [
        tolerance_days.to_string(),
        max_per_day.to_string(),
        passes_per_person.to_string(),
        undo_days.to_string(),
    ];
    fields.extend(numbers(numbers_now.each_ref().map(String::as_str)));
    fields.push(territory(programme.territory.as_deref().unwrap_or_default()));
    Form::new(format!("/gestion/dispositifs/{}", programme.id), "Enregistrer", fields)
}

fn name(value: &str) -> Field {
    Field::line("name", "Nom du dispositif")
        .hint("Il est imprimé sur les pass. Par exemple « Pass numérique Charente ».")
        .value(value)
}

/// What a pass is promised: it does not change once one was handed over.
fn promises(programme: Option<&ProgrammeView>) -> [Field; 5] {
    let text = |read: fn(&ProgrammeView) -> String| programme.map(read).unwrap_or_default();
    let chosen = |read: fn(&ProgrammeView) -> String, otherwise: &str| {
        programme.map_or_else(|| otherwise.to_owned(), read)
    };
    let training = programme.is_some_and(|programme| programme.training);
    [
        Field::digits("price_cents", "Prix d’un atelier, en euros")
            .hint("Ce que touche le lieu pour un atelier. Par exemple 10 ou 12,50")
            .value(&text(|programme| typed_cents(programme.price_cents))),
        Field::day("first_day", "Premier jour")
            .hint("À partir de ce jour les pass peuvent être remis. Par exemple 01/09/2026")
            .value(&text(|programme| typed_day(Some(programme.first_day)))),
        Field::choice("opened_by", "L’argent d’une convention est disponible", options(&OPENINGS))
            .value(&chosen(|programme| programme.opened_by.clone(), "signature")),
        Field::choice("time_zone", "Heure locale", options(&ZONES))
            .value(&chosen(|programme| programme.time_zone.clone(), "Europe/Paris")),
        Field::tick("training", "Entraînement : ces pass ne comptent pas et ne coûtent rien")
            .values(if training { vec!["oui".to_owned()] } else { Vec::new() }),
    ]
}

fn sizes(ticked: Vec<String>) -> Field {
    let sizes = (5..=10).map(|size| (size.to_string(), format!("{size} ateliers"))).collect();
    Field::ticks("sizes", "Nombre d’ateliers d’un pass", sizes).values(ticked)
}

fn numbers(values: [&str; 4]) -> [Field; 4] {
    let [tolerance, max_per_day, per_person, undo] = values;
    [
        Field::digits("tolerance_days", "Jours de tolérance après le dernier jour")
            .value(tolerance),
        Field::digits("max_per_day", "Ateliers par jour et par pass, au plus").value(max_per_day),
        Field::digits("passes_per_person", "Pass par personne, au plus").value(per_person),
        Field::digits("undo_days", "Jours pour annuler une validation").value(undo),
    ]
}

fn territory(codes: &[String]) -> Field {
    Field::line("territory", "Où vivent les personnes")
        .hint(
            "Numéros de départements et noms de communes, séparés par des virgules. Laissez vide \
             pour toute la France.",
        )
        .optional()
        .value(&territory_in_words(codes))
}

/// What is asked for a new programme.
///
/// # Errors
/// What cannot be understood.
pub fn read_new(fields: &Fields) -> Result<NewProgramme, Faults> {
    let mut typed = Typed::new(fields);
    let territory = typed.territory("territory");
    let request = NewProgramme {
        name: typed.text("name"),
        price_cents: typed.cents("price_cents"),
        sizes: read_sizes(fields),
        first_day: typed.needed_day("first_day"),
        last_day: typed.needed_day("last_day"),
        tolerance_days: Some(typed.number("tolerance_days")),
        time_zone: typed.some("time_zone"),
        max_per_day: Some(typed.number("max_per_day")),
        passes_per_person: Some(typed.number("passes_per_person")),
        undo_days: Some(typed.number("undo_days")),
        opened_by: typed.some("opened_by"),
        training: typed.ticked("training", "oui"),
        territory: Some(territory),
    };
    typed.done()?;
    Ok(request)
}

/// What is asked to change.
///
/// # Errors
/// What cannot be understood.
pub fn read_change(fields: &Fields, begun: bool) -> Result<ProgrammeChange, Faults> {
    let mut typed = Typed::new(fields);
    let mut change = ProgrammeChange {
        name: Some(typed.text("name")),
        sizes: Some(read_sizes(fields)),
        last_day: Some(typed.needed_day("last_day")),
        tolerance_days: Some(typed.number("tolerance_days")),
        max_per_day: Some(typed.number("max_per_day")),
        passes_per_person: Some(typed.number("passes_per_person")),
        undo_days: Some(typed.number("undo_days")),
        territory: Some(typed.territory("territory")),
        ..ProgrammeChange::default()
    };
    if !begun {
        change.price_cents = Some(typed.cents("price_cents"));
        change.first_day = Some(typed.needed_day("first_day"));
        change.time_zone = typed.some("time_zone");
        change.opened_by = typed.some("opened_by");
        change.training = Some(typed.ticked("training", "oui"));
    }
    typed.done()?;
    Ok(change)
}

fn read_sizes(fields: &Fields) -> Vec<i64> {
    fields.all("sizes").iter().map(|size| size.parse().unwrap_or_default()).collect()
}
