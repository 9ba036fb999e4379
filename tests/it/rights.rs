//! Who may do what: every operation of the `OpenAPI` document as nobody, as every role, and with
//! the ids of others; and the table of rights as a file.

use std::collections::BTreeMap;

use pass_numerique::domain::caller::{Caller, Right, Role};
use pass_numerique::domain::code::Code;
use pass_numerique::domain::ids::{OrganisationId, UserId};
use serde_json::{Value, json};

use crate::actors::{Person, THEME, text};
use crate::docs::must_be_current;
use crate::door::Call;
use crate::house::House;
use crate::scene::Scene;

on_both_engines![
    every_operation_is_known_here_and_asks_nobody_to_sign_in,
    a_stranger_of_every_role_gets_nothing_of_others,
    an_id_that_does_not_exist_is_not_found_everywhere,
    lists_show_their_own_alone,
    a_stopped_account_is_out_at_once,
];

/// What an operation is for and the body that a rightful caller would send.
pub struct Operation {
    pub id: &'static str,
    /// `None` for what is open to anybody.
    pub right: Option<Right>,
    /// Whose thing the `{id}` is.
    pub thing: &'static str,
    pub body: Value,
}

fn operation(
    id: &'static str,
    right: Option<Right>,
    thing: &'static str,
    body: Value,
) -> Operation {
    Operation { id, right, thing, body }
}

/// Every operation. A new route must be added here, with the right it needs.
pub fn table(scene: &Scene<'_>) -> Vec<Operation> {
    let mut all = people(scene);
    all.extend(plans(scene));
    all.extend(venues(scene));
    all.extend(passes_and_reports(scene));
    all.extend(stock(scene));
    all.extend(money());
    all.extend(payments());
    let machine = ["healthz", "readyz", "metrics", "document"];
    let open = machine.map(|name| format!("machine_{name}"));
    all.extend(open.map(|id| operation(id.leak(), None, "", Value::Null)));
    all
}

fn people(scene: &Scene<'_>) -> Vec<Operation> {
    use Right::{ManageOrganisations, ManageUsers, ReadOrganisations, ReadSelf};
    let none = Value::Null;
    let user = json!({"email": "x@exemple.fr", "name": "x", "role": "operator",
        "organisation_id": scene.operator.organisation});
    vec![
        operation("auth_tokens", None, "", json!({"email": "x", "password": "x"})),
        operation("auth_refresh", None, "", json!({"refresh_token": "x"})),
        operation("auth_revoke", None, "", json!({"refresh_token": "x"})),
        operation("auth_accept_invitation", None, "", json!({"invitation": "x", "password": "x"})),
        operation("auth_me", Some(ReadSelf), "", none.clone()),
        operation("organisations_create", Some(ManageOrganisations), "", json!({"name": "x"})),
        operation("organisations_list", Some(ReadOrganisations), "", none.clone()),
        operation("organisations_read", Some(ReadOrganisations), "organisation", none.clone()),
        operation("organisations_change", Some(ManageOrganisations), "organisation", json!({})),
        operation("users_invite", Some(ManageUsers), "", user),
        operation("users_list", Some(ManageUsers), "", none.clone()),
        operation("users_change", Some(ManageUsers), "user", json!({"name": "x"})),
    ]
}

fn plans(scene: &Scene<'_>) -> Vec<Operation> {
    use Right::{ManageAgreements, ManageProgrammes, ReadAgreements, ReadProgrammes};
    let none = Value::Null;
    let movement = |on: &str| json!({"amount_cents": 1, on: "2026-03-01", "reference": "x"});
    vec![
        operation(
            "programmes_create",
            Some(ManageProgrammes),
            "",
            crate::scene::programme(&json!({})),
        ),
        operation("programmes_list", Some(ReadProgrammes), "", none.clone()),
        operation("programmes_read", Some(ReadProgrammes), "programme", none.clone()),
        operation("programmes_change", Some(ManageProgrammes), "programme", json!({})),
        operation(
            "programmes_accept_prescriber",
            Some(ManageProgrammes),
            "programme",
            json!({"organisation_id": scene.worker.organisation}),
        ),
        operation(
            "programmes_accept_venue",
            Some(ManageProgrammes),
            "programme",
            json!({"venue_id": scene.venue}),
        ),
        operation("programmes_remove_prescriber", Some(ManageProgrammes), "programme", Value::Null),
        operation("programmes_remove_venue", Some(ManageProgrammes), "programme", Value::Null),
        operation(
            "agreements_create",
            Some(ManageAgreements),
            "programme",
            crate::scene::agreement(&scene.funders[0], (9, 10_000, 1)),
        ),
        operation("agreements_list", Some(ReadAgreements), "programme", none.clone()),
        operation("agreements_change", Some(ManageAgreements), "agreement", json!({})),
        operation(
            "agreements_receive",
            Some(ManageAgreements),
            "agreement",
            movement("received_on"),
        ),
        operation(
            "agreements_refund",
            Some(ManageAgreements),
            "agreement",
            movement("refunded_on"),
        ),
    ]
}

