//! Maps without tiles: the communes are faint dots that show the shape of the country, and what
//! matters stands on them. Every length is in units of a drawing 320 wide.

use askama::Template;

use crate::domain::place::Point;

const WIDTH: f64 = 320.0;
/// Room around what is drawn, for circles and pins at the edge.
const MARGIN: f64 = 16.0;
const HIGHEST: f64 = 380.0;
const LOWEST: f64 = 140.0;
/// More faint dots than this show no more of a shape, and weigh.
const DOTS: usize = 1_500;
/// How many spots have their name beside them, and how many are drawn.
const NAMED: usize = 5;
const SPOTS: usize = 60;
const SMALLEST: f64 = 3.0;
const LARGEST: f64 = 16.0;
/// The radius of a pin, and how near two may come.
const PIN: f64 = 11.0;
const APART: f64 = 20.0;

/// How degrees become units: north is up, and a kilometre is as long in both directions.
#[derive(Clone, Copy, Debug)]
struct Projection {
    west: f64,
    north: f64,
    narrow: f64,
    scale: f64,
    left: f64,
    top: f64,
    height: f64,
}

impl Projection {
    /// The projection that holds all of the points; `None` of none.
    fn around(points: &[Point]) -> Option<Self> {
        points.first()?;
        let least = |value: fn(&Point) -> f64| points.iter().map(value).fold(f64::MAX, f64::min);
        let most = |value: fn(&Point) -> f64| points.iter().map(value).fold(f64::MIN, f64::max);
        let (west, east) = (least(|point| point.longitude), most(|point| point.longitude));
        let (south, north) = (least(|point| point.latitude), most(|point| point.latitude));
        let narrow = f64::midpoint(south, north).to_radians().cos().max(0.05);
        // A single place has no extent: a country of some ten kilometres is drawn around it.
        let (wide, high) = (((east - west) * narrow).max(0.1), (north - south).max(0.1));
        let room = WIDTH - 2.0 * MARGIN;
        let scale = (room / wide).min((HIGHEST - 2.0 * MARGIN) / high);
        let height = (high * scale + 2.0 * MARGIN).max(LOWEST);
        Some(Self {
            west,
            north,
            narrow,
            scale,
            left: (WIDTH - (east - west) * narrow * scale) / 2.0,
            top: (height - (north - south) * scale) / 2.0,
            height,
        })
    }

    fn place(&self, point: Point) -> (f64, f64) {
        let east = (point.longitude - self.west) * self.narrow * self.scale;
        (self.left + east, self.top + (self.north - point.latitude) * self.scale)
    }

    /// The faint dots as one path.
    fn ground(&self, points: &[Point]) -> String {
        let step = points.len().div_ceil(DOTS).max(1);
        let dot = |point: &Point| {
            let (x, y) = self.place(*point);
            format!("M{x:.1} {y:.1}h0")
        };
        points.iter().step_by(step).map(dot).collect()
    }
}

/// Something on a map whose size says how much it is.
#[derive(Clone, Debug)]
pub struct Amount {
    /// Where.
    pub point: Point,
    /// Its name.
    pub name: String,
    /// How much.
    pub value: i64,
}

/// A circle as it is drawn.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Its middle and its radius.
    pub circle: (String, String, String),
    /// What it says when it is pointed at.
    pub hint: String,
    /// Its name, where it starts, and on which side: for the largest ones.
    pub name: Option<(String, String, &'static str)>,
}

/// A map of amounts.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/spot_map.html")]
pub struct SpotMap {
    /// The beginning of its ids.
    pub id: &'static str,
    /// Its name.
    pub title: String,
    /// What it shows, for who does not see it.
    pub description: String,
    /// How high it is, in units.
    pub height: String,
    /// The faint dots.
    pub ground: String,
    /// The circles, the largest first so that small ones lie on top.
    pub spots: Vec<Spot>,
}

impl SpotMap {
    /// A map of amounts on the ground of their country; `None` when there is nothing to show.
    #[must_use]
    pub fn of(
        id: &'static str,
        title: &str,
        mut amounts: Vec<Amount>,
        ground: &[Point],
        figure: fn(i64) -> String,
    ) -> Option<Self> {
        amounts.retain(|amount| amount.value > 0);
        amounts.sort_by_key(|amount| -amount.value);
        amounts.truncate(SPOTS);
        let drawn: Vec<Point> =
            ground.iter().copied().chain(amounts.iter().map(|amount| amount.point)).collect();
        let largest = amounts.first()?.value;
        let projection = Projection::around(&drawn)?;
        let mut taken: Vec<(f64, f64, f64)> = Vec::new();
        let mut spots = Vec::new();
        for amount in &amounts {
            let (x, y) = projection.place(amount.point);
            let radius = radius(amount.value, largest);
            let hint = format!("{} : {}", amount.name, figure(amount.value));
            let side = name_beside(&amount.name, (x, y), radius, &taken);
            let name = side.filter(|_| taken.len() < NAMED).map(|(start, anchor)| {
                taken.push(extent(&amount.name, start, anchor, y));
                (amount.name.clone(), format!("{start:.1}"), anchor)
            });
            let circle = (format!("{x:.1}"), format!("{y:.1}"), format!("{radius:.1}"));
            spots.push(Spot { circle, hint, name });
        }
        let first: Vec<&str> = spots.iter().take(NAMED).map(|spot| spot.hint.as_str()).collect();
        Some(Self {
            id,
            title: title.to_owned(),
            description: format!(
                "Plus le rond est grand, plus il y a d’ateliers. Les plus grands : {}. Tous les \
                 chiffres sont dans le tableau.",
                first.join(", ")
            ),
            height: format!("{:.0}", projection.height),
            ground: projection.ground(ground),
            spots,
        })
    }
}

