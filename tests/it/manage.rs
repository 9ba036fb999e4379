//! The operator's pages, and a manager's team: everything that a scheme needs, set up by forms.

use serde_json::{Value, json};

use crate::actors::{PASSWORD, text};
use crate::door::Answer;
use crate::house::House;
use crate::markup;
use crate::scene::{Scene, THREE_FUNDERS, agreement};
use crate::seat::Seat;

on_one_engine![
    a_scheme_is_set_up_in_pages_alone,
    money_is_asked_about_and_counts_once,
    what_was_typed_wrong_comes_back_at_its_field,
    an_invitation_is_shown_to_its_manager_and_works_once,
    a_manager_looks_after_her_own_team_alone,
    a_file_of_venues_is_taken_whole_or_told_line_by_line,
];

on_both_engines![
    venues_are_found_by_how_their_label_stands,
    a_long_list_is_read_page_by_page,
    alerts_say_what_to_look_at_and_nothing_of_beneficiaries,
];

/// The page of an answer, which must be one document.
#[track_caller]
fn page(answer: &Answer, status: u16) -> String {
    let page = answer.text();
    assert_eq!(answer.status, status, "{page}");
    assert_eq!(markup::faults(&page), Vec::<String>::new(), "{page}");
    page
}

/// Sends a form that must be done, and reads the page it leads to.
#[track_caller]
fn done(seat: &Seat<'_>, key: &str, path: &str, fields: &[(&str, &str)]) -> (String, String) {
    let answer = seat.sends_from("/", key, path, fields);
    assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    let to = answer.header("location").unwrap().to_owned();
    let shown = page(&seat.reads(to.split('#').next().unwrap()), 200);
    (to.split('?').next().unwrap().to_owned(), shown)
}

fn organisation(seat: &Seat<'_>, house: &House, name: &str, does: &str) -> String {
    let fields = [("name", name), ("siret", ""), ("rna", ""), ("does", does)];
    let (address, shown) = done(seat, &house.key().to_string(), "/gestion/organismes", &fields);
    assert!(shown.contains("Organisme créé."), "{shown}");
    address.rsplit('/').next().unwrap().to_owned()
}

fn a_scheme_is_set_up_in_pages_alone(house: &House) {
    let operator = house.operator();
    let seat = Seat::of(house, &operator);
    let key = || house.key().to_string();
    assert!(page(&seat.reads("/gestion"), 200).contains("Rien à signaler"));
    let funder = organisation(&seat, house, "CAF", "funder");
    let prescriber = organisation(&seat, house, "CCAS", "prescriber");
    let runner = organisation(&seat, house, "Médiathèque", "venue_operator");

    let fields = [
        ("name", "Pass de mars"),
        ("price_cents", "12,50"),
        ("first_day", "01/03/2026"),
        ("last_day", "31/12/2026"),
        ("opened_by", "signature"),
        ("time_zone", "Europe/Paris"),
        ("sizes", "5"),
        ("sizes", "10"),
        ("tolerance_days", "31"),
        ("max_per_day", "1"),
        ("passes_per_person", "1"),
        ("undo_days", "7"),
        ("territory", "16, Royan"),
    ];
    let (programme, shown) = done(&seat, &key(), "/gestion/dispositifs", &fields);
    for words in ["Dispositif créé.", "Aucune convention", "12,50", "16, Royan (17200)"] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    let fields = [
        ("funder_id", funder.as_str()),
        ("share_bp", "100"),
        ("envelope_cents", "10 000,00"),
        ("tier", "1"),
    ];
    let (_, shown) = done(&seat, &key(), &format!("{programme}/conventions"), &fields);
    assert!(shown.contains("Convention ajoutée") && shown.contains("100\u{a0}%"), "{shown}");
    let member = [("membre", prescriber.as_str())];
    done(&seat, &key(), &format!("{programme}/prescripteurs"), &member);

    let fields = [
        ("organisation_id", runner.as_str()),
        ("name", "Médiathèque du centre"),
        ("address", "1 place de la Mairie"),
        ("postal_code", "16000"),
        ("commune", "Angoulême"),
    ];
    let (venue, shown) = done(&seat, &key(), "/gestion/lieux", &fields);
    assert!(shown.contains("n’est pas labellisé"), "{shown}");
    let days = [("valid_from", "01/03/2026"), ("valid_until", "31/12/2027")];
    let (_, shown) = done(&seat, &key(), &format!("{venue}/labels"), &days);
    assert!(shown.contains("peut valider jusqu’au 31 décembre 2027"), "{shown}");
    let found = page(&seat.reads(&format!("{programme}/lieux?q=angouleme")), 200);
    let id = venue.rsplit('/').next().unwrap();
    assert!(found.contains(id), "{found}");
    done(&seat, &key(), &format!("{programme}/lieux"), &[("membre", id)]);

    a_pass_lives_in_it(house, &programme, &prescriber, &runner, &venue);
    let file = page(&seat.reads(&programme), 200);
    assert!(file.contains("50,00") && file.contains("9\u{202f}937,50"), "{file}");
    let edit = page(&seat.reads(&format!("{programme}/modifier")), 200);
    assert!(!edit.contains("name=\"price_cents\""), "the price of a begun programme stays");
}

