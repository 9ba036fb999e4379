//! The journal.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::connection::Conn;
use super::dialect::{array_of, insert_rows};
use super::reading::Reading;
use super::schema::postings;
use crate::domain::ids::{AgreementId, OrganisationId, PassId, RedemptionId, StatementId, VenueId};
use crate::domain::ledger::{Account, Posting, PostingKind, Subject};
use crate::domain::money::Cents;
use crate::domain::time::{Instant, Month};

/// A posting on its way into the journal.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = postings, treat_none_as_default_value = false)]
pub struct NewPosting {
    kind: &'static str,
    from_account: &'static str,
    to_account: &'static str,
    agreement_id: AgreementId,
    amount_cents: i64,
    month: i32,
    workshop_month: i32,
    origin_id: Option<PassId>,
    redemption_id: Option<RedemptionId>,
    venue_id: Option<VenueId>,
    payee_id: Option<OrganisationId>,
    workshops: i32,
    starts: i32,
    lead: bool,
    recorded_at: Instant,
    statement_id: Option<StatementId>,
}

impl NewPosting {
    /// A posting of `now`. `workshop_month` is the month of the workshop's day, the accounting
    /// month for everything that is no workshop.
    #[must_use]
    pub fn new(posting: &Posting, workshop_month: Option<Month>, now: Instant) -> Self {
        let (from, to) = posting.kind.accounts();
        Self {
            kind: posting.kind.as_str(),
            from_account: from.as_str(),
            to_account: to.as_str(),
            agreement_id: posting.agreement,
            amount_cents: posting.amount.0,
            month: posting.month.number(),
            workshop_month: workshop_month.unwrap_or(posting.month).number(),
            origin_id: posting.subject.pass,
            redemption_id: posting.subject.redemption,
            venue_id: posting.subject.venue,
            payee_id: posting.subject.payee,
            workshops: i32::from(posting.subject.workshops),
            starts: i32::from(posting.subject.starts),
            lead: posting.lead,
            recorded_at: now,
            statement_id: posting.subject.statement,
        }
    }
}

/// Writes postings in order, each as [`NewPosting::new`] says.
pub fn insert(
    conn: &mut Conn,
    lines: &[Posting],
    workshop_month: Option<Month>,
    now: Instant,
) -> QueryResult<()> {
    let rows: Vec<NewPosting> =
        lines.iter().map(|posting| NewPosting::new(posting, workshop_month, now)).collect();
    insert_all(conn, &rows)
}

/// Writes postings in order.
pub fn insert_all(conn: &mut Conn, rows: &[NewPosting]) -> QueryResult<()> {
    insert_rows!(
        conn,
        postings,
        rows,
        [
            kind,
            from_account,
            to_account,
            agreement_id,
            amount_cents,
            month,
            workshop_month,
            origin_id,
            redemption_id,
            venue_id,
            payee_id,
            workshops,
            starts,
            lead,
            recorded_at,
            statement_id
        ]
    )
}

/// A posting as it stands in the journal.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = postings)]
pub struct PostingRow {
    /// Its place in the journal.
    pub number: i64,
    /// What happened.
    pub kind: String,
    /// The account the amount left.
    pub from_account: String,
    /// The account it entered.
    pub to_account: String,
    /// Whose money.
    pub agreement_id: AgreementId,
    /// How much.
    pub amount_cents: i64,
    /// Accounting month.
    pub month: i32,
    /// Month of the workshop's day.
    pub workshop_month: i32,
    /// The pass's line of replacements.
    pub origin_id: Option<PassId>,
    /// The redemption.
    pub redemption_id: Option<RedemptionId>,
    /// The venue.
    pub venue_id: Option<VenueId>,
    /// Who is owed.
    pub payee_id: Option<OrganisationId>,
    /// Workshops.
    pub workshops: i32,
    /// First workshops.
    pub starts: i32,
    /// Whether it carries the counts of its event.
    pub lead: bool,
    /// When it was written.
    pub recorded_at: Instant,
    /// The statement that was paid.
    pub statement_id: Option<StatementId>,
}

impl PostingRow {
    /// What happened.
    pub fn kind(&self) -> QueryResult<PostingKind> {
        let kind = PostingKind::from_name(&self.kind);
        Reading::of("postings", self.number).word("kind", &self.kind, kind)
    }

    /// The accounting month.
    pub fn month(&self) -> QueryResult<Month> {
        Reading::of("postings", self.number).month("month", self.month)
    }

