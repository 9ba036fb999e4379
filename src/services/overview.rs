//! What the operator sees first: each programme, who pays for it, and what is left.

use uuid::Uuid;

use super::list::{MAX_LIMIT, Page};
use super::{Outcome, Services, agreements, organisations, programmes};
use crate::domain::caller::Caller;
use crate::domain::ids::{OrganisationId, ProgrammeId};
use crate::domain::time::in_letters;

/// The programmes of the installation.
#[derive(Clone, Debug)]
pub struct Overview {
    /// In the order they were made.
    pub programmes: Vec<ProgrammeOverview>,
}

/// One programme.
#[derive(Clone, Debug)]
pub struct ProgrammeOverview {
    /// The programme.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its first day, the month in letters.
    pub first_day: String,
    /// Its last day, the month in letters.
    pub last_day: String,
    /// The price of a workshop.
    pub price_cents: i64,
    /// A rehearsal.
    pub training: bool,
    /// Who pays, in the order of the plan.
    pub agreements: Vec<AgreementOverview>,
}

/// One funder's part.
#[derive(Clone, Debug)]
pub struct AgreementOverview {
    /// Who pays.
    pub funder_name: String,
    /// Its place in the waterfall.
    pub tier: i32,
    /// Its share in basis points.
    pub share_bp: i32,
    /// What the funder promised in all.
    pub envelope_cents: i64,
    /// What may still be committed.
    pub available_cents: i64,
}

/// The programmes and their agreements, as far as the caller may see them.
///
/// # Errors
/// A failure of the database.
pub fn overview(services: &Services, caller: &Caller) -> Outcome<Overview> {
    let page = Page { limit: MAX_LIMIT, ..Page::default() };
    let mut seen = Vec::new();
    for programme in programmes::list(services, caller, page)?.items {
        let listed = agreements::list(services, caller, ProgrammeId(programme.id), page)?;
        let mut parts = Vec::new();
        for agreement in listed.items {
            let funder = OrganisationId(agreement.funder_id);
            parts.push(AgreementOverview {
                funder_name: organisations::by_id(services, caller, funder)?.name,
                tier: agreement.tier,
                share_bp: agreement.share_bp,
                envelope_cents: agreement.envelope_cents,
                available_cents: agreement.available_cents,
            });
        }
        parts.sort_by_key(|part| part.tier);
        seen.push(ProgrammeOverview {
            id: programme.id,
            name: programme.name,
            first_day: in_letters(programme.first_day),
            last_day: in_letters(programme.last_day),
            price_cents: programme.price_cents,
            training: programme.training,
            agreements: parts,
        });
    }
    Ok(Overview { programmes: seen })
}
