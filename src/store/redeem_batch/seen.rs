//! What is read for each request of a batch, in one statement.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};
use uuid::Uuid;

use super::{About, Around, Seen};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{AgreementId, OrganisationId, PassId, ProgrammeId, UserId};
use crate::domain::mask::SlotMask;
use crate::domain::money::Cents;
use crate::domain::pass::{Pass, PassState};
use crate::domain::split::ShareBp;
use crate::domain::time::{Day, Month};
use crate::store::connection::Conn;
use crate::store::dialect::{Cell, Finds, List, Listed, found, from_list, text_of};
use crate::store::sql_types::{Id, Kind};
use crate::store::unreadable;

/// What is asked of each request: its place, the hash of its code, venue, person and key; since
/// when wrong codes count; the first and the last day that matter.
const ABOUT: [Kind; 8] =
    [Kind::Whole, Kind::Bytes, Kind::Id, Kind::Id, Kind::Id, Kind::Moment, Kind::Day, Kind::Day];

fn cells(about: &About, around: Around) -> Vec<Cell> {
    vec![
        Cell::Whole(i64::try_from(about.place).unwrap_or(i64::MAX)),
        Cell::Bytes(about.hash.clone()),
        Cell::Id(about.venue.0),
        Cell::Id(about.user.0),
        Cell::Id(about.key),
        Cell::Moment(around.since),
        Cell::Day(around.first),
        Cell::Day(around.last),
    ]
}

#[derive(Queryable)]
struct PassPart {
    id: PassId,
    serial: String,
    programme: ProgrammeId,
    prescriber: OrganisationId,
    units: i32,
    used_mask: i32,
    state: String,
    first_day: Day,
    last_day: Day,
    redeemable_until: Day,
    released: bool,
    training: bool,
    version: i64,
    shares: Option<String>,
}

type PassColumns = (
    Id,
    Text,
    Id,
    Id,
    Integer,
    Integer,
    Text,
    Date,
    Date,
    Date,
    Bool,
    Bool,
    BigInt,
    Nullable<Text>,
);

impl PassPart {
    fn pass(self) -> QueryResult<Pass> {
        Ok(Pass {
            id: self.id,
            origin: self.id,
            serial: self.serial,
            programme: self.programme,
            prescriber: self.prescriber,
            units: u8::try_from(self.units).map_err(|_| unreadable("units"))?,
            mask: SlotMask(u16::try_from(self.used_mask).map_err(|_| unreadable("mask"))?),
            state: PassState::from_name(&self.state).ok_or_else(|| unreadable("state"))?,
            first_day: self.first_day,
            last_day: self.last_day,
            redeemable_until: self.redeemable_until,
            released: self.released,
            training: self.training,
            handed_over_at: None,
        })
    }
}

#[derive(Queryable)]
struct ProgrammePart {
    price_cents: i64,
    time_zone: String,
    max_per_day: i32,
    accepted: bool,
    closed: Option<i32>,
}

type ProgrammeColumns = (BigInt, Text, Integer, Bool, Nullable<Integer>);

#[derive(Queryable)]
struct PersonPart {
    user: UserId,
    organisation: OrganisationId,
    role: String,
    manager: bool,
    wrong_codes: i64,
    answered: Option<String>,
}

type PersonColumns = (Id, Id, Text, Bool, BigInt, Nullable<Text>);

#[derive(Queryable)]
struct VenuePart {
    organisation: OrganisationId,
    labels: Option<String>,
    suspensions: Option<String>,
    validated: Option<String>,
}

type VenueColumns = (Id, Nullable<Text>, Nullable<Text>, Nullable<Text>);

type Row = (i64, PassPart, ProgrammePart, PersonPart, VenuePart);

struct Asked;

impl Finds for Asked {
    type Columns = (BigInt, PassColumns, ProgrammeColumns, PersonColumns, VenueColumns);
}

/// What stands about each request. One whose code, venue or account there is not is left out, and
/// so is one of a pass that replaces another.
pub fn seen(conn: &mut Conn, about: &[About], around: Around) -> QueryResult<Vec<Seen>> {
    let rows = about.iter().map(|one| cells(one, around)).collect();
    let list = List::of(conn, &ABOUT, rows)?;
    let select = format!("SELECT {}", columns(conn).join(", "));
    let asked =
        |place: usize| from_list(conn, ABOUT.get(place).copied().unwrap_or(Kind::Text), place);
    let rest = format!(
        "CROSS JOIN passes p CROSS JOIN programmes g CROSS JOIN users u CROSS JOIN venues v \
         WHERE p.code_hash = {} AND p.origin_id = p.id AND g.id = p.programme_id AND u.id = {} \
         AND u.active AND v.id = {}",
        asked(1),
        asked(3),
        asked(2)
    );
    let rows: Vec<Row> = found(conn, Listed::<Asked>::new(&select, &list, &rest))?;
    rows.into_iter().map(one).collect()
}

