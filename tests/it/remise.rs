//! The social worker's pages: handing over with the keyboard, her passes, a lost one found again.

use serde_json::{Value, json};

use crate::actors::{HeldPass, SocialWorker};
use crate::door::{Answer, Call};
use crate::house::House;
use crate::markup;
use crate::scene::{Scene, THREE_FUNDERS};
use crate::seat::Seat;

on_one_engine![
    a_pass_is_handed_over_with_the_keyboard,
    only_open_programmes_and_their_own_sizes_are_offered,
    a_second_pass_for_one_person_leads_to_the_first,
    passes_are_listed_filtered_and_counted,
    a_lost_pass_is_found_by_typing_the_person_again,
    a_suspension_goes_with_the_replacement,
    the_holder_reads_what_is_left_and_nothing_else,
];

/// Her desk: what a page holds, what a form leads to.
trait Desk {
    fn opens(&self, path: &str) -> String;
    fn fills(&self, path: &str, fields: &[(&str, &str)]) -> Answer;
    fn is_refused(&self, path: &str, fields: &[(&str, &str)]) -> String;
    fn is_led(&self, path: &str, fields: &[(&str, &str)]) -> (String, String);
}

impl Desk for Seat<'_> {
    fn opens(&self, path: &str) -> String {
        let answer = self.reads(path);
        assert_eq!(answer.status, 200, "{path} {}", answer.text());
        one_page(&answer)
    }

    fn fills(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token("/remise/suivi");
        self.sends(path, &[fields, &[("jeton", token.as_str())]].concat())
    }

    /// Sends a form that is refused, and reads the page that says why.
    fn is_refused(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.fills(path, fields);
        assert_eq!(answer.status, 422, "{}", answer.text());
        one_page(&answer)
    }

    /// Sends a form, and goes where it leads.
    fn is_led(&self, path: &str, fields: &[(&str, &str)]) -> (String, String) {
        let answer = self.fills(path, fields);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let address = answer.header("location").unwrap().to_owned();
        let page = self.opens(&address);
        (address, page)
    }
}

