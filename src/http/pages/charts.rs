//! Bars and curves, drawn by the template from figures. Widths and places across are shares of
//! the drawing, heights are in letters: text keeps its size on a phone and when it is enlarged.

use std::borrow::Borrow;

use askama::Template;

/// How many bars a drawing has before the rest is one bar.
const MOST: usize = 8;
/// The longest bar leaves room for its figure.
const WIDEST: f64 = 76.0;
/// A label longer than this is cut; the table has it whole.
const LABEL: usize = 34;

/// One thing to draw a bar for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What people read.
    pub label: String,
    /// Whether the label names something; what is not named comes last.
    pub named: bool,
    /// How much.
    pub value: i64,
}

/// One bar as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Above it.
    pub label: String,
    /// Beside it.
    pub figure: String,
    /// Its length, in hundredths of the drawing.
    pub width: String,
}

/// Bars below one another.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/bars.html")]
pub struct Bars {
    /// The beginning of its ids.
    pub id: &'static str,
    /// Its name.
    pub title: String,
    /// What it shows, for who does not see it.
    pub description: String,
    /// The bars, the longest first.
    pub bars: Vec<Bar>,
}

impl Bars {
    /// Bars of the largest parts; the rest is told without a bar, and what is not named comes
    /// last. Parts of nothing are left out.
    #[must_use]
    pub fn of(
        id: &'static str,
        title: &str,
        parts: impl IntoIterator<Item = Part>,
        figure: fn(i64) -> String,
    ) -> Self {
        let parts: Vec<Part> = parts.into_iter().collect();
        let longest = parts.iter().map(|part| part.value).max().unwrap_or(0);
        Self::out_of(longest, id, title, parts, figure)
    }

    /// The same where a bar of its full length means `whole`.
    #[must_use]
    pub fn out_of(
        whole: i64,
        id: &'static str,
        title: &str,
        parts: impl IntoIterator<Item = Part>,
        figure: fn(i64) -> String,
    ) -> Self {
        let (mut named, unnamed): (Vec<Part>, Vec<Part>) =
            parts.into_iter().filter(|part| part.value > 0).partition(|part| part.named);
        named.sort_by_key(|part| -part.value);
        let most = named.first().map(|part| format!("{} : {}", part.label, figure(part.value)));
        let rest = if named.len() > MOST + 1 { named.split_off(MOST) } else { Vec::new() };
        named.extend(unnamed);
        let bar = |part: Part| Bar {
            width: hundredths(share(part.value, whole) * WIDEST),
            figure: figure(part.value),
            label: shortened(&part.label),
        };
        let mut bars: Vec<Bar> = named.into_iter().map(bar).collect();
        if !rest.is_empty() {
            let sum = figure(rest.iter().map(|part| part.value).sum());
            let label = format!("Les {} autres, ensemble", rest.len());
            bars.push(Bar { label, figure: sum, width: hundredths(0.0) });
        }
        let description = most.map_or_else(String::new, |most| {
            format!("Le plus grand nombre : {most}. Tous les chiffres sont dans le tableau.")
        });
        Self { id, title: title.to_owned(), description, bars }
    }

    /// How high the drawing is, in letters.
    #[must_use]
    pub fn height(&self) -> String {
        letters(self.bars.len(), 0.2)
    }
}

/// Where something of the bar at `position` is, in letters from the top.
#[must_use]
pub fn letters(position: impl Borrow<usize>, below: f64) -> String {
    format!("{:.1}", whole(*position.borrow()) * 2.9 + below)
}

fn shortened(label: &str) -> String {
    if label.chars().count() <= LABEL {
        return label.to_owned();
    }
    let kept: String = label.chars().take(LABEL - 1).collect();
    format!("{}…", kept.trim_end())
}

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

/// The first month, the last one, and one between when there is room.
fn marks(moments: &[Moment], across: impl Fn(usize) -> f64) -> Vec<Mark> {
    let last = moments.len().saturating_sub(1);
    let mut positions = vec![(0, "start"), (last / 2, "middle"), (last, "end")];
    if last < 4 {
        positions.remove(1);
    }
    positions.dedup_by_key(|(position, _)| *position);
    let mark = |(position, anchor): (usize, &'static str)| {
        let moment = moments.get(position)?;
        let anchor = if last == 0 { "middle" } else { anchor };
        Some(Mark { place: hundredths(across(position)), anchor, label: short(&moment.label) })
    };
    positions.into_iter().filter_map(mark).collect()
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

/// What part of the whole a value is; nothing below zero.
#[expect(clippy::cast_precision_loss, reason = "a drawing needs three digits")]
fn share(value: i64, of: i64) -> f64 {
    if of <= 0 { 0.0 } else { value.max(0) as f64 / of as f64 }
}

#[expect(clippy::cast_precision_loss, reason = "positions are small")]
fn whole(position: usize) -> f64 {
    position as f64
}

fn hundredths(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests;
