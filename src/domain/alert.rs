//! What the operator should look at before it becomes a problem. Never about a beneficiary.

use super::ids::{AgreementId, OrganisationId, PrintRunId, ProgrammeId, VenueId};
use super::money::Cents;
use super::offline_scan::Backdated;
use super::rhythm::{MOST_AN_HOUR, TIMES_USUAL, Unusual};
use super::time::{Day, in_letters};

/// A pass that nobody began so many days after it was handed over sleeps.
pub const ASLEEP_DAYS: u64 = 60;

/// A programme that ends within so many days is worth a warning: the steps it is told at.
pub const ENDING_DAYS: [i64; 3] = [7, 15, 30];

/// An envelope is nearly empty when less than so many hundredths of it are left.
const NEARLY_EMPTY: i64 = 10;

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alert {
    /// An agreement owes more than its funder paid in.
    Insolvent {
        /// The agreement.
        agreement: AgreementId,
        /// Whose it is.
        funder: String,
        /// The programme's name.
        programme: String,
        /// What is in cash.
        cash: Cents,
        /// What is committed or payable.
        owed: Cents,
    },
    /// An envelope is nearly empty.
    EnvelopeLow {
        /// The agreement.
        agreement: AgreementId,
        /// Whose it is.
        funder: String,
        /// The programme's name.
        programme: String,
        /// What may still be committed.
        available: Cents,
        /// What was promised in all.
        envelope: Cents,
    },
    /// A programme ends soon.
    ProgrammeEnds {
        /// The programme.
        programme: ProgrammeId,
        /// Its name.
        name: String,
        /// Its last day.
        last_day: Day,
        /// In how many days.
        days: i64,
        /// Workshops granted and neither taken nor lapsed.
        workshops_left: i64,
        /// What may still be committed.
        available: Cents,
    },
    /// A programme is over, tolerance included, and has no closing statement.
    ClosingStatementDue {
        /// The programme.
        programme: ProgrammeId,
        /// Its name.
        name: String,
        /// The last day its passes were taken.
        redeemable_until: Day,
        /// The day the statement is due.
        due: Day,
        /// Whether that day has passed.
        late: bool,
    },
    /// A venue's label ends soon.
    LabelEnds {
        /// The venue.
        venue: VenueId,
        /// Its name.
        name: String,
        /// The last day.
        last_day: Day,
    },
    /// Passes of a prescriber that nobody began.
    PassesAsleep {
        /// The prescriber.
        organisation: OrganisationId,
        /// Its name.
        name: String,
        /// How many.
        passes: i64,
    },
    /// Passes of a prescriber's stock that nobody hands over.
    StockAsleep {
        /// The print run they are of: its page is where boxes are moved or called back.
        run: PrintRunId,
        /// Its number.
        number: i32,
        /// The prescriber.
        organisation: OrganisationId,
        /// Its name.
        name: String,
        /// How many passes.
        passes: i64,
        /// In how many boxes.
        boxes: i64,
    },
    /// A venue's day stands out.
    UnusualRhythm {
        /// The venue.
        venue: VenueId,
        /// Its name.
        name: String,
        /// The day.
        day: Day,
        /// Its workshops.
        workshops: i64,
        /// Why it stands out.
        why: Unusual,
    },
    /// Scans of a venue that wait for the operator, or came after their day unusually often.
    BackdatedScans {
        /// The venue.
        venue: VenueId,
        /// Its name.
        name: String,
        /// What came after its day lately.
        lately: Backdated,
        /// How many wait for the operator.
        held: i64,
    },
    /// An organisation redeems passes that it handed over itself.
    RedeemsItsOwn {
        /// The organisation.
        organisation: OrganisationId,
        /// Its name.
        name: String,
        /// How many workshops in the last twelve months.
        workshops: i64,
    },
    /// Venues of a programme that never redeemed.
    VenuesIdle {
        /// The programme.
        programme: ProgrammeId,
        /// Its name.
        name: String,
        /// How many.
        venues: i64,
    },
}

