//! Bars, drawn by the template from figures. Widths are shares of the drawing, heights are in
//! letters: text keeps its size on a phone and when it is enlarged.

use askama::Template;

use super::charts::{hundredths, share, whole};

/// How many bars a drawing has before the rest is one bar.
const MOST: usize = 8;
/// The longest bar leaves room for its figure.
const WIDEST: f64 = 76.0;
/// A line of a label is no longer than this, so that it fits on the smallest phone; what does
/// not fit on two lines is cut, and the table has it whole.
const LINE: usize = 25;
/// How high a line of a label is, and a bar with the room below it, in letters.
const LINE_HEIGHT: f64 = 1.25;
const BAR_HEIGHT: f64 = 1.7;

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
    /// Above it: each line and where it stands, in letters from the top.
    pub label: Vec<(String, String)>,
    /// Where the bar begins and where its figure stands, in letters from the top.
    pub down: (String, String),
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
    /// How high the drawing is, in letters.
    pub height: String,
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

    /// The same where a bar of its full length means `full`.
    #[must_use]
    pub fn out_of(
        full: i64,
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
        let width = |part: &Part| hundredths(share(part.value, full) * WIDEST);
        let mut lines: Vec<(String, String, i64)> =
            named.into_iter().map(|part| (width(&part), part.label, part.value)).collect();
        if !rest.is_empty() {
            let label = format!("Les {} autres, ensemble", rest.len());
            let sum = rest.iter().map(|part| part.value).sum();
            lines.push((hundredths(0.0), label, sum));
        }
        let mut top = 0.0;
        let bars: Vec<Bar> = lines
            .into_iter()
            .map(|(width, label, value)| {
                let bar = Bar::at(top, &label, width, figure(value));
                top += whole(bar.label.len()) * LINE_HEIGHT + BAR_HEIGHT;
                bar
            })
            .collect();
        let description = most.map_or_else(String::new, |most| {
            format!("Le plus grand nombre : {most}. Tous les chiffres sont dans le tableau.")
        });
        Self { id, title: title.to_owned(), description, bars, height: hundredths(top) }
    }
}

impl Bar {
    fn at(top: f64, label: &str, width: String, figure: String) -> Self {
        let down = |position: usize| hundredths(top + whole(position + 1) * LINE_HEIGHT - 0.35);
        let lines = lines(label);
        let below = top + whole(lines.len()) * LINE_HEIGHT;
        Self {
            label: lines.into_iter().enumerate().map(|(at, line)| (down(at), line)).collect(),
            down: (hundredths(below), hundredths(below + 0.85)),
            width,
            figure,
        }
    }
}

/// A label on one or two lines.
fn lines(label: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in label.split_whitespace().map(cut) {
        let count = lines.len();
        let Some(line) = lines.last_mut() else { break };
        let long = line.chars().count() + word.chars().count() + 1;
        if line.is_empty() {
            *line = word;
        } else if long <= LINE {
            line.push(' ');
            line.push_str(&word);
        } else if count == 1 {
            lines.push(word);
        } else {
            line.push('…');
            break;
        }
    }
    lines
}

/// The longest names of communes are longer than a line.
fn cut(word: &str) -> String {
    if word.chars().count() <= LINE + 2 {
        return word.to_owned();
    }
    word.chars().take(LINE).chain(['…']).collect()
}

#[cfg(test)]
mod tests;
