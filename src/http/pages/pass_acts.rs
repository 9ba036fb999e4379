//! What can be done to a pass, and what each act leads to, said before it is done.

use super::wording::{in_letters, workshops};
use crate::services::read_pass::PassView;

/// Something that can be done to a pass, and asks why.
#[derive(Clone, Debug)]
pub struct Act {
    /// Its name in the address.
    pub name: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// When to do it, and what happens then: one idea a line.
    pub explains: Vec<String>,
    /// The reason as it is written in the form.
    pub reason: String,
    /// What is wrong with the reason.
    pub fault: String,
    /// Whether it cannot be taken back.
    pub last: bool,
}

impl Act {
    fn new(name: &'static str, label: &'static str, explains: Vec<String>) -> Self {
        Self { name, label, explains, reason: String::new(), fault: String::new(), last: false }
    }
}

/// What can be done to a pass in its state.
#[must_use]
pub fn acts(pass: &PassView) -> Vec<Act> {
    match pass.status.as_str() {
        "active" => vec![replace(pass), suspend(), void(pass)],
        "suspended" => vec![resume(pass), replace(pass), void(pass)],
        "exhausted" => vec![void(pass)],
        _ => Vec::new(),
    }
}

fn left(pass: &PassView) -> String {
    match pass.remaining {
        0 => "Il ne reste pas d’atelier.".to_owned(),
        1 => "L’atelier qui reste".to_owned(),
        more => format!("Les {} qui restent", workshops(more)),
    }
}

fn replace(pass: &PassView) -> Act {
    let mut explains = vec![
        "Le pass est perdu, abîmé ou volé.".to_owned(),
        "L’ancien pass ne marche plus, tout de suite.".to_owned(),
        format!(
            "Vous imprimez un nouveau pass. Il donne {}, jusqu’au {}.",
            workshops(pass.remaining),
            in_letters(pass.last_day)
        ),
    ];
    if pass.status == "suspended" {
        explains.push(
            "Le nouveau pass est suspendu aussi, jusqu’à ce que vous le rétablissiez.".to_owned(),
        );
    }
    Act { reason: "Pass perdu".to_owned(), ..Act::new("remplacer", "Remplacer ce pass", explains) }
}

fn suspend() -> Act {
    let explains = vec![
        "Vous avez un doute.".to_owned(),
        "Le pass ne marche plus pour le moment. Ses ateliers sont gardés.".to_owned(),
        "Vous pouvez le rétablir quand vous voulez.".to_owned(),
    ];
    Act::new("suspendre", "Suspendre ce pass", explains)
}

fn resume(pass: &PassView) -> Act {
    let marche = format!("Le pass marche de nouveau. Il donne {}.", workshops(pass.remaining));
    Act::new("retablir", "Rétablir ce pass", vec!["Le doute est levé.".to_owned(), marche])
}

fn void(pass: &PassView) -> Act {
    let lost = match pass.remaining {
        0 => left(pass),
        1 => format!("{} est perdu. Son argent est rendu aux financeurs.", left(pass)),
        _ => format!("{} sont perdus. Leur argent est rendu aux financeurs.", left(pass)),
    };
    let explains = vec![
        "Le pass a été remis par erreur.".to_owned(),
        lost,
        "Le pass ne marchera plus jamais. On ne peut pas revenir en arrière.".to_owned(),
    ];
    Act { last: true, ..Act::new("annuler", "Annuler ce pass pour toujours", explains) }
}
