//! Accounts: invited by link, stopped by a switch, never deleted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::{Listed, Page};
use super::new_invitation::Invitation;
use super::new_password::hashed;
use super::{Op, Outcome, Services};
use crate::adapters::digest::sha256;
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{OrganisationId, UserId};
use crate::domain::refusal::{Check, Code, Refused};
use crate::store;
use crate::store::user::{UserRow, UserUpdate};

/// An account to make.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Where the invitation goes, and what the person signs in with.
    #[schema(example = "mediateur@exemple.fr")]
    pub email: String,
    /// The person's name.
    #[schema(example = "Camille Martin")]
    pub name: String,
    /// The organisation the person works for.
    pub organisation_id: Uuid,
    /// One of `operator`, `social_worker`, `venue_staff`, `funder`, `auditor`.
    #[schema(example = "venue_staff")]
    pub role: String,
    /// Whether the person invites colleagues.
    #[serde(default)]
    pub manager: bool,
}

/// What may change of an account.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// The person's name.
    pub name: Option<String>,
    /// Whether the person invites colleagues.
    pub manager: Option<bool>,
    /// Whether the account may sign in; stopping it ends every sign-in at once.
    pub active: Option<bool>,
    /// Makes a fresh invitation link, for instance when a password is lost.
    pub invite: Option<bool>,
}

/// An account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct UserView {
    /// The account.
    pub id: Uuid,
    /// Its e-mail.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The organisation the person works for.
    pub organisation_id: Uuid,
    /// One of the five roles.
    pub role: String,
    /// Whether the person invites colleagues.
    pub manager: bool,
    /// Whether the account may sign in.
    pub active: bool,
    /// The one-time link, in the answer that made it and nowhere else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation_link: Option<String>,
}

impl From<UserRow> for UserView {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id.0,
            email: row.email,
            name: row.name,
            organisation_id: row.organisation_id.0,
            role: row.role,
            manager: row.manager,
            active: row.active,
            invitation_link: None,
        }
    }
}

/// Makes an account and its invitation link. The operator invites anybody; a manager invites
/// colleagues to a role its organisation already has, never an operator or auditor.
pub(super) fn invite_in(op: &mut Op<'_>, caller: &Caller, request: &NewUser) -> Outcome<UserView> {
    let role: Role = check(request)?;
    may_manage(caller, OrganisationId(request.organisation_id), role)?;
    let own = store::organisation::by_id(op.conn, caller.organisation)?;
    if caller.role != Role::Operator && !own.is_some_and(|own| own.has(role)) {
        return Err(Refused::forbidden().into());
    }
    let mut row = new_row(op, request)?;
    let invitation = Invitation::new(op);
    invitation.write_to(&mut row);
    store::user::insert(op.conn, &row)?;
    Ok(UserView { invitation_link: Some(invitation.link(op)), ..UserView::from(row) })
}

/// Makes an account from the command line, which whoever holds the machine may do: with a
/// password, or with an invitation link.
///
/// # Errors
/// Wrong values or `email_taken`.
pub fn add(
    services: &Services,
    request: &NewUser,
    new_password: Option<&str>,
) -> Outcome<UserView> {
    check(request)?;
    let hash = new_password.map(|text| hashed(services, text)).transpose()?;
    services.write(|op| {
        let mut row = new_row(op, request)?;
        let invitation = hash.is_none().then(|| Invitation::new(op));
        if let Some(invitation) = &invitation {
            invitation.write_to(&mut row);
        }
        row.password_hash.clone_from(&hash);
        store::user::insert(op.conn, &row)?;
        let link = invitation.map(|invitation| invitation.link(op));
        Ok(UserView { invitation_link: link, ..UserView::from(row) })
    })
}