/// The surface of a circle says how much it is.
fn radius(value: i64, largest: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a drawing needs three digits")]
    let part = value as f64 / largest.max(1) as f64;
    (part.sqrt() * LARGEST).max(SMALLEST)
}

/// Where a name starts and on which side, when it covers no other name and stays on the map.
fn name_beside(
    name: &str,
    (x, y): (f64, f64),
    radius: f64,
    taken: &[(f64, f64, f64)],
) -> Option<(f64, &'static str)> {
    let sides = [(x + radius + 3.0, "start"), (x - radius - 3.0, "end")];
    sides.into_iter().find(|(start, anchor)| {
        let (left, right, line) = extent(name, *start, anchor, y);
        let free = |(from, to, other): &(f64, f64, f64)| {
            right < *from || left > *to || (line - other).abs() > 13.0
        };
        left >= 0.0 && right <= WIDTH && taken.iter().all(free)
    })
}

/// From where to where a name goes, and on which line: letters are about six units wide.
fn extent(name: &str, start: f64, anchor: &str, y: f64) -> (f64, f64, f64) {
    let letters = u32::try_from(name.chars().count()).map_or(f64::MAX, f64::from);
    let wide = letters * 6.2;
    if anchor == "end" { (start - wide, start, y) } else { (start, start + wide, y) }
}

/// Something on a map that a list beside it tells more about.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where.
    pub point: Point,
    /// Its number in the list.
    pub number: usize,
    /// Its name.
    pub name: String,
}

/// A pin as it is drawn.
#[derive(Clone, Debug)]
pub struct Pin {
    /// Its middle.
    pub middle: (String, String),
    /// Where the thing is, when the pin had to make room for others.
    pub from: Option<(String, String)>,
    /// Its number in the list.
    pub number: usize,
    /// Its name.
    pub name: String,
}

/// A map of numbered pins, each a way to its entry in the list.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/pin_map.html")]
pub struct PinMap {
    /// Its name.
    pub title: String,
    /// How high it is, in units.
    pub height: String,
    /// The faint dots.
    pub ground: String,
    /// The pins, in the order of the list.
    pub pins: Vec<Pin>,
}

impl PinMap {
    /// A map of pins on the ground of their country; `None` when there is nothing to show.
    #[must_use]
    pub fn of(title: &str, entries: &[Entry], ground: &[Point]) -> Option<Self> {
        entries.first()?;
        let drawn: Vec<Point> =
            ground.iter().copied().chain(entries.iter().map(|entry| entry.point)).collect();
        let projection = Projection::around(&drawn)?;
        let mut taken: Vec<(f64, f64)> = Vec::new();
        let mut pins = Vec::new();
        for entry in entries {
            let place = projection.place(entry.point);
            let middle = free_near(place, &taken, projection.height);
            taken.push(middle);
            let moved = (middle.0 - place.0).hypot(middle.1 - place.1) > 0.1;
            let written = |(x, y): (f64, f64)| (format!("{x:.1}"), format!("{y:.1}"));
            pins.push(Pin {
                middle: written(middle),
                from: moved.then(|| written(place)),
                number: entry.number,
                name: entry.name.clone(),
            });
        }
        let ground = projection.ground(ground);
        Some(Self {
            title: title.to_owned(),
            height: format!("{:.0}", projection.height),
            ground,
            pins,
        })
    }
}

/// The place itself, or the nearest one around where a pin covers no other. Where there is no
/// room at all, pins lie on one another: the list still has each.
fn free_near(place: (f64, f64), taken: &[(f64, f64)], height: f64) -> (f64, f64) {
    let apart = |(x, y): (f64, f64)| taken.iter().all(|(a, b)| (a - x).hypot(b - y) >= APART);
    let inside =
        |(x, y): (f64, f64)| (PIN..=WIDTH - PIN).contains(&x) && (PIN..=height - PIN).contains(&y);
    let turns = (0..12_u8).map(|turn| f64::from(turn) * std::f64::consts::TAU / 12.0);
    let rings = (1..=14_u8).map(|ring| f64::from(ring) * APART / 2.0);
    let around = rings.flat_map(|far| {
        turns.clone().map(move |turn| (place.0 + far * turn.cos(), place.1 + far * turn.sin()))
    });
    let mut candidates = std::iter::once(place).chain(around);
    candidates.find(|candidate| inside(*candidate) && apart(*candidate)).unwrap_or(place)
}

#[cfg(test)]
mod tests;
