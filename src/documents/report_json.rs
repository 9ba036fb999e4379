//! The consumption report as JSON, the same from the API and the command line.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::domain::report::{
    BALANCE_DEFINITIONS, Balances, Counters, DEFINITIONS, Definition, Group, Report, Row,
    STOCK_DEFINITIONS, Stock, USE_RATE, definitions, use_rate,
};

/// The report of the contract: rows that add up to the totals, and the definition of each figure.
/// It is written as it is read, row by row: a report by commune has tens of thousands.
#[must_use]
pub fn json(report: &Report) -> impl Serialize {
    let names = report.groups.iter().map(|group| Names {
        key: group.key(),
        label: (*group != Group::Month).then(|| format!("{}_label", group.as_str())),
    });
    Written {
        from: report.from.to_string(),
        to: report.to.to_string(),
        as_of: report.question.moment().to_string(),
        group_by: report.groups.iter().map(|group| group.as_str()).collect(),
        rows: Rows { rows: &report.rows, names: names.collect() },
        totals: Figures {
            counters: &report.totals,
            balances: Some(&report.balances),
            stock: report.stock,
        },
        definitions: Definitions,
    }
}

#[derive(Serialize)]
struct Written<'a> {
    from: String,
    to: String,
    as_of: String,
    group_by: Vec<&'static str>,
    rows: Rows<'a>,
    totals: Figures<'a>,
    definitions: Definitions,
}

/// What the keys of a row are called.
struct Names {
    key: &'static str,
    label: Option<String>,
}

struct Rows<'a> {
    rows: &'a [Row],
    names: Vec<Names>,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows.iter().map(|row| OneRow(row, &self.names)))
    }
}

struct OneRow<'a>(&'a Row, &'a [Names]);

impl Serialize for OneRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(row, names) = self;
        let mut map = serializer.serialize_map(None)?;
        for (names, key) in names.iter().zip(&row.keys) {
            map.serialize_entry(names.key, &key.value)?;
            if let Some(label) = &names.label {
                map.serialize_entry(label, &key.label)?;
            }
        }
        let (balances, stock) = (row.balances.as_ref(), row.stock);
        Figures { counters: &row.counters, balances, stock }.put(&mut map)?;
        map.end()
    }
}

/// Counters, and balances and passes where they can be told.
struct Figures<'a> {
    counters: &'a Counters,
    balances: Option<&'a Balances>,
    stock: Option<Stock>,
}

impl Figures<'_> {
    fn put<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        for (definition, value) in DEFINITIONS.iter().zip(self.counters.values()) {
            map.serialize_entry(definition.name, &value)?;
        }
        if let Some(balances) = self.balances {
            for (definition, value) in BALANCE_DEFINITIONS.iter().zip(balances.values()) {
                map.serialize_entry(definition.name, &value)?;
            }
        }
        map.serialize_entry(USE_RATE.name, &use_rate(self.counters))?;
        if let Some(stock) = self.stock {
            for (definition, value) in STOCK_DEFINITIONS.iter().zip(stock.values()) {
                map.serialize_entry(definition.name, &value)?;
            }
        }
        Ok(())
    }
}

impl Serialize for Figures<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.put(&mut map)?;
        map.end()
    }
}

struct Definitions;

impl Serialize for Definitions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(definitions().map(|Definition { name, text, .. }| (name, text)))
    }
}