fn one_page(answer: &Answer) -> String {
    let text = answer.text();
    assert_eq!(markup::faults(&text), Vec::<String>::new(), "{text}");
    text
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

const AWA: [(&str, &str); 3] =
    [("given_name", "Awa"), ("family_name", "Diallo"), ("birth_date", "17051961")];

fn awa() -> Value {
    json!({"given_name": "Awa", "family_name": "Diallo", "birth_date": "1961-05-17"})
}

/// What a form sends for a pass of ten: the size carries its programme.
fn pass_of_ten(
    scene: &Scene<'_>,
    more: &[(&'static str, &'static str)],
) -> Vec<(&'static str, String)> {
    let mut fields = vec![("units", format!("{}.10", scene.programme))];
    fields.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    fields
}

fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn a_pass_is_handed_over_with_the_keyboard(house: &House) {
    let scene = Scene::of(house);
    let mut browser = Seat::of(house, &scene.worker);
    let home = browser.reads("/");
    assert_eq!((home.status, home.header("location")), (303, Some("/remise")));
    let form = browser.opens("/remise");
    assert!(form.contains(&format!("value=\"{}.10\"", scene.programme)));
    // Nothing is remembered: the page begins at the sizes.
    assert_eq!(form.matches("autofocus").count(), 1);

    let mut fields = pass_of_ten(&scene, &AWA);
    fields.push(("commune", "angouleme".to_owned()));
    let asked = browser.fills("/remise", &borrowed(&fields));
    assert_eq!(asked.status, 200, "{}", asked.text());
    let confirm = one_page(&asked);
    for read in
        ["50,00\u{a0}€", "30,00\u{a0}€", "20,00\u{a0}€", "Angoulême (16000)", "autofocus>Vérifier"]
    {
        assert!(confirm.contains(read), "{read} in {confirm}");
    }
    assert_eq!(scene.available(), [1_000_000, 1_000_000, 1_000_000]);

    fields.push(("cle", hidden(&confirm, "cle")));
    let done = browser.fills("/remise/confirmer", &borrowed(&fields));
    let remembered = done.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let address = done.header("location").unwrap().to_owned();
    let pass = browser.opens(&address);
    assert!(address.ends_with("?remis=oui"));
    assert!(pass.contains("value=\"lettre\" autofocus"), "{pass}");
    assert!(!pass.contains("Diallo"));
    // A second click is the same handover.
    let (again, _) = browser.is_led("/remise/confirmer", &borrowed(&fields));
    assert_eq!(again, address);
    assert_eq!(scene.available(), [995_000, 997_000, 998_000]);

    // The next one begins at the commune, which is suggested; programme and size are remembered.
    browser.cookie = format!("{}; {remembered}", browser.cookie);
    let form = browser.opens("/remise");
    let (_, size) = form.split_once(&format!("value=\"{}.10\"", scene.programme)).unwrap();
    assert!(
        size.split_once('>').unwrap().0.split_whitespace().any(|word| word == "checked"),
        "{form}"
    );
    assert!(form.contains("<option value=\"Angoulême (16000)\">"), "{form}");
    let (before, _) = form.split_once(" autofocus").unwrap();
    assert!(before.rsplit_once('<').unwrap().1.contains("id=\"commune\""));
}

fn only_open_programmes_and_their_own_sizes_are_offered(house: &House) {
    let scene = Scene::with(house, &json!({"sizes": [5, 10]}), THREE_FUNDERS);
    let prescriber = scene.worker.organisation.clone();
    let other = |fields: Value| scene.operator.programme(&crate::scene::programme(&fields));
    let small = other(json!({"name": "Petit", "sizes": [6]}));
    let over =
        other(json!({"name": "Ancien", "first_day": "2025-01-01", "last_day": "2025-12-31"}));
    let later = other(json!({"name": "Futur", "first_day": "2026-06-01"}));
    other(json!({"name": "Ailleurs"}));
    for programme in [&small, &over, &later] {
        scene.operator.accepts_prescriber(programme, &prescriber);
    }
    let browser = Seat::of(house, &scene.worker);
    let form = browser.opens("/remise");
    let offered: Vec<&str> = form
        .split("name=\"units\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let first = &scene.programme;
    assert_eq!(offered, [format!("{first}.5"), format!("{first}.10"), format!("{small}.6")]);
    let size = format!("{small}.10");
    let page = browser.is_refused("/remise", &[("units", &size), ("commune", "cognac")]);
    assert!(page.contains("Ce dispositif permet des pass de 6 ateliers"));
    assert!(page.contains("value=\"Cognac (16100)\""), "what was typed is kept");
    let page = browser.is_refused("/remise", &[("commune", "16100")]);
    assert!(page.contains("href=\"#units\"") && page.contains("href=\"#commune\""));
    assert!(page.contains("De quelle commune"));
}

fn a_second_pass_for_one_person_leads_to_the_first(house: &House) {
    let scene = Scene::of(house);
    let mut form = scene.form(10);
    form["beneficiary"] = awa();
    let first = scene.worker.hands_over(house.key(), &form);
    let browser = Seat::of(house, &scene.worker);
    let fields = pass_of_ten(&scene, &AWA);
    // Told before confirming, not after.
    let page = browser.is_refused("/remise", &borrowed(&fields));
    assert!(page.contains("a déjà reçu un pass le 10 mars 2026 (CCAS)"), "{page}");
    assert!(page.contains("Retrouver le pass de cette personne"));
    let mut find = AWA.to_vec();
    find.push(("programme_id", &scene.programme));
    let (address, _) = browser.is_led("/remise/suivi", &find);
    assert_eq!(address, format!("/remise/{}", first.id));
}

fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().unwrap();
    data.iter().map(|pass| pass["id"].as_str().unwrap().to_owned()).collect()
}

fn passes_are_listed_filtered_and_counted(house: &House) {
    let scene = Scene::of(house);
    let old = scene.hands_over(5);
    house.move_to("2026-06-10T09:00:00Z");
    let started = scene.hands_over(5);
    scene.redeems(&started.code).must_be(201);
    house.tick();
    let used_up = scene.hands_over(5);
    for _ in 0..5 {
        scene.redeems(&used_up.code).must_be(201);
    }
    house.tick();
    let suspended = scene.hands_over(6);
    scene.worker.does("suspend", &suspended.id).must_be(200);
    house.tick();
    let void = scene.hands_over(7);
    scene.worker.does("void", &void.id).must_be(200);
    let list = |query: &str| ids(&scene.worker.get(&format!("/passes{query}")).must_be(200));
    let all = [&void, &suspended, &used_up, &started, &old].map(|pass| pass.id.clone());
    assert_eq!(list(""), all);
    for (state, pass) in [("void", &void), ("suspended", &suspended), ("exhausted", &used_up)] {
        assert_eq!(list(&format!("?state={state}")), [pass.id.as_str()], "{state}");
    }
    assert_eq!(list("?state=active"), [started.id.clone(), old.id.clone()]);
    assert_eq!(list("?state=active&started=false"), [old.id.as_str()]);
    assert_eq!(list("?started=false"), [suspended.id.clone(), old.id.clone()]);
    assert_eq!(list("?started=true"), [used_up.id.clone(), started.id.clone()]);
    assert_eq!(list("?handed_over_to=2026-04-01"), [old.id.as_str()]);
    assert_eq!(list("?handed_over_from=2026-04-01&limit=2"), all[..2]);
    let next = scene.worker.get("/passes?limit=2").must_be(200)["next"].clone();
    assert_eq!(list(&format!("?limit=3&after={}", next.as_str().unwrap())), all[2..]);
    for wrong in ["?state=lost", "?limit=0", "?serial=7K3M-9QXT-2BVC&state=active"] {
        scene.worker.get(&format!("/passes{wrong}")).refused("invalid_query");
    }
    let wrong = "/passes?handed_over_from=2026-05-01&handed_over_to=2026-04-01";
    scene.worker.get(wrong).refused("invalid_body");
    let stranger = scene.operator.organisation("Autre CCAS", &["prescriber"]);
    let stranger = SocialWorker(house.person("social_worker", &stranger, false));
    assert_eq!(ids(&stranger.get("/passes").must_be(200)), Vec::<String>::new());
    assert_eq!(ids(&scene.operator.get("/passes").must_be(200)), all);

    let browser = Seat::of(house, &scene.worker);
    reads_her_passes(&browser, &old, &started, &suspended);

    // After the last day and the tolerance, what was active or suspended is expired.
    house.move_to("2027-02-01T09:00:00Z");
    let expired = [&suspended, &started, &old].map(|pass| pass.id.clone());
    assert_eq!(list("?state=expired"), expired);
    assert_eq!(list("?state=active"), Vec::<String>::new());
    assert_eq!(list("?state=exhausted"), [used_up.id]);
}

fn reads_her_passes(browser: &Seat<'_>, old: &HeldPass, started: &HeldPass, suspended: &HeldPass) {
    let page = browser.opens("/remise/suivi");
    let figures: Vec<&str> = page
        .split("<strong>")
        .skip(1)
        .filter_map(|rest| rest.split("</strong>").next())
        .filter(|figure| figure.parse::<u32>().is_ok())
        .collect();
    assert_eq!(figures, ["4", "1", "1"], "this month, never started, asleep");
    let page = browser.opens("/remise/suivi?etat=active&depart=dort");
    assert!(page.contains(&old.serial) && !page.contains(&started.serial));
    let page = browser.reads("/remise/suivi?du=hier");
    assert_eq!(page.status, 422);
    let typed = suspended.serial.to_lowercase().replace('-', "+");
    let found = browser.reads(&format!("/remise/suivi?serie={typed}"));
    assert_eq!(found.header("location"), Some(format!("/remise/{}", suspended.id).as_str()));
    let missed = browser.reads("/remise/suivi?serie=AAAA");
    assert!(missed.text().contains("vérifiez les 12 signes"));
}

fn a_lost_pass_is_found_by_typing_the_person_again(house: &House) {
    let scene = Scene::of(house);
    let mut form = scene.form(10);
    form["beneficiary"] = awa();
    let pass = scene.worker.hands_over(house.key(), &form);
    house.tick();
    let new = scene.worker.replaces(&pass.id);
    let find = |person: &Value| {
        let body = json!({"programme_id": scene.programme, "beneficiary": person});
        scene.worker.post("/passes/find", &body)
    };
    assert_eq!(find(&awa()).must_be(200)["id"], new.id, "the one that lives");
    let mut sister = awa();
    sister["given_name"] = json!("Fatou");
    find(&sister).refused("not_found");
    sister["given_name"] = json!(" ");
    find(&sister).refused("invalid_body");
    scene.worker.does("void", &new.id).must_be(200);
    assert_eq!(find(&awa()).must_be(200)["id"], new.id, "else the latest");

    let elsewhere = scene.operator.organisation("Autre CCAS", &["prescriber"]);
    scene.operator.accepts_prescriber(&scene.programme, &elsewhere);
    let elsewhere = SocialWorker(house.person("social_worker", &elsewhere, false));
    let body = json!({"programme_id": scene.programme, "beneficiary": awa()});
    elsewhere.post("/passes/find", &body).refused("not_found");
    scene.operator.post("/passes/find", &body).refused("forbidden");
    let browser = Seat::of(house, &elsewhere);
    let mut fields = AWA.to_vec();
    fields.push(("programme_id", &scene.programme));
    let page = browser.is_refused("/remise/suivi", &fields);
    assert!(page.contains("pas remis de pass à cette personne"), "{page}");
    assert!(!page.contains(&new.serial) && !page.contains("10 mars"));
}

fn a_suspension_goes_with_the_replacement(house: &House) {
    let scene = Scene::of(house);
    let old = scene.hands_over(5);
    scene.redeems(&old.code).must_be(201);
    let browser = Seat::of(house, &scene.worker);
    let key = house.key().to_string();
    let address = format!("/remise/{}/suspendre", old.id);
    let page = browser.is_refused(&address, &[("cle", &key), ("reason", " ")]);
    assert!(
        page.contains("href=\"#reason-suspendre\"")
            && page.contains("<details class=\"card\" open>")
    );
    let reason = "Perdu, \u{e0} chercher";
    let (_, page) = browser.is_led(&address, &[("cle", &key), ("reason", reason)]);
    assert!(page.contains("Pass suspendu.") && page.contains(reason), "{page}");
    assert!(page.contains("Le nouveau pass est suspendu aussi"));
    let key = house.key().to_string();
    let address = format!("/remise/{}/remplacer", old.id);
    let (address, page) = browser.is_led(&address, &[("cle", &key), ("reason", "Pass perdu")]);
    assert!(page.contains("Rétablir ce pass") && page.contains("Il reste 4 ateliers"));
    assert!(page.contains("Créer une boîte mail") && page.contains("Médiathèque du centre"));
    let new = address.trim_start_matches("/remise/").split('?').next().unwrap();
    assert_eq!(scene.worker.reads(new)["status"], "suspended");
    scene.redeems(&old.code).refused("replaced");
    scene.worker.does("resume", new).must_be(200);
    assert_eq!(scene.worker.reads(new)["status"], "active");
    let replaced = browser.opens(&format!("/remise/{}", old.id));
    assert!(replaced.contains("Remplacé par un nouveau pass"));
}

fn the_holder_reads_what_is_left_and_nothing_else(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(5);
    let door = house.door();
    let read = |code: &str| door.ask(&Call::outside(&format!("/p/{}", code.replace('-', ""))));
    let page = one_page(&read(&pass.code));
    for told in ["5 ateliers", "31 décembre 2026", "Médiathèque du centre"] {
        assert!(page.contains(told), "{told}");
    }
    for kept in [pass.serial.as_str(), "Financeur", "CCAS", &pass.id, "Charente"] {
        assert!(!page.contains(kept), "{kept}");
    }
    // In the tolerance no day is promised that has passed.
    house.move_to("2027-01-10T09:00:00Z");
    let page = one_page(&read(&pass.code));
    assert!(page.contains("31 janvier 2027") && !page.contains("31 décembre"), "{page}");
    scene.worker.does("suspend", &pass.id).must_be(200);
    assert!(one_page(&read(&pass.code)).contains("arrêté pour le moment"));
    let new = scene.worker.replaces(&pass.id);
    let page = one_page(&read(&pass.code));
    assert!(page.contains("Prenez votre nouveau pass") && !page.contains("Médiathèque"));
    scene.worker.does("void", &new.id).must_be(200);
    assert!(one_page(&read(&new.code)).contains("ne marche plus"));
    for wrong in ["0000000000000000", "AAAA"] {
        let answer = read(wrong);
        assert!(answer.status >= 400);
        assert!(one_page(&answer).contains("Nous ne trouvons pas ce pass"));
    }
}