    /// The posting as the rules see it.
    ///
    /// # Errors
    /// When the row says what no posting can say, such as accounts that its kind does not join.
    pub fn posting(&self) -> QueryResult<Posting> {
        let kind = self.kind()?;
        let reading = Reading::of("postings", self.number);
        let accounts =
            (Account::from_name(&self.from_account), Account::from_name(&self.to_account));
        if accounts != (Some(kind.accounts().0), Some(kind.accounts().1)) {
            return Err(reading.unreadable("to_account", &self.to_account));
        }
        Ok(Posting {
            kind,
            agreement: self.agreement_id,
            amount: Cents(self.amount_cents),
            month: self.month()?,
            subject: Subject {
                pass: self.origin_id,
                redemption: self.redemption_id,
                venue: self.venue_id,
                payee: self.payee_id,
                statement: self.statement_id,
                workshops: reading.number("workshops", self.workshops)?,
                starts: reading.number("starts", self.starts)?,
            },
            lead: self.lead,
        })
    }
}

/// The number of the last posting; 0 when there is none.
pub fn last_number(conn: &mut Conn) -> QueryResult<i64> {
    let last: Option<i64> =
        postings::table.select(diesel::dsl::max(postings::number)).first(conn)?;
    Ok(last.unwrap_or(0))
}

/// At most `limit` postings after number `after`.
pub fn page(conn: &mut Conn, after: i64, limit: i64) -> QueryResult<Vec<PostingRow>> {
    postings::table
        .filter(postings::number.gt(after))
        .order(postings::number)
        .limit(limit)
        .select(PostingRow::as_select())
        .load(conn)
}

/// The first and the last number of an accounting month's postings; `None` when it has none.
pub fn numbers_of_month(conn: &mut Conn, month: Month) -> QueryResult<Option<(i64, i64)>> {
    // Not the plain column: the planner would look for its ends from the ends of the journal.
    let number = || postings::number + 0_i64;
    let ends = (diesel::dsl::min(number()), diesel::dsl::max(number()));
    let (first, last): (Option<i64>, Option<i64>) =
        postings::table.filter(postings::month.eq(month.number())).select(ends).first(conn)?;
    Ok(first.zip(last))
}

/// How many postings an accounting month has.
pub fn count_of_month(conn: &mut Conn, month: Month) -> QueryResult<i64> {
    postings::table.filter(postings::month.eq(month.number())).count().get_result(conn)
}

/// The postings of an accounting month with a number after `after` and up to `up_to`: found by
/// their numbers, so that each piece of a large month is read once.
pub fn of_month(
    conn: &mut Conn,
    month: Month,
    after: i64,
    up_to: i64,
) -> QueryResult<Vec<PostingRow>> {
    // Not the plain column: SQLite would go through its index of the whole month for each piece.
    postings::table
        .filter((postings::month + 0).eq(month.number()))
        .filter(postings::number.gt(after).and(postings::number.le(up_to)))
        .order(postings::number)
        .select(PostingRow::as_select())
        .load(conn)
}

/// The numbers of postings, at most a hundred, that speak of another pass, venue or payee than
/// their redemption does, or of what there is not.
pub fn unlike_their_subject(conn: &mut Conn) -> QueryResult<Vec<i64>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT p.number AS number FROM postings p \
         LEFT JOIN redemptions r ON r.id = p.redemption_id \
         LEFT JOIN organisations o ON o.id = p.payee_id \
         LEFT JOIN agreements a ON a.id = p.agreement_id \
         WHERE a.id IS NULL OR (p.redemption_id IS NOT NULL AND (p.origin_id = r.origin_id \
         AND p.venue_id = r.venue_id AND p.payee_id = r.organisation_id) IS NOT TRUE) \
         OR (p.payee_id IS NOT NULL AND o.id IS NULL) ORDER BY p.number LIMIT 100",
    )
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.number).collect())
}

/// The balance of every account over the whole journal, in cents.
pub fn account_balances(conn: &mut Conn) -> QueryResult<BTreeMap<String, i64>> {
    #[derive(QueryableByName)]
    struct Balance {
        #[diesel(sql_type = Text)]
        account: String,
        #[diesel(sql_type = BigInt)]
        cents: i64,
    }
    let sql = "SELECT account, CAST(coalesce(sum(c), 0) AS BIGINT) AS cents FROM (\
        SELECT to_account AS account, amount_cents AS c FROM postings UNION ALL \
        SELECT from_account, -amount_cents FROM postings) s GROUP BY account";
    let rows: Vec<Balance> = diesel::sql_query(sql).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.account, row.cents)).collect())
}
