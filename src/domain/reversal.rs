//! Undoing a redemption: a new entry, once, within a few days.

use super::refusal::{Code, Refusal};
use super::time::{Day, days_after, in_letters};

/// Whether a redemption of `redeemed_day` may be undone on `today`.
///
/// # Errors
/// [`ReversalRefusal`]: it was undone before, or the days for it have passed.
pub fn decide(
    redeemed_day: Day,
    today: Day,
    undo_days: u16,
    already_reversed: bool,
) -> Result<(), ReversalRefusal> {
    if already_reversed {
        return Err(ReversalRefusal::AlreadyReversed);
    }
    let last = days_after(redeemed_day, u64::from(undo_days));
    if today > last { Err(ReversalRefusal::WindowClosed(last)) } else { Ok(()) }
}

/// Why a redemption cannot be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReversalRefusal {
    /// It was undone before.
    AlreadyReversed,
    /// It could be undone until that day.
    WindowClosed(Day),
    /// The statement it is on was approved.
    StatementApproved {
        /// The number of the statement.
        reference: String,
    },
}

impl Refusal for ReversalRefusal {
    fn code(&self) -> Code {
        match self {
            Self::AlreadyReversed => Code::AlreadyReversed,
            Self::WindowClosed(_) | Self::StatementApproved { .. } => Code::UndoWindowClosed,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::AlreadyReversed => "Cette validation a déjà été annulée : il n'y a rien de plus \
                à faire."
                .to_owned(),
            Self::WindowClosed(last) => format!(
                "Cette validation pouvait être annulée jusqu'au {} : contactez l'opérateur du \
                 dispositif.",
                in_letters(*last)
            ),
            Self::StatementApproved { reference } => format!(
                "Cette validation est sur le relevé {reference}, qui est validé pour le paiement : \
                 contactez l'opérateur du dispositif."
            ),
        }
    }
}
