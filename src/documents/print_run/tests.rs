use super::super::letter::tests::{longest_facts, pages, styles, usual_facts};
use super::*;
use crate::domain::paper::Language;

/// A box of `count` passes with codes that all differ.
fn box_of(count: u32, shared: LetterFacts) -> BoxFacts {
    let passes = (0..count).map(|number| {
        let code = format!("K7QM3XWD09RT{number:04}");
        RunPass {
            code_grouped: format!("K7QM-3XWD-09RT-{number:04}"),
            qr: format!("HTTPS://PASS.CHARENTE.FR/P/{code}"),
            serial: format!("9G4N-K0N4-{number:04}"),
        }
    });
    let cover = Cover {
        run: "tirage 12".to_owned(),
        box_number: 3,
        boxes: 10,
        printed_on: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        contact: Some("Marie Durand, 05 45 11 22 33".to_owned()),
    };
    BoxFacts { shared, passes: passes.collect(), cover: Some(cover) }
}

fn pages_of(facts: &BoxFacts, style: Style, cards: CardsPerSheet) -> usize {
    pages(&pdf(facts, style, cards).unwrap())
}

#[test]
fn a_box_of_letters_has_a_page_each_behind_its_cover() {
    let mut hundred = box_of(100, usual_facts());
    assert_eq!(pages_of(&hundred, Style::default(), CardsPerSheet::Eight), 101);
    hundred.cover = None;
    hundred.passes.truncate(2);
    assert_eq!(pages_of(&hundred, Style::default(), CardsPerSheet::Eight), 2);
}

#[test]
fn a_box_of_cards_has_eight_or_ten_to_a_sheet_behind_its_cover() {
    let card = Style { layout: Layout::Card, ..Style::default() };
    let hundred = box_of(100, usual_facts());
    assert_eq!(pages_of(&hundred, card, CardsPerSheet::Ten), 11);
    assert_eq!(pages_of(&hundred, card, CardsPerSheet::Eight), 14);
    let with_backs = Style { language: Some(Language::Arabic), ..card };
    assert_eq!(pages_of(&hundred, with_backs, CardsPerSheet::Ten), 22);
}

#[test]
fn the_longest_facts_fit_in_every_style_and_print_the_same_twice() {
    let mut longest = box_of(11, longest_facts());
    if let Some(cover) = &mut longest.cover {
        cover.run = "W ".repeat(90);
        cover.contact = Some("W ".repeat(90));
    }
    for style in styles() {
        let both = [CardsPerSheet::Eight, CardsPerSheet::Ten];
        for cards in both.into_iter().take(if style.layout == Layout::Card { 2 } else { 1 }) {
            let first = pdf(&longest, style, cards).unwrap();
            assert!(first == pdf(&longest, style, cards).unwrap(), "{style:?}");
            let sides = match (style.layout, style.language) {
                (Layout::Letter, _) => 11 + usize::from(!style.large_print),
                (Layout::Card, None) => 3,
                (Layout::Card, Some(_)) => 6,
            };
            let two_sided = style.large_print.then_some(24);
            let found = pages(&first);
            assert!(found == sides || Some(found) == two_sided, "{style:?}: {found} pages");
        }
    }
}

#[test]
fn an_empty_box_is_a_cover() {
    let none = box_of(0, usual_facts());
    assert_eq!(pages_of(&none, Style::default(), CardsPerSheet::Eight), 1);
}
