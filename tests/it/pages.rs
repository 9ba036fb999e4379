//! What holds for every page: who may see it, that forms are ours and count once, that looking
//! changes nothing, and that a refusal keeps what was typed.

use pass_numerique::domain::caller::{Caller, Right, Role};
use pass_numerique::domain::ids::{OrganisationId, UserId};

use serde_json::json;

use crate::actors::{HeldPass, Person, text};
use crate::house::House;
use crate::markup;
use crate::page_routes::page_routes;
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![every_page_is_for_whom_it_is_for, looking_changes_nothing,];

on_one_engine![
    every_form_must_be_ours,
    a_handover_that_is_sent_twice_counts_once,
    a_workshop_that_is_sent_twice_counts_once,
    an_act_on_a_pass_that_is_sent_twice_counts_once,
    a_refusal_keeps_what_was_typed_and_leads_to_the_field,
    a_refused_page_has_the_menu_of_who_is_signed_in,
    a_session_outlives_a_restart,
    signing_in_leads_back_and_never_elsewhere,
    the_statement_on_accessibility_names_the_contact,
];

/// Who may open an address or send a form there; `None` is anybody. A new page must be added.
fn table() -> Vec<(&'static str, &'static str, Option<Right>)> {
    let mut all = open_pages();
    all.extend(work_pages().map(|(method, route, right)| (method, route, Some(right))));
    all.extend(managing_pages().map(|(method, route, right)| (method, route, Some(right))));
    all.extend(
        pages_of_an_organisation().map(|(method, route, right)| (method, route, Some(right))),
    );
    all
}

fn open_pages() -> Vec<(&'static str, &'static str, Option<Right>)> {
    let read = [
        "/",
        "/invitation/{secret}",
        "/accessibilite",
        "/docs/errors",
        "/donnees-ouvertes",
        "/lieux",
        "/p",
        "/p/{code}",
        "/P/{code}",
    ];
    let sent = ["/connexion", "/invitation/{secret}", "/p"];
    let read = read.map(|route| ("GET", route, None));
    read.into_iter().chain(sent.map(|route| ("POST", route, None))).collect()
}

#[rustfmt::skip]
fn work_pages() -> impl Iterator<Item = (&'static str, &'static str, Right)> {
    use Right::{AgreeToClosing, CloseMonths, ManageAgreements, ManagePayments, ReadAgreements, ReadPayments, FindPerson, HandOver, KeepStock, ReadAccounting, ReadFundingCalls, ReadStatements, ManagePasses, PlanWorkshops, PrintPasses, ReadPasses,
        ReadReports, ReadSelf, ReadStock, Redeem, SettleScans};
    [
        ("POST", "/deconnexion", ReadSelf),
        ("GET", "/remise", HandOver),
        ("POST", "/remise", FindPerson),
        ("POST", "/remise/confirmer", HandOver),
        ("GET", "/remise/suivi", ReadPasses),
        ("POST", "/remise/suivi", FindPerson),
        ("GET", "/remise/{id}", ReadPasses),
        ("POST", "/remise/{id}/lettre", PrintPasses),
        ("POST", "/remise/{id}/{act}", ManagePasses),
        ("GET", "/stock", ReadStock),
        ("POST", "/stock/{id}/{act}", KeepStock),
        ("GET", "/scanner", Redeem),
        ("POST", "/scanner", Redeem),
        ("POST", "/scanner/valider", Redeem),
        ("POST", "/scanner/annuler/{id}", Redeem),
        ("POST", "/scanner/refus/{id}", SettleScans),
        ("GET", "/seances", PlanWorkshops),
        ("POST", "/seances", PlanWorkshops),
        ("POST", "/seances/{id}/annuler", PlanWorkshops),
        ("GET", "/conventions/{id}", ReadAgreements),
        ("POST", "/conventions/{id}/condition", ManageAgreements),
        ("GET", "/fin/{id}", ReadAgreements),
        ("POST", "/fin/{id}/{act}", AgreeToClosing),
        ("GET", "/mois", ReadAccounting),
        ("POST", "/mois", CloseMonths),
        ("GET", "/releves", ReadStatements),
        ("POST", "/releves", CloseMonths),
        ("GET", "/releves/{id}", ReadStatements),
        ("POST", "/releves/{id}/remboursement", ManagePayments),
        ("GET", "/appels", ReadFundingCalls),
        ("GET", "/appels/{id}", ReadFundingCalls),
        ("GET", "/paiements", ReadPayments),
        ("POST", "/paiements", ManagePayments),
        ("GET", "/paiements/{id}", ReadPayments),
        ("POST", "/paiements/{id}/{act}", ManagePayments),
        ("GET", "/solvabilite", ReadAccounting),
        ("GET", "/rapports", ReadReports),
        ("GET", "/rapports/detail", ReadReports),
    ]
    .into_iter()
}

