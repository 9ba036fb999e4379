//! How ids and instants stand in each database: `uuid` and `timestamptz` on PostgreSQL, sixteen
//! bytes and microseconds on SQLite.

use std::io::Write;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, HasSqlType, SqlType};
use diesel::sqlite::Sqlite;
use uuid::Uuid;

use super::connection::MultiBackend;
use crate::domain::ids::{
    AgreementId, BankDetailId, EntryId, FamilyId, FundingCallId, LabelId, OrganisationId, PassId,
    PaymentRunId, PrintRunId, ProgrammeId, RedemptionId, ReversalId, ScheduledWorkshopId,
    SessionId, StatementId, StockBoxId, TokenId, UserId, VenueId, VintageId,
};
use crate::domain::time::Instant;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An id of sixteen bytes.
    Id,
    /// An instant, to the microsecond.
    Moment,
    /// A day.
    Day,
    /// Yes or no.
    Bool,
    /// A whole number.
    Whole,
    /// A measure: the latitude of a venue. Never money.
    Real,
    /// Words.
    Text,
    /// Bytes.
    Bytes,
}

/// An id.
#[derive(Clone, Copy, Debug, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct Id;

/// An instant in UTC, to the microsecond.
#[derive(Clone, Copy, Debug, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Moment;

impl HasSqlType<Id> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Id>(lookup)
    }
}

impl HasSqlType<Moment> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Moment>(lookup)
    }
}

macro_rules! stored {
    ($($proxy:ident($name:ident) as $sql:ident),+ $(,)?) => {$(
        #[derive(AsExpression, FromSqlRow)]
        #[diesel(foreign_derive, sql_type = $sql)]
        #[expect(dead_code, reason = "only carries the derives to the domain's type")]
        struct $proxy($name);

        impl ToSql<$sql, MultiBackend> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut Output<'b, '_, MultiBackend>,
            ) -> serialize::Result {
                out.set_value(($sql, self));
                Ok(IsNull::No)
            }
        }

        impl FromSql<$sql, MultiBackend> for $name {
            fn from_sql(
                value: <MultiBackend as Backend>::RawValue<'_>,
            ) -> deserialize::Result<Self> {
                value.from_sql::<Self, $sql>()
            }
        }
    )+};
}

macro_rules! stored_ids {
    ($($proxy:ident($name:ident)),+ $(,)?) => {
        stored! { $($proxy($name) as Id),+ }
        $(
            impl ToSql<Id, Pg> for $name {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    out.write_all(self.0.as_bytes())?;
                    Ok(IsNull::No)
                }
            }

            impl ToSql<Id, Sqlite> for $name {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(self.0.as_bytes().as_slice());
                    Ok(IsNull::No)
                }
            }

            impl FromSql<Id, Pg> for $name {
                fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                    Ok(Self(Uuid::from_slice(value.as_bytes())?))
                }
            }

            impl FromSql<Id, Sqlite> for $name {
                fn from_sql(
                    value: <Sqlite as Backend>::RawValue<'_>,
                ) -> deserialize::Result<Self> {
                    let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
                    Ok(Self(Uuid::from_slice(&bytes)?))
                }
            }
        )+
    };
}

stored_ids! {
    OrganisationProxy(OrganisationId),
    UserProxy(UserId),
    ProgrammeProxy(ProgrammeId),
    AgreementProxy(AgreementId),
    VenueProxy(VenueId),
    LabelProxy(LabelId),
    PassProxy(PassId),
    RedemptionProxy(RedemptionId),
    ReversalProxy(ReversalId),
    ScheduledWorkshopProxy(ScheduledWorkshopId),
    PrintRunProxy(PrintRunId),
    StockBoxProxy(StockBoxId),
    StatementProxy(StatementId),
    BankDetailProxy(BankDetailId),
    PaymentRunProxy(PaymentRunId),
    FundingCallProxy(FundingCallId),
    VintageProxy(VintageId),
    TokenProxy(TokenId),
    FamilyProxy(FamilyId),
    SessionProxy(SessionId),
    EntryProxy(EntryId),
}

stored! { InstantProxy(Instant) as Moment }

/// PostgreSQL counts microseconds from the year 2000.
pub(super) const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;

impl ToSql<Moment, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&(self.micros() - POSTGRES_EPOCH_MICROS).to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<Moment, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}

impl FromSql<Moment, Pg> for Instant {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let bytes: [u8; 8] = value.as_bytes().try_into()?;
        let micros = i64::from_be_bytes(bytes).saturating_add(POSTGRES_EPOCH_MICROS);
        Self::from_micros(micros).ok_or_else(|| "instant out of range".into())
    }
}

impl FromSql<Moment, Sqlite> for Instant {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        Self::from_micros(micros).ok_or_else(|| "instant out of range".into())
    }
}
