//! The scheme's agreements as grants of the national schema SCDL « Subventions ».

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Op, Outcome};
use crate::domain::ids::OrganisationId;
use crate::domain::money::Cents;
use crate::domain::refusal::Refused;
use crate::domain::subvention::Grant;
use crate::domain::time::{Day, Zone};
use crate::store;
use crate::store::grant::GrantRow;

/// An agreement that is left out of the file, for no valid row can be made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftOut {
    /// The agreement.
    pub agreement_id: Uuid,
    /// Its funder.
    pub funder_name: String,
    /// Its programme.
    pub programme_name: String,
    /// Why, a French sentence each.
    pub reasons: Vec<String>,
}

/// The rows of the file, and what is left out of it.
pub(super) struct Subventions {
    /// The rows, in the columns of the schema.
    pub(super) rows: Vec<[String; 16]>,
    /// What is left out.
    pub(super) left_out: Vec<LeftOut>,
}

/// The agreements recorded up to a day, paid to the organisation that runs the scheme.
pub(super) fn subventions(
    op: &mut Op<'_>,
    operator: OrganisationId,
    until: Day,
) -> Outcome<Subventions> {
    let found = store::organisation::by_id(op.conn, operator)?;
    let operator = found.ok_or_else(Refused::not_found)?;
    let mut made = Subventions { rows: Vec::new(), left_out: Vec::new() };
    for row in store::grant::all(op.conn)? {
        let agreed_on = row.created_at.day_in(Zone::PARIS);
        if agreed_on > until {
            continue;
        }
        let received = store::grant::receipts(op.conn, row.id, until)?;
        let grant = Grant {
            funder: row.funder.clone(),
            funder_siret: row.funder_siret.clone(),
            operator: operator.name.clone(),
            operator_siret: operator.siret.clone(),
            operator_rna: operator.rna.clone(),
            programme: row.programme.clone(),
            agreed_on,
            amount: Cents(row.envelope_cents),
            received: received.into_iter().map(|(day, cents)| (day, Cents(cents))).collect(),
            days: (
                row.valid_from.unwrap_or(row.first_day),
                row.valid_until.unwrap_or(row.last_day),
            ),
        };
        match grant.row() {
            Ok(columns) => made.rows.push(columns),
            Err(reasons) => made.left_out.push(left_out(row, &reasons)),
        }
    }
    Ok(made)
}

fn left_out(row: GrantRow, reasons: &[&str]) -> LeftOut {
    LeftOut {
        agreement_id: row.id.0,
        funder_name: row.funder,
        programme_name: row.programme,
        reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
    }
}