#[rustfmt::skip]
fn managing_pages() -> impl Iterator<Item = (&'static str, &'static str, Right)> {
    use Right::{JudgeScans, ManageAgreements, ManageOrganisations, ManageProgrammes, ManageVenues, OrderStock, PublishOpenData,
        ReadAlerts, ReadAudit};
    [
        ("GET", "/gestion", ReadAlerts),
        ("GET", "/gestion/dispositifs", ManageProgrammes),
        ("POST", "/gestion/dispositifs", ManageProgrammes),
        ("GET", "/gestion/dispositifs/nouveau", ManageProgrammes),
        ("GET", "/gestion/dispositifs/{id}", ManageProgrammes),
        ("POST", "/gestion/dispositifs/{id}", ManageProgrammes),
        ("GET", "/gestion/dispositifs/{id}/modifier", ManageProgrammes),
        ("GET", "/gestion/dispositifs/{id}/prescripteurs", ManageProgrammes),
        ("POST", "/gestion/dispositifs/{id}/prescripteurs", ManageProgrammes),
        ("GET", "/gestion/dispositifs/{id}/lieux", ManageProgrammes),
        ("POST", "/gestion/dispositifs/{id}/lieux", ManageProgrammes),
        ("POST", "/gestion/dispositifs/{id}/conventions", ManageAgreements),
        ("GET", "/gestion/dispositifs/{id}/conventions/nouvelle", ManageAgreements),
        ("GET", "/gestion/conventions/{id}", ManageAgreements),
        ("POST", "/gestion/conventions/{id}", ManageAgreements),
        ("POST", "/gestion/conventions/{id}/versements", ManageAgreements),
        ("POST", "/gestion/conventions/{id}/reversements", ManageAgreements),
        ("GET", "/gestion/organismes", ManageOrganisations),
        ("POST", "/gestion/organismes", ManageOrganisations),
        ("GET", "/gestion/organismes/nouveau", ManageOrganisations),
        ("GET", "/gestion/organismes/{id}", ManageOrganisations),
        ("POST", "/gestion/organismes/{id}", ManageOrganisations),
        ("GET", "/gestion/organismes/{id}/modifier", ManageOrganisations),
        ("GET", "/gestion/organismes/{id}/inviter", ManageOrganisations),
        ("POST", "/gestion/organismes/{id}/inviter", ManageOrganisations),
        ("POST", "/gestion/organismes/{id}/personnes/{person}", ManageOrganisations),
        ("GET", "/gestion/lieux", ManageVenues),
        ("POST", "/gestion/lieux", ManageVenues),
        ("GET", "/gestion/lieux/nouveau", ManageVenues),
        ("GET", "/gestion/lieux/importer", ManageVenues),
        ("POST", "/gestion/lieux/importer", ManageVenues),
        ("GET", "/gestion/lieux/{id}", ManageVenues),
        ("POST", "/gestion/lieux/{id}", ManageVenues),
        ("GET", "/gestion/lieux/{id}/modifier", ManageVenues),
        ("POST", "/gestion/lieux/{id}/labels", ManageVenues),
        ("POST", "/gestion/lieux/{id}/suspensions", ManageVenues),
        ("POST", "/gestion/lieux/{id}/suspensions/lever", ManageVenues),
        ("POST", "/gestion/organismes/{id}/gel", ManageOrganisations),
        ("POST", "/gestion/dispositifs/{id}/prescripteurs/retirer", ManageProgrammes),
        ("POST", "/gestion/dispositifs/{id}/lieux/retirer", ManageProgrammes),
        ("GET", "/journal", ReadAudit),
        ("GET", "/gestion/donnees-ouvertes", PublishOpenData),
        ("POST", "/gestion/donnees-ouvertes", PublishOpenData),
        ("GET", "/gestion/validations", JudgeScans),
        ("POST", "/gestion/validations/{id}", JudgeScans),
        ("GET", "/gestion/tirages", OrderStock),
        ("POST", "/gestion/tirages", OrderStock),
        ("GET", "/gestion/tirages/nouveau", OrderStock),
        ("GET", "/gestion/tirages/{id}", OrderStock),
        ("POST", "/gestion/tirages/{id}/etapes", OrderStock),
        ("POST", "/gestion/tirages/{id}/reprendre", OrderStock),
    ]
    .into_iter()
}

