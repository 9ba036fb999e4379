//! The essential data of grants, as the national schema SCDL « Subventions » 2.1.1 wants them
//! (decree 2017-779, order of 17 November 2017): a row for each agreement, that is, for each
//! funder's convention with the operator of the scheme.

use super::money::Cents;
use super::organisation::siret_checks;
use super::time::Day;

/// The columns of the schema, in its order.
pub const COLUMNS: [&str; 16] = [
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
];

/// The longest `objet`, in characters.
const LONGEST_PURPOSE: usize = 256;

/// A funder's convention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The funder's name.
    pub funder: String,
    /// Its SIRET.
    pub funder_siret: Option<String>,
    /// The operator's name: the money is paid to it.
    pub operator: String,
    /// Its SIRET.
    pub operator_siret: Option<String>,
    /// Its RNA number, when it is an association.
    pub operator_rna: Option<String>,
    /// The programme's name.
    pub programme: String,
    /// When the convention was recorded.
    pub agreed_on: Day,
    /// What the funder promised.
    pub amount: Cents,
    /// What it has paid in, and on which days, in order.
    pub received: Vec<(Day, Cents)>,
    /// The days for which it promised.
    pub days: (Day, Day),
}

impl Grant {
    /// The row of the schema.
    ///
    /// # Errors
    /// Why no valid row can be made, a French sentence each.
    pub fn row(&self) -> Result<[String; 16], Vec<&'static str>> {
        let mut faults = Vec::new();
        let funder = checked(self.funder_siret.as_deref());
        let operator = checked(self.operator_siret.as_deref());
        for (fault, wrong) in [
            ("Le financeur n'a pas de SIRET.", funder.is_none()),
            ("L'organisme opérateur n'a pas de SIRET.", operator.is_none()),
            ("Le montant de la convention est nul.", self.amount.0 <= 0),
            ("Un nom est vide.", self.funder.is_empty() || self.operator.is_empty()),
        ] {
            if wrong {
                faults.push(fault);
            }
        }
        let (Some(funder), Some(operator), true) = (funder, operator, faults.is_empty()) else {
            return Err(faults);
        };
        let purpose = format!("Ateliers numériques : {}", self.programme);
        Ok([
            self.funder.clone(),
            funder.to_owned(),
            self.agreed_on.to_string(),
            String::new(),
            self.operator.clone(),
            operator.to_owned(),
            self.operator_rna.clone().unwrap_or_default(),
            purpose.chars().take(LONGEST_PURPOSE).collect(),
            decimal_point(self.amount),
            "aide en numéraire".to_owned(),
            self.conditions().to_owned(),
            self.period(),
            String::new(),
            "non".to_owned(),
            "1".to_owned(),
            self.programme.clone(),
        ])
    }

    /// Whether it was paid at once: all of it in one receipt.
    fn conditions(&self) -> &'static str {
        match self.received.as_slice() {
            [(_, only)] if *only >= self.amount => "unique",
            _ => "échelonné",
        }
    }

    /// The days money came in; before any did, those for which it was promised.
    fn period(&self) -> String {
        let paid = self.received.first().zip(self.received.last());
        let (first, last) = paid.map_or(self.days, |(first, last)| (first.0, last.0));
        if first == last { first.to_string() } else { format!("{first}/{last}") }
    }
}

fn checked(siret: Option<&str>) -> Option<&str> {
    siret.filter(|siret| siret_checks(siret))
}

/// Euros with a point and two decimals.
fn decimal_point(amount: Cents) -> String {
    format!("{}.{:02}", amount.0 / 100, amount.0 % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn grant() -> Grant {
        Grant {
            funder: "Département de la Charente".to_owned(),
            funder_siret: Some("73282932000074".to_owned()),
            operator: "Opérateur".to_owned(),
            operator_siret: Some("43493312300029".to_owned()),
            operator_rna: None,
            programme: "Pass numérique Charente".to_owned(),
            agreed_on: day("2026-01-05"),
            amount: Cents(1_000_050),
            received: vec![(day("2026-02-01"), Cents(1_000_050))],
            days: (day("2026-01-01"), day("2026-12-31")),
        }
    }

    #[test]
    fn a_convention_is_a_row_of_sixteen_columns() {
        let row = grant().row().unwrap();
        assert_eq!(row[8..12], ["10000.50", "aide en numéraire", "unique", "2026-02-01"]);
        let paid = vec![(day("2026-02-01"), Cents(1)), (day("2026-03-01"), Cents(1))];
        let row = Grant { received: paid, ..grant() }.row().unwrap();
        assert_eq!(row[10..12], ["échelonné", "2026-02-01/2026-03-01"]);
        let row = Grant { received: Vec::new(), ..grant() }.row().unwrap();
        assert_eq!(row[10..12], ["échelonné", "2026-01-01/2026-12-31"]);
        let row = Grant { programme: "é".repeat(400), ..grant() }.row().unwrap();
        assert_eq!(row[7].chars().count(), 256);
    }

    #[test]
    fn a_row_that_cannot_be_valid_is_not_made() {
        let faults = Grant { funder_siret: None, amount: Cents(0), ..grant() }.row().unwrap_err();
        assert_eq!(faults.len(), 2, "{faults:?}");
        let wrong = Some("73282932000075".to_owned());
        assert!(Grant { operator_siret: wrong, ..grant() }.row().is_err());
    }
}