fn venues(scene: &Scene<'_>) -> Vec<Operation> {
    use Right::{DescribeVenues, ManageVenues, Redeem};
    let none = Value::Null;
    let day = json!({"valid_from": "2026-01-01", "valid_until": "2026-02-01"});
    let venue = json!({"organisation_id": scene.staff.organisation, "name": "x", "address": "x",
        "postal_code": "16000", "commune": "16015"});
    vec![
        operation("venues_create", Some(ManageVenues), "", venue),
        operation("venues_list", None, "", none.clone()),
        operation("venues_import", Some(ManageVenues), "", none.clone()),
        operation("venues_live_passes", Some(Redeem), "venue", none.clone()),
        operation("venues_read", None, "venue", none),
        operation("venues_describe", Some(DescribeVenues), "venue", json!({"name": "x"})),
        operation("venues_label", Some(ManageVenues), "venue", day),
        operation("venues_suspend", Some(ManageVenues), "venue", json!({"reason": "x"})),
        operation("venues_resume", Some(ManageVenues), "venue", Value::Null),
    ]
}

fn passes_and_reports(scene: &Scene<'_>) -> Vec<Operation> {
    use Right::{
        FindPerson, HandOver, ManagePasses, PlanWorkshops, PrintPasses, ReadLedger, ReadPasses,
        ReadReports, Redeem, SettleScans,
    };
    let none = Value::Null;
    let reason = json!({"reason": "x"});
    let check = json!({"code": "x", "venue_id": scene.venue});
    let redeem = json!({"code": "x", "venue_id": scene.venue, "theme": THEME});
    let find = json!({"programme_id": scene.programme, "beneficiary":
        {"given_name": "x", "family_name": "x", "birth_date": "1961-05-17"}});
    let sync = json!({"device_id": "x", "items": []});
    let planned = json!({"venue_id": scene.venue, "theme": THEME, "minutes": 60, "seats": 8,
        "starts_at": "2026-03-12T13:00:00Z"});
    vec![
        operation("passes_hand_over", Some(HandOver), "", scene.form(5)),
        operation("passes_find", Some(ReadPasses), "", none.clone()),
        operation("passes_find_by_person", Some(FindPerson), "", find),
        operation("passes_read", Some(ReadPasses), "pass", none.clone()),
        operation("passes_suspend", Some(ManagePasses), "pass", reason.clone()),
        operation("passes_resume", Some(ManagePasses), "pass", reason.clone()),
        operation("passes_void", Some(ManagePasses), "pass", reason.clone()),
        operation("passes_replace", Some(ManagePasses), "pass", reason.clone()),
        operation("passes_document", Some(PrintPasses), "pass", none.clone()),
        operation("passes_qr_svg", Some(PrintPasses), "pass", none.clone()),
        operation("passes_qr_png", Some(PrintPasses), "pass", none.clone()),
        operation("redemptions_check", Some(Redeem), "", check),
        operation("redemptions_redeem", Some(Redeem), "", redeem),
        operation("redemptions_sync", Some(Redeem), "", sync),
        operation("refused_scans_list", Some(SettleScans), "", none.clone()),
        operation(
            "refused_scans_resolve",
            Some(SettleScans),
            "redemption",
            json!({"resolution": "x"}),
        ),
        operation("scheduled_workshops_plan", Some(PlanWorkshops), "", planned),
        operation("scheduled_workshops_list", None, "", none.clone()),
        operation(
            "scheduled_workshops_cancel",
            Some(PlanWorkshops),
            "scheduled_workshop",
            none.clone(),
        ),
        operation("redemptions_list", Some(Redeem), "", none.clone()),
        operation("redemptions_csv", Some(ReadLedger), "", none.clone()),
        operation("redemptions_reverse", Some(Redeem), "redemption", reason),
        operation("reports_consumption", Some(ReadReports), "", none.clone()),
        operation("reports_consumption_csv", Some(ReadReports), "", none.clone()),
        operation("reports_consumption_xlsx", Some(ReadReports), "", none.clone()),
        operation("reports_consumption_ods", Some(ReadReports), "", none.clone()),
        operation("reports_consumption_pdf", Some(ReadReports), "", none.clone()),
        operation("ledger_postings", Some(ReadLedger), "", none.clone()),
        operation("audit_list", Some(Right::ReadAudit), "", none.clone()),
        operation("alerts_list", Some(Right::ReadAlerts), "", none.clone()),
        operation("themes_list", None, "", none),
    ]
}

