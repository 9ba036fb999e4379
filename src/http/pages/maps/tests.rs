use super::*;
use crate::http::pages::wording::number;

fn at(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap()
}

fn plain(value: i64) -> String {
    number(value)
}

#[test]
fn north_is_up_and_a_kilometre_is_as_long_in_both_directions() {
    let corners = [at(45.0, 0.0), at(46.0, 1.0)];
    let projection = Projection::around(&corners).unwrap();
    let (west, south) = projection.place(corners[0]);
    let (east, north) = projection.place(corners[1]);
    assert!(west < east && north < south);
    let per_km = (east - west) / corners[0].km_to(at(45.0, 1.0));
    assert!((per_km - (south - north) / corners[0].km_to(at(46.0, 0.0))).abs() < 0.05);
    for (x, y) in [(west, south), (east, north)] {
        assert!((MARGIN..=WIDTH - MARGIN).contains(&x), "{x}");
        assert!((MARGIN - 0.1..=projection.height - MARGIN + 0.1).contains(&y), "{y}");
    }
    assert!(projection.height <= HIGHEST);
}

#[test]
fn one_place_alone_stands_in_the_middle() {
    let projection = Projection::around(&[at(45.0, 0.0)]).unwrap();
    let (x, y) = projection.place(at(45.0, 0.0));
    assert!((x - WIDTH / 2.0).abs() < 0.01 && (y - projection.height / 2.0).abs() < 0.01);
}

#[test]
fn the_largest_circle_comes_first_and_names_cover_no_other() {
    let amount = |name: &str, latitude: f64, value: i64| Amount {
        point: at(latitude, 0.5),
        name: name.to_owned(),
        value,
    };
    let amounts = vec![
        amount("Petit", 45.5, 1),
        amount("Grand", 45.501, 100),
        amount("Rien", 45.3, 0),
        amount("Voisin", 45.502, 90),
        amount("Autre voisin", 45.503, 80),
    ];
    let ground = [at(45.0, 0.0), at(46.0, 1.0)];
    let map = SpotMap::of("m", "Ateliers", amounts, &ground, plain).unwrap();
    let hints: Vec<&str> = map.spots.iter().map(|spot| spot.hint.as_str()).collect();
    assert_eq!(hints, ["Grand : 100", "Voisin : 90", "Autre voisin : 80", "Petit : 1"]);
    let sides: Vec<Option<&str>> =
        map.spots.iter().map(|spot| spot.name.as_ref().map(|name| name.2)).collect();
    assert_eq!(sides, [Some("start"), Some("end"), None, None]);
    assert!(map.description.contains("Grand : 100, Voisin : 90"), "{}", map.description);
    assert!(map.render().unwrap().contains("role=\"img\""));
    assert!(SpotMap::of("m", "Ateliers", Vec::new(), &ground, plain).is_none());
}

#[test]
fn a_large_country_has_a_limited_number_of_dots() {
    let ground: Vec<Point> =
        (0..9_000_u16).map(|place| at(42.0 + f64::from(place) / 1_000.0, 2.0)).collect();
    let projection = Projection::around(&ground).unwrap();
    assert_eq!(projection.ground(&ground).matches('M').count(), DOTS);
}

#[test]
fn pins_of_one_address_stand_apart_and_lead_to_their_entries() {
    let entry = |number| Entry { point: at(45.65, 0.16), number, name: format!("Lieu {number}") };
    let entries: Vec<Entry> = (1..=20).map(entry).collect();
    let map = PinMap::of("Lieux", &entries, &[at(45.2, -0.4), at(46.1, 0.9)]).unwrap();
    let middles: Vec<(f64, f64)> = map
        .pins
        .iter()
        .map(|pin| (pin.middle.0.parse().unwrap(), pin.middle.1.parse().unwrap()))
        .collect();
    for (position, one) in middles.iter().enumerate() {
        for other in middles.iter().skip(position + 1) {
            assert!((one.0 - other.0).hypot(one.1 - other.1) > APART - 0.2, "{one:?} {other:?}");
        }
    }
    assert!(map.pins[0].from.is_none() && map.pins[1].from.is_some());
    let drawn = map.render().unwrap();
    assert!(drawn.contains(r##"href="#lieu-7" aria-label="7 : Lieu 7""##), "{drawn}");
}
