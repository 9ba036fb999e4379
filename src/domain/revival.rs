//! Taking back what a clock that was ahead did to a pass: it was wound up before its last day.

use std::collections::BTreeMap;
use std::fmt;

use super::ids::AgreementId;
use super::money::Cents;
use super::pass::{Pass, PassState};
use super::time::Day;

/// Whether a pass was wound up though it may be used on `today`.
#[must_use]
pub fn wound_up_early(pass: &Pass, today: Day) -> bool {
    let living = matches!(pass.state, PassState::Active | PassState::Suspended);
    living && pass.released && today <= pass.redeemable_until
}

/// Why a pass stays wound up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevivalRefusal {
    /// Its money was promised elsewhere or given back meanwhile.
    EnvelopeGone {
        /// Whose money.
        agreement: AgreementId,
        /// What the pass needs.
        needed: Cents,
        /// What there is.
        available: Cents,
    },
    /// The person was given another pass meanwhile.
    PersonHoldsAnother,
    /// The accounts of the programme were settled with its funders.
    ProgrammeSettled,
}

impl fmt::Display for RevivalRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EnvelopeGone { agreement, needed, available } => {
                write!(f, "agreement {agreement} has {available} available, and it needs {needed}")
            }
            Self::PersonHoldsAnother => f.write_str("the person holds another pass since"),
            Self::ProgrammeSettled => {
                f.write_str("the closing statement of its programme is established")
            }
        }
    }
}

/// Whether what a pass needs of each agreement is available.
///
/// # Errors
/// [`RevivalRefusal::EnvelopeGone`] names the first that has less.
pub fn must_be_available(
    parts: &[(AgreementId, Cents)],
    available: &BTreeMap<AgreementId, Cents>,
) -> Result<(), RevivalRefusal> {
    for &(agreement, needed) in parts {
        let available = available.get(&agreement).copied().unwrap_or_default();
        if available < needed {
            return Err(RevivalRefusal::EnvelopeGone { agreement, needed, available });
        }
    }
    Ok(())
}