#[rustfmt::skip]
fn pages_of_an_organisation() -> impl Iterator<Item = (&'static str, &'static str, Right)> {
    use Right::{GiveBankDetails, ManagePayments, ManageUsers, SetLetterhead};
    [
        ("GET", "/gestion/organismes/{id}/en-tete", SetLetterhead),
        ("POST", "/gestion/organismes/{id}/en-tete", SetLetterhead),
        ("GET", "/gestion/organismes/{id}/banque", ManagePayments),
        ("POST", "/gestion/organismes/{id}/banque", ManagePayments),
        ("POST", "/gestion/organismes/{id}/banque/{detail}/{act}", ManagePayments),
        ("GET", "/equipe/banque", GiveBankDetails),
        ("POST", "/equipe/banque", GiveBankDetails),
        ("GET", "/equipe/en-tete", SetLetterhead),
        ("POST", "/equipe/en-tete", SetLetterhead),
        ("GET", "/equipe", ManageUsers),
        ("GET", "/equipe/inviter", ManageUsers),
        ("POST", "/equipe/inviter", ManageUsers),
        ("POST", "/equipe/personnes/{person}", ManageUsers),
    ]
    .into_iter()
}

#[test]
fn every_page_is_in_the_table() {
    let known = table().into_iter().map(|(method, route, _)| (method, route.to_owned()));
    let mut known: Vec<(&str, String)> = known.collect();
    known.sort_unstable();
    assert_eq!(page_routes(), known, "say in `table` who may do this");
}

/// The things that addresses name.
struct Things<'a> {
    scene: &'a Scene<'a>,
    pass: HeldPass,
    redemption: String,
    run: String,
    statement: String,
    call: String,
    payment_run: String,
}

impl<'a> Things<'a> {
    fn of(scene: &'a Scene<'a>) -> Self {
        let pass = scene.hands_over(10);
        let redemption = text(&scene.redeems(&pass.code).must_be(201), "id");
        let order = json!({"programme_id": scene.programme, "units": 10, "count": 2,
            "prescriber_id": scene.worker.organisation});
        let run = text(&scene.operator.post("/stock", &order).must_be(201), "id");
        scene.house.move_to("2026-04-01T08:00:00Z");
        scene.operator.post("/accounting/months/2026-03/close", &json!({})).must_be(201);
        let first = |path: String| text(&scene.operator.get(&path).must_be(200)["data"][0], "id");
        let statement = first("/statements".to_owned());
        let call = first(format!("/funding-calls?funder_id={}", scene.funders[0]));
        let payment_run = crate::payments::pays_for_the_first_time(scene);
        Self { scene, pass, redemption, run, statement, call, payment_run }
    }

    /// The address of a route, with things of the scene in it.
    fn address(&self, route: &str) -> String {
        let owners = [
            ("/remise", &self.pass.id),
            ("/gestion/dispositifs", &self.scene.programme),
            ("/gestion/conventions", &self.scene.agreements[0]),
            ("/gestion/organismes", &self.scene.worker.organisation),
            ("/gestion/lieux", &self.scene.venue),
            ("/gestion/tirages", &self.run),
            ("/stock", &self.run),
            ("/fin", &self.scene.programme),
            ("/conventions", &self.scene.agreements[0]),
            ("/releves", &self.statement),
            ("/appels", &self.call),
            ("/paiements", &self.payment_run),
        ];
        let owner = owners.iter().find(|(prefix, _)| route.starts_with(prefix));
        let id = owner.map_or(&self.redemption, |(_, id)| id);
        let filled = route.replace("{id}", id).replace("{code}", &self.pass.code);
        let filled = filled.replace("{person}", &self.scene.worker.id.to_string());
        let filled = filled.replace("{detail}", &self.redemption);
        let filled = filled.replace("{key}", &self.redemption);
        filled.replace("{act}", "suspendre").replace("{secret}", "personne")
    }
}