/// A pass of 5 workshops is handed over and one of them taken, at the addresses of those pages.
fn a_pass_lives_in_it(house: &House, programme: &str, prescriber: &str, runner: &str, venue: &str) {
    let id = |address: &str| address.rsplit('/').next().unwrap().to_owned();
    let worker = house.person("social_worker", prescriber, false);
    let form = json!({"programme_id": id(programme), "units": 5, "commune": "16015"});
    let pass = worker.post_with(house.key(), "/passes", &form).must_be(201);
    let staff = house.person("venue_staff", runner, false);
    let body = crate::actors::redemption(pass["code"].as_str().unwrap(), &id(venue));
    let redeemed = staff.post_with(house.key(), "/redemptions", &body).must_be(201);
    assert_eq!(redeemed["price_cents"], 1_250);
}

fn money_is_asked_about_and_counts_once(house: &House) {
    let scene = Scene::of(house);
    let seat = Seat::of(house, &scene.operator);
    let address = format!("/gestion/conventions/{}", scene.agreements[0]);
    let (path, key) = (format!("{address}/versements"), house.key().to_string());
    let fields =
        [("amount_cents", "1 234,50"), ("received_on", "03/03/2026"), ("reference", "VIR CAF 03")];
    let asked = page(&seat.sends_from("/", &key, &path, &fields), 200);
    for words in ["a versé 1\u{202f}234,50", "le 3 mars 2026", "Enregistrer 1\u{202f}234,50"] {
        assert!(asked.contains(words), "{words} in {asked}");
    }
    assert!(page(&seat.reads(&address), 200).contains("Rien n’a encore été versé"));
    let yes = [fields.as_slice(), &[("confirmer", "oui")]].concat();
    let confirms = || seat.sends_from("/", &key, &path, &yes).status;
    assert_eq!((confirms(), confirms()), (303, 303));
    let shown = page(&seat.reads(&address), 200);
    assert_eq!(shown.matches("VIR CAF 03").count(), 1, "{shown}");

    let zero = [("amount_cents", "0"), ("received_on", "03/03/2026"), ("reference", "x")];
    let refused = page(&seat.sends_from("/", &house.key().to_string(), &path, &zero), 422);
    assert!(refused.contains("de plus de zéro"), "{refused}");
    let path = format!("{address}/reversements");
    let fields = [
        ("amount_cents", "2000"),
        ("refunded_on", "04/03/2026"),
        ("reference", "RETOUR"),
        ("confirmer", "oui"),
    ];
    let refused = seat.sends_from("/", &house.key().to_string(), &path, &fields);
    let refused = page(&refused, 422);
    assert!(refused.contains("1\u{202f}234,50\u{a0}€ au plus"), "{refused}");
    assert!(refused.contains("href=\"#rendu-amount_cents\""), "{refused}");
    assert!(refused.contains("id=\"rendu-amount_cents\" name=\"amount_cents\""), "{refused}");
    assert!(refused.contains("value=\"RETOUR\""), "{refused}");

    let change = [("envelope_cents", "20 000"), ("valid_from", ""), ("valid_until", "")];
    let asked = seat.sends_from("/", &house.key().to_string(), &address, &change);
    assert!(page(&asked, 200).contains("passe de 10\u{202f}000,00"));
    assert_eq!(scene.available()[0], 1_000_000);
    let yes = [change.as_slice(), &[("confirmer", "oui")]].concat();
    done(&seat, &house.key().to_string(), &address, &yes);
    assert_eq!(scene.available()[0], 2_000_000);
}

