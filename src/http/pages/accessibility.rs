//! The accessibility statement that French law asks of a public service (décret n° 2019-768).

use actix_web::web::Data;
use askama::Template;

use super::frame::{Frame, ok};
use super::visit::Visitor;
use crate::app::App;
use crate::http::answer::Answer;

#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage {
    frame: Frame,
    /// The address the statement is about, without its scheme.
    host: String,
    contact: Option<String>,
}

/// `GET /accessibilite`
pub async fn statement(app: Data<App>, visitor: Visitor) -> Answer {
    let public_url = &app.services.public_url;
    let host = public_url.split_once("://").map_or(public_url.as_str(), |(_, host)| host);
    ok(&AccessibilityPage {
        frame: visitor.frame("Déclaration d’accessibilité"),
        host: host.to_owned(),
        contact: app.contact_email.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::snapshot::reviewed;

    fn page(contact: Option<&str>) -> AccessibilityPage {
        AccessibilityPage {
            frame: Frame::open("Déclaration d’accessibilité"),
            host: "pass.exemple.fr".to_owned(),
            contact: contact.map(str::to_owned),
        }
    }

    #[test]
    fn the_statement_says_what_the_law_asks_for() {
        let page = reviewed("accessibility", &page(Some("acces@exemple.fr")));
        let parts = [
            "État de conformité",
            "Résultats des tests",
            "Contenus non accessibles",
            "Établissement de cette déclaration",
            "Retour d’information et contact",
            "Voies de recours",
        ];
        let places: Vec<usize> = parts.iter().filter_map(|part| page.find(part)).collect();
        assert_eq!(places.len(), parts.len(), "{page}");
        assert!(places.is_sorted(), "in the order of the model");
    }

    #[test]
    fn without_a_contact_the_page_says_whom_to_ask() {
        let page = reviewed("accessibility-without-contact", &page(None));
        assert!(!page.contains("mailto:"));
    }
}
