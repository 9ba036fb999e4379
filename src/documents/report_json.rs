//! The consumption report as JSON, the same from the API and the command line.

use serde_json::{Map, Value, json};

use crate::domain::report::{BALANCE_DEFINITIONS, Balances, Counters, DEFINITIONS, Report};

/// The report of the contract: rows that add up to the totals, and the definition of each figure.
#[must_use]
pub fn json(report: &Report) -> Value {
    let rows: Vec<Value> = report
        .rows
        .iter()
        .map(|row| {
            let mut map = Map::new();
            for (group, key) in report.groups.iter().zip(&row.keys) {
                map.insert(group.key().to_owned(), json!(key.value));
                if group.key() != "month" {
                    map.insert(format!("{}_label", group.as_str()), json!(key.label));
                }
            }
            put(&mut map, &row.counters);
            if let Some(balances) = &row.balances {
                put_balances(&mut map, balances);
            }
            Value::Object(map)
        })
        .collect();
    let mut totals = Map::new();
    put(&mut totals, &report.totals);
    put_balances(&mut totals, &report.balances);
    let definitions: Map<String, Value> = DEFINITIONS
        .iter()
        .chain(BALANCE_DEFINITIONS)
        .map(|definition| (definition.name.to_owned(), json!(definition.text)))
        .collect();
    let groups: Vec<&str> = report.groups.iter().map(|group| group.as_str()).collect();
    json!({
        "from": report.from.to_string(),
        "to": report.to.to_string(),
        "as_of": report.question.moment().to_string(),
        "group_by": groups,
        "rows": rows,
        "totals": totals,
        "definitions": definitions,
    })
}

fn put(map: &mut Map<String, Value>, counters: &Counters) {
    for (definition, value) in DEFINITIONS.iter().zip(counters.values()) {
        map.insert(definition.name.to_owned(), json!(value));
    }
}

fn put_balances(map: &mut Map<String, Value>, balances: &Balances) {
    for (definition, value) in BALANCE_DEFINITIONS.iter().zip(balances.values()) {
        map.insert(definition.name.to_owned(), json!(value));
    }
}