fn stock(scene: &Scene<'_>) -> Vec<Operation> {
    use Right::{HandOver, KeepStock, OrderStock, ReadStock, SetLetterhead};
    let none = Value::Null;
    let run = json!({"programme_id": scene.programme, "prescriber_id": scene.worker.organisation,
        "units": 10, "count": 1});
    let code = Code::from_bytes([7; 9]).grouped();
    let stolen = json!({"boxes": [1], "note": "x"});
    let to = json!({"prescriber_id": scene.worker.organisation});
    vec![
        operation("handovers_create", Some(HandOver), "", json!({"code": code})),
        operation("stock_order", Some(OrderStock), "", run),
        operation("stock_list", Some(ReadStock), "", none.clone()),
        operation("stock_read", Some(ReadStock), "stock", none.clone()),
        operation("stock_history", Some(ReadStock), "stock", none.clone()),
        operation("stock_document", Some(OrderStock), "stock", none.clone()),
        operation("stock_codes", Some(OrderStock), "stock", none.clone()),
        operation("stock_ship", Some(OrderStock), "stock", json!({})),
        operation("stock_receive", Some(KeepStock), "stock", json!({})),
        operation("stock_transfer", Some(OrderStock), "stock", to),
        operation("stock_recall", Some(OrderStock), "stock", json!({})),
        operation("stock_take_back", Some(OrderStock), "stock", json!({})),
        operation("stock_report_stolen", Some(KeepStock), "stock", stolen),
        operation("stock_count", Some(KeepStock), "stock", json!({"box": 1, "counted": 1})),
        operation("letterheads_read", Some(SetLetterhead), "organisation", none.clone()),
        operation("letterheads_set", Some(SetLetterhead), "organisation", json!({"lines": []})),
        operation("letterheads_logo", Some(SetLetterhead), "organisation", none.clone()),
        operation("letterheads_set_logo", Some(SetLetterhead), "organisation", none.clone()),
        operation("letterheads_remove_logo", Some(SetLetterhead), "organisation", none),
    ]
}

fn money() -> Vec<Operation> {
    use Right::{
        AgreeToClosing, CloseMonths, ManageAgreements, ManageProgrammes, PublishOpenData,
        ReadAccounting, ReadAgreements, ReadFundingCalls, ReadStatements,
    };
    let credit = json!({"refunded_on": "2026-03-10"});
    let credit = self::operation("ending_credit", Some(ManageAgreements), "programme", credit);
    let rule = json!({"kind": "used_share", "rate_bp": 5000, "publics": ["senior"],
        "least_bp": 5000});
    let id = "agreement_accounts_set_condition";
    let condition = self::operation(id, Some(ManageAgreements), "agreement", rule);
    let agree = self::operation("ending_agree", Some(AgreeToClosing), "programme", json!({}));
    let operation = |id, right, thing| operation(id, Some(right), thing, Value::Null);
    let open = |id| self::operation(id, None, "", Value::Null);
    let (open_list, open_file) = (open("open_data_list"), open("open_data_file"));
    let months = json!({"from": "2026-03", "to": "2026-03"});
    let publish = self::operation("open_data_publish", Some(PublishOpenData), "", months);
    vec![
        credit,
        agree,
        open_list,
        open_file,
        publish,
        condition,
        operation("agreement_accounts_read", ReadAgreements, "agreement"),
        operation("agreement_accounts_document", ReadAgreements, "agreement"),
        operation("agreement_accounts_remove_condition", ManageAgreements, "agreement"),
        operation("ending_read", ReadAgreements, "programme"),
        operation("ending_document", ReadAgreements, "programme"),
        operation("ending_stop", ManageProgrammes, "programme"),
        operation("ending_establish", ManageProgrammes, "programme"),
        operation("open_data_preview", PublishOpenData, ""),
        operation("accounting_months", ReadAccounting, ""),
        operation("accounting_close", CloseMonths, ""),
        operation("reports_solvency", ReadAccounting, ""),
        operation("statements_list", ReadStatements, ""),
        operation("statements_read", ReadStatements, "statement"),
        operation("statements_lines", ReadStatements, "statement"),
        operation("statements_csv", ReadStatements, "statement"),
        operation("statements_document", ReadStatements, "statement"),
        operation("statements_approve", CloseMonths, "statement"),
        operation("funding_calls_list", ReadFundingCalls, ""),
        operation("funding_calls_read", ReadFundingCalls, "funding_call"),
        operation("funding_calls_document", ReadFundingCalls, "funding_call"),
    ]
}

