use super::*;
use crate::http::pages::wording::number;

fn plain(value: i64) -> String {
    number(value)
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
