//! Places: how far one is from another, and which venues are near home.

/// A place on the map, WGS84 degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

const EARTH_KM: f64 = 6371.0;

impl Point {
    /// A point on earth; `None` when the degrees are none.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let fits = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        fits.then_some(Self { latitude, longitude })
    }

    /// The distance as the crow flies, in kilometres (haversine).
    #[must_use]
    pub fn km_to(self, other: Self) -> f64 {
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let north = ((to - from) / 2.0).sin().powi(2);
        let east = ((other.longitude - self.longitude).to_radians() / 2.0).sin().powi(2);
        2.0 * EARTH_KM * (north + from.cos() * to.cos() * east).sqrt().asin()
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
}