/// One person of each role who has a part in the scene.
fn people<'a>(scene: &'a Scene<'_>, others: &'a [Person; 2]) -> [(Role, &'a Person); 5] {
    [
        (Role::Operator, &scene.operator),
        (Role::SocialWorker, &scene.worker),
        (Role::VenueStaff, &scene.staff),
        (Role::Funder, &others[0]),
        (Role::Auditor, &others[1]),
    ]
}

fn may(role: Role, right: Right) -> bool {
    let (user, organisation) = (UserId(uuid::Uuid::nil()), OrganisationId(uuid::Uuid::nil()));
    Caller { user, organisation, role, manager: false }.may(right)
}

fn every_page_is_for_whom_it_is_for(house: &House) {
    let scene = Scene::of(house);
    let things = Things::of(&scene);
    let others = [scene.funder(0).0, scene.auditor().0];
    let nobody = Seat::of_nobody(house);
    for (method, route, right) in table() {
        let address = things.address(route);
        let Some(_) = right else { continue };
        let answer =
            if method == "GET" { nobody.reads(&address) } else { nobody.sends(&address, &[]) };
        if method == "GET" {
            let to = answer.header("location").unwrap();
            assert_eq!((answer.status, to.starts_with("/?suite=")), (303, true), "{route} {to}");
        } else {
            assert_eq!(answer.status, 401, "{method} {route}");
        }
    }
    for (role, person) in people(&scene, &others) {
        let seat = Seat::of(house, person);
        for (method, route, right) in table() {
            let Some(right) = right else { continue };
            let address = things.address(route);
            let answer =
                if method == "GET" { seat.reads(&address) } else { seat.sends(&address, &[]) };
            let told = format!("{role:?} {method} {route}: {} {}", answer.status, answer.text());
            if !may(role, right) {
                assert_eq!(answer.status, 403, "{told}");
                assert!(answer.text().contains("Votre compte ne permet pas"), "{told}");
            } else if method == "GET" && answer.status == 200 {
                assert_eq!(markup::faults(&answer.text()), Vec::<String>::new(), "{told}");
            } else if method == "GET" {
                let on = answer.header("location").unwrap();
                assert_eq!(seat.reads(on).status, 200, "{told}");
            } else {
                assert!(answer.text().contains("Page expirée"), "{told}");
            }
        }
    }
}

/// Without the token of the session, with another's, or from another site: nothing happens.
fn every_form_must_be_ours(house: &House) {
    let scene = Scene::of(house);
    let things = Things::of(&scene);
    let [operator, worker, staff] =
        [&scene.operator.0, &scene.worker.0, &scene.staff.0].map(|who| Seat::of(house, who));
    let seats =
        [(Role::SocialWorker, &worker), (Role::VenueStaff, &staff), (Role::Operator, &operator)];
    let tokens = seats.map(|(_, seat)| seat.token("/lieux"));
    for (_, route, right) in table().into_iter().filter(|(method, _, _)| *method == "POST") {
        let address = things.address(route);
        let place = seats.iter().position(|(role, _)| right.is_none_or(|right| may(*role, right)));
        let place = place.unwrap();
        let (seat, own, other) = (seats[place].1, &tokens[place], &tokens[(place + 1) % 3]);
        let refused = |answer: crate::door::Answer| {
            let text = answer.text();
            assert_eq!((answer.status, text.contains("Page expirée")), (403, true), "{route}");
        };
        if right.is_some() {
            refused(seat.sends(&address, &[]));
            refused(seat.sends(&address, &[("jeton", "")]));
            refused(seat.sends(&address, &[("jeton", other)]));
        }
        let form = seat.form(&address, &[("jeton", own)]);
        let door = house.door();
        refused(door.ask(&form.clone().header("Origin", "https://ailleurs.example")));
        refused(door.ask(&form.clone().header("Origin", "null")));
        let claimed = form.clone().header("Origin", "https://ailleurs.example");
        refused(door.ask(&claimed.header("X-Forwarded-Host", "ailleurs.example")));
        refused(door.ask(&form.header("Sec-Fetch-Site", "cross-site")));
    }
    assert_eq!(scene.worker.reads(&things.pass.id)["status"], "active");
    assert_eq!(scene.worker.reads(&things.pass.id)["remaining"], 9);
    assert_eq!(worker.reads("/remise").status, 200, "still signed in");
}

fn looking_changes_nothing(house: &House) {
    let scene = Scene::of(house);
    let things = Things::of(&scene);
    let others = [scene.funder(0).0, scene.auditor().0];
    let state = || {
        let postings = scene.operator.get("/ledger/postings").must_be(200);
        (postings, scene.worker.reads(&things.pass.id), scene.report("&group_by=month,theme,venue"))
    };
    let before = state();
    for (_, person) in people(&scene, &others) {
        let seat = Seat::of(house, person);
        for (_, route, _) in table().into_iter().filter(|(method, _, _)| *method == "GET") {
            let address = things.address(route);
            let told = seat.reads(&address).status;
            assert!(told < 500, "{route} {told}");
            let code = format!("?code={}", things.pass.code);
            for query in [&code, "?valide=x&annule=x", "?remis=oui", "?after=x&q=%00"] {
                let told = seat.reads(&format!("{address}{query}")).status;
                assert!(told < 500, "{route}{query} {told}");
            }
        }
    }
    assert_eq!(state(), before);
}

fn a_handover_that_is_sent_twice_counts_once(house: &House) {
    let scene = Scene::of(house);
    let worker = Seat::of(house, &scene.worker);
    let key = house.key().to_string();
    let fields = [("programme_id", scene.programme.as_str()), ("units", "10")];
    let sent = || worker.sends_from("/remise", &key, "/remise/confirmer", &fields);
    let (first, second) = (sent(), sent());
    assert_eq!((first.status, second.status), (303, 303), "{}", first.text());
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(scene.available(), [995_000, 997_000, 998_000]);
    let other = [("programme_id", scene.programme.as_str()), ("units", "5")];
    let other = worker.sends_from("/remise", &key, "/remise/confirmer", &other);
    assert!(other.status >= 400, "another form under the same key: {}", other.status);
    let without = worker.sends_from("/remise", "", "/remise/confirmer", &fields);
    assert!(without.text().contains("Page expirée"), "{}", without.text());
    assert_eq!(scene.report("")["totals"]["passes_handed_over"], 1);
}

fn a_workshop_that_is_sent_twice_counts_once(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let staff = Seat::of(house, &scene.staff);
    let key = house.key().to_string();
    let fields =
        [("code", pass.code.as_str()), ("lieu", &scene.venue), ("theme", crate::actors::THEME)];
    let sent = || staff.sends_from("/scanner", &key, "/scanner/valider", &fields);
    let (first, second) = (sent(), sent());
    assert_eq!((first.status, second.status), (303, 303), "{}", first.text());
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 4);

    let done = first.header("location").unwrap().to_owned();
    assert_eq!(staff.reads(&done).status, 200, "a reload only reads");
    let id = done.split('=').nth(1).unwrap().split('&').next().unwrap();
    let undo = format!("/scanner/annuler/{id}");
    let key = house.key().to_string();
    let undone = || staff.sends_from("/scanner", &key, &undo, &[("reason", "Erreur")]);
    assert_eq!((undone().status, undone().status), (303, 303));
    let again = house.key().to_string();
    let refused = staff.sends_from("/scanner", &again, &undo, &[("reason", "Erreur")]);
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 5);
}

