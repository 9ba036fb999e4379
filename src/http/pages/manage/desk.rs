//! The operator's first page: what to look at, then the way to everything.

use actix_web::web::Data;
use askama::Template;
use uuid::Uuid;

use super::held_scans;
use super::list::counted;
use crate::app::App;
use crate::domain::alert::Alert;
use crate::http::answer::Answer;
use crate::http::call::ReadAlerts;
use crate::http::pages::frame::{Frame, ok};
use crate::http::pages::visit::Visit;
use crate::http::pages::wording::sentence;
use crate::services::alerts;
use crate::services::desk::{self, Desk};

/// So many alerts of a sort are in sight; the others are one click away.
const IN_SIGHT: usize = 4;

/// The sorts of alerts, what costs most to miss first, with their headings and what to do.
const SORTS: [(&str, &str, &str); 11] = [
    ("insolvent", "Argent qui manque", "Ouvrir la convention"),
    ("envelope_low", "Enveloppes presque vides", "Ouvrir la convention"),
    ("programme_ends", "Dispositifs qui se terminent", "Voir ce qui est à faire"),
    ("closing_statement_due", "Dispositifs terminés à solder", "Établir l’état contradictoire"),
    ("label_ends", "Labellisations qui se terminent", "Prolonger ce lieu"),
    ("passes_asleep", "Pass jamais commencés", "Voir qui appeler"),
    ("stock_asleep", "Stock qui dort", "Ouvrir le tirage"),
    ("unusual_rhythm", "Rythme inhabituel d’un lieu", "Voir ce lieu"),
    ("backdated_scans", "Validations arrivées après coup", "Voir les validations en attente"),
    ("redeems_its_own", "Même organisme pour remettre et valider", "Voir cet organisme"),
    ("venues_idle", "Lieux sans atelier", "Voir les lieux à appeler"),
];

/// The alerts of one sort: addresses and sentences.
struct Sort {
    heading: &'static str,
    act: &'static str,
    in_sight: Vec<(String, String)>,
    more: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "manage/desk.html")]
struct DeskPage {
    frame: Frame,
    desk: Desk,
    total: usize,
    sorts: Vec<Sort>,
}

/// `GET /gestion`
pub async fn read(app: Data<App>, visit: Visit<ReadAlerts>) -> Answer {
    let (desk, alerts) =
        app.run(|services| Ok((desk::desk(services)?, alerts::alerts(services)?))).await?;
    ok(&page(visit.frame("Gestion"), desk, &alerts))
}

fn page(frame: Frame, desk: Desk, alerts: &[Alert]) -> DeskPage {
    let sorts = SORTS.iter().filter_map(|(kind, heading, act)| {
        let mut in_sight: Vec<(String, String)> = alerts
            .iter()
            .filter(|alert| alert.kind() == *kind)
            .map(|alert| (where_to_act(alert), sentence(&alert.sentence().replace('\'', "’"))))
            .collect();
        let more = in_sight.split_off(in_sight.len().min(IN_SIGHT));
        (!in_sight.is_empty()).then_some(Sort { heading, act, in_sight, more })
    });
    DeskPage { frame, desk, total: alerts.len(), sorts: sorts.collect() }
}

fn where_to_act(alert: &Alert) -> String {
    let at = |path: &str, id: Uuid| format!("/gestion/{path}/{id}");
    match alert {
        Alert::Insolvent { agreement, .. } | Alert::EnvelopeLow { agreement, .. } => {
            at("conventions", agreement.0)
        }
        Alert::ProgrammeEnds { programme, .. } | Alert::ClosingStatementDue { programme, .. } => {
            crate::http::pages::ending::address(programme.0)
        }
        Alert::LabelEnds { venue, .. } | Alert::UnusualRhythm { venue, .. } => at("lieux", venue.0),
        Alert::BackdatedScans { .. } => held_scans::PATH.to_owned(),
        Alert::StockAsleep { run, .. } => at("tirages", run.0),
        Alert::PassesAsleep { organisation, .. } | Alert::RedeemsItsOwn { organisation, .. } => {
            at("organismes", organisation.0)
        }
        Alert::VenuesIdle { programme, .. } => {
            format!("{}/lieux?jamais=oui", at("dispositifs", programme.0))
        }
    }
}

#[cfg(test)]
mod tests;
