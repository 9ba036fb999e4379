//! From an agreement's account to its paper, and the sentences of its condition.

use crate::documents::account::{self, Account, Column, Shape, Table};
use crate::domain::money::Cents;
use crate::domain::territory::{PUBLICS, label};
use crate::domain::time::{Instant, Zone, in_letters};
use crate::services::agreement_account::{AgreementAccount, ConditionResult, ConditionView};
use crate::services::{Error, Outcome};

/// The account of an agreement as PDF, to be signed.
///
/// # Errors
/// A failure of the typesetter.
pub fn account(view: &AgreementAccount) -> Outcome<Vec<u8>> {
    let day = view.as_of.parse::<chrono::DateTime<chrono::Utc>>();
    let day = day.map_or_else(
        |_| view.as_of.clone(),
        |at| in_letters(Instant::from_utc(at).day_in(Zone::PARIS)),
    );
    let sheet = Account {
        heading: "Compte rendu de convention".to_owned(),
        reference: format!("{}, rang {}", view.programme_name, view.tier),
        author: "Pass numérique".to_owned(),
        facts: vec![
            ("Financeur", view.funder_name.clone()),
            ("Dispositif", view.programme_name.clone()),
            ("Part de chaque atelier", percent(i64::from(view.share_bp))),
            ("Arrêté le", day),
        ],
        due: None,
        tables: vec![money(view), passes(view)],
        notes: sentences(view),
        signature: Some("Certifié exact. Nom, date et signature :".to_owned()),
    };
    account::pdf(&sheet).map_err(Error::failure)
}

fn money(view: &AgreementAccount) -> Table {
    let rows = [
        ("Enveloppe promise", view.envelope_cents),
        ("Reçu", view.received_cents),
        ("Engagé par les remises de pass", view.committed_cents),
        ("Consommé par les ateliers", view.consumed_cents),
        ("Libéré : expiré ou annulé", view.released_cents),
        ("Payé aux lieux", view.paid_cents),
        ("Reversé au financeur", view.refunded_cents),
        ("Disponible", view.available_cents),
        ("Encore engagé", view.committed_balance_cents),
        ("Dû aux lieux", view.payable_cents),
        ("En caisse", view.cash_cents),
    ];
    table("L’argent", rows.map(|(name, cents)| (name, Cents(cents).to_string())).to_vec())
}

fn passes(view: &AgreementAccount) -> Table {
    table(
        "Les pass",
        vec![
            ("Pass remis avec cette convention", view.passes_handed_over.to_string()),
            ("Ateliers validés", view.workshops_redeemed.to_string()),
        ],
    )
}

fn table(caption: &str, rows: Vec<(&str, String)>) -> Table {
    let column = |heading, shape| Column { heading, shape };
    Table {
        caption: caption.to_owned(),
        columns: vec![column("Compteur", Shape::Wide), column("Valeur", Shape::Number)],
        rows: rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect(),
        total: None,
    }
}

/// The condition and how far it is met, a sentence each.
#[must_use]
pub fn sentences(view: &AgreementAccount) -> Vec<String> {
    let mut said: Vec<String> = view.condition.iter().map(condition).collect();
    if let Some(result) = &view.result {
        said.extend(met(view, result));
    }
    said
}

fn condition(condition: &ConditionView) -> String {
    match condition {
        ConditionView::UsedShare { rate_bp, publics, least_bp } => {
            let names: Vec<&str> = publics.iter().map(|code| label(PUBLICS, code)).collect();
            format!(
                "Condition : au plus {} des pass utilisés, et au moins {} des pass pour ces \
                 publics : {}.",
                percent(*rate_bp),
                percent(*least_bp),
                names.join(", ")
            )
        }
        ConditionView::CappedGrant { rate_bp, total_cents, cap_cents } => {
            let cap =
                cap_cents.map(|cap| format!(", plafonnée à {}", Cents(cap))).unwrap_or_default();
            format!(
                "Condition : subvention de {} d’un budget total de {}{cap}.",
                percent(*rate_bp),
                Cents(*total_cents)
            )
        }
    }
}

fn met(view: &AgreementAccount, result: &ConditionResult) -> [String; 2] {
    match result {
        ConditionResult::UsedShare {
            used_cents,
            claim_cents,
            passes,
            passes_to_publics,
            missing_passes,
            met,
        } => {
            let reached = if *met {
                "la condition est remplie".to_owned()
            } else {
                format!("il en manque {missing_passes}")
            };
            [
                format!(
                    "Utilisé en tout : {}. Dû par ce financeur : {}.",
                    Cents(*used_cents),
                    Cents(*claim_cents)
                ),
                format!(
                    "{passes_to_publics} pass sur {passes} sont allés à ces publics : {reached}."
                ),
            ]
        }
        ConditionResult::CappedGrant { grant_cents, met, unused_cents } => {
            let same = if *met { "égale à" } else { "différente de" };
            [
                format!(
                    "Taux × total : {}, {same} l’enveloppe de {}.",
                    Cents(*grant_cents),
                    Cents(view.envelope_cents)
                ),
                format!(
                    "Consommé : {}. Non utilisé, à reverser à la fin : {}.",
                    Cents(view.consumed_cents),
                    Cents(*unused_cents)
                ),
            ]
        }
    }
}

fn percent(basis_points: i64) -> String {
    if basis_points % 100 == 0 {
        format!("{} %", basis_points / 100)
    } else {
        format!("{},{:02} %", basis_points / 100, basis_points % 100)
    }
}