fn what_was_typed_wrong_comes_back_at_its_field(house: &House) {
    let scene = Scene::of(house);
    let seat = Seat::of(house, &scene.operator);
    let key = || house.key().to_string();
    let fields = [
        ("name", "Nouveau"),
        ("price_cents", "dix"),
        ("first_day", "31/02/2026"),
        ("last_day", ""),
        ("territory", "16, Brigadoon"),
        ("tolerance_days", "31"),
        ("max_per_day", "un"),
    ];
    let refused = page(&seat.sends_from("/", &key(), "/gestion/dispositifs", &fields), 422);
    let wrong = ["price_cents", "first_day", "last_day", "territory", "max_per_day"];
    for name in wrong {
        assert!(refused.contains(&format!("href=\"#{name}\"")), "{name} in {refused}");
        assert!(refused.contains(&format!("id=\"{name}-erreur\"")), "{name} in {refused}");
    }
    for kept in ["value=\"dix\"", "value=\"16, Brigadoon\"", "value=\"Nouveau\""] {
        assert!(refused.contains(kept), "{kept} in {refused}");
    }
    let conventions = format!("/gestion/dispositifs/{}/conventions", scene.programme);
    let other = scene.operator.organisation("Autre ville", &["funder"]);
    let fields = [
        ("funder_id", other.as_str()),
        ("share_bp", "33,33"),
        ("envelope_cents", "1000"),
        ("tier", "1"),
    ];
    let refused = page(&seat.sends_from("/", &key(), &conventions, &fields), 422);
    assert!(refused.contains("href=\"#share_bp\""), "{refused}");
    let fields = [("name", "CCAS"), ("siret", "123"), ("rna", "")];
    let refused = page(&seat.sends_from("/", &key(), "/gestion/organismes", &fields), 422);
    assert!(refused.contains("href=\"#siret\"") && refused.contains("value=\"123\""), "{refused}");
    let nothing = "/gestion/lieux/01900000-0000-7000-8000-000000000000";
    assert_eq!(seat.reads(nothing).status, 404);
}

