//! Stock: passes printed in advance, in boxes that travel from the printer to a prescriber, each
//! step with who and when.

use super::ids::{OrganisationId, PrintRunId, StockBoxId};
use super::refusal::{Code, Fact, Refusal};
use super::time::{Instant, Zone, in_letters};

/// A box of passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockBox {
    /// Its id.
    pub id: StockBoxId,
    /// The print run it belongs to.
    pub run: PrintRunId,
    /// Its number in the run, from 1.
    pub number: u32,
    /// How many passes it was packed with.
    pub size: u32,
    /// Who holds it, or is to receive it.
    pub prescriber: OrganisationId,
    /// Where it is on its way.
    pub state: BoxState,
    /// Since when.
    pub moved_at: Instant,
}

/// Where a box is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoxState {
    /// At the printer or the operator.
    Printed,
    /// On its way to the prescriber.
    Shipped,
    /// With the prescriber.
    Received,
    /// Called back: nothing of it may be handed over.
    Recalled,
    /// Reported stolen: what was left in it is void.
    Stolen,
}

impl BoxState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Printed, Self::Shipped, Self::Received, Self::Recalled, Self::Stolen];

    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Shipped => "shipped",
            Self::Received => "received",
            Self::Recalled => "recalled",
            Self::Stolen => "stolen",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// The French name on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Printed => "imprimé",
            Self::Shipped => "expédié",
            Self::Received => "reçu",
            Self::Recalled => "rappelé",
            Self::Stolen => "déclaré volé",
        }
    }

    /// The state after a step.
    ///
    /// # Errors
    /// [`StepRefusal`] when the box cannot take that step from here.
    pub fn after(self, step: Step) -> Result<Self, StepRefusal> {
        use BoxState::{Printed, Recalled, Received, Shipped, Stolen};
        match (step, self) {
            (Step::Receive, Printed | Shipped) => Ok(Received),
            (Step::Ship, Printed) | (Step::Transfer, Shipped | Received) => Ok(Shipped),
            (Step::Recall, Printed | Shipped | Received) => Ok(Recalled),
            // What was not sent yet only changes its address.
            (Step::Transfer, Printed) | (Step::Return, Recalled) => Ok(Printed),
            (Step::ReportStolen, Printed | Shipped | Received | Recalled) => Ok(Stolen),
            _ => Err(StepRefusal { step, state: self }),
        }
    }

    /// Whether a pass of the box may be handed over.
    #[must_use]
    pub fn may_hand_over(self) -> bool {
        matches!(self, Self::Printed | Self::Shipped | Self::Received)
    }
}

/// One step of a box on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// It is sent to its prescriber.
    Ship,
    /// The prescriber has it.
    Receive,
    /// It goes to another prescriber.
    Transfer,
    /// It is called back.
    Recall,
    /// It is back at the operator's.
    Return,
    /// It was stolen: what is left in it becomes void.
    ReportStolen,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 6] =
        [Self::Ship, Self::Receive, Self::Transfer, Self::Recall, Self::Return, Self::ReportStolen];

    /// What the history calls it once it is done.
    #[must_use]
    pub fn event(self) -> &'static str {
        match self {
            Self::Ship => "shipped",
            Self::Receive => "received",
            Self::Transfer => "transferred",
            Self::Recall => "recalled",
            Self::Return => "returned",
            Self::ReportStolen => "reported_stolen",
        }
    }

    /// The French name of the button.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Ship => "Expédier",
            Self::Receive => "Confirmer la réception",
            Self::Transfer => "Transférer à un autre prescripteur",
            Self::Recall => "Rappeler",
            Self::Return => "Noter le retour",
            Self::ReportStolen => "Déclarer volé",
        }
    }
}

