//! What the types of the handlers do not say of themselves: which values a text may have, how days
//! and months are written, how a route may refuse. All of it comes from where it is decided.

use serde_json::{Value, json};

use crate::domain::caller::Role;
use crate::domain::paper::{Language, Layout};
use crate::domain::pass_status::PassStatus;
use crate::domain::payment_run::PainVersion;
use crate::domain::programme::OpenedBy;
use crate::domain::report_group::Group;
use crate::domain::statement::StatementState;
use crate::domain::territory::{AGE_BANDS, GENDERS, PUBLICS, STATUSES, Term};
use crate::domain::theme::CATALOGUE;
use crate::services::list::MAX_LIMIT;

const DAY: &str = r"^(19|2\d)\d{2}-\d{2}-\d{2}$";
const MONTH: &str = r"^(19|2\d)\d{2}-\d{2}$";

/// Writes it into the document.
pub(super) fn complete(document: &mut Value) {
    for (name, schema) in objects(document.pointer_mut("/components/schemas")) {
        describe(name, schema);
    }
    let mut problem = Value::Null;
    for (path, item) in objects(document.pointer_mut("/paths")) {
        for (_, operation) in objects(Some(item)) {
            let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
            for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap_or_default().to_owned();
                narrow(&id, &name, &mut parameter["schema"]);
            }
            refusals(path, operation, &mut problem);
        }
    }
    if let Some(Value::Object(components)) = document.get_mut("components") {
        components.insert("responses".to_owned(), json!({"Problem": problem}));
    }
}

fn objects(value: Option<&mut Value>) -> impl Iterator<Item = (&String, &mut Value)> {
    value.and_then(Value::as_object_mut).into_iter().flatten()
}

/// The properties of a schema, and of what it is put together from.
fn describe(name: &str, schema: &mut Value) {
    for parts in ["allOf", "oneOf", "anyOf"] {
        for part in schema.get_mut(parts).and_then(Value::as_array_mut).into_iter().flatten() {
            describe(name, part);
        }
    }
    for (property, of) in objects(schema.get_mut("properties")) {
        narrow(name, property, of);
    }
}

/// Says which values a property of a schema, or a parameter of an operation, may have.
fn narrow(schema: &str, name: &str, of: &mut Value) {
    if of["format"] == "date" {
        of["pattern"] = json!(DAY);
    } else if of.get("format").is_none() && is_text(of) && ["from", "to", "month"].contains(&name) {
        of["pattern"] = json!(MONTH);
    }
    if name == "limit" {
        of["minimum"] = json!(1);
        of["maximum"] = json!(MAX_LIMIT);
    }
    if name == "group_by" && is_text(of) {
        let groups = Group::ALL.map(Group::as_str).join("|");
        of["pattern"] = json!(format!("^(({groups})(,({groups}))*)?$"));
        return;
    }
    let Some(values) = values(schema, name) else { return };
    let target = if of["items"].is_object() { &mut of["items"] } else { of };
    if target.get("$ref").is_none() && target.get("enum").is_none() {
        let none = target["type"].as_array().is_some_and(|kinds| kinds.contains(&json!("null")));
        let mut values: Vec<Value> = values.into_iter().map(Value::from).collect();
        values.extend(none.then_some(Value::Null));
        target["enum"] = json!(values);
    }
}

fn is_text(schema: &Value) -> bool {
    schema["type"] == "string"
        || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&json!("string")))
}

/// The values of a property of a schema, or of a parameter of an operation.
fn values(schema: &str, name: &str) -> Option<Vec<&'static str>> {
    let terms = |terms: &'static [Term]| terms.iter().map(|(code, _)| *code).collect();
    Some(match (schema, name) {
        ("HandOver" | "HandOverStock", "age_band") => terms(AGE_BANDS),
        ("HandOver" | "HandOverStock", "gender") => terms(GENDERS),
        ("HandOver" | "HandOverStock", "status") => terms(STATUSES),
        (_, "publics") => terms(PUBLICS),
        ("PassView" | "HandedOver", "status") | ("passes_find", "state") => {
            PassStatus::ALL.map(PassStatus::as_str).to_vec()
        }
        ("StatementView" | "statements_list", "state") => {
            StatementState::ALL.map(StatementState::as_str).to_vec()
        }
        ("StatementLine", "kind") => vec!["redemption", "reversal"],
        (_, "role") => Role::ALL.map(Role::as_str).to_vec(),
        (_, "layout") => Layout::ALL.map(Layout::as_str).to_vec(),
        (_, "language") => Language::ALL.map(Language::as_str).to_vec(),
        (_, "opened_by") => vec![OpenedBy::Signature.as_str(), OpenedBy::Receipt.as_str()],
        ("ConsumptionReport", "group_by") => Group::ALL.map(Group::as_str).to_vec(),
        ("Redeem" | "RedemptionView", "mode") => vec!["individual", "group"],
        ("Redeem" | "Scan" | "NewScheduledWorkshop", "theme") => {
            CATALOGUE.iter().map(|theme| theme.code).collect()
        }
        (_, "version") => PainVersion::ALL.map(PainVersion::as_str).to_vec(),
        (report, "by") if report.starts_with("reports_") => {
            vec!["accounting_month", "workshop_day"]
        }
        (_, "dialect") => vec!["rfc4180"],
        _ => return None,
    })
}

/// How a route may refuse, told from what it asks for: the problem has one form everywhere.
fn refusals(path: &str, operation: &mut Value, problem: &mut Value) {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let asked = |place: &str| parameters.iter().any(|parameter| parameter["in"] == place);
    let signed_in = operation.get("security").is_some();
    let body = operation.get("requestBody").is_some();
    let key = parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key");
    let found = path.contains("{id}");
    let told = [
        ("400", body || key || asked("query")),
        ("401", signed_in),
        ("403", signed_in),
        ("404", found),
        ("409", key),
        ("413", body),
        ("415", body),
        ("422", body),
    ];
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(default) = responses.get_mut("default") else { return };
    *problem = default.take();
    let problem = json!({"$ref": "#/components/responses/Problem"});
    *default = problem.clone();
    for (status, _) in told.into_iter().filter(|(_, may)| *may) {
        responses.entry(status).or_insert_with(|| problem.clone());
    }
}