/// Changes an account the caller may manage.
///
/// # Errors
/// `not_found` for an account of another organisation, `forbidden`, or wrong values.
pub fn change(
    services: &Services,
    caller: &Caller,
    id: UserId,
    request: &UserChange,
) -> Outcome<UserView> {
    let mut check = Check::default();
    if let Some(name) = &request.name {
        check.text(name, 200, "/name");
    }
    check.done()?;
    services.write(|op| {
        let found = store::user::locked(op.conn, id)?;
        let visible = found.filter(|row| {
            caller.role == Role::Operator || row.organisation_id == caller.organisation
        });
        let row = visible.ok_or_else(Refused::not_found)?;
        may_manage(caller, row.organisation_id, row.caller()?.role)?;
        let name = request.name.as_ref().map(|name| name.trim().to_owned());
        let UserChange { manager, active, .. } = *request;
        store::user::update(op.conn, id, UserUpdate { name, manager, active })?;
        if active == Some(false) {
            store::session::revoke_all(op.conn, id, op.now)?;
        }
        let invitation = (request.invite == Some(true)).then(|| Invitation::new(op));
        if let Some(Invitation { secret, ends_at }) = &invitation {
            store::user::set_invitation(op.conn, id, &sha256(secret.as_bytes()), *ends_at)?;
        }
        let changed = store::user::named(op.conn, id)?;
        let link = invitation.map(|invitation| invitation.link(op));
        Ok(UserView { invitation_link: link, ..UserView::from(changed) })
    })
}

/// The accounts the caller may manage.
///
/// # Errors
/// A failure of the database.
pub fn list(services: &Services, caller: &Caller, page: Page) -> Outcome<Listed<UserView>> {
    let after = UserId(page.after);
    let rows = services.read(|op| {
        Ok(if caller.role == Role::Operator {
            store::user::page(op.conn, after, page.fetch())?
        } else {
            let own = caller.organisation;
            store::user::page_of_organisation(op.conn, own, after, page.fetch())?
        })
    })?;
    Ok(page.cut(rows, |row| row.id.0).map(UserView::from))
}

fn check(request: &NewUser) -> Result<Role, Refused> {
    let mut check = Check::default();
    let email = request.email.trim();
    let (before, after) = email.split_once('@').unwrap_or_default();
    let shaped = !before.is_empty()
        && after.contains('.')
        && !after.contains('@')
        && !after.split('.').any(str::is_empty)
        && !email.contains(['<', '>', '(', ')', ',', ';', ':', '"'])
        && email.len() <= 254
        && !email.contains(char::is_whitespace);
    check.that(shaped, "/email", "malformed", "Cette adresse e-mail est incomplète.");
    check.text(&request.name, 200, "/name");
    let role = request.role.parse::<Role>();
    check.that(role.is_ok(), "/role", "unknown_value", "Ce rôle n'existe pas.");
    check.done()?;
    role.map_err(|_| Refused::forbidden())
}

fn may_manage(caller: &Caller, organisation: OrganisationId, role: Role) -> Result<(), Refused> {
    if caller.may_manage(organisation, role) { Ok(()) } else { Err(Refused::forbidden()) }
}

fn new_row(op: &mut Op<'_>, request: &NewUser) -> Outcome<UserRow> {
    let organisation = OrganisationId(request.organisation_id);
    if store::organisation::by_id(op.conn, organisation)?.is_none() {
        let mut check = Check::default();
        let detail = "Cet organisme n'existe pas.";
        check.that(false, "/organisation_id", "unknown_value", detail);
        check.done()?;
    }
    let email = request.email.trim().to_lowercase();
    if store::user::by_email(op.conn, &email)?.is_some() {
        let sentence = "Un compte existe déjà avec cette adresse : utilisez-le ou changez-la.";
        return Err(Refused::new(Code::EmailTaken, sentence).into());
    }
    Ok(UserRow {
        id: UserId(op.id()),
        email,
        name: request.name.trim().to_owned(),
        organisation_id: organisation,
        role: request.role.clone(),
        manager: request.manager,
        active: true,
        password_hash: None,
        invitation_hash: None,
        invitation_ends_at: None,
        created_at: op.now,
    })
}
