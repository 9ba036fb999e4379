//! Reading the journal.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Outcome, Services};
use crate::store;
use crate::store::ledger::PostingRow;

/// A line of the journal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PostingView {
    /// Its place in the journal.
    pub number: i64,
    /// What happened.
    #[schema(example = "consumption")]
    pub kind: String,
    /// The account the amount left.
    #[schema(example = "committed")]
    pub from: String,
    /// The account it entered.
    #[schema(example = "payable")]
    pub to: String,
    /// Whose money.
    pub agreement_id: Uuid,
    /// How much.
    pub amount_cents: i64,
    /// Accounting month.
    #[schema(example = "2026-03")]
    pub month: Option<String>,
    /// The first pass of the line of replacements.
    pub pass_id: Option<Uuid>,
    /// The redemption.
    pub redemption_id: Option<Uuid>,
    /// The venue.
    pub venue_id: Option<Uuid>,
    /// Who is owed.
    pub payee_id: Option<Uuid>,
    /// Workshops that happened with it.
    pub workshops: i32,
    /// Whether it carries the counts of its event.
    pub lead: bool,
    /// When it was written, RFC 3339.
    pub recorded_at: String,
}

impl PostingView {
    fn of(row: PostingRow) -> Outcome<Self> {
        let month = row.month()?.to_string();
        Ok(Self {
            number: row.number,
            kind: row.kind,
            from: row.from_account,
            to: row.to_account,
            agreement_id: row.agreement_id.0,
            amount_cents: row.amount_cents,
            month: Some(month),
            pass_id: row.origin_id.map(|id| id.0),
            redemption_id: row.redemption_id.map(|id| id.0),
            venue_id: row.venue_id.map(|id| id.0),
            payee_id: row.payee_id.map(|id| id.0),
            workshops: row.workshops,
            lead: row.lead,
            recorded_at: row.recorded_at.to_string(),
        })
    }
}

/// At most `limit` lines after number `after`, and where the next page begins.
///
/// # Errors
/// A failure of the database.
pub fn postings(
    services: &Services,
    after: i64,
    limit: u16,
) -> Outcome<(Vec<PostingView>, Option<i64>)> {
    let fetch = i64::from(limit) + 1;
    let mut rows = services.read(|op| Ok(store::ledger::page(op.conn, after, fetch)?))?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next = if more { rows.last().map(|row| row.number) } else { None };
    Ok((rows.into_iter().map(PostingView::of).collect::<Outcome<_>>()?, next))
}
