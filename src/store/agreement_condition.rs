//! The conditions of agreements, and how far they are met.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::connection::Conn;
use super::counting::{CountedOn, counted, counted_where};
use super::dialect;
use super::reading::Reading;
use super::report_facts;
use super::report_scope::Scope;
use super::schema::agreement_conditions as conditions;
use super::sql_types::Id;
use super::unreadable;
use crate::domain::grant::Condition;
use crate::domain::ids::{AgreementId, UserId};
use crate::domain::money::Cents;
use crate::domain::report::{Group, counting};
use crate::domain::time::Instant;

#[derive(Insertable, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = conditions, treat_none_as_null = true)]
struct Row {
    agreement_id: AgreementId,
    kind: String,
    rate_bp: i32,
    total_cents: Option<i64>,
    cap_cents: Option<i64>,
    publics: Option<String>,
    least_bp: Option<i32>,
    changed_at: Instant,
    changed_by: UserId,
}

impl Row {
    fn condition(self) -> QueryResult<Condition> {
        let rate_bp = i64::from(self.rate_bp);
        let reading = Reading::of("agreement_conditions", self.agreement_id);
        match self.kind.as_str() {
            "used_share" => Ok(Condition::UsedShare {
                rate_bp,
                publics: reading.publics(self.publics.as_deref())?,
                least_bp: reading.word("least_bp", "", self.least_bp)?.into(),
            }),
            "capped_grant" => Ok(Condition::CappedGrant {
                rate_bp,
                total: Cents(reading.word("total_cents", "", self.total_cents)?),
                cap: self.cap_cents.map(Cents),
            }),
            other => Err(reading.unreadable("kind", other)),
        }
    }
}

/// Sets the condition of an agreement, in place of the one before.
pub fn set(
    conn: &mut Conn,
    agreement: AgreementId,
    condition: &Condition,
    by: UserId,
    at: Instant,
) -> QueryResult<()> {
    remove(conn, agreement)?;
    let mut row = Row {
        agreement_id: agreement,
        kind: condition.kind().to_owned(),
        rate_bp: 0,
        total_cents: None,
        cap_cents: None,
        publics: None,
        least_bp: None,
        changed_at: at,
        changed_by: by,
    };
    let small = |bp: i64| i32::try_from(bp).map_err(|_| unreadable("rate"));
    match condition {
        Condition::UsedShare { rate_bp, publics, least_bp } => {
            row.rate_bp = small(*rate_bp)?;
            row.publics = super::joined(publics);
            row.least_bp = Some(small(*least_bp)?);
        }
        Condition::CappedGrant { rate_bp, total, cap } => {
            row.rate_bp = small(*rate_bp)?;
            row.total_cents = Some(total.0);
            row.cap_cents = cap.map(|cap| cap.0);
        }
    }
    diesel::insert_into(conditions::table).values(row).execute(conn).map(drop)
}

/// Takes the condition of an agreement away.
pub fn remove(conn: &mut Conn, agreement: AgreementId) -> QueryResult<()> {
    diesel::delete(conditions::table.find(agreement)).execute(conn).map(drop)
}

/// The condition of an agreement, when it has one.
pub fn of_agreement(conn: &mut Conn, agreement: AgreementId) -> QueryResult<Option<Condition>> {
    let row: Option<Row> =
        conditions::table.find(agreement).select(Row::as_select()).first(conn).optional()?;
    row.map(Row::condition).transpose()
}

/// How many passes an agreement pays a part of, and how many of them went to one public.
#[derive(Clone, Copy, Debug, Default, QueryableByName)]
pub struct PassCount {
    /// Passes handed over.
    #[diesel(sql_type = BigInt)]
    pub all_passes: i64,
    /// Those handed over to a person of one of the publics.
    #[diesel(sql_type = BigInt)]
    pub to_publics: i64,
}

/// Counts the passes that an agreement of the scope pays a part of, by the publics of who holds
/// them.
pub fn passes(
    conn: &mut Conn,
    scope: &Scope,
    agreement: AgreementId,
    publics: &[String],
) -> QueryResult<PassCount> {
    let tests: Vec<String> = (0..publics.len())
        .map(|place| {
            format!(
                "' ' || coalesce(p.publics, '') || ' ' LIKE {}",
                dialect::parameter(conn, place + 4)
            )
        })
        .collect();
    let test = if tests.is_empty() { "1 = 0".to_owned() } else { tests.join(" OR ") };
    let handed_over = counting::passes_handed_over;
    let sql = format!(
        "SELECT {} AS all_passes, {} AS to_publics FROM {} WHERE p.agreement_id = {}",
        counted(conn, &handed_over, CountedOn::Own),
        counted_where(conn, &handed_over, CountedOn::Own, &format!("({test})")),
        report_facts::relation(conn, scope, &[Group::Agreement, Group::Public])?,
        dialect::parameter(conn, publics.len() + 4)
    );
    let mut query = scope.bind(sql);
    for public in publics {
        query = query.bind::<Text, _>(format!("% {public} %"));
    }
    query.bind::<Id, _>(agreement).get_result(conn)
}