fn an_act_on_a_pass_that_is_sent_twice_counts_once(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let worker = Seat::of(house, &scene.worker);
    let page = format!("/remise/{}", pass.id);
    let key = house.key().to_string();
    let act = format!("{page}/remplacer");
    let sent = || worker.sends_from(&page, &key, &act, &[("reason", "Pass perdu")]);
    let (first, second) = (sent(), sent());
    assert_eq!((first.status, second.status), (303, 303), "{}", first.text());
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(scene.worker.reads(&pass.id)["status"], "replaced");
}

fn a_refusal_keeps_what_was_typed_and_leads_to_the_field(house: &House) {
    let scene = Scene::of(house);
    let worker = Seat::of(house, &scene.worker);
    let size = format!("{}.8", scene.programme);
    let fields = [
        ("units", size.as_str()),
        ("commune", "Brigadoon"),
        ("given_name", "Jean-Noël"),
        ("birth_date", "31/02/1961"),
        ("publics", "beneficiaire_rsa"),
    ];
    let page = worker.sends_from("/remise", "", "/remise", &fields);
    assert_eq!(page.status, 422, "{}", page.text());
    let page = page.text();
    assert_eq!(markup::faults(&page), Vec::<String>::new());
    for kept in ["value=\"Brigadoon\"", "value=\"Jean-Noël\"", "value=\"31/02/1961\""] {
        assert!(page.contains(kept), "{kept} in {page}");
    }
    for wrong in ["commune", "family_name", "birth_date"] {
        assert!(page.contains(&format!("href=\"#{wrong}\"")), "no link to {wrong}");
        assert!(page.contains(&format!(" id=\"{wrong}\"")), "no field {wrong}");
        let described = format!("aria-describedby=\"{wrong}-erreur");
        let hinted = format!("{wrong}-aide {wrong}-erreur");
        assert!(page.contains(&described) || page.contains(&hinted), "{wrong} is not described");
    }
    assert!(page.contains("<title>À corriger"), "the window says it first");

    let nobody = Seat::of_nobody(house);
    let fields = [("email", "qui@exemple.fr"), ("password", "x"), ("suite", "/scanner?code=A")];
    let page = nobody.sends("/connexion", &fields);
    assert_eq!(page.status, 401);
    let page = page.text();
    for kept in ["value=\"qui@exemple.fr\"", "value=\"/scanner?code=A\"", "href=\"#email\""] {
        assert!(page.contains(kept), "{kept} in {page}");
    }
}

