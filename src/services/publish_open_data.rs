//! Publishing closed months as open data, and seeing before what would be hidden.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::idempotency::{Key, Once, once};
use super::open_data::{VintageView, view};
use super::open_data_table::{OpenDataTable, table};
use super::subventions::{LeftOut, Subventions, subventions};
use super::{Op, Outcome, Services, clock_mark};
use crate::adapters::digest::sha256;
use crate::adapters::geography::departement_name;
use crate::domain::caller::Caller;
use crate::domain::disclosure::{Cause, Number};
use crate::domain::ids::VintageId;
use crate::domain::open_data::{Vintage, may_publish, months};
use crate::domain::refusal::{Check, Refused};
use crate::domain::theme;
use crate::domain::time::Month;
use crate::store;
use crate::store::open_data::FileRow;

/// Which months to publish.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVintage {
    /// The first month.
    #[schema(example = "2026-01")]
    pub from: String,
    /// The last month.
    #[schema(example = "2026-03")]
    pub to: String,
}

impl NewVintage {
    fn months(&self) -> Result<Vec<Month>, Refused> {
        let (from, to) = (self.from.parse::<Month>(), self.to.parse::<Month>());
        let mut check = Check::default();
        let detail = "Un mois s'écrit ainsi : 2026-03.";
        check.that(from.is_ok(), "/from", "wrong_format", detail);
        check.that(to.is_ok(), "/to", "wrong_format", detail);
        check.done()?;
        let (Ok(from), Ok(to)) = (from, to) else { return Err(Refused::not_found()) };
        months(from, to)
    }
}

/// What is published, before it is written.
pub struct Edition {
    /// The rows of the table of consumption.
    pub rows: Vec<ConsumptionRow>,
    /// The rows of the grants, in the columns of the national schema.
    pub subventions: Vec<[String; 16]>,
}

/// A row of the table of consumption. What is none is the total over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumptionRow {
    /// Code and name of the venue's département.
    pub departement: Option<(String, String)>,
    /// The accounting month.
    pub month: Option<Month>,
    /// Code and label of the theme.
    pub theme: Option<(String, String)>,
    /// Workshops redeemed less undone, and how many people; none when it is hidden.
    pub figures: Option<(i64, usize)>,
}

impl ConsumptionRow {
    /// Whether it is a total.
    #[must_use]
    pub fn is_total(&self) -> bool {
        self.departement.is_none() || self.month.is_none() || self.theme.is_none()
    }
}

/// Writes the files of an edition: their names and bytes.
pub type Write<'a> = &'a dyn Fn(&Edition) -> Outcome<Vec<(&'static str, Vec<u8>)>>;

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Published {
    /// The vintage.
    pub vintage: VintageView,
    /// The agreements of which the file of grants has no row, and why.
    pub left_out: Vec<LeftOut>,
}

/// What would be published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preview {
    /// The first month.
    pub from: String,
    /// The last month.
    pub to: String,
    /// How many numbers the table of consumption would have, totals with them.
    pub numbers: usize,
    /// How many would be hidden because they are about fewer than 11 people, or because one
    /// organisation makes more than 85 % of them.
    pub hidden_sensitive: usize,
    /// How many would be hidden because they would give another one back.
    pub hidden_protecting: usize,
    /// Workshops redeemed less undone in these months.
    pub workshops: i64,
    /// How many of them rows of one département, month and theme would show.
    pub workshops_shown: i64,
    /// How many rows the file of grants would have.
    pub subventions: usize,
    /// The agreements that it would leave out, and why.
    pub left_out: Vec<LeftOut>,
}