/// Sends the form of an invitation and answers the page that shows the link, and the link.
fn invites(seat: &mut Seat<'_>, house: &House, path: &str, email: &str) -> (String, String) {
    let session = seat.cookie.clone();
    let fields = [("name", "Alix"), ("email", email), ("role", "social_worker")];
    let key = house.key().to_string();
    let answer = seat.sends_from(path, &key, &format!("{path}/inviter"), &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let again = seat.sends_from(path, &key, &format!("{path}/inviter"), &fields);
    assert_eq!(again.status, 303, "a second click gets a link as well: {}", again.text());
    let cookie = again.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let to = again.header("location").unwrap().split('#').next().unwrap().to_owned();
    assert!(!to.contains("invitation"), "the secret stands in no address: {to}");
    seat.cookie = format!("{session}; {cookie}");
    let shown = page(&seat.reads(&to), 200);
    let (_, rest) = shown.split_once("readonly value=\"").unwrap();
    let link = rest.split('"').next().unwrap().to_owned();
    (shown, link)
}

fn an_invitation_is_shown_to_its_manager_and_works_once(house: &House) {
    let scene = Scene::of(house);
    let path = format!("/gestion/organismes/{}", scene.worker.organisation);
    let mut seat = Seat::of(house, &scene.operator);
    let (shown, link) = invites(&mut seat, house, &path, "alix@exemple.fr");
    assert!(shown.contains("7 jours") && shown.contains("invitation valable jusqu’au"), "{shown}");
    assert!(!page(&seat.reads(&path), 200).contains("/invitation/"), "only once asked for");
    let (_, secret) = link.split_once("/invitation/").unwrap();
    let nobody = Seat::of_nobody(house);
    let accepted = nobody.sends(&format!("/invitation/{secret}"), &[("password", PASSWORD)]);
    assert_eq!(accepted.status, 303, "{}", accepted.text());
    assert_eq!(nobody.reads(&format!("/invitation/{secret}")).status, 404);
    assert!(page(&seat.reads(&path), 200).contains("compte ouvert"));

    let person = format!("{path}/personnes/{}", scene.worker.id);
    let key = house.key().to_string();
    let asked = page(&seat.sends_from("/", &key, &person, &[("acte", "arreter")]), 200);
    assert!(asked.contains("ne pourra plus se connecter"), "{asked}");
    scene.worker.get("/me").must_be(200);
    done(&seat, &key, &person, &[("acte", "arreter"), ("confirmer", "oui")]);
    scene.worker.get("/me").refused("unauthenticated");
    let (_, shown) = done(&seat, &key, &person, &[("acte", "rouvrir")]);
    assert!(shown.contains("Compte rouvert"), "{shown}");
}

fn a_manager_looks_after_her_own_team_alone(house: &House) {
    let scene = Scene::of(house);
    let manager = house.person("social_worker", &scene.worker.organisation, true);
    let mut seat = Seat::of(house, &manager);
    let home = page(&seat.reads("/lieux"), 200);
    assert!(home.contains("href=\"/equipe\"") && !home.contains("href=\"/gestion\""), "{home}");
    let (shown, _) = invites(&mut seat, house, "/equipe", "bea@exemple.fr");
    assert!(shown.contains(&scene.worker.email), "{shown}");
    assert!(!shown.contains(&scene.staff.email), "{shown}");
    let form = page(&seat.reads("/equipe/inviter"), 200);
    assert!(form.contains("value=\"social_worker\""), "{form}");
    for role in ["operator", "auditor", "venue_staff", "funder"] {
        assert!(!form.contains(&format!("value=\"{role}\"")), "{role} in {form}");
        let fields = [("name", "X"), ("email", "x@exemple.fr"), ("role", role)];
        let key = house.key().to_string();
        let refused = seat.sends_from("/equipe", &key, "/equipe/inviter", &fields);
        assert_eq!(refused.status, 422, "{role}");
    }
    let other = format!("/equipe/personnes/{}", scene.staff.id);
    let key = house.key().to_string();
    let answer = seat.sends_from("/equipe", &key, &other, &[("acte", "arreter")]);
    assert_eq!(answer.status, 404);
    assert_eq!(seat.reads("/gestion").status, 403);
    let worker = Seat::of(house, &scene.worker);
    assert_eq!(worker.reads("/equipe").status, 403);
    assert!(!page(&worker.reads("/lieux"), 200).contains("/equipe"));
}

const SHEET: &str = "id,pivot,nom,commune,code_postal,code_insee,adresse,date_maj\n\
    a1,00000000000000,Médiathèque,Angoulême,16000,16015,1 place du Palais,2026-01-01\n\
    a2,00000000000000,,Cognac,16100,16102,2 rue de la Paix,2026-01-01\n";

fn sends_file(seat: &Seat<'_>, key: &str, partial: bool) -> Answer {
    let part = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body = part("jeton", &seat.token("/")) + part("cle", key).as_str();
    if partial {
        body += part("partiel", "oui").as_str();
    }
    body += "--x\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"a.csv\"\r\n\
        Content-Type: text/csv\r\n\r\n";
    body += SHEET;
    body += "\r\n--x--\r\n";
    seat.sends_body("/gestion/lieux/importer", "multipart/form-data; boundary=x", &body)
}

fn a_file_of_venues_is_taken_whole_or_told_line_by_line(house: &House) {
    let operator = house.operator();
    let seat = Seat::of(house, &operator);
    let key = || house.key().to_string();
    let refused = page(&sends_file(&seat, &key(), false), 422);
    for words in ["href=\"#fichier\"", "<code>nom</code>", "class=\"n\">3<"] {
        assert!(refused.contains(words), "{words} in {refused}");
    }
    assert!(page(&seat.reads("/gestion/lieux"), 200).contains("Aucun lieu ne correspond"));
    let key = key();
    let taken = sends_file(&seat, &key, true);
    assert_eq!(taken.status, 303, "{}", taken.text());
    assert_eq!(sends_file(&seat, &key, true).header("location"), taken.header("location"));
    let shown = page(&seat.reads(taken.header("location").unwrap()), 200);
    assert!(shown.contains("Lieux créés</span><strong>1"), "{shown}");
    assert!(shown.contains("<code>nom</code>"), "{shown}");
    assert!(page(&seat.reads("/gestion/lieux?q=mediatheque"), 200).contains("Médiathèque"));
}

fn venues_are_found_by_how_their_label_stands(house: &House) {
    let scene = Scene::of(house);
    let seat = Seat::of(house, &scene.operator);
    let bare = scene.operator.venue(&scene.staff.organisation, "Sans rien");
    let ending = scene.operator.venue(&scene.staff.organisation, "Bientôt");
    scene.operator.labels(&ending, "2026-01-01", "2026-03-31");
    let lists =
        |standing: &str| page(&seat.reads(&format!("/gestion/lieux?choix={standing}")), 200);
    assert!(lists("labellises").contains(&scene.venue) && lists("labellises").contains(&ending));
    assert!(lists("bientot").contains(&ending) && !lists("bientot").contains(&scene.venue));
    assert!(lists("sans").contains(&bare) && !lists("sans").contains(&ending));

    let path = format!("/gestion/lieux/{}/suspensions", scene.venue);
    let fields = [("suspended_from", ""), ("suspended_until", "20/03/2026"), ("reason", "Dégât")];
    let key = house.key().to_string();
    let asked = page(&seat.sends_from("/", &key, &path, &fields), 200);
    assert!(asked.contains("jusqu’au 20 mars 2026 compris"), "{asked}");
    assert!(!lists("suspendus").contains(&scene.venue));
    let yes = [fields.as_slice(), &[("confirmer", "oui")]].concat();
    let (_, shown) = done(&seat, &key, &path, &yes);
    assert!(shown.contains("suspendu jusqu’au 20 mars 2026"), "{shown}");
    assert!(lists("suspendus").contains(&scene.venue));
}

fn a_long_list_is_read_page_by_page(house: &House) {
    let operator = house.operator();
    let seat = Seat::of(house, &operator);
    for number in 0..120 {
        operator.organisation(&format!("Association {number:03}"), &["prescriber"]);
    }
    let (mut path, mut seen) = ("/gestion/organismes?q=association".to_owned(), Vec::new());
    for _ in 0..3 {
        let shown = page(&seat.reads(&path), 200);
        assert!(shown.contains("120 en tout"), "{shown}");
        let names = shown.split("Association ").skip(1);
        let names = names.map(|rest| rest.chars().take(3).collect::<String>());
        seen.extend(names);
        let Some((_, rest)) = shown.split_once("rel=\"next\" href=\"") else { break };
        path = rest.split('"').next().unwrap().replace("&#38;", "&");
    }
    let expected: Vec<String> = (0..120).map(|number| format!("{number:03}")).collect();
    assert_eq!(seen, expected);
}

fn alerts_say_what_to_look_at_and_nothing_of_beneficiaries(house: &House) {
    let scene = Scene::with(house, &json!({"first_day": "2026-03-01"}), THREE_FUNDERS);
    let kinds = || {
        let listed = scene.operator.get("/alerts").must_be(200)["data"].clone();
        let kinds = listed.as_array().unwrap().iter().map(|alert| text(alert, "kind"));
        (kinds.collect::<Vec<String>>(), listed)
    };
    assert_eq!(kinds().0, Vec::<String>::new());
    let ending = scene.operator.venue(&scene.staff.organisation, "Bientôt");
    scene.operator.labels(&ending, "2026-01-01", "2026-03-31");
    let poor = scene.operator.organisation("Petite ville", &["funder"]);
    let body = agreement(&poor, (2, 10_000, 10_000));
    scene.operator.agreement(&scene.programme, &body);
    let pass = scene.hands_over(10);
    let (found, listed) = kinds();
    assert_eq!(found, ["insolvent", "insolvent", "insolvent", "label_ends"], "{listed}");
    assert_eq!(listed[0]["amount_cents"], 5_000);
    assert_eq!(listed[3]["venue_id"], ending.as_str());

    house.move_to("2026-05-20T09:00:00Z");
    let (found, listed) = kinds();
    assert!(found.contains(&"passes_asleep".to_owned()), "{listed}");
    let idle = find(&listed, "venues_idle");
    assert_eq!((&idle["count"], &idle["programme_id"]), (&json!(1), &json!(scene.programme)));
    let asleep = find(&listed, "passes_asleep");
    assert_eq!(
        (&asleep["count"], &asleep["organisation_id"]),
        (&json!(1), &json!(scene.worker.organisation),)
    );
    let first = scene.redeems(&pass.code).must_be(201);
    let found = kinds().0;
    assert!(!found.contains(&"venues_idle".to_owned()), "{found:?}");
    assert!(!found.contains(&"passes_asleep".to_owned()), "{found:?}");
    scene.undoes(&text(&first, "id")).must_be(201);
    assert_eq!(find(&kinds().1, "venues_idle")["count"], 1);
    house.move_to("2026-12-16T09:00:00Z");
    let ends = find(&kinds().1, "programme_ends");
    assert!(text(&ends, "sentence").contains("dans 15 jours"), "{ends}");
    assert_eq!((&ends["count"], &ends["day"]), (&json!(10), &json!("2026-12-31")));
    let seat = Seat::of(house, &scene.operator);
    let shown = page(&seat.reads("/gestion"), 200);
    assert!(shown.contains(&format!("/gestion/dispositifs/{}", scene.programme)), "{shown}");
    for person in [&scene.worker.0, &scene.staff.0] {
        person.get("/alerts").refused("forbidden");
    }
}

fn find(listed: &Value, kind: &str) -> Value {
    listed.as_array().unwrap().iter().find(|alert| alert["kind"] == kind).unwrap().clone()
}
