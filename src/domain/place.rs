//! Places: how far one is from another, and which venues are near home.

/// A place on the map, WGS84 degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// South, north, west and east of the parts of France: the mainland with Corsica, then overseas from
/// west to east.
const FRANCE: [(f64, f64, f64, f64); 11] = [
    (41.2, 51.2, -5.3, 9.7),
    (-14.5, -13.1, -178.3, -176.0),
    (-28.0, -7.8, -155.0, -134.4),
    (14.3, 18.2, -63.3, -60.7),
    (46.7, 47.2, -56.5, -56.1),
    (2.0, 5.9, -54.7, -51.5),
    (-13.1, -12.5, 44.9, 45.4),
    (-21.5, -20.8, 55.1, 55.9),
    (-50.0, -37.0, 50.0, 78.0),
    (-23.0, -19.0, 158.0, 172.5),
    (10.2, 10.4, -109.3, -109.1),
];

const EARTH_KM: f64 = 6371.0;

/// A rectangle of the map in degrees, for a database to look into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Its edge in the south.
    pub south: f64,
    /// Its edge in the north.
    pub north: f64,
    /// Its edge in the west.
    pub west: f64,
    /// Its edge in the east.
    pub east: f64,
}

impl Point {
    /// A point on earth; `None` when the degrees are none.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let fits = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        fits.then_some(Self { latitude, longitude })
    }

    /// Whether it lies in France, overseas included, as boxes around its parts.
    #[must_use]
    pub fn in_france(self) -> bool {
        FRANCE.iter().any(|(south, north, west, east)| {
            (*south..=*north).contains(&self.latitude) && (*west..=*east).contains(&self.longitude)
        })
    }

    /// The distance as the crow flies, in kilometres (haversine).
    #[must_use]
    pub fn km_to(self, other: Self) -> f64 {
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let north = ((to - from) / 2.0).sin().powi(2);
        let east = ((other.longitude - self.longitude).to_radians() / 2.0).sin().powi(2);
        2.0 * EARTH_KM * (north + from.cos() * to.cos() * east).sqrt().asin()
    }

    /// A rectangle that holds every point within `km`.
    #[must_use]
    pub fn within_km(self, km: f64) -> Bounds {
        let high = (km / EARTH_KM).to_degrees();
        // A degree of longitude is shortest where the rectangle is nearest to a pole. Where it has
        // no length left, the rectangle goes around the earth.
        let shortest = (self.latitude.abs() + high).min(90.0).to_radians().cos();
        let wide = if shortest > 0.01 { high / shortest } else { 360.0 };
        Bounds {
            south: self.latitude - high,
            north: self.latitude + high,
            west: self.longitude - wide,
            east: self.longitude + wide,
        }
    }

    /// The middle of several points; `None` of none.
    #[must_use]
    pub fn middle(points: &[Self]) -> Option<Self> {
        let count = f64::from(u32::try_from(points.len()).ok().filter(|count| *count > 0)?);
        let north: f64 = points.iter().map(|point| point.latitude).sum();
        let east: f64 = points.iter().map(|point| point.longitude).sum();
        Self::new(north / count, east / count)
    }
}

#[cfg(test)]
mod tests {
    use super::Point;

    #[test]
    fn angouleme_is_about_38_kilometres_from_cognac() {
        let angouleme = Point::new(45.6484, 0.1562).unwrap();
        let cognac = Point::new(45.6958, -0.3287).unwrap();
        assert!((37.0..39.0).contains(&angouleme.km_to(cognac)));
        assert_eq!(Point::new(91.0, 0.0), None);
    }

    #[test]
    fn every_part_of_france_is_in_it_and_the_middle_of_the_sea_is_not() {
        for (north, east) in [
            (48.85, 2.35),
            (41.39, 9.16),
            (48.46, -5.09),
            (16.24, -61.53),
            (18.07, -63.08),
            (4.92, -52.31),
            (-20.88, 55.45),
            (-12.78, 45.23),
            (46.78, -56.18),
            (-17.53, -149.56),
            (-22.27, 166.44),
            (-13.28, -176.18),
        ] {
            assert!(Point::new(north, east).unwrap().in_france(), "{north} {east}");
        }
        for (north, east) in
            [(0.0, 0.0), (2.35, 48.85), (52.52, 13.4), (40.4, -3.7), (48.85, 0.0 + 20.0)]
        {
            assert!(!Point::new(north, east).unwrap().in_france(), "{north} {east}");
        }
    }

    #[test]
    fn a_rectangle_holds_every_point_of_its_circle() {
        let points = |step: f64| (-20..=20).map(move |place| f64::from(place) * step);
        for latitude in points(4.4) {
            let middle = Point::new(latitude, 3.0).unwrap();
            for km in [10.0, 120.0, 500.0] {
                let bounds = middle.within_km(km);
                for (north, east) in points(0.3).flat_map(|n| points(0.7).map(move |e| (n, e))) {
                    let Some(point) = Point::new(latitude + north, 3.0 + east) else { continue };
                    let inside = (bounds.south..=bounds.north).contains(&point.latitude)
                        && (bounds.west..=bounds.east).contains(&point.longitude);
                    assert!(inside || middle.km_to(point) > km, "{middle:?} {point:?} {km}");
                }
            }
        }
    }
}
