//! The people of one organisation, as whoever manages them sees them.

use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::list::{Listed, Page};
use super::users::{self, NewUser, UserView};
use super::{Outcome, Services};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{OrganisationId, UserId};
use crate::domain::organisation::Organisation;
use crate::domain::refusal::Refused;
use crate::domain::time::{Day, Instant, Zone};
use crate::store;
use crate::store::user::UserRow;

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// The person signs in.
    Open,
    /// The person was invited and has not chosen a password yet.
    Invited {
        /// The last day of the invitation.
        until: Day,
    },
    /// The invitation has ended without a password.
    Lapsed,
    /// The account was stopped.
    Stopped,
}

/// A person of an organisation.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// The account.
    pub user: UserView,
    /// How it stands.
    pub account: Account,
    /// Whether the caller may stop and invite this person.
    pub managed: bool,
}

/// An organisation and a page of its people.
#[derive(Clone, Debug)]
pub struct Team {
    /// The organisation.
    pub organisation: Organisation,
    /// Its people, in the order they were invited.
    pub people: Listed<Colleague>,
}

impl Team {
    /// The roles the caller may invite to: an operator to any, a manager to what the organisation
    /// does.
    #[must_use]
    pub fn roles(&self, caller: &Caller) -> Vec<Role> {
        let open = |role: &Role| caller.role == Role::Operator || self.organisation.has(*role);
        Role::ALL.into_iter().filter(open).collect()
    }
}

/// The people of an organisation, for the operator or one of its managers.
///
/// # Errors
/// `not_found` for the organisation of somebody else.
pub fn team(
    services: &Services,
    caller: &Caller,
    organisation: OrganisationId,
    page: Page,
) -> Outcome<Team> {
    if caller.role != Role::Operator && caller.organisation != organisation {
        return Err(Refused::not_found().into());
    }
    services.read(|op| {
        let found = store::organisation::by_id(op.conn, organisation)?;
        let organisation = found.ok_or_else(Refused::not_found)?;
        let after = UserId(page.after);
        let rows =
            store::user::page_of_organisation(op.conn, organisation.id, after, page.fetch())?;
        let mut people = Vec::new();
        for row in rows {
            let role = row.caller()?.role;
            let managed = row.id != caller.user && caller.may_manage(organisation.id, role);
            let account = account(&row, op.now);
            people.push(Colleague { user: row.into(), account, managed });
        }
        Ok(Team { organisation, people: page.cut(people, |one| one.user.id) })
    })
}

fn account(row: &UserRow, now: Instant) -> Account {
    match (row.active, &row.password_hash, row.invitation_ends_at) {
        (false, ..) => Account::Stopped,
        (true, Some(_), _) => Account::Open,
        (true, None, Some(end)) if now < end => Account::Invited { until: end.day_in(Zone::PARIS) },
        (true, None, _) => Account::Lapsed,
    }
}

/// Invites a person once however often the form is sent. The link is in no kept answer: who asks
/// again with the same key gets a fresh one, and the one before is worth nothing.
///
/// # Errors
/// As [`users::invite`].
pub fn invite_once(
    services: &Services,
    caller: &Caller,
    request: &NewUser,
    key: Option<&Key>,
) -> Outcome<Once<UserView>> {
    let mut link = None;
    let done = once(services, key, |op| {
        let mut user = users::invite_in(op, caller, request)?;
        link = user.invitation_link.take();
        Ok(user)
    })?;
    if done.replayed {
        let change = users::UserChange { invite: Some(true), ..users::UserChange::default() };
        let value = users::change(services, caller, UserId(done.value.id), &change)?;
        return Ok(Once { value, replayed: true });
    }
    let value = UserView { invitation_link: link, ..done.value };
    Ok(Once { value, replayed: false })
}

/// The person of that id in that organisation, for a page that asks before it stops an account.
///
/// # Errors
/// `not_found`.
pub fn colleague(
    services: &Services,
    caller: &Caller,
    organisation: OrganisationId,
    id: Uuid,
) -> Outcome<Colleague> {
    services.read(|op| {
        let found = store::user::by_id(op.conn, UserId(id))?;
        let row = found.filter(|row| row.organisation_id == organisation);
        let row = row.ok_or_else(Refused::not_found)?;
        let managed = row.id != caller.user && caller.may_manage(organisation, row.caller()?.role);
        if !managed {
            return Err(Refused::not_found().into());
        }
        let account = account(&row, op.now);
        Ok(Colleague { user: row.into(), account, managed })
    })
}