fn payments() -> Vec<Operation> {
    use Right::{GiveBankDetails, ManagePayments, ReadPayments};
    let account = json!({"holder": "x", "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP"});
    let rejection = json!({"statement_id": "01900000-0000-7000-8000-000000000000", "reason": "x"});
    let day = json!({"executed_on": "2026-04-02"});
    let came_back = json!({"received_on": "2026-04-02", "reference": "VIR"});
    let (run, none) = ("payment_run", Value::Null);
    let pay = Some(ManagePayments);
    vec![
        operation("bank_details_history", Some(GiveBankDetails), "organisation", none.clone()),
        operation("bank_details_propose", Some(GiveBankDetails), "organisation", account),
        operation("bank_details_confirm", pay, "organisation", none.clone()),
        operation("bank_details_reject", pay, "organisation", none.clone()),
        operation("statements_repay", pay, "statement", came_back),
        operation("payment_runs_create", pay, "", none.clone()),
        operation("payment_runs_list", Some(ReadPayments), "", none.clone()),
        operation("payment_runs_read", Some(ReadPayments), run, none.clone()),
        operation("payment_runs_file", pay, run, none.clone()),
        operation("payment_runs_note_execution", pay, run, day),
        operation("payment_runs_reject", pay, run, rejection),
        operation("payment_runs_answer", pay, run, none),
    ]
}

/// Every operation of the document: its name, its method and its path.
fn documented(house: &House) -> Vec<(String, String, String)> {
    let document = house.door().get("/openapi.json").must_be(200);
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = text(operation, "operationId");
            found.push((id, method.to_uppercase(), path.clone()));
        }
    }
    found
}

/// The call of an operation on the thing of that id.
fn call(house: &House, operation: &Operation, method: &str, path: &str, id: &str) -> Call {
    let mut path = path.replace("{id}", id).replace("{detail}", id);
    path = path.replace("{organisation_id}", id).replace("{venue_id}", id);
    if operation.id == "passes_find" {
        path = format!("{path}?serial={id}");
    }
    let api = path.starts_with("/api/");
    let call = if api { Call::new(method, &path) } else { Call::page(method, &path) };
    let call = call.key(house.key());
    if operation.body.is_null() { call } else { call.json(&operation.body) }
}

fn every_operation_is_known_here_and_asks_nobody_to_sign_in(house: &House) {
    let scene = Scene::of(house);
    let table: BTreeMap<&str, Operation> =
        table(&scene).into_iter().map(|operation| (operation.id, operation)).collect();
    let documented = documented(house);
    assert_eq!(documented.len(), table.len(), "an operation of the table is gone");
    let nothing = "01900000-0000-7000-8000-000000000000";
    for (id, method, path) in documented {
        let operation = table.get(id.as_str());
        let operation = operation.unwrap_or_else(|| panic!("{id}: say here who may do this"));
        let call = call(house, operation, &method, &path, nothing);
        let answer = house.door().ask(&call);
        match (operation.right, id.as_str()) {
            (Some(_), _) => {
                drop(answer.refused("unauthenticated"));
                assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{id}");
                let forged = call.bearer("eyJhbGciOiJub25lIiwia2lkIjoiMSJ9.eyJzdWIiOiJ4In0.");
                house.door().ask(&forged).refused("unauthenticated");
            }
            (
                None,
                "venues_list"
                | "open_data_list"
                | "themes_list"
                | "auth_revoke"
                | "scheduled_workshops_list"
                | "machine_healthz"
                | "machine_readyz"
                | "machine_metrics"
                | "machine_document",
            ) => {
                assert!(answer.status < 300);
            }
            (None, _) => drop(answer.problem()),
        }
    }
}