/// Publishes some months. They never change afterwards, and are never published again.
///
/// # Errors
/// `month_not_closed`, `already_published`, or wrong months.
pub fn publish_open_data(
    services: &Services,
    caller: &Caller,
    asked: &NewVintage,
    key: Option<&Key>,
    write: Write<'_>,
) -> Outcome<Once<Published>> {
    once(services, key, |op| {
        clock_mark::must_be_believed(op)?;
        let months = checked(op, asked)?;
        let (table, grants) = contents(op, caller, &months)?;
        let (Some(from), Some(to)) = (months.first(), months.last()) else {
            return Err(Refused::not_found().into());
        };
        let vintage = Vintage {
            id: VintageId(op.id()),
            from: *from,
            to: *to,
            published_at: op.now,
            published_by: caller.user,
            numbers: count(&table.numbers, |_| true),
            hidden: count(&table.numbers, |number| number.hidden.is_some()),
        };
        store::open_data::insert(op.conn, &vintage, &months)?;
        let edition = Edition { rows: rows(&table), subventions: grants.rows };
        for (name, content) in write(&edition)? {
            let digest = sha256(&content);
            let file = FileRow { vintage_id: vintage.id, name: name.to_owned(), content, digest };
            store::open_data::insert_file(op.conn, &file)?;
        }
        Ok(Published { vintage: view(op, &vintage)?, left_out: grants.left_out })
    })
}

/// What publishing some months would show and hide.
///
/// # Errors
/// `month_not_closed`, `already_published`, or wrong months.
pub fn preview(services: &Services, caller: &Caller, asked: &NewVintage) -> Outcome<Preview> {
    services.read(|op| {
        let months = checked(op, asked)?;
        let (table, grants) = contents(op, caller, &months)?;
        let of = |cause| table.numbers.iter().filter(|one| one.hidden == Some(cause)).count();
        let whole = |number: &&Number| number.place == [None; 3];
        let shown = table.numbers.iter().filter(|one| one.hidden.is_none());
        let shown = shown.filter(|one| one.place.iter().all(Option::is_some));
        Ok(Preview {
            from: asked.from.clone(),
            to: asked.to.clone(),
            numbers: table.numbers.len(),
            hidden_sensitive: of(Cause::Sensitive),
            hidden_protecting: of(Cause::Protecting),
            workshops: table.numbers.iter().find(whole).map_or(0, |number| number.units),
            workshops_shown: shown.map(|number| number.units).sum(),
            subventions: grants.rows.len(),
            left_out: grants.left_out,
        })
    })
}

/// The closed months that were not published yet, in order: what may be published.
///
/// # Errors
/// A failure of the database.
pub fn publishable(services: &Services) -> Outcome<Vec<Month>> {
    services.read(|op| {
        let published = store::open_data::months(op.conn)?;
        let closed = store::closed_month::all(op.conn)?.into_iter().rev();
        let closed = closed.map(|closed| closed.month);
        Ok(closed.filter(|month| published.iter().all(|(known, _)| known != month)).collect())
    })
}

fn checked(op: &mut Op<'_>, asked: &NewVintage) -> Outcome<Vec<Month>> {
    let months = asked.months()?;
    let last = store::closed_month::last(op.conn)?.map(|closed| closed.month);
    let published = store::open_data::months(op.conn)?;
    may_publish(&months, last, &published).map_err(Refused::from)?;
    Ok(months)
}

fn contents(
    op: &mut Op<'_>,
    caller: &Caller,
    months: &[Month],
) -> Outcome<(OpenDataTable, Subventions)> {
    let last = months.last().ok_or_else(Refused::not_found)?.last_day();
    Ok((table(op, months)?, subventions(op, caller.organisation, last)?))
}

fn count(numbers: &[Number], which: impl Fn(&&Number) -> bool) -> i32 {
    i32::try_from(numbers.iter().filter(which).count()).unwrap_or(i32::MAX)
}

fn rows(table: &OpenDataTable) -> Vec<ConsumptionRow> {
    let departement = |code: &String| {
        let name = departement_name(code).map_or_else(|| code.clone(), str::to_owned);
        (code.clone(), name)
    };
    let theme = |code: &String| {
        let label = theme::theme(code).map_or(code.as_str(), |theme| theme.label);
        (code.clone(), label.to_owned())
    };
    let row = |number: &Number| {
        let [at_departement, at_month, at_theme] = number.place;
        ConsumptionRow {
            departement: at_departement.and_then(|at| table.departements.get(at)).map(departement),
            month: at_month.and_then(|at| table.months.get(at)).copied(),
            theme: at_theme.and_then(|at| table.themes.get(at)).map(theme),
            figures: number.hidden.is_none().then_some((number.units, number.people)),
        }
    };
    table.numbers.iter().map(row).collect()
}
