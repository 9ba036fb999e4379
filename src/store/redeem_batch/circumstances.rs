//! What a batch looks at that hardly ever changes: programmes, venues, their labels.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

use super::texts::{days, each};
use crate::domain::ids::{EntryId, OrganisationId, ProgrammeId, VenueId};
use crate::domain::money::Cents;
use crate::domain::time::{Day, Zone};
use crate::store::connection::Conn;
use crate::store::dialect::{Cell, Finds, Form, List, Listed, Shape, Texts, found};
use crate::store::sql_types::{Id, Kind};
use crate::store::{lost_race, unreadable};

/// So many are kept at most: every venue of the country in some programmes.
const KEPT: usize = 100_000;

/// A programme, and a venue for it.
pub type Place = (ProgrammeId, VenueId);

/// What the rule looks at about a programme and a venue.
#[derive(Clone, Debug)]
pub struct Circumstance {
    /// The price of a workshop.
    pub price: Cents,
    /// Where the programme's days are counted.
    pub zone: Zone,
    /// How often the programme lets a pass be validated a day.
    pub max_per_day: u8,
    /// Whether the programme accepts the venue.
    pub accepted: bool,
    /// Who runs the venue.
    pub organisation: OrganisationId,
    labels: Vec<(Day, Day)>,
    suspensions: Vec<(Day, Day)>,
}

impl Circumstance {
    /// Whether the venue had a label that day, and no suspension.
    #[must_use]
    pub fn labelled_on(&self, day: Day) -> bool {
        let on = |(from, until): &(Day, Day)| (*from..=*until).contains(&day);
        self.labels.iter().any(on) && !self.suspensions.iter().any(on)
    }
}

/// The circumstances as they were read, all under one stamp.
///
/// Whatever changes one of them gives the table `circumstances` another stamp in the same
/// transaction: where the stamp is still the same, nothing has changed.
#[derive(Default)]
pub struct Circumstances {
    stamp: Option<EntryId>,
    places: HashMap<Place, Circumstance>,
}

impl Circumstances {
    /// Makes them those of `stamp`, and reads what is not known yet of `places`.
    ///
    /// # Errors
    /// A failure of the engine. A lost race when they changed after `stamp` was read.
    pub fn know(
        &mut self,
        conn: &mut Conn,
        stamp: EntryId,
        places: impl Iterator<Item = Place>,
    ) -> QueryResult<()> {
        if self.stamp != Some(stamp) || self.places.len() > KEPT {
            *self = Self { stamp: Some(stamp), ..Self::default() };
        }
        let unknown: HashSet<Place> =
            places.filter(|place| !self.places.contains_key(place)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        for row in rows(conn, &unknown)? {
            if row.stamp != stamp {
                *self = Self::default();
                return Err(lost_race("a venue or a programme changed meanwhile"));
            }
            self.places.insert((row.programme, row.venue), row.circumstance()?);
        }
        Ok(())
    }

    /// Those of a programme and a venue; `None` when there is no such venue.
    #[must_use]
    pub fn of(&self, place: Place) -> Option<&Circumstance> {
        self.places.get(&place)
    }
}

struct Places;

impl Shape for Places {
    const NAME: &'static str = "asked_place";
    const COLUMNS: &'static [(&'static str, Kind)] =
        &[("programme_id", Kind::Id), ("venue_id", Kind::Id)];
}

#[derive(Queryable)]
struct Row {
    stamp: EntryId,
    programme: ProgrammeId,
    price_cents: i64,
    time_zone: String,
    max_per_day: i32,
    venue: VenueId,
    organisation: OrganisationId,
    accepted: bool,
    labels: Option<String>,
    suspensions: Option<String>,
}

impl Finds for Places {
    type Columns = (Id, Id, BigInt, Text, Integer, Id, Id, Bool, Nullable<Text>, Nullable<Text>);
}

const COLUMNS: &str = "(SELECT stamp FROM circumstances WHERE one = 1), \
    g.id, g.price_cents, g.time_zone, g.max_per_day, v.id, v.organisation_id, \
    EXISTS (SELECT 1 FROM programme_venues m WHERE m.programme_id = g.id AND m.venue_id = v.id), \
    (SELECT string_agg(CAST(l.valid_from AS TEXT) || ':' || CAST(l.valid_until AS TEXT), ',') \
     FROM labels l WHERE l.venue_id = v.id), \
    (SELECT string_agg(CAST(s.suspended_from AS TEXT) || ':' \
     || coalesce(CAST(s.suspended_until AS TEXT), ''), ',') FROM suspensions s WHERE s.venue_id = v.id)";

fn rows(conn: &mut Conn, places: &HashSet<Place>) -> QueryResult<Vec<Row>> {
    static TEXTS: Texts = Texts::unwritten();
    let text = TEXTS.of::<Places>(conn, || Form::Find {
        columns: COLUMNS.to_owned(),
        from: "programmes g CROSS JOIN venues v",
        only: "g.id = asked.programme_id AND v.id = asked.venue_id",
    });
    let cell = |(programme, venue): &Place| [Cell::Id(programme.0), Cell::Id(venue.0)];
    let list: List<'_, Places> = List::of(places.iter().map(cell));
    found(conn, Listed::<Places, Places>::new(text, &list))
}

impl Row {
    fn circumstance(self) -> QueryResult<Circumstance> {
        Ok(Circumstance {
            price: Cents(self.price_cents),
            zone: self.time_zone.parse().map_err(|_| unreadable("time zone"))?,
            max_per_day: u8::try_from(self.max_per_day).map_err(|_| unreadable("programme"))?,
            accepted: self.accepted,
            organisation: self.organisation,
            labels: each(self.labels.as_deref(), days)?,
            suspensions: each(self.suspensions.as_deref(), days)?,
        })
    }
}