fn a_refused_page_has_the_menu_of_who_is_signed_in(house: &House) {
    let scene = Scene::of(house);
    let staff = Seat::of(house, &scene.staff);
    for (address, status) in
        [("/remise", 403), ("/nulle-part", 404), ("/remise/1/2/3", 404), ("/connexion", 405)]
    {
        let page = staff.reads(address);
        assert_eq!(page.status, status, "{address}");
        let page = page.text();
        assert_eq!(markup::faults(&page), Vec::<String>::new(), "{address}");
        for words in ["href=\"/scanner\"", "Se déconnecter", "Aller à l’accueil"] {
            assert!(page.contains(words), "{address} {words}");
        }
    }
    let page = Seat::of_nobody(house).reads("/nulle-part").text();
    assert!(page.contains("Se connecter") && !page.contains("Se déconnecter"), "{page}");
    let mut stale = Seat::of_nobody(house);
    stale.cookie = "pass_numerique_session=perdu".to_owned();
    assert!(!stale.reads("/nulle-part").text().contains("Se déconnecter"));
}

fn a_session_outlives_a_restart(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let staff = Seat::of(house, &scene.staff);
    let (token, key) = (staff.token("/scanner"), house.key().to_string());
    house.closes();
    house.opens_again();
    let fields = [
        ("jeton", token.as_str()),
        ("cle", &key),
        ("code", &pass.code),
        ("lieu", &scene.venue),
        ("theme", crate::actors::THEME),
    ];
    let answer = staff.sends("/scanner/valider", &fields);
    assert_eq!(answer.status, 303, "the form that was open still counts: {}", answer.text());
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 4);
}

fn signing_in_leads_back_and_never_elsewhere(house: &House) {
    let scene = Scene::of(house);
    let nobody = Seat::of_nobody(house);
    let fields = |next| {
        let password = crate::actors::PASSWORD;
        [("email", scene.staff.email.as_str()), ("password", password), ("suite", next)]
    };
    for (next, to) in [
        ("/scanner?code=A", "/scanner?code=A"),
        ("https://ailleurs.example", "/"),
        ("//ailleurs.example", "/"),
        ("/\\ailleurs.example", "/"),
    ] {
        let answer = nobody.sends("/connexion", &fields(next));
        assert_eq!((answer.status, answer.header("location")), (303, Some(to)));
        let cookie = answer.header("set-cookie").unwrap();
        for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
}

fn the_statement_on_accessibility_names_the_contact(house: &House) {
    let page = Seat::of_nobody(house).reads("/accessibilite").text();
    assert!(page.contains(&format!("mailto:{}", crate::ground::CONTACT)), "{page}");
    assert!(page.contains("pass.test"), "{page}");
    for address in ["/", "/lieux", "/p", "/docs/errors", "/nulle-part"] {
        let page = Seat::of_nobody(house).reads(address).text();
        assert!(page.contains("href=\"/accessibilite\""), "{address}");
    }
}
