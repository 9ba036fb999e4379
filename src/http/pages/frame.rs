//! What stands around every page: its title, the way to the other pages, and the token that
//! protects its forms.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::assets;
use crate::domain::caller::Role;
use crate::http::answer::Answer;
use crate::services::Error;

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What the window and the history show.
    pub title: String,
    /// The role of who is signed in.
    pub role: Option<Role>,
    /// Whether who is signed in invites colleagues.
    pub manager: bool,
    /// The token of its forms; empty for who is not signed in.
    pub token: String,
    /// Whether search engines must leave it out.
    pub private: bool,
}

/// A way to another page: its address and its words.
pub type Way = (&'static str, &'static str);

impl Frame {
    /// The frame of a page for somebody who is not signed in.
    #[must_use]
    pub fn open(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            role: None,
            manager: false,
            token: String::new(),
            private: false,
        }
    }

    /// The address of the style sheet.
    #[must_use]
    pub fn style(&self) -> String {
        assets::address("style.css")
    }

    /// The address of the mark.
    #[must_use]
    pub fn mark(&self) -> String {
        assets::address("mark.svg")
    }

    /// Whether the person hands passes over.
    #[must_use]
    pub fn hands_over(&self) -> bool {
        self.role == Some(Role::SocialWorker)
    }

    /// Whether the person validates workshops, with a device that may hold some.
    #[must_use]
    pub fn validates(&self) -> bool {
        self.role == Some(Role::VenueStaff)
    }

    /// The address of the script that sends what a device holds.
    #[must_use]
    pub fn sender(&self) -> String {
        assets::address("scanner/elsewhere.js")
    }

    /// Whether the person says where her organisation is paid.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.role == Some(Role::VenueStaff) && self.manager
    }

    /// The pages for this role, the most used first.
    #[must_use]
    pub fn ways(&self) -> Vec<Way> {
        let ways: &[Way] = match self.role {
            None => &[("/lieux", "Trouver un lieu")],
            Some(Role::SocialWorker) => &[
                ("/remise", "Remettre"),
                ("/remise/suivi", "Pass"),
                ("/stock", "Stock"),
                ("/lieux", "Lieux"),
            ],
            Some(Role::VenueStaff) => &[
                ("/scanner", "Valider"),
                ("/seances", "Séances"),
                ("/releves", "Relevés"),
                ("/lieux", "Lieux"),
            ],
            Some(Role::Funder) => {
                &[("/rapports", "Rapports"), ("/appels", "Appels de fonds"), ("/lieux", "Lieux")]
            }
            Some(Role::Auditor) => {
                &[("/rapports", "Rapports"), ("/mois", "Mois comptables"), ("/lieux", "Lieux")]
            }
            Some(Role::Operator) => {
                &[("/gestion", "Gestion"), ("/rapports", "Rapports"), ("/remise/suivi", "Pass")]
            }
        };
        // The operator finds every team under the organisations.
        let team = self.manager && self.role != Some(Role::Operator);
        ways.iter().copied().chain(team.then_some(("/equipe", "Équipe"))).collect()
    }
}

/// Renders a page.
///
/// # Errors
/// A failure of the template.
pub fn page(builder: &mut HttpResponseBuilder, template: &impl Template) -> Answer {
    let body = template.render().map_err(Error::failure)?;
    Ok(builder.content_type("text/html; charset=utf-8").body(body))
}

/// Renders a page that answers well.
///
/// # Errors
/// A failure of the template.
pub fn ok(template: &impl Template) -> Answer {
    page(&mut HttpResponse::Ok(), template)
}

/// Renders a page with the status of a refusal.
///
/// # Errors
/// A failure of the template.
pub fn with_status(status: StatusCode, template: &impl Template) -> Answer {
    page(&mut HttpResponse::build(status), template)
}

/// On to another page, which a reload does not send again.
#[must_use]
pub fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

/// Adds a cookie to an answer. Whatever it holds, it does not travel with requests that other
/// sites begin.
pub fn set_cookie(answer: &mut HttpResponse, cookie: &Cookie<'_>) {
    let mut cookie = cookie.clone();
    cookie.set_same_site(SameSite::Lax);
    if let Err(error) = answer.add_cookie(&cookie) {
        tracing::error!(%error, "a cookie could not be written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::snapshot;

    #[derive(Template)]
    #[template(path = "base.html")]
    struct Empty {
        frame: Frame,
    }

    #[test]
    fn everybody_has_the_ways_to_their_own_pages() {
        let roles = Role::ALL.into_iter().map(Some).chain([None]);
        for role in roles {
            let frame = Frame {
                role,
                manager: role.is_some(),
                private: role.is_some(),
                ..Frame::open("Titre")
            };
            let name = role.map_or("nobody", Role::as_str);
            snapshot::compare(&format!("frame-{name}"), &Empty { frame }.render().unwrap());
        }
    }
}
