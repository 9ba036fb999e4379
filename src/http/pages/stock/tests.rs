use super::super::snapshot::reviewed;
use super::*;

fn stock_box(number: u32, state: &str, in_stock: i64) -> StockBoxView {
    StockBoxView {
        id: Uuid::from_u128(u128::from(number)),
        number,
        size: 100,
        state: state.to_owned(),
        since: "2026-03-09T08:00:00Z".to_owned(),
        prescriber_id: Uuid::nil(),
        prescriber_name: "CCAS d'Angoulême".to_owned(),
        in_stock,
        handed_over: 3,
        void: 0,
    }
}

pub fn run(boxes: Vec<StockBoxView>) -> PrintRunView {
    PrintRunView {
        id: Uuid::from_u128(12),
        number: 12,
        programme_id: Uuid::nil(),
        programme_name: "Pass numérique Charente".to_owned(),
        prescriber_id: Uuid::nil(),
        prescriber_name: "CCAS d'Angoulême".to_owned(),
        units: 10,
        count: 200,
        made: 200,
        status: "ready".to_owned(),
        box_size: 100,
        layout: "letter".to_owned(),
        cards_per_sheet: 8,
        large_print: false,
        language: None,
        commune: None,
        ordered_at: "2026-03-01T08:00:00Z".to_owned(),
        codes_taken_at: None,
        in_stock: boxes.iter().map(|one| one.in_stock).sum(),
        handed_over: boxes.iter().map(|one| one.handed_over).sum(),
        void: 0,
        boxes,
    }
}

pub fn two_boxes() -> Vec<StockBoxView> {
    vec![stock_box(1, "received", 97), stock_box(2, "shipped", 100)]
}

fn page(runs: Vec<PrintRunView>) -> StockPage {
    StockPage {
        frame: Frame::open("Stock"),
        done: "",
        counted: None,
        faults: Faults::default(),
        runs,
        key: Uuid::from_u128(1),
    }
}

#[test]
fn without_stock_the_page_leads_to_a_direct_handover() {
    reviewed("stock-none", &page(Vec::new()));
}

#[test]
fn each_box_says_what_is_left_and_what_can_be_done() {
    let text = reviewed("stock", &page(vec![run(two_boxes())]));
    assert_eq!(text.matches("J’ai reçu ce carton").count(), 1, "one of them came already");
    let stolen = vec![run(vec![stock_box(1, "stolen", 0)])];
    let text = reviewed("stock-stolen", &page(stolen));
    assert!(!text.contains("Compter"));
}

#[test]
fn a_count_says_which_serials_are_missing() {
    let counted = Counted {
        box_number: 1,
        expected: 97,
        counted: 96,
        missing: vec!["7K3M-9QXT-2BVC".to_owned()],
        foreign: vec!["x".to_owned()],
    };
    let mut page = page(vec![run(two_boxes())]);
    page.counted = Some(counted);
    reviewed("stock-counted", &page);
}
