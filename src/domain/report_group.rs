//! What a report can be grouped by.

/// What the rows of a report are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Accounting month, or the workshop's month on demand.
    Month,
    /// Programme.
    Programme,
    /// Agreement.
    Agreement,
    /// Theme of the workshop.
    Theme,
    /// Venue.
    Venue,
    /// Commune of the venue.
    VenueCommune,
    /// Département of the venue.
    VenueDepartement,
    /// Commune of residence.
    HomeCommune,
    /// Département of residence.
    Departement,
    /// Publics of the person, several joined by `+` so that nobody counts twice.
    Public,
    /// Age band of the person.
    AgeBand,
    /// Who handed the pass over.
    Prescriber,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 12] = [
        Self::Month,
        Self::Programme,
        Self::Agreement,
        Self::Theme,
        Self::Venue,
        Self::VenueCommune,
        Self::VenueDepartement,
        Self::HomeCommune,
        Self::Departement,
        Self::Public,
        Self::AgeBand,
        Self::Prescriber,
    ];

    /// The name in `group_by`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Programme => "programme",
            Self::Agreement => "agreement",
            Self::Theme => "theme",
            Self::Venue => "venue",
            Self::VenueCommune => "venue_commune",
            Self::VenueDepartement => "venue_departement",
            Self::HomeCommune => "home_commune",
            Self::Departement => "departement",
            Self::Public => "public",
            Self::AgeBand => "age_band",
            Self::Prescriber => "prescriber",
        }
    }

    /// The name of the key in a row.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Programme => "programme_id",
            Self::Agreement => "agreement_id",
            Self::Venue => "venue_id",
            Self::Prescriber => "prescriber_id",
            other => other.as_str(),
        }
    }

    /// The French heading of its column.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Month => "Mois",
            Self::Programme => "Dispositif",
            Self::Agreement => "Convention",
            Self::Theme => "Thème",
            Self::Venue => "Lieu",
            Self::VenueCommune => "Commune du lieu",
            Self::VenueDepartement => "Département du lieu",
            Self::HomeCommune => "Commune de résidence",
            Self::Departement => "Département de résidence",
            Self::Public => "Public",
            Self::AgeBand => "Âge",
            Self::Prescriber => "Prescripteur",
        }
    }

    /// Whether money is held by it: a balance can be told for each.
    #[must_use]
    pub fn holds_money(self) -> bool {
        matches!(self, Self::Programme | Self::Agreement)
    }

    /// Whether it tells people apart by what they are or where they live.
    #[must_use]
    pub fn is_about_people(self) -> bool {
        matches!(self, Self::HomeCommune | Self::Departement | Self::Public | Self::AgeBand)
    }

    /// Whether the plain sums tell it apart; otherwise it is read from facts.
    #[must_use]
    pub fn is_plain(self) -> bool {
        matches!(self, Self::Month | Self::Programme | Self::Agreement)
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == name)
    }
}

/// Whether all that is grouped by holds money.
#[must_use]
pub fn hold_money(groups: &[Group]) -> bool {
    !groups.is_empty() && groups.iter().all(|group| group.holds_money())
}
