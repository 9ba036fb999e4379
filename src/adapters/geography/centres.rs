//! Where communes are. The positions are those of `GeoNames` (CC BY 4.0); communes of less than
//! about five hundred inhabitants have none of their own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Commune, by_postal_code, commune};
use crate::domain::place::Point;
use crate::domain::territory::departement_of;

static CSV: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/communes-positions.csv"));

static POSITIONS: LazyLock<BTreeMap<&'static str, Point>> =
    LazyLock::new(|| CSV.lines().skip(1).filter_map(position).collect());

fn position(line: &'static str) -> Option<(&'static str, Point)> {
    let mut fields = line.trim().split(',');
    let code = fields.next()?;
    let (latitude, longitude) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((code, Point::new(latitude, longitude)?))
}

/// Where a commune is: its own position, else that of its whole city, else the middle of the
/// communes that share its postal code.
#[must_use]
pub fn centre(code: &str) -> Option<Point> {
    if let Some(own) = POSITIONS.get(code) {
        return Some(*own);
    }
    let commune = commune(code)?;
    let whole = commune.whole_city();
    if whole.code != commune.code {
        return POSITIONS.get(whole.code).copied();
    }
    let near = commune.postal_codes().flat_map(by_postal_code);
    let near: Vec<Point> = near.filter_map(own_position).collect();
    Point::middle(&near)
}

fn own_position(commune: &Commune) -> Option<Point> {
    POSITIONS.get(commune.code).copied()
}

/// The known positions of the communes of a département: together they draw its shape.
#[must_use]
pub fn positions_in(departement: &str) -> Vec<Point> {
    let after = POSITIONS.range(departement..);
    let begin = after.take_while(|(code, _)| code.starts_with(departement));
    begin.filter(|(code, _)| departement_of(code) == departement).map(|(_, point)| *point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commune_has_a_place_of_its_own_or_one_nearby() {
        let angouleme = centre("16015").unwrap();
        assert!(angouleme.km_to(Point::new(45.65, 0.156).unwrap()) < 2.0);
        let district = centre("75115").unwrap();
        assert!(district.km_to(centre("75056").unwrap()) < 1.0, "a district is in its city");
        let small = centre("16008").unwrap();
        assert!(small.km_to(angouleme) < 60.0, "a small commune is near its postal code's others");
        assert_eq!(centre("99999"), None);
    }

    #[test]
    fn the_communes_of_a_departement_draw_its_shape() {
        assert!(positions_in("16").len() > 100);
        assert!(positions_in("974").len() > 15);
        assert_eq!(positions_in("97"), [], "part of a département's code is none");
        let corsica = Point::middle(&positions_in("2A")).unwrap();
        assert!(corsica.latitude < 42.5);
    }
}