/// One person of each role, all of one organisation that has no part in the scheme's things.
fn strangers(house: &House, scene: &Scene<'_>) -> Vec<(Role, Person)> {
    let roles = ["funder", "prescriber", "venue_operator"];
    let organisation = scene.operator.organisation("Ailleurs", &roles);
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Operator);
    roles.map(|role| (role, house.person(role.as_str(), &organisation, true))).collect()
}

pub fn things(scene: &Scene<'_>) -> BTreeMap<&'static str, String> {
    let pass = scene.hands_over(10);
    let redemption = text(&scene.redeems(&pass.code).must_be(201), "id");
    let planned = scene.staff.plans(&scene.venue, "2026-03-12T13:00:00Z").must_be(201);
    let run = json!({"programme_id": scene.programme, "prescriber_id": scene.worker.organisation,
        "units": 10, "count": 1});
    let run = text(&scene.operator.post("/stock", &run).must_be(201), "id");
    scene.house.move_to("2026-04-01T08:00:00Z");
    scene.operator.post("/accounting/months/2026-03/close", &json!({})).must_be(201);
    let first = |path| text(&scene.operator.get(path).must_be(200)["data"][0], "id");
    BTreeMap::from([
        ("statement", first("/statements")),
        ("funding_call", first("/funding-calls")),
        ("payment_run", crate::payments::pays_for_the_first_time(scene)),
        ("stock", run),
        ("", pass.serial),
        ("organisation", scene.funders[0].clone()),
        ("user", scene.worker.id.to_string()),
        ("programme", scene.programme.clone()),
        ("agreement", scene.agreements[0].clone()),
        ("venue", scene.venue.clone()),
        ("pass", pass.id),
        ("redemption", redemption),
        ("scheduled_workshop", text(&planned, "id")),
    ])
}

fn a_stranger_of_every_role_gets_nothing_of_others(house: &House) {
    let scene = Scene::of(house);
    let things = things(&scene);
    let table: BTreeMap<&str, Operation> =
        table(&scene).into_iter().map(|operation| (operation.id, operation)).collect();
    // What lists show a stranger is told in `lists_show_their_own_alone`.
    let shared = [
        "auth_me",
        "organisations_list",
        "users_list",
        "programmes_list",
        "programmes_read",
        "agreements_list",
        "redemptions_csv",
        "redemptions_list",
        "redemptions_sync",
        "refused_scans_list",
        "stock_list",
        "statements_list",
        "funding_calls_list",
        "reports_consumption",
        "reports_consumption_csv",
        "reports_consumption_xlsx",
        "reports_consumption_ods",
        "reports_consumption_pdf",
        "ledger_postings",
    ];
    let strangers = strangers(house, &scene);
    for (id, method, path) in documented(house) {
        let operation = &table[id.as_str()];
        let Some(right) = operation.right else { continue };
        for (role, stranger) in &strangers {
            let answer =
                stranger.ask(call(house, operation, &method, &path, &things[operation.thing]));
            if !of(*role).may(right) {
                drop(answer.refused("forbidden"));
            } else if !shared.contains(&id.as_str()) && !(*role == Role::Auditor) {
                let refused = answer.problem();
                let known = ["not_found", "forbidden", "prescriber_not_accepted", "unknown_code"];
                assert!(known.contains(&refused["code"].as_str().unwrap()), "{id} {refused}");
            }
        }
    }
}

pub fn of(role: Role) -> Caller {
    let nobody = uuid::Uuid::nil();
    Caller { user: UserId(nobody), organisation: OrganisationId(nobody), role, manager: true }
}

fn an_id_that_does_not_exist_is_not_found_everywhere(house: &House) {
    let scene = Scene::of(house);
    let table: BTreeMap<&str, Operation> =
        table(&scene).into_iter().map(|operation| (operation.id, operation)).collect();
    let rightful: [&Person; 3] = [&scene.operator, &scene.worker, &scene.staff];
    for (id, method, path) in documented(house) {
        let operation = &table[id.as_str()];
        if !path.contains("{id}") {
            continue;
        }
        for missing in ["01900000-0000-7000-8000-000000000000", "1", "..%2f", "%00"] {
            for person in rightful {
                let call = call(house, operation, &method, &path, missing);
                let refused = person.ask(call).problem();
                let known = ["not_found", "forbidden"];
                assert!(known.contains(&refused["code"].as_str().unwrap()), "{id} {refused}");
            }
        }
    }
    foreign_ids_in_bodies_and_queries(&scene);
}

fn foreign_ids_in_bodies_and_queries(scene: &Scene<'_>) {
    let (pass, foreign) = (scene.hands_over(5), "01900000-0000-7000-8000-000000000000");
    let key = || scene.house.key();
    scene.staff.redeems(key(), &pass.code, foreign).refused("not_found");
    scene.staff.checks(&pass.code, foreign).refused("not_found");
    let other = scene.operator.organisation("Autre", &["venue_operator", "prescriber"]);
    let theirs = scene.operator.venue(&other, "Chez eux");
    scene.staff.redeems(key(), &pass.code, &theirs).refused("not_found");
    scene.staff.get(&format!("/redemptions?venue_id={theirs}")).refused("not_found");
    let form = json!({"programme_id": foreign, "units": 5});
    scene.worker.tries_to_hand_over(key(), &form).refused("not_found");
    let funder = scene.funder(0);
    for export in ["consumption", "consumption.csv", "consumption.xlsx", "consumption.pdf"] {
        let path = format!("/reports/{export}?funder_id={}", scene.funders[1]);
        funder.get(&path).refused("not_found");
        scene.operator.get(&format!("/reports/{export}?funder_id={foreign}")).refused("not_found");
        scene
            .operator
            .get(&format!("/reports/{export}?programme_id={foreign}"))
            .refused("not_found");
    }
    let path = format!("/programmes/{}", scene.programme);
    let body = json!({"organisation_id": foreign});
    scene.operator.post(&format!("{path}/prescribers"), &body).refused("not_found");
    scene
        .operator
        .post(&format!("{path}/venues"), &json!({"venue_id": foreign}))
        .refused("not_found");
}

fn lists_show_their_own_alone(house: &House) {
    let scene = Scene::of(house);
    let things = things(&scene);
    for (role, stranger) in strangers(house, &scene) {
        let list = |path: &str| stranger.get(path).must_be(200)["data"].as_array().unwrap().clone();
        assert_eq!(stranger.get("/me").must_be(200)["email"], stranger.email.as_str());
        let organisations = list("/organisations");
        if role != Role::Auditor {
            assert_eq!(organisations.len(), 1, "{role:?}");
        }
        assert!(
            list("/users").iter().all(|u| u["organisation_id"] == stranger.organisation.as_str())
        );
        match role {
            Role::Funder => {
                let path = format!("/programmes/{}/agreements", things["programme"]);
                assert_eq!(list(&path), Vec::<Value>::new());
                let report = stranger.get("/reports/consumption").must_be(200);
                assert_eq!(report["rows"], json!([]));
                assert_eq!(report["totals"]["available_cents"], 0);
            }
            Role::VenueStaff => assert_eq!(list("/redemptions"), Vec::<Value>::new()),
            _ => {}
        }
    }
    let own = scene.funder(1).get(&format!("/programmes/{}/agreements", scene.programme));
    let own = own.must_be(200)["data"].as_array().unwrap().clone();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["funder_id"], scene.funders[1].as_str());
}

