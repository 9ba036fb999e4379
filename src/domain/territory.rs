//! Territories (communes and départements) and publics: the conditions of programmes and
//! agreements, and the optional statistics of a pass.

use std::fmt;

/// A set of communes (INSEE code, five signs) and départements (two or three signs).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Territory(pub Vec<String>);

impl Territory {
    /// Whether a code has the form of a commune's or a département's.
    #[must_use]
    pub fn well_formed(code: &str) -> bool {
        matches!(code.len(), 2 | 3 | 5)
            && code.bytes().all(|b| b.is_ascii_digit() || b == b'A' || b == b'B')
    }

    /// Whether the commune of residence lies in the territory.
    #[must_use]
    pub fn holds(&self, commune: &str) -> bool {
        let departement = departement_of(commune);
        self.0.iter().any(|code| code == departement || same_commune(code, commune))
    }
}

/// The city of which a commune's code is a municipal district; none for any other commune.
#[must_use]
pub fn city_of(commune: &str) -> Option<&'static str> {
    match commune.parse::<u32>() {
        Ok(75_101..=75_120) => Some("75056"),
        Ok(69_381..=69_389) => Some("69123"),
        Ok(13_201..=13_216) => Some("13055"),
        _ => None,
    }
}

/// How the codes of a city's municipal districts begin; none for a commune without districts.
#[must_use]
pub fn districts_begin(city: &str) -> Option<&'static str> {
    match city {
        "75056" => Some("751"),
        "69123" => Some("6938"),
        "13055" => Some("132"),
        _ => None,
    }
}

/// Whether two codes may mean the same commune: a city and each of its districts do, whichever of the
/// two is said; two districts do not.
#[must_use]
pub fn same_commune(one: &str, other: &str) -> bool {
    one == other || city_of(one) == Some(other) || city_of(other) == Some(one)
}

/// The codes, apart by spaces: how the database holds a territory.
impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// The beginnings of the codes of communes overseas.
const OVERSEAS: [&str; 2] = ["97", "98"];

/// The département of a commune's INSEE code: two signs, three overseas.
#[must_use]
pub fn departement_of(commune: &str) -> &str {
    let overseas = OVERSEAS.iter().any(|start| commune.starts_with(start));
    commune.get(..if overseas { 3 } else { 2 }).unwrap_or(commune)
}

/// The same rule in SQL, of a column that holds a commune's code.
#[must_use]
pub fn departement_sql(column: &str) -> String {
    let overseas = OVERSEAS.map(|start| format!("{column} LIKE '{start}%'")).join(" OR ");
    format!("substr({column}, 1, CASE WHEN {overseas} THEN 3 ELSE 2 END)")
}

/// A value of a vocabulary and its French label.
pub type Term = (&'static str, &'static str);

/// Age bands of the Coop de la médiation numérique.
pub const AGE_BANDS: &[Term] = &[
    ("under_12", "Moins de 12 ans"),
    ("12_17", "12 à 17 ans"),
    ("18_24", "18 à 24 ans"),
    ("25_39", "25 à 39 ans"),
    ("40_59", "40 à 59 ans"),
    ("60_69", "60 à 69 ans"),
    ("70_plus", "70 ans et plus"),
    ("not_said", "Non communiqué"),
];

/// Genders of the Coop de la médiation numérique.
pub const GENDERS: &[Term] =
    &[("female", "Féminin"), ("male", "Masculin"), ("not_said", "Non communiqué")];

/// Social statuses of the Coop de la médiation numérique.
pub const STATUSES: &[Term] = &[
    ("in_school", "Scolarisé"),
    ("unemployed", "Sans emploi"),
    ("employed", "En emploi"),
    ("retired", "Retraité"),
    ("not_said", "Non communiqué"),
];

/// Publics an agreement may be limited to, several at once for one person.
pub const PUBLICS: &[Term] = &[
    ("job_seeker", "Demandeur d'emploi"),
    ("caf_recipient", "Allocataire de la CAF"),
    ("rsa_recipient", "Bénéficiaire du RSA"),
    ("low_qualified", "Sans diplôme ou niveau inférieur au bac"),
    ("young", "Jeune de moins de 26 ans"),
    ("senior", "Personne âgée"),
    ("disabled", "Personne en situation de handicap"),
    ("allophone", "Personne allophone"),
    ("isolated", "Personne isolée"),
];

/// The Coop's own spellings, folded, and our terms for them.
const COOP: &[Term] = &[
    ("<12", "under_12"),
    ("1218", "12_17"),
    ("70+", "70_plus"),
    ("feminin", "female"),
    ("masculin", "male"),
    ("scolarise", "in_school"),
    ("sansemploi", "unemployed"),
    ("enemploi", "employed"),
    ("retraite", "retired"),
    ("noncommunique", "not_said"),
];

/// The term of `vocabulary` that `text` means: our code, or the Coop's spelling of it.
#[must_use]
pub fn canonical(vocabulary: &[Term], text: &str) -> Option<&'static str> {
    let fold = |text: &str| -> String {
        let plain = text.to_lowercase().replace('é', "e");
        plain.chars().filter(|sign| !matches!(sign, '_' | '-' | ' ')).collect()
    };
    let wanted = fold(text);
    let meant = COOP.iter().find(|(spelling, _)| *spelling == wanted).map(|(_, code)| *code);
    let is_meant = |code: &str| meant == Some(code) || fold(code) == wanted;
    vocabulary.iter().map(|(code, _)| *code).find(|code| is_meant(code))
}

/// Whether `code` is a term of `vocabulary`.
#[must_use]
pub fn known(vocabulary: &[Term], code: &str) -> bool {
    vocabulary.iter().any(|(term, _)| *term == code)
}

/// The French label of a term, or the code itself.
#[must_use]
pub fn label<'a>(vocabulary: &[Term], code: &'a str) -> &'a str {
    vocabulary.iter().find(|(term, _)| *term == code).map_or(code, |(_, label)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_is_in_its_city_whichever_of_the_two_is_said() {
        for (city, first, last) in
            [("75056", 75_101, 75_120), ("69123", 69_381, 69_389), ("13055", 13_201, 13_216)]
        {
            for district in (first..=last).map(|code: u32| code.to_string()) {
                assert!(Territory(vec![city.to_owned()]).holds(&district), "{district}");
                assert!(Territory(vec![district.clone()]).holds(city), "{district}");
                assert!(
                    Territory(vec![city.get(..2).unwrap().to_owned()]).holds(&district),
                    "{district}"
                );
            }
        }
        let third = Territory(vec!["69383".to_owned()]);
        assert!(third.holds("69383") && !third.holds("69388") && !third.holds("69029"));
        assert!(!Territory(vec!["75056".to_owned()]).holds("69383"));
    }

    #[test]
    fn the_coops_spellings_mean_our_terms() {
        assert_eq!(canonical(AGE_BANDS, "25-39"), Some("25_39"));
        assert_eq!(canonical(AGE_BANDS, "70+"), Some("70_plus"));
        assert_eq!(canonical(GENDERS, "Feminin"), Some("female"));
        assert_eq!(canonical(STATUSES, "SansEmploi"), Some("unemployed"));
        assert_eq!(canonical(STATUSES, "Retraité"), Some("retired"));
        assert_eq!(canonical(GENDERS, "retired"), None);
    }
}