impl Alert {
    /// Its sort, a stable word of the API.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Insolvent { .. } => "insolvent",
            Self::EnvelopeLow { .. } => "envelope_low",
            Self::ProgrammeEnds { .. } => "programme_ends",
            Self::ClosingStatementDue { .. } => "closing_statement_due",
            Self::LabelEnds { .. } => "label_ends",
            Self::PassesAsleep { .. } => "passes_asleep",
            Self::StockAsleep { .. } => "stock_asleep",
            Self::UnusualRhythm { .. } => "unusual_rhythm",
            Self::BackdatedScans { .. } => "backdated_scans",
            Self::RedeemsItsOwn { .. } => "redeems_its_own",
            Self::VenuesIdle { .. } => "venues_idle",
        }
    }

    /// One French sentence: what is the matter, with its figures.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Insolvent { funder, programme, cash, owed, .. } => format!(
                "{funder}, {programme} : {cash} encaissés pour {owed} engagés ou dus. \
                 Il manque {}.",
                *owed - *cash
            ),
            Self::EnvelopeLow { funder, programme, available, envelope, .. } => format!(
                "{funder}, {programme} : l'enveloppe est presque vide, il reste {available} sur \
                 {envelope}."
            ),
            Self::ProgrammeEnds { name, last_day, days, workshops_left, available, .. } => format!(
                "{name} se termine {}, le {} : {} à utiliser, {available} à engager.",
                in_days(*days),
                in_letters(*last_day),
                counted(*workshops_left, "atelier reste", "ateliers restent"),
            ),
            Self::ClosingStatementDue { name, redeemable_until, due, late, .. } => format!(
                "{name} : les pass ne sont plus acceptés depuis le {}. L'état contradictoire {} le {}.",
                in_letters(*redeemable_until),
                if *late { "devait être établi" } else { "doit être établi avant" },
                in_letters(*due),
            ),
            Self::LabelEnds { name, last_day, .. } => {
                format!("{name} : la labellisation se termine le {}.", in_letters(*last_day))
            }
            Self::PassesAsleep { name, passes, .. } => format!(
                "{name} : {} depuis plus de {ASLEEP_DAYS} jours sans un seul atelier.",
                counted(*passes, "pass remis", "pass remis")
            ),
            Self::StockAsleep { name, number, passes, boxes, .. } => format!(
                "{name} : {} dans {} du tirage {number}, sans une remise depuis {ASLEEP_DAYS} jours.",
                counted(*passes, "pass en stock", "pass en stock"),
                counted(*boxes, "carton", "cartons")
            ),
            Self::UnusualRhythm { name, day, workshops, why, .. } => {
                let (day, many) =
                    (in_letters(*day), counted(*workshops, "atelier validé", "ateliers validés"));
                match why {
                    Unusual::Hour { workshops } => format!(
                        "{name} : {many} le {day}, dont {workshops} en une heure. \
                         C'est plus de {MOST_AN_HOUR}."
                    ),
                    Unusual::Day { usual } => format!(
                        "{name} : {many} le {day}. C'est au moins {TIMES_USUAL} fois plus que sa \
                         journée habituelle, qui est de {usual}."
                    ),
                }
            }
            Self::BackdatedScans { name, lately, held, .. } => {
                format!("{name} : validations qui attendent votre décision : {held}. {lately}")
            }
            Self::RedeemsItsOwn { name, workshops, .. } => format!(
                "{name} a remis des pass et validé lui-même {} sur ces pass en douze mois.",
                counted(*workshops, "atelier", "ateliers")
            ),
            Self::VenuesIdle { name, venues, .. } => format!(
                "{name} : {} encore validé d'atelier.",
                counted(*venues, "lieu n'a pas", "lieux n'ont pas")
            ),
        }
    }
}

fn counted(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count < 2 { one } else { many })
}

fn in_days(days: i64) -> String {
    match days {
        0 => "aujourd'hui".to_owned(),
        1 => "demain".to_owned(),
        more => format!("dans {more} jours"),
    }
}

/// Whether so little is left that it is worth a warning.
#[must_use]
pub fn nearly_empty(available: Cents, envelope: Cents) -> bool {
    available.0 * 100 < envelope.0 * NEARLY_EMPTY
}

/// In how many days a programme ends, when that is worth a warning.
#[must_use]
pub fn ends_soon(last_day: Day, today: Day) -> Option<i64> {
    let days = (last_day - today).num_days();
    (0..=ENDING_DAYS.into_iter().max().unwrap_or_default()).contains(&days).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_nearly_empty_below_a_tenth() {
        assert!(nearly_empty(Cents(999), Cents(10_000)));
        assert!(!nearly_empty(Cents(1_000), Cents(10_000)));
        assert!(!nearly_empty(Cents(0), Cents(0)), "nothing was promised");
    }

    #[test]
    fn a_programme_is_told_thirty_days_before_its_end_and_no_more_once_it_is_over() {
        let last: Day = "2026-12-31".parse().unwrap();
        assert_eq!(ends_soon(last, "2026-12-01".parse().unwrap()), Some(30));
        assert_eq!(ends_soon(last, "2026-11-30".parse().unwrap()), None);
        assert_eq!(ends_soon(last, last), Some(0));
        assert_eq!(ends_soon(last, "2027-01-01".parse().unwrap()), None);
    }

    #[test]
    fn sentences_count_as_people_speak() {
        let organisation = OrganisationId(uuid::Uuid::nil());
        let alert = |passes| Alert::PassesAsleep { organisation, name: "CCAS".into(), passes };
        let sentence = "CCAS : 3 pass remis depuis plus de 60 jours sans un seul atelier.";
        assert_eq!(alert(3).sentence(), sentence);
        let programme = ProgrammeId(uuid::Uuid::nil());
        let idle = |venues| Alert::VenuesIdle { programme, name: "Charente".into(), venues };
        assert_eq!(idle(1).sentence(), "Charente : 1 lieu n'a pas encore validé d'atelier.");
        assert_eq!(idle(2).sentence(), "Charente : 2 lieux n'ont pas encore validé d'atelier.");
    }
}
