use super::*;
use crate::http::pages::wording::number;

fn part(label: &str, value: i64) -> Part {
    Part { label: label.to_owned(), named: true, value }
}

fn plain(value: i64) -> String {
    number(value)
}

fn label(bar: &Bar) -> String {
    bar.label.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_long_label_takes_two_lines_and_no_bar_covers_it() {
    let long = "Se connecter aux services publics avec FranceConnect";
    let bars = Bars::of("b", "Par thème", [part(long, 9), part("Court", 3)], plain);
    let lines: Vec<&str> = bars.bars[0].label.iter().map(|(_, line)| line.as_str()).collect();
    assert_eq!(lines, ["Se connecter aux services", "publics avec…"]);
    assert_eq!(bars.bars[0].down.0, "2.5", "below two lines");
    assert_eq!(bars.bars[1].label[0].0, "5.1", "below the bar above");
    assert_eq!(bars.height, "7.2");
}

#[test]
fn the_longest_bar_comes_first_and_what_is_not_named_last() {
    let unnamed = Part { label: "Non renseigné".to_owned(), named: false, value: 50 };
    let parts = [part("Cognac", 10), unnamed, part("Angoulême", 20), part("Rien", 0)];
    let bars = Bars::of("b", "Par commune", parts, plain);
    let labels: Vec<String> = bars.bars.iter().map(label).collect();
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
    assert_eq!((label(rest).as_str(), rest.figure.as_str()), ("Les 12 autres, ensemble", "78"));
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
