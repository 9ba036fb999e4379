use super::super::snapshot::{rendered, reviewed};
use super::*;
use crate::services::places;

pub fn programme(id: u128, name: &str, sizes: &[u16]) -> ProgrammeView {
    ProgrammeView {
        id: Uuid::from_u128(id),
        name: name.to_owned(),
        price_cents: 1000,
        sizes: sizes.to_vec(),
        first_day: "2026-01-01".parse().unwrap(),
        last_day: "2026-12-31".parse().unwrap(),
        tolerance_days: 31,
        time_zone: "Europe/Paris".to_owned(),
        max_per_day: 1,
        passes_per_person: 1,
        undo_days: 7,
        opened_by: "signature".to_owned(),
        training: false,
        territory: None,
    }
}

fn page(programmes: Vec<ProgrammeView>) -> HandOverPage {
    HandOverPage {
        frame: Frame::open("Remettre un pass"),
        programmes,
        answers: Answers::default(),
        faults: Faults::default(),
        communes: Vec::new(),
        usual: Vec::new(),
        has_stock: false,
        already_holds: false,
    }
}

/// What stands between `<` and the one `autofocus` of the page.
fn beginning(text: &str) -> &str {
    assert_eq!(text.matches(" autofocus").count(), 1, "{text}");
    let (before, _) = text.split_once(" autofocus").unwrap();
    before.rsplit_once('<').unwrap().1
}

#[test]
fn the_page_begins_at_what_is_to_be_typed_next() {
    let two = || vec![programme(1, "Pour tous", &[5, 10]), programme(2, "Emploi", &[8])];
    let mut form = page(two());
    assert!(beginning(&reviewed("hand-over", &form)).contains("name=\"units\""));

    form.answers.programme_id = Uuid::from_u128(2).to_string();
    form.answers.units = "8".to_owned();
    let text = rendered(&form);
    assert!(beginning(&text).contains("id=\"commune\""));
    assert_eq!(text.matches(" checked").count(), 1);

    // A size that is remembered but no longer offered is not chosen.
    form.answers.units = "10".to_owned();
    assert!(beginning(&rendered(&form)).contains("name=\"units\""));

    form.faults = Faults::field("birth_date", "Écrivez la date de naissance.");
    assert!(beginning(&rendered(&form)).contains("id=\"birth_date\""));

    form.faults = Faults::field("commune", "Plusieurs communes correspondent.");
    form.communes = places::search("16100");
    let text = reviewed("hand-over-which-commune", &form);
    assert!(beginning(&text).contains("name=\"commune_code\""));
}

#[test]
fn who_can_hand_nothing_over_is_told_so() {
    let text = reviewed("hand-over-nothing", &page(Vec::new()));
    assert!(!text.contains("Continuer"));
}

#[test]
fn a_person_who_holds_a_pass_is_led_to_it() {
    let mut form = page(vec![programme(1, "Pour tous", &[5])]);
    form.faults = Faults::field("given_name", "Cette personne a déjà reçu un pass.");
    form.already_holds = true;
    form.answers.family_name = "D’Alembert \"x\"".to_owned();
    let text = reviewed("hand-over-already-holds", &form);
    assert!(beginning(&text).starts_with("button class=\"second\""));
    assert!(text.contains("D’Alembert &#34;x&#34;"));
}

#[test]
fn what_each_funder_pays_is_read_before_confirming() {
    let part = |name: &str, amount_cents| FundingPart {
        agreement_id: Uuid::nil(),
        funder_id: Uuid::nil(),
        funder_name: name.to_owned(),
        share_bp: 5000,
        amount_cents,
    };
    let mut confirm = ConfirmPage {
        frame: Frame::open("Vérifier avant de remettre"),
        programme: "Pour tous".to_owned(),
        serial: None,
        last_day: "2026-12-31".parse().unwrap(),
        training: false,
        answers: Answers::default(),
        units: 5,
        funding: vec![part("CAF", 3000), part("Ville", 2000)],
        total_cents: 5000,
        key: Uuid::nil(),
    };
    let text = reviewed("hand-over-confirm", &confirm);
    assert!(beginning(&text).starts_with("h1"));
    confirm.training = true;
    confirm.funding.clear();
    reviewed("hand-over-confirm-training", &confirm);
}

#[test]
fn a_pass_of_the_stock_is_asked_for_by_its_code() {
    let mut form = page(vec![programme(1, "Pour tous", &[5, 10])]);
    form.has_stock = true;
    reviewed("hand-over-or-stock", &form);
    form.answers.stock = true;
    let text = reviewed("hand-over-stock", &form);
    assert!(beginning(&text).contains("id=\"code\""));
    assert!(!text.contains("name=\"units\""), "the size is on the paper");
    form.answers.code = "ABCD".to_owned();
    assert!(beginning(&rendered(&form)).contains("id=\"commune\""));
}