/// The French name of what the history of a box holds.
#[must_use]
pub fn event_label(event: &str) -> &'static str {
    match event {
        "ordered" => "Tirage commandé",
        "printed" => "Imprimé",
        "shipped" => "Expédié",
        "received" => "Reçu",
        "transferred" => "Transféré",
        "recalled" => "Rappelé",
        "returned" => "Revenu chez l’opérateur",
        "reported_stolen" => "Déclaré volé",
        "counted" => "Compté",
        "paper_made" => "Papier préparé (PDF)",
        "codes_taken" => "Fichier des codes remis à l’imprimeur",
        _ => "Autre",
    }
}

/// A box cannot take that step from where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepRefusal {
    /// The step.
    pub step: Step,
    /// Where the box is.
    pub state: BoxState,
}

impl Refusal for StepRefusal {
    fn code(&self) -> Code {
        Code::StepNotAllowed
    }

    fn sentence(&self) -> String {
        let what = match self.state {
            BoxState::Stolen => "ses pass ont été annulés et cela ne se défait pas",
            BoxState::Recalled => "notez d'abord son retour",
            BoxState::Received => "le prescripteur l'a déjà",
            BoxState::Shipped => "il est déjà parti",
            BoxState::Printed => "il n'est pas parti",
        };
        format!("Ce carton est {} : {what}.", self.state.label())
    }

    fn facts(&self) -> Vec<(&'static str, Fact)> {
        vec![("state", Fact::Text(self.state.as_str().to_owned()))]
    }
}

/// Why a pass of the stock is not handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StockRefusal {
    /// It was handed over before.
    AlreadyHandedOver {
        /// When.
        at: Instant,
        /// By whose clock.
        zone: Zone,
        /// The organisation that handed it over.
        by: String,
    },
    /// Another prescriber holds it.
    HeldByAnother {
        /// The organisation that holds it.
        holder: String,
    },
    /// Its box was called back.
    Recalled,
    /// It was cancelled: lost, torn, or stolen with its box.
    Void,
    /// It was handed over, and another pass carries on.
    Replaced,
}

impl Refusal for StockRefusal {
    fn code(&self) -> Code {
        match self {
            Self::AlreadyHandedOver { .. } => Code::AlreadyHandedOver,
            Self::HeldByAnother { .. } => Code::HeldByAnother,
            Self::Recalled => Code::StockRecalled,
            Self::Void => Code::Void,
            Self::Replaced => Code::Replaced,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::AlreadyHandedOver { at, zone, by } => format!(
                "Ce pass a déjà été remis le {} à {} par {by} : prenez-en un autre dans le carton.",
                in_letters(at.day_in(*zone)),
                at.hour_in(*zone)
            ),
            Self::HeldByAnother { holder } => format!(
                "Ce pass est dans le stock de {holder} : demandez à l'opérateur de transférer le \
                 carton, ou prenez un pass de votre stock."
            ),
            Self::Recalled => "Le carton de ce pass a été rappelé : ne le remettez pas et \
                renvoyez-le à l'opérateur."
                .to_owned(),
            Self::Void => {
                "Ce pass a été annulé : il ne vaut plus rien. Prenez-en un autre dans le \
                carton."
                    .to_owned()
            }
            Self::Replaced => "Ce pass a été remis, perdu puis remplacé : il ne vaut plus rien. \
                Prenez-en un autre dans le carton."
                .to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_goes_from_the_printer_to_its_prescriber_and_back() {
        let way = [Step::Ship, Step::Receive, Step::Transfer, Step::Receive, Step::Recall];
        let end = way.into_iter().try_fold(BoxState::Printed, BoxState::after);
        assert_eq!(end, Ok(BoxState::Recalled));
        assert_eq!(BoxState::Recalled.after(Step::Return), Ok(BoxState::Printed));
        assert!(!BoxState::Recalled.may_hand_over() && BoxState::Shipped.may_hand_over());
    }

    #[test]
    fn nothing_brings_a_stolen_box_back() {
        for step in Step::ALL {
            let refused = BoxState::Stolen.after(step).unwrap_err();
            assert!(refused.sentence().starts_with("Ce carton est déclaré volé"));
        }
    }
}
