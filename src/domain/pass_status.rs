//! The state of a pass as people are told it: where it is in its life, and what follows from the
//! facts of the day.

/// The state of a pass on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PassStatus {
    /// Printed in advance, not handed over.
    Printed,
    /// Gives workshops.
    Active,
    /// Stopped for a while.
    Suspended,
    /// Cancelled for good.
    Void,
    /// Another pass carries on.
    Replaced,
    /// Every workshop is used.
    Exhausted,
    /// Its last day, with the tolerance, has passed.
    Expired,
}

/// A pass that was not used so many days after its handover is asleep: somebody should call.
pub const ASLEEP_AFTER_DAYS: u64 = 60;

impl PassStatus {
    /// Every status, the most asked for first.
    pub const ALL: [Self; 7] = [
        Self::Active,
        Self::Exhausted,
        Self::Expired,
        Self::Suspended,
        Self::Void,
        Self::Replaced,
        Self::Printed,
    ];

    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Void => "void",
            Self::Replaced => "replaced",
            Self::Exhausted => "exhausted",
            Self::Expired => "expired",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}
