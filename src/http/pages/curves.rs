//! Curves over the months, drawn by the template from figures. Places are shares of the drawing,
//! so that text keeps its size on a phone and when it is enlarged.

use askama::Template;

use super::charts::{hundredths, share, whole};

/// A value of a curve, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// `mars 2026`
    pub label: String,
    /// How much.
    pub value: i64,
}

/// A line that joins two moments, in hundredths of the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// From here …
    pub from: (String, String),
    /// … to here.
    pub to: (String, String),
}

/// A moment on the curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dot {
    /// Where it is.
    pub place: (String, String),
    /// `mars 2026 : 120`
    pub hint: String,
}

/// A word under the curve, or a figure beside a line across.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it is, across or down.
    pub place: String,
    /// On which side of its place the word stands.
    pub anchor: &'static str,
    /// The word.
    pub label: String,
}

/// One value over the months.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/curve.html")]
pub struct Curve {
    /// The beginning of its ids.
    pub id: &'static str,
    /// Its name.
    pub title: String,
    /// What it shows, for who does not see it.
    pub description: String,
    /// The curve.
    pub pieces: Vec<Piece>,
    /// Its moments; none when there are too many to tell apart.
    pub dots: Vec<Dot>,
    /// Words under it.
    pub months: Vec<Mark>,
    /// Lines across.
    pub levels: Vec<Mark>,
}

/// More moments than this have no dots.
const DOTS: usize = 36;

impl Curve {
    /// The curve of some moments, in their order.
    #[must_use]
    pub fn of(
        id: &'static str,
        title: &str,
        moments: &[Moment],
        figure: fn(i64) -> String,
        level: fn(i64) -> String,
    ) -> Self {
        let highest = moments.iter().max_by_key(|moment| moment.value);
        let top = round_above(highest.map_or(0, |moment| moment.value));
        let last = moments.len().saturating_sub(1);
        let across = |position: usize| {
            if last == 0 { 50.0 } else { 2.0 + 96.0 * whole(position) / whole(last) }
        };
        let down = |value: i64| 80.0 - 66.0 * share(value, top);
        let place = |(position, moment): (usize, &Moment)| {
            (hundredths(across(position)), hundredths(down(moment.value)))
        };
        let places: Vec<(String, String)> = moments.iter().enumerate().map(place).collect();
        let pieces = places.iter().zip(places.iter().skip(1));
        let hint = |moment: &Moment| format!("{} : {}", moment.label, figure(moment.value));
        let dots = moments.iter().zip(&places).filter(|_| moments.len() <= DOTS);
        let levels = [0, top / 2, top].into_iter().filter(|value| *value == 0 || top > 1);
        Self {
            id,
            title: title.to_owned(),
            description: highest.map_or_else(String::new, |most| {
                format!("Le plus haut : {}. Tous les chiffres sont dans le tableau.", hint(most))
            }),
            pieces: pieces.map(|(a, b)| Piece { from: a.clone(), to: b.clone() }).collect(),
            dots: dots.map(|(m, place)| Dot { place: place.clone(), hint: hint(m) }).collect(),
            months: marks(moments, across),
            levels: levels
                .map(|value| Mark {
                    place: hundredths(down(value)),
                    anchor: "start",
                    label: level(value),
                })
                .collect(),
        }
    }
}

/// The first month and the last one: on the smallest phone there is no room for more.
fn marks(moments: &[Moment], across: impl Fn(usize) -> f64) -> Vec<Mark> {
    let last = moments.len().saturating_sub(1);
    let ends = if last == 0 { vec![(0, "middle")] } else { vec![(0, "start"), (last, "end")] };
    let mark = |(position, anchor): (usize, &'static str)| {
        let moment = moments.get(position)?;
        Some(Mark { place: hundredths(across(position)), anchor, label: short(&moment.label) })
    };
    ends.into_iter().filter_map(mark).collect()
}

/// A month as short as it can be read: `déc. 2025`.
fn short(month: &str) -> String {
    let (name, year) = month.split_once(' ').unwrap_or((month, ""));
    let name = match name {
        "janvier" => "janv.",
        "février" => "févr.",
        "juillet" => "juil.",
        "septembre" => "sept.",
        "octobre" => "oct.",
        "novembre" => "nov.",
        "décembre" => "déc.",
        other => other,
    };
    format!("{name} {year}").trim_end().to_owned()
}

/// The next of 2, 4, 10, 20, 40, 100 … that is not below the value.
#[must_use]
pub fn round_above(value: i64) -> i64 {
    let mut ten: i64 = 1;
    loop {
        for step in [2, 4, 6, 8, 10] {
            let level = ten.saturating_mul(step);
            if level >= value {
                return level;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests;
