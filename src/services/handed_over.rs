//! What a handover answers: the pass, its funding, and its code, which is in no table.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::printed_code::code_of;
use super::{Error, Outcome, Services};
use crate::domain::agreement::Funding;
use crate::domain::code::Code;
use crate::domain::ids::PassId;
use crate::store;

/// One agreement's part of a pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FundingPart {
    /// The agreement.
    pub agreement_id: Uuid,
    /// Who pays.
    pub funder_id: Uuid,
    /// The payer's name.
    #[schema(example = "CAF de la Charente")]
    pub funder_name: String,
    /// Its share in basis points.
    #[schema(example = 3000)]
    pub share_bp: u16,
    /// Its part of the whole pass.
    #[schema(example = 3000)]
    pub amount_cents: i64,
}

impl From<&Funding> for FundingPart {
    fn from(funding: &Funding) -> Self {
        Self {
            agreement_id: funding.agreement.0,
            funder_id: funding.funder.0,
            funder_name: funding.funder_name.clone(),
            share_bp: funding.share.0,
            amount_cents: funding.amount.0,
        }
    }
}

/// A pass that was handed over. Its code and QR are in this answer to its prescriber and on paper,
/// nowhere else.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct HandedOver {
    /// The pass.
    pub id: Uuid,
    /// The number on the stub.
    #[schema(example = "7K3M-9QXT-2BVC")]
    pub serial: String,
    /// What people type. Left out of what is kept for replays, and derived again; left out of what
    /// the operator is answered, who prints no letter.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(example = "ABCD-EFGH-JKMN-PQRS")]
    pub code: String,
    /// What the QR holds, when there is a code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(example = "HTTPS://PASS.EXEMPLE.FR/P/ABCDEFGHJKMNPQRS")]
    pub qr: String,
    /// `active`.
    #[schema(example = "active")]
    pub status: String,
    /// Workshops when new.
    pub units: u8,
    /// Workshops used.
    pub used: u8,
    /// Workshops left.
    pub remaining: u8,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// Who pays; sums to units × price.
    pub funding: Vec<FundingPart>,
}

pub(super) fn answer(
    pass: &crate::domain::pass::Pass,
    today: NaiveDate,
    fundings: &[Funding],
) -> HandedOver {
    HandedOver {
        id: pass.id.0,
        serial: pass.serial.clone(),
        code: String::new(),
        qr: String::new(),
        status: pass.status_on(today).to_owned(),
        units: pass.units,
        used: pass.mask.used(),
        remaining: pass.remaining(),
        first_day: pass.first_day,
        last_day: pass.last_day,
        funding: fundings.iter().map(FundingPart::from).collect(),
    }
}

/// Puts the code and QR into an answer, derived from the pass's id: they are in no table.
pub(super) fn with_code(services: &Services, answer: &mut HandedOver) -> Outcome<()> {
    let id = PassId(answer.id);
    let row = services.read(|op| Ok(store::pass::by_id(op.conn, id)?))?;
    let row = row.ok_or_else(|| Error::failure("a handover without its pass"))?;
    let code = code_of(services, &row)?;
    answer.code = code.grouped();
    answer.qr = qr_content(&services.public_url, &code);
    Ok(())
}

/// What the QR of a code holds: an address in capitals, so that the QR stays small.
#[must_use]
pub fn qr_content(public_url: &str, code: &Code) -> String {
    format!("{}/P/{}", public_url.to_uppercase(), code.as_str())
}
