//! What a handover is asked with, and which values it may have.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Op, Outcome, commune_code};
use crate::adapters::geography;
use crate::adapters::person_name::folded;
use crate::domain::holder::Fingerprint;
use crate::domain::ids::ProgrammeId;
use crate::domain::refusal::{Check, Refused};
use crate::domain::territory::{self, AGE_BANDS, GENDERS, PUBLICS, STATUSES};
use crate::store;

/// The person, typed for one moment: turned into a fingerprint and forgotten.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Beneficiary {
    /// Given names.
    #[schema(example = "Awa")]
    pub given_name: String,
    /// Family name.
    #[schema(example = "Diallo")]
    pub family_name: String,
    /// Birth date.
    #[schema(example = "1961-05-17")]
    pub birth_date: NaiveDate,
}

impl Beneficiary {
    /// Notes what is wrong with the names and the birth date.
    pub(super) fn look(&self, check: &mut Check) {
        check.text(&self.given_name, 100, "/beneficiary/given_name");
        check.text(&self.family_name, 100, "/beneficiary/family_name");
        check.days(&[(Some(self.birth_date), "/beneficiary/birth_date")]);
        for (name, pointer) in [
            (&self.given_name, "/beneficiary/given_name"),
            (&self.family_name, "/beneficiary/family_name"),
        ] {
            let named = name.trim().is_empty() || !folded(name).is_empty();
            let detail = "Ce nom n'a aucune lettre : écrivez-le comme sur une pièce d'identité.";
            check.that(named, pointer, "without_letters", detail);
        }
    }

    /// The person's keyed fingerprint in a programme; none once its key was destroyed.
    ///
    /// # Errors
    /// Nobody was born after today.
    pub(super) fn fingerprint(
        &self,
        op: &mut Op<'_>,
        programme: ProgrammeId,
    ) -> Outcome<Option<Fingerprint>> {
        let mut check = Check::default();
        // The first zone in which it is already tomorrow: nobody is refused by the hour.
        let latest = op.now.plus_seconds(14 * 60 * 60).to_utc().date_naive();
        let detail = "Cette date de naissance est dans l'avenir : vérifiez l'année.";
        check.that(self.birth_date <= latest, "/beneficiary/birth_date", "in_the_future", detail);
        check.done()?;
        let salt = store::programme::fingerprint_salt(op.conn, programme)?;
        Ok(salt.map(|salt| {
            let keys = &op.services.keys;
            keys.fingerprint(&salt, (&self.given_name, &self.family_name), self.birth_date)
        }))
    }
}

/// A pass to hand over. Everything about the person is optional.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The programme.
    pub programme_id: Uuid,
    /// How many workshops; one of the programme's sizes.
    #[schema(example = 10, minimum = 5, maximum = 10)]
    pub units: u8,
    /// To find out whether the person already holds a pass; never stored.
    pub beneficiary: Option<Beneficiary>,
    /// Commune of residence, INSEE code.
    #[schema(example = "16015")]
    #[serde(default, deserialize_with = "commune_code::one")]
    pub commune: Option<String>,
    /// Age band.
    #[schema(example = "60_69")]
    pub age_band: Option<String>,
    /// Gender.
    #[schema(example = "female")]
    pub gender: Option<String>,
    /// Social status.
    #[schema(example = "retired")]
    pub status: Option<String>,
    /// Publics the person belongs to.
    #[serde(default)]
    pub publics: Vec<String>,
}

pub(super) fn check(request: &HandOver) -> Result<(), Refused> {
    let mut check = Check::default();
    if let Some(person) = &request.beneficiary {
        person.look(&mut check);
    }
    if let Some(commune) = &request.commune {
        let known = geography::commune(&commune_code::of_today(commune)).is_some();
        let detail = "Cette commune n'existe pas : donnez son code INSEE à cinq signes.";
        check.that(known, "/commune", "unknown_value", detail);
    }
    let vocabularies = [
        (&request.age_band, AGE_BANDS, "/age_band"),
        (&request.gender, GENDERS, "/gender"),
        (&request.status, STATUSES, "/status"),
    ];
    for (value, vocabulary, pointer) in vocabularies {
        let fine =
            value.as_ref().is_none_or(|text| territory::canonical(vocabulary, text).is_some());
        check.that(fine, pointer, "unknown_value", "Cette valeur n'est pas dans la liste.");
    }
    check.list(&request.publics, 50, "/publics");
    for (position, public) in request.publics.iter().enumerate() {
        let fine = territory::known(PUBLICS, public);
        let pointer = format!("/publics/{position}");
        check.that(fine, &pointer, "unknown_value", "Ce public n'est pas dans la liste.");
    }
    check.done()
}
