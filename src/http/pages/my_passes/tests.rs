use super::super::pass::tests::sample;
use super::super::snapshot::reviewed;
use super::*;

fn page(items: Vec<PassView>, asked: Asked) -> MyPassesPage {
    MyPassesPage {
        frame: Frame::open("Mes pass"),
        own: true,
        counts: Counts { this_month: 12, not_started: 4, asleep: 1 },
        month_begins: "2026-03-01".parse().unwrap(),
        programmes: Vec::new(),
        handed_out: Vec::new(),
        asked,
        passes: Listed { items, next: None },
        answers: Answers::default(),
        faults: Faults::default(),
    }
}

#[test]
fn an_empty_list_says_why_it_is_empty() {
    reviewed("my-passes-none", &page(Vec::new(), Asked::default()));
    let asked = Asked { state: "void".to_owned(), ..Asked::default() };
    reviewed("my-passes-none-found", &page(Vec::new(), asked));
}

#[test]
fn a_full_list_leads_to_each_pass_and_on() {
    let mut full = page(vec![sample("active", 6), sample("expired", 10)], Asked::default());
    full.asked.start = "jamais".to_owned();
    full.passes.next = Some(Uuid::from_u128(9));
    let text = reviewed("my-passes", &full);
    assert!(text.contains("depart=jamais&amp;"), "the next page is of the same search");
}

#[test]
fn the_operator_reads_all_and_a_wrong_number_is_said() {
    let mut other = page(vec![sample("active", 6)], Asked::default());
    other.own = false;
    other.faults = Faults::field("serie", "Nous ne trouvons pas de pass avec ce numéro.");
    let text = reviewed("my-passes-of-all", &other);
    assert!(text.contains("href=\"#serie\"") && text.contains("id=\"serie-erreur\""));
}

#[test]
fn days_that_are_no_days_are_named() {
    let asked = Asked { from: "hier".to_owned(), ..Asked::default() };
    assert_eq!(asked.wanted().unwrap_err().fields.first().unwrap().0, "du");
    let asked = Asked { from: "1/3/2026".to_owned(), start: "dort".to_owned(), ..Asked::default() };
    let wanted = asked.wanted().unwrap();
    assert!(wanted.asleep && wanted.started == Some(false) && wanted.from.is_some());
}