fn a_stopped_account_is_out_at_once(house: &House) {
    let scene = Scene::of(house);
    scene.worker.get("/me").must_be(200);
    let path = format!("/users/{}", scene.worker.id);
    scene.operator.patch(&path, &json!({"active": false})).must_be(200);
    scene.worker.get("/me").refused("unauthenticated");
    let credentials = json!({"email": scene.worker.email, "password": crate::actors::PASSWORD});
    house.door().post("/auth/tokens", &credentials).refused("invalid_credentials");
}

#[test]
fn the_table_of_rights_in_the_documentation_is_current() {
    let cell = |right: Right, role: Role| match [false, true]
        .map(|manager| Caller { manager, ..of(role) }.may(right))
    {
        [true, true] => "yes",
        [false, true] => "managers",
        _ => "-",
    };
    let row = |name: &str, cells: [&str; 5]| {
        let cells = cells.map(|cell| format!("{cell:<15}")).concat();
        format!("{}\n", format!("{name:<21}{cells}").trim_end())
    };
    let mut text = "Who may do what, made from src/domain/caller.rs: \
        `UPDATE=1 cargo test --test it` writes it again.\n\
        `managers`: only those who invite colleagues. Which things: see the queries.\n\n"
        .to_owned();
    text += &row("", Role::ALL.map(Role::as_str));
    for right in Right::ALL {
        text += &row(&format!("{right:?}"), Role::ALL.map(|role| cell(right, role)));
    }
    must_be_current("docs/rights.txt", &text);
}
