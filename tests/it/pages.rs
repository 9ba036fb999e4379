//! What holds for every page: who may see it, that forms are ours and count once, that looking
//! changes nothing, and that a refusal keeps what was typed.

use pass_numerique::domain::caller::{Caller, Right, Role};
use pass_numerique::domain::ids::{OrganisationId, UserId};

use crate::actors::{HeldPass, Person, text};
use crate::house::House;
use crate::markup;
use crate::page_routes::page_routes;
use crate::scene::Scene;
use crate::seat::Seat;

on_both_engines![
    every_page_is_for_whom_it_is_for,
    every_form_must_be_ours,
    looking_changes_nothing,
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
#[rustfmt::skip]
fn table() -> Vec<(&'static str, &'static str, Option<Right>)> {
    use Right::{HandOver, ManagePasses, PlanWorkshops, PrintPasses, ReadPasses, ReadReports,
        ReadSelf, Redeem, SettleScans};
    vec![
        ("GET", "/", None),
        ("POST", "/connexion", None),
        ("POST", "/deconnexion", Some(ReadSelf)),
        ("GET", "/invitation/{secret}", None),
        ("POST", "/invitation/{secret}", None),
        ("GET", "/remise", Some(ReadPasses)),
        ("POST", "/remise", Some(HandOver)),
        ("POST", "/remise/confirmer", Some(HandOver)),
        ("GET", "/remise/suivi", Some(ReadPasses)),
        ("POST", "/remise/suivi", Some(HandOver)),
        ("GET", "/remise/{id}", Some(ReadPasses)),
        ("POST", "/remise/{id}/lettre", Some(PrintPasses)),
        ("POST", "/remise/{id}/{act}", Some(ManagePasses)),
        ("GET", "/scanner", Some(Redeem)),
        ("POST", "/scanner", Some(Redeem)),
        ("POST", "/scanner/valider", Some(Redeem)),
        ("POST", "/scanner/annuler/{id}", Some(Redeem)),
        ("POST", "/scanner/refus/{id}", Some(SettleScans)),
        ("GET", "/seances", Some(PlanWorkshops)),
        ("POST", "/seances", Some(PlanWorkshops)),
        ("POST", "/seances/{id}/annuler", Some(PlanWorkshops)),
        ("GET", "/rapports", Some(ReadReports)),
        ("GET", "/accessibilite", None),
        ("GET", "/docs/errors", None),
        ("GET", "/lieux", None),
        ("GET", "/p", None),
        ("POST", "/p", None),
        ("GET", "/p/{code}", None),
        ("GET", "/P/{code}", None),
    ]
}

#[test]
fn every_page_is_in_the_table() {
    let (mut known, mut routed) = (
        table().into_iter().map(|(method, route, _)| (method, route)).collect::<Vec<_>>(),
        page_routes(),
    );
    known.sort_unstable();
    routed.sort_unstable();
    assert_eq!(routed, known, "say in `table` who may do this");
}

/// The address of a route, with things of the scene in it.
fn address(route: &str, pass: &HeldPass, redemption: &str) -> String {
    let id = if route.starts_with("/remise") { &pass.id } else { redemption };
    let filled = route.replace("{id}", id).replace("{code}", &pass.code);
    filled.replace("{act}", "suspendre").replace("{secret}", "personne")
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
    let pass = scene.hands_over(10);
    let redemption = text(&scene.redeems(&pass.code).must_be(201), "id");
    let others = [scene.funder(0).0, scene.auditor().0];
    let nobody = Seat::of_nobody(house);
    for (method, route, right) in table() {
        let address = address(route, &pass, &redemption);
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
            let address = address(route, &pass, &redemption);
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
    let pass = scene.hands_over(10);
    let redemption = text(&scene.redeems(&pass.code).must_be(201), "id");
    let (worker, staff) = (Seat::of(house, &scene.worker), Seat::of(house, &scene.staff));
    let (of_worker, of_staff) = (worker.token("/lieux"), staff.token("/lieux"));
    for (_, route, right) in table().into_iter().filter(|(method, _, _)| *method == "POST") {
        let address = address(route, &pass, &redemption);
        let (seat, own, other) = match right {
            Some(right) if may(Role::VenueStaff, right) => (&staff, &of_staff, &of_worker),
            _ => (&worker, &of_worker, &of_staff),
        };
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
        refused(door.ask(&form.header("Sec-Fetch-Site", "cross-site")));
    }
    assert_eq!(scene.worker.reads(&pass.id)["status"], "active");
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 9);
    assert_eq!(worker.reads("/remise").status, 200, "still signed in");
}

fn looking_changes_nothing(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let redemption = text(&scene.redeems(&pass.code).must_be(201), "id");
    let others = [scene.funder(0).0, scene.auditor().0];
    let state = || {
        let postings = scene.operator.get("/ledger/postings").must_be(200);
        (postings, scene.worker.reads(&pass.id), scene.report("&group_by=month,theme,venue"))
    };
    let before = state();
    for (_, person) in people(&scene, &others) {
        let seat = Seat::of(house, person);
        for (_, route, _) in table().into_iter().filter(|(method, _, _)| *method == "GET") {
            let address = address(route, &pass, &redemption);
            let told = seat.reads(&address).status;
            assert!(told < 500, "{route} {told}");
            let code = format!("?code={}", pass.code);
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
