//! Reading the audit journal.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Outcome, Services};
use crate::adapters::digest::hex;
use crate::domain::ids::UserId;
use crate::domain::refusal::{Check, Refused};
use crate::domain::time::{Day, Zone, days_after};
use crate::store;
use crate::store::audit::{Filter, NamedRow};

/// An entry of the audit journal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditView {
    /// Its place in the journal, from 1 without a gap.
    pub number: i64,
    /// When, RFC 3339.
    pub at: String,
    /// Who; nothing for a command on the server.
    pub user_id: Option<Uuid>,
    /// Their name today.
    pub user_name: Option<String>,
    /// For whom they worked.
    pub organisation_id: Option<Uuid>,
    /// Its name today.
    pub organisation_name: Option<String>,
    /// What sort of access.
    #[schema(example = "read_passes")]
    pub act: String,
    /// The route's pattern, or the command.
    #[schema(example = "GET /api/v1/passes/{id}")]
    pub target: String,
    /// The thing the address named.
    pub subject_id: Option<Uuid>,
    /// How it was answered; 0 for what is no request.
    #[schema(example = 200)]
    pub status: i32,
    /// The request, as in its `X-Request-Id`.
    pub request_id: Option<Uuid>,
    /// Where it came from, cut to its network: `203.0.113.0/24`. Kept for thirty days.
    pub address: Option<String>,
    /// The keyed digest over the digest of the entry before and this entry, hexadecimal.
    pub digest: String,
}

impl AuditView {
    fn of((row, user, organisation): NamedRow) -> Self {
        Self {
            number: row.number,
            at: row.at.to_string(),
            user_id: row.user_id.map(|id| id.0),
            user_name: user,
            organisation_id: row.organisation_id.map(|id| id.0),
            organisation_name: organisation,
            act: row.act,
            target: row.target,
            subject_id: row.subject_id.map(|id| id.0),
            status: row.status,
            request_id: row.request_id.map(|id| id.0),
            address: None,
            digest: hex(&row.digest),
        }
    }
}

/// Which entries, by days in Paris.
#[derive(Clone, Debug, Default)]
pub struct WhichEntries {
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub to: Option<Day>,
    /// Of this person.
    pub user: Option<UserId>,
    /// Of this sort.
    pub act: Option<String>,
    /// Numbers below this one.
    pub below: Option<i64>,
}

impl WhichEntries {
    fn filter(&self) -> Result<Filter, Refused> {
        let mut check = Check::default();
        check.days(&[(self.from, "/from"), (self.to, "/to")]);
        check.done()?;
        Ok(Filter {
            from: self.from.map(|day| Zone::PARIS.midnight(day)),
            until: self.to.map(|day| Zone::PARIS.midnight(days_after(day, 1))),
            user: self.user,
            act: self.act.clone(),
            below: self.below,
        })
    }
}

/// At most `limit` entries, the latest first, and the number the next page is below.
///
/// # Errors
/// Days outside of the calendar.
pub fn entries(
    services: &Services,
    which: &WhichEntries,
    limit: u16,
) -> Outcome<(Vec<AuditView>, Option<i64>)> {
    let fetch = i64::from(limit) + 1;
    let filter = which.filter()?;
    let (mut rows, addresses) = services.read(|op| {
        let rows = store::audit::latest(op.conn, &filter, fetch)?;
        let last = rows.first().map_or(0, |(row, ..)| row.number);
        let first = rows.last().map_or(0, |(row, ..)| row.number);
        Ok((rows, store::audit::addresses(op.conn, first, last)?))
    })?;
    let addresses: BTreeMap<i64, String> = addresses.into_iter().collect();
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next = if more { rows.last().map(|(row, ..)| row.number) } else { None };
    let views = rows.into_iter().map(AuditView::of).map(|view| {
        let address = addresses.get(&view.number).cloned();
        AuditView { address, ..view }
    });
    Ok((views.collect(), next))
}
