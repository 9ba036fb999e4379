//! Adding postings to the sums: a piece of the journal is read and summed beside all other work, so
//! that those who write wait for no more than the sums it is added to.

use std::collections::BTreeMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use uuid::Uuid;

use super::SUMS;
use super::family::{FAMILIES, Family, NOTHING};
use super::marks::within;
use crate::domain::ids::{AgreementId, OrganisationId, VenueId};
use crate::domain::report::Group;
use crate::store::connection::Conn;
use crate::store::dialect::{Cell, Form, List, Listed, Shape, Texts, write};
use crate::store::sql_types::{Id, Kind};

/// The postings after one number up to another, with what families tell apart of them.
pub struct Piece {
    /// The number before the first.
    pub after: i64,
    /// The number of the last.
    pub up_to: i64,
    families: Vec<usize>,
    postings: Vec<Posted>,
}

/// What a piece adds to the sums, in their order: neighbours lie on one page.
pub struct Added<'a>(BTreeMap<Key<'a>, Sums>);

#[derive(Queryable)]
struct Posted {
    month: i32,
    workshop_month: i32,
    agreement: AgreementId,
    kind: String,
    lead: bool,
    venue: VenueId,
    theme: String,
    prescriber: OrganisationId,
    home_commune: String,
    departement: String,
    age_band: String,
    publics: String,
    postings: i64,
    workshops: i64,
    starts: i64,
    amount_cents: i64,
}

type Columns = (
    Integer,
    Integer,
    Id,
    Text,
    Bool,
    Id,
    Text,
    Id,
    Text,
    Text,
    Text,
    Text,
    BigInt,
    BigInt,
    BigInt,
    BigInt,
);

/// The primary key of a sum.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    family: usize,
    month: i32,
    agreement: Uuid,
    workshop_month: i32,
    kind: &'a str,
    lead: bool,
    venue: Uuid,
    theme: &'a str,
    prescriber: Uuid,
    home_commune: &'a str,
    departement: &'a str,
    age_band: &'a str,
    publics: &'a str,
}

type Sums = [i64; SUMS.len()];

/// Families of these numbers.
fn numbered(numbers: &[usize]) -> impl Iterator<Item = (usize, &'static Family)> {
    numbers.iter().filter_map(|number| Some((*number, FAMILIES.get(*number)?)))
}

impl Posted {
    /// The sum of a family that the posting is added to.
    fn key(&self, number: usize, family: &Family) -> Key<'_> {
        let (told, span) = (family.told, family.span);
        let id = |group: Group, id: Uuid| if told.contains(&group) { id } else { Uuid::nil() };
        let word = |group, word| if told.contains(&group) { word } else { NOTHING };
        Key {
            family: number,
            month: span.first(self.month),
            agreement: self.agreement.0,
            workshop_month: span.first(self.workshop_month),
            kind: &self.kind,
            lead: self.lead,
            venue: id(Group::Venue, self.venue.0),
            theme: word(Group::Theme, &self.theme),
            prescriber: id(Group::Prescriber, self.prescriber.0),
            home_commune: word(Group::HomeCommune, &self.home_commune),
            departement: word(Group::Departement, &self.departement),
            age_band: word(Group::AgeBand, &self.age_band),
            publics: word(Group::Public, &self.publics),
        }
    }

    fn sums(&self) -> Sums {
        [self.postings, self.workshops, self.starts, self.amount_cents]
    }
}

impl Piece {
    /// Reads the postings, once for all of these families, with no more of passes and redemptions
    /// than those tell apart.
    pub fn read(
        conn: &mut Conn,
        families: Vec<usize>,
        after: i64,
        up_to: i64,
    ) -> QueryResult<Self> {
        let told = numbered(&families).flat_map(|(_, family)| family.told).copied();
        let told: Vec<Group> = told.collect();
        let of_it = format!("p.number > {after} AND p.number <= {up_to}");
        let postings = sql::<Columns>(&within(conn, &told, &of_it)).load(conn)?;
        Ok(Self { after, up_to, families, postings })
    }

    /// The families they are added to.
    #[must_use]
    pub fn families(&self) -> &[usize] {
        &self.families
    }

    /// What they come to.
    #[must_use]
    pub fn added(&self) -> Added<'_> {
        let mut added: BTreeMap<Key<'_>, Sums> = BTreeMap::new();
        for (number, family) in numbered(&self.families) {
            for posted in &self.postings {
                let kept = added.entry(posted.key(number, family)).or_default();
                kept.iter_mut().zip(posted.sums()).for_each(|(kept, one)| *kept += one);
            }
        }
        Added(added)
    }
}

/// Sums, as they are added to those of the rollup.
struct Row;

impl Shape for Row {
    const NAME: &'static str = "new_sum";
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("family", Kind::Whole),
        ("month", Kind::Whole),
        ("agreement_id", Kind::Id),
        ("workshop_month", Kind::Whole),
        ("kind", Kind::Text),
        ("lead", Kind::Bool),
        ("venue_id", Kind::Id),
        ("theme", Kind::Text),
        ("prescriber_id", Kind::Id),
        ("home_commune", Kind::Text),
        ("departement", Kind::Text),
        ("age_band", Kind::Text),
        ("publics", Kind::Text),
        ("postings", Kind::Whole),
        ("workshops", Kind::Whole),
        ("starts", Kind::Whole),
        ("amount_cents", Kind::Whole),
    ];
}

impl Added<'_> {
    /// Adds them.
    pub fn add(&self, conn: &mut Conn) -> QueryResult<()> {
        static TEXTS: Texts = Texts::unwritten();
        let text = TEXTS.of::<Row>(conn, || Form::Add { table: "rollup_sums", sums: &SUMS });
        let rows = self.0.iter().map(|(key, [postings, workshops, starts, amount_cents])| {
            [
                Cell::Whole(i64::try_from(key.family).unwrap_or(i64::MAX)),
                Cell::Whole(key.month.into()),
                Cell::Id(key.agreement),
                Cell::Whole(key.workshop_month.into()),
                Cell::Text(key.kind),
                Cell::Bool(key.lead),
                Cell::Id(key.venue),
                Cell::Text(key.theme),
                Cell::Id(key.prescriber),
                Cell::Text(key.home_commune),
                Cell::Text(key.departement),
                Cell::Text(key.age_band),
                Cell::Text(key.publics),
                Cell::Whole(*postings),
                Cell::Whole(*workshops),
                Cell::Whole(*starts),
                Cell::Whole(*amount_cents),
            ]
        });
        write(conn, Listed::<Row, Row>::new(text, &List::of(rows)))
    }
}
