//! What the database remembers of each key file.

use diesel::prelude::*;

use super::bank_detail::Sealed;
use super::connection::Conn;
use super::schema::{bank_details, key_checks, passes};
use crate::domain::ids::{BankDetailId, PassId};
use crate::domain::key_check::KeyCheck;
use crate::domain::time::Instant;

/// All that is remembered, by name.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<KeyCheck>> {
    let rows: Vec<(String, Vec<u8>)> = key_checks::table
        .order(key_checks::name)
        .select((key_checks::name, key_checks::key_check))
        .load(conn)?;
    Ok(rows.into_iter().map(|(name, value)| KeyCheck { name, value }).collect())
}

/// Remembers a key.
pub fn insert(conn: &mut Conn, check: &KeyCheck, now: Instant) -> QueryResult<()> {
    diesel::insert_into(key_checks::table)
        .values((
            key_checks::name.eq(&check.name),
            key_checks::key_check.eq(&check.value),
            key_checks::added_at.eq(now),
        ))
        .execute(conn)
        .map(drop)
}

/// Remembers a key no longer; answers whether it was.
pub fn forget(conn: &mut Conn, name: &str) -> QueryResult<bool> {
    Ok(diesel::delete(key_checks::table.find(name)).execute(conn)? == 1)
}

/// A pass whose code was derived with a key.
#[derive(Clone, Debug, Queryable)]
pub struct Derived {
    /// The pass.
    pub id: PassId,
    /// The number of the key.
    pub key_number: i32,
    /// Keyed hash of the code.
    pub code_hash: Vec<u8>,
}

/// One pass of each code key that passes were made with.
pub fn one_pass_a_key(conn: &mut Conn) -> QueryResult<Vec<Derived>> {
    let numbers: Vec<i32> = passes::table.select(passes::key_number).distinct().load(conn)?;
    let one = |number: i32| {
        passes::table
            .filter(passes::key_number.eq(number))
            .select((passes::id, passes::key_number, passes::code_hash))
            .first(&mut *conn)
    };
    numbers.into_iter().map(one).collect()
}

/// One account of each seal key that accounts were sealed with.
pub fn one_account_a_key(conn: &mut Conn) -> QueryResult<Vec<(BankDetailId, Sealed)>> {
    let numbers: Vec<i32> =
        bank_details::table.select(bank_details::key_number).distinct().load(conn)?;
    let one = |number: i32| {
        let (id, bytes) = bank_details::table
            .filter(bank_details::key_number.eq(number))
            .select((bank_details::id, bank_details::sealed))
            .first(&mut *conn)?;
        Ok((id, Sealed { bytes, key_number: number }))
    };
    numbers.into_iter().map(one).collect()
}
