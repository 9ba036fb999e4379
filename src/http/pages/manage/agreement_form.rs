//! Forms of an agreement: a new one, its envelope and dates, and the money that moves.

use uuid::Uuid;

use super::form::{Field, Form};
use super::programme_form::options;
use super::typed::{Typed, typed_cents, typed_day};
use crate::domain::money::Cents;
use crate::domain::territory::PUBLICS;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::services::agreements::{AgreementChange, AgreementView, NewAgreement};
use crate::services::money_movements::{Receipt, Refund};
use crate::services::organisations::OrganisationView;

/// Money that comes in, or goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// From the funder.
    Receipt,
    /// Back to the funder.
    Refund,
}

impl Movement {
    /// The last part of its address.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Receipt => "versements",
            Self::Refund => "reversements",
        }
    }

    fn day_name(self) -> &'static str {
        match self {
            Self::Receipt => "received_on",
            Self::Refund => "refunded_on",
        }
    }

    /// What its form asks for.
    #[must_use]
    pub fn names(self) -> [&'static str; 3] {
        ["amount_cents", self.day_name(), "reference"]
    }
}

/// The form of a new agreement of a programme.
#[must_use]
pub fn create(programme: Uuid, funders: &[OrganisationView]) -> Form {
    let funders = funders.iter().map(|funder| (funder.id.to_string(), funder.name.clone()));
    let funders = [(String::new(), "Choisir".to_owned())].into_iter().chain(funders).collect();
    let fields = vec![
        Field::choice("funder_id", "Financeur", funders),
        Field::digits("share_bp", "Sa part de chaque atelier, en %")
            .hint("Les parts d’un même rang font 100. Par exemple 50 ou 33,33"),
        Field::digits("envelope_cents", "Enveloppe, en euros")
            .hint("Ce que le financeur promet en tout. Par exemple 50\u{a0}000"),
        Field::digits("tier", "Rang")
            .hint("1 paie en premier. Le rang 2 paie quand le rang 1 ne suffit plus.")
            .value("1"),
        Field::line("territory", "Seulement les personnes qui vivent à")
            .hint("Numéros de départements et noms de communes, séparés par des virgules.")
            .optional(),
        Field::ticks("publics", "Seulement ces personnes", options(PUBLICS)).optional(),
        Field::day("valid_from", "À partir du").optional(),
        Field::day("valid_until", "Jusqu’au").optional(),
    ];
    let action = format!("/gestion/dispositifs/{programme}/conventions");
    Form::new(action, "Ajouter la convention", fields)
}

/// What is asked for a new agreement.
///
/// # Errors
/// What cannot be understood.
pub fn read_new(fields: &Fields) -> Result<NewAgreement, Faults> {
    let mut typed = Typed::new(fields);
    let some = |list: Vec<String>| Some(list).filter(|list| !list.is_empty());
    let request = NewAgreement {
        funder_id: typed.id("funder_id"),
        share_bp: typed.share("share_bp"),
        envelope_cents: typed.cents("envelope_cents"),
        tier: i32::try_from(typed.number("tier")).unwrap_or_default(),
        territory: some(typed.territory("territory")),
        publics: some(fields.all("publics")),
        valid_from: typed.day("valid_from"),
        valid_until: typed.day("valid_until"),
    };
    typed.done()?;
    Ok(request)
}

/// The form that changes an agreement's envelope and dates.
#[must_use]
pub fn change(agreement: &AgreementView) -> Form {
    let envelope = typed_cents(agreement.envelope_cents);
    let fields = vec![
        Field::digits("envelope_cents", "Enveloppe, en euros").value(&envelope),
        Field::day("valid_from", "À partir du").optional().value(&typed_day(agreement.valid_from)),
        Field::day("valid_until", "Jusqu’au").optional().value(&typed_day(agreement.valid_until)),
    ];
    let action = format!("/gestion/conventions/{}", agreement.id);
    Form::new(action, "Modifier la convention", fields).looks("second").called("convention-")
}

/// What its form asks for.
pub const CHANGED: [&str; 3] = ["envelope_cents", "valid_from", "valid_until"];

/// What is asked to change. A date that was set may move; it cannot be taken away.
///
/// # Errors
/// What cannot be understood.
pub fn read_change(fields: &Fields, before: &AgreementView) -> Result<AgreementChange, Faults> {
    let mut typed = Typed::new(fields);
    for (name, day) in [("valid_from", before.valid_from), ("valid_until", before.valid_until)] {
        if day.is_some() && typed.some(name).is_none() {
            typed.wrong(name, "Cette date ne s’enlève pas : choisissez une autre date.");
        }
    }
    let change = AgreementChange {
        envelope_cents: Some(typed.cents("envelope_cents")),
        valid_from: typed.day("valid_from"),
        valid_until: typed.day("valid_until"),
    };
    typed.done()?;
    Ok(change)
}

/// The form that records money.
#[must_use]
pub fn record(agreement: Uuid, movement: Movement) -> Form {
    let (amount, day, button, prefix) = match movement {
        Movement::Receipt => {
            ("Montant reçu, en euros", "Reçu le", "Vérifier le versement", "recu-")
        }
        Movement::Refund => {
            ("Montant rendu, en euros", "Rendu le", "Vérifier le reversement", "rendu-")
        }
    };
    let fields = vec![
        Field::digits("amount_cents", amount).hint("Par exemple 12\u{a0}345,67"),
        Field::day(movement.day_name(), day),
        Field::line("reference", "Référence").hint("Ce qui est écrit sur le relevé de la banque."),
    ];
    let action = format!("/gestion/conventions/{agreement}/{}", movement.path());
    Form::new(action, button, fields).looks("second").called(prefix)
}

/// What is asked to record: an amount, a day and a reference.
///
/// # Errors
/// What cannot be understood.
pub fn read_record(fields: &Fields, movement: Movement) -> Result<Receipt, Faults> {
    let mut typed = Typed::new(fields);
    let receipt = Receipt {
        amount_cents: typed.cents("amount_cents"),
        received_on: typed.needed_day(movement.day_name()),
        reference: typed.text("reference"),
    };
    if Cents::read(&typed.text("amount_cents")) == Some(Cents::ZERO) {
        typed.wrong("amount_cents", "Écrivez un montant de plus de zéro.");
    }
    if receipt.reference.is_empty() {
        typed.wrong("reference", "Il manque la référence : recopiez le relevé de la banque.");
    }
    typed.done()?;
    Ok(receipt)
}

/// The same movement the other way.
#[must_use]
pub fn refund(receipt: Receipt) -> Refund {
    Refund {
        amount_cents: receipt.amount_cents,
        refunded_on: receipt.received_on,
        reference: receipt.reference,
    }
}