fn columns(conn: &Conn) -> Vec<String> {
    let asked =
        |place: usize| from_list(conn, ABOUT.get(place).copied().unwrap_or(Kind::Text), place);
    let [user, key, since, first, last] = [3, 4, 5, 6, 7].map(asked);
    let agreement = text_of(conn, Kind::Id, "f.agreement_id");
    let day = |column: &str| format!("CAST({column} AS TEXT)");
    let [from, until] = ["l.valid_from", "l.valid_until"].map(day);
    let [stop, again] = ["s.suspended_from", "s.suspended_until"].map(day);
    let workshop_day = day("r.workshop_day");
    let plain = |columns: &str| columns.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let mut all = vec![asked(0)];
    all.extend(plain(
        "p.id p.serial p.programme_id p.prescriber_id p.units p.used_mask p.state p.first_day \
         p.last_day p.redeemable_until p.released p.training p.version",
    ));
    all.push(format!(
        "(SELECT string_agg(f.position || ':' || {agreement} || ':' || f.share_bp, ',') \
         FROM pass_fundings f WHERE f.pass_id = p.id)"
    ));
    all.extend(plain("g.price_cents g.time_zone g.max_per_day"));
    all.push(
        "EXISTS (SELECT 1 FROM programme_venues m WHERE m.programme_id = g.id AND m.venue_id = v.id)"
            .to_owned(),
    );
    all.push("(SELECT max(c.month) FROM closed_months c)".to_owned());
    all.extend(plain("u.id u.organisation_id u.role u.manager"));
    all.push(format!(
        "(SELECT count(*) FROM wrong_codes w WHERE w.user_id = {user} AND w.at > {since})"
    ));
    // Not a join: the planner would look through all keys of the organisation.
    all.push(format!(
        "(SELECT {} || ':' || k.answer FROM idempotency_keys k \
         WHERE k.organisation_id = u.organisation_id AND k.key = {key})",
        text_of(conn, Kind::Bytes, "k.request_hash")
    ));
    all.push("v.organisation_id".to_owned());
    all.push(format!(
        "(SELECT string_agg({from} || ':' || {until}, ',') FROM labels l \
         WHERE l.venue_id = v.id AND l.valid_from <= {last} AND l.valid_until >= {first})"
    ));
    all.push(format!(
        "(SELECT string_agg({stop} || ':' || coalesce({again}, ''), ',') FROM suspensions s \
         WHERE s.venue_id = v.id AND s.suspended_from <= {last} \
         AND (s.suspended_until IS NULL OR s.suspended_until >= {first}))"
    ));
    // The day is hidden from the planner, which would begin with it while the table is empty, and
    // keep to that.
    all.push(format!(
        "(SELECT string_agg({workshop_day}, ',') FROM redemptions r \
         WHERE r.origin_id = p.id AND NOT r.reversed \
         AND coalesce(r.workshop_day, r.workshop_day) >= {first})"
    ));
    all
}

fn one((place, mut pass, programme, person, venue): Row) -> QueryResult<Seen> {
    let mut shares = each(pass.shares.take(), share)?;
    shares.sort_unstable_by_key(|(position, _)| *position);
    let shares = shares.into_iter().map(|(_, share)| share).collect();
    let closed = programme.closed.map(|month| Month::from_number(month).ok_or("month"));
    Ok(Seen {
        place: usize::try_from(place).map_err(|_| unreadable("place"))?,
        version: pass.version,
        pass: pass.pass()?,
        shares,
        price: Cents(programme.price_cents),
        zone: programme.time_zone.parse().map_err(|_| unreadable("time zone"))?,
        max_per_day: u8::try_from(programme.max_per_day).map_err(|_| unreadable("programme"))?,
        caller: Caller {
            user: person.user,
            organisation: person.organisation,
            role: person.role.parse::<Role>().map_err(|_| unreadable("role"))?,
            manager: person.manager,
        },
        organisation: venue.organisation,
        accepted: programme.accepted,
        wrong_codes: person.wrong_codes,
        closed: closed.transpose().map_err(unreadable)?,
        answered: person.answered.as_deref().map(answered).transpose()?,
        labels: each(venue.labels, days)?,
        suspensions: each(venue.suspensions, days)?,
        validated: each(venue.validated, day)?,
    })
}

/// The parts of a text apart by commas.
fn each<T>(text: Option<String>, read: fn(&str) -> QueryResult<T>) -> QueryResult<Vec<T>> {
    let text = text.unwrap_or_default();
    text.split(',').filter(|part| !part.is_empty()).map(read).collect()
}

/// Its position among the shares of the pass, and the share.
fn share(text: &str) -> QueryResult<(u16, (AgreementId, ShareBp))> {
    let mut parts = text.split(':');
    let mut part = || parts.next().ok_or_else(|| unreadable("share"));
    let (position, agreement, share) = (part()?, part()?, part()?);
    let number = |text: &str| text.parse().map_err(|_| unreadable("share"));
    let agreement = Uuid::parse_str(agreement).map_err(|_| unreadable("id"))?;
    Ok((number(position)?, (AgreementId(agreement), ShareBp(number(share)?))))
}

/// The hash of a request, and its answer.
fn answered(kept: &str) -> QueryResult<(Vec<u8>, String)> {
    let (hash, answer) = kept.split_once(':').ok_or_else(|| unreadable("answer"))?;
    let two = |at: usize| {
        let digits = hash.get(at..at + 2).ok_or_else(|| unreadable("bytes"))?;
        u8::from_str_radix(digits, 16).map_err(|_| unreadable("bytes"))
    };
    Ok(((0..hash.len()).step_by(2).map(two).collect::<QueryResult<_>>()?, answer.to_owned()))
}

/// From a day until another; until the end of time when there is none.
fn days(text: &str) -> QueryResult<(Day, Day)> {
    let (from, until) = text.split_once(':').ok_or_else(|| unreadable("days"))?;
    Ok((day(from)?, if until.is_empty() { Day::MAX } else { day(until)? }))
}

fn day(text: &str) -> QueryResult<Day> {
    text.parse().map_err(|_| unreadable("day"))
}
