//! What the creditor's bank says of the holder's name.

/// Whether the holder's name is the one the creditor's bank knows (verification of payee,
/// Regulation (EU) 2024/886, since 9 October 2025).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PayeeCheck {
    /// It is.
    Match,
    /// Almost.
    CloseMatch,
    /// It is another.
    NoMatch,
    /// The bank could not say.
    Impossible,
}

impl PayeeCheck {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Match, Self::CloseMatch, Self::NoMatch, Self::Impossible];

    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::CloseMatch => "close_match",
            Self::NoMatch => "no_match",
            Self::Impossible => "impossible",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.as_str() == name)
    }

    /// What the bank says, in French.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Match => "le nom est celui du compte",
            Self::CloseMatch => "le nom est presque celui du compte",
            Self::NoMatch => "le nom n'est pas celui du compte",
            Self::Impossible => "le nom n'a pas pu être vérifié",
        }
    }
}
