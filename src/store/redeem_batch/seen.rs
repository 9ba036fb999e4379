//! What is read for each request of a batch, in one statement.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};

use super::texts::{answered, day, each, share};
use super::{About, Around, Seen};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{EntryId, OrganisationId, PassId, ProgrammeId, UserId};
use crate::domain::pass::Pass;
use crate::domain::time::{Day, Month};
use crate::store::connection::Conn;
use crate::store::dialect::{Cell, Finds, Form, List, Listed, Shape, Texts, found, text_of};
use crate::store::pass::slots;
use crate::store::sql_types::{Id, Kind};
use crate::store::unreadable;

struct Asked;

impl Shape for Asked {
    const NAME: &'static str = "asked_redemption";
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("place", Kind::Whole),
        ("code_hash", Kind::Bytes),
        ("user_id", Kind::Id),
        ("key", Kind::Id),
        ("since", Kind::Moment),
        ("first_day", Kind::Day),
    ];
}

fn cells(about: &About, around: Around) -> [Cell<'_>; 6] {
    [
        Cell::Whole(i64::try_from(about.place).unwrap_or(i64::MAX)),
        Cell::Bytes(&about.hash),
        Cell::Id(about.user.0),
        Cell::Id(about.key),
        Cell::Moment(around.since),
        Cell::Day(around.first),
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
    validated: Option<String>,
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
    Nullable<Text>,
);

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

type Row = (i64, EntryId, Option<i32>, PassPart, PersonPart);

impl Finds for Asked {
    type Columns = (BigInt, Id, Nullable<Integer>, PassColumns, PersonColumns);
}

impl PassPart {
    fn pass(self) -> QueryResult<Pass> {
        let (units, mask, state) = slots(self.id, self.units, self.used_mask, &self.state)?;
        Ok(Pass {
            id: self.id,
            origin: self.id,
            serial: self.serial,
            programme: self.programme,
            prescriber: self.prescriber,
            units,
            mask,
            state,
            first_day: self.first_day,
            last_day: self.last_day,
            redeemable_until: self.redeemable_until,
            released: self.released,
            training: self.training,
            handed_over_at: None,
        })
    }
}

/// What stands about each request. One whose code or account there is not is left out, and so is
/// one of a pass that replaces another.
pub fn seen(conn: &mut Conn, about: &[About], around: Around) -> QueryResult<Vec<Seen>> {
    static TEXTS: Texts = Texts::unwritten();
    let text = TEXTS.of::<Asked>(conn, || Form::Find {
        columns: columns(conn),
        from: "passes p CROSS JOIN users u",
        only: "p.code_hash = asked.code_hash AND p.origin_id = p.id \
               AND u.id = asked.user_id AND u.active",
    });
    let list: List<'_, Asked> = List::of(about.iter().map(|one| cells(one, around)));
    let rows: Vec<Row> = found(conn, Listed::<Asked, Asked>::new(text, &list))?;
    rows.into_iter().map(one).collect()
}

fn columns(conn: &Conn) -> String {
    let agreement = text_of(conn, Kind::Id, "f.agreement_id");
    let hash = text_of(conn, Kind::Bytes, "k.request_hash");
    // A pass without a used slot was not validated today either. The day is hidden from the planner,
    // which would begin with it while the table is empty, and keep to that. The key is not a join: the planner would look through all keys of the
    // organisation.
    format!(
        "asked.place, (SELECT stamp FROM circumstances WHERE one = 1), \
         (SELECT max(month) FROM closed_months), p.id, p.serial, p.programme_id, p.prescriber_id, \
         p.units, p.used_mask, p.state, p.first_day, p.last_day, \
         p.redeemable_until, p.released, p.training, p.version, \
         (SELECT string_agg(f.position || ':' || {agreement} || ':' || f.share_bp, ',') \
         FROM pass_fundings f WHERE f.pass_id = p.id), \
         CASE WHEN p.used_mask <> 0 THEN \
         (SELECT string_agg(CAST(r.workshop_day AS TEXT), ',') FROM redemptions r \
         WHERE r.origin_id = p.id AND NOT r.reversed \
         AND coalesce(r.workshop_day, r.workshop_day) >= asked.first_day) END, \
         u.id, u.organisation_id, u.role, u.manager, \
         (SELECT count(*) FROM wrong_codes w WHERE w.user_id = u.id AND w.at > asked.since), \
         (SELECT {hash} || ':' || k.answer FROM idempotency_keys k \
         WHERE k.organisation_id = u.organisation_id AND k.key = asked.key)"
    )
}

fn one((place, stamp, closed, found, person): Row) -> QueryResult<Seen> {
    let mut shares = each(found.shares.as_deref(), share)?;
    shares.sort_unstable_by_key(|(position, _)| *position);
    let closed = closed.map(|month| Month::from_number(month).ok_or("month"));
    let validated = each(found.validated.as_deref(), day)?;
    Ok(Seen {
        place: usize::try_from(place).map_err(|_| unreadable("place"))?,
        stamp,
        closed: closed.transpose().map_err(unreadable)?,
        version: found.version,
        pass: found.pass()?,
        shares: shares.into_iter().map(|(_, share)| share).collect(),
        caller: Caller {
            user: person.user,
            organisation: person.organisation,
            role: person.role.parse::<Role>().map_err(|_| unreadable("role"))?,
            manager: person.manager,
        },
        wrong_codes: person.wrong_codes,
        answered: person.answered.as_deref().map(answered).transpose()?,
        validated,
    })
}
