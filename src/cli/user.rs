//! `user add`.

use std::io::BufRead;

use super::Stop;
use super::arguments::AddUser;
use crate::app::{App, Settings};
use crate::services::organisations::{self, NewOrganisation};
use crate::services::users::{self, NewUser};

/// Adds an account. The first operator needs no organisation: one is made for the installation.
///
/// # Errors
/// Wrong values, or an e-mail that is taken.
pub fn add(settings: &Settings, add: &AddUser) -> Result<(), Stop> {
    let password = if add.password_stdin { Some(first_line()?) } else { None };
    let app = App::build(settings)?;
    app.prepare()?;
    let services = &app.services;
    let organisation_id = match add.organisation {
        Some(id) => id,
        None if add.role == "operator" || add.role == "auditor" => {
            let operator = NewOrganisation {
                name: "Opérateur".to_owned(),
                siret: None,
                rna: None,
                funder: false,
                prescriber: false,
                venue_operator: false,
            };
            let known = organisations::by_name(services, &operator.name)?;
            match known {
                Some(organisation) => organisation.id,
                None => organisations::create(services, &operator, None)?.value.id,
            }
        }
        None => return Err(Stop::Usage("--organisation is needed for this role".to_owned())),
    };
    let request = NewUser {
        email: add.email.clone(),
        name: add.name.clone(),
        organisation_id,
        role: add.role.clone(),
        manager: add.manager,
    };
    let user = users::add(services, &request, password.as_deref())?;
    println!("{}", user.id);
    if let Some(link) = user.invitation_link {
        println!("{link}");
    }
    Ok(())
}

fn first_line() -> Result<String, Stop> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
