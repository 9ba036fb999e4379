use super::*;
use crate::http::pages::wording::number;

fn part(label: &str, value: i64) -> Part {
    Part { label: label.to_owned(), named: true, value }
}

fn plain(value: i64) -> String {
    number(value)
}

#[test]
fn the_longest_bar_comes_first_and_what_is_not_named_last() {
    let unnamed = Part { label: "Non renseigné".to_owned(), named: false, value: 50 };
    let parts = [part("Cognac", 10), unnamed, part("Angoulême", 20), part("Rien", 0)];
    let bars = Bars::of("b", "Par commune", parts, plain);
    let labels: Vec<&str> = bars.bars.iter().map(|bar| bar.label.as_str()).collect();
    assert_eq!(labels, ["Angoulême", "Cognac", "Non renseigné"]);
    let widths: Vec<&str> = bars.bars.iter().map(|bar| bar.width.as_str()).collect();
    assert_eq!(widths, ["30.4", "15.2", "76.0"]);
    assert!(bars.description.contains("Angoulême : 20"), "{}", bars.description);
}

#[test]
fn many_bars_end_in_one_for_the_rest() {
    let parts = (1..=20).map(|value| part(&format!("Commune {value}"), value));
    let bars = Bars::of("b", "Par commune", parts, plain);
    assert_eq!(bars.bars.len(), MOST + 1);
    assert_eq!(bars.bars.last().unwrap().width, "0.0", "a sum is not on the scale of its parts");
    let rest = bars.bars.last().unwrap();
    assert_eq!((rest.label.as_str(), rest.figure.as_str()), ("Les 12 autres, ensemble", "78"));
    let nine = (1..=9).map(|value| part("x", value));
    assert_eq!(Bars::of("b", "x", nine, plain).bars.len(), 9, "one alone is no rest");
}

#[test]
fn bars_are_drawn_with_their_name_and_without_markup_of_others() {
    let drawn = Bars::of("theme", "Ateliers par thème", [part("<b>", 3)], plain).render().unwrap();
    assert!(drawn.contains(r#"role="img" aria-labelledby="theme-nom theme-desc""#), "{drawn}");
    assert!(drawn.contains(r#"<title id="theme-nom">Ateliers par thème</title>"#), "{drawn}");
    assert!(!drawn.contains("<b>"), "{drawn}");
}

#[test]
fn a_curve_goes_from_edge_to_edge_and_up_to_a_round_level() {
    let moments: Vec<Moment> = [3, 0, 13]
        .iter()
        .zip(["janvier", "février", "mars"])
        .map(|(value, label)| Moment { label: label.to_owned(), value: *value })
        .collect();
    let curve = Curve::of("c", "Ateliers", &moments, plain, plain);
    assert_eq!(curve.pieces.len(), 2);
    assert_eq!(curve.pieces[0].from, ("2.0".to_owned(), "70.1".to_owned()));
    assert_eq!(curve.pieces[1].to.0, "98.0");
    let levels: Vec<&str> = curve.levels.iter().map(|mark| mark.label.as_str()).collect();
    assert_eq!(levels, ["0", "10", "20"]);
    assert!(curve.description.contains("mars : 13"), "{}", curve.description);
    assert!(curve.render().unwrap().contains("<title>février : 0</title>"));
}

#[test]
fn a_curve_of_one_month_or_of_none_is_drawn() {
    let one = [Moment { label: "mars".to_owned(), value: -2 }];
    let curve = Curve::of("c", "Ateliers", &one, plain, plain);
    assert_eq!(curve.dots[0].place, ("50.0".to_owned(), "80.0".to_owned()), "never below zero");
    assert_eq!(Curve::of("c", "Ateliers", &[], plain, plain).dots, []);
}

#[test]
fn levels_are_round() {
    let rounded: Vec<i64> = [0, 1, 3, 7, 12, 99, 101].into_iter().map(round_above).collect();
    assert_eq!(rounded, [2, 2, 4, 8, 20, 100, 200]);
}
