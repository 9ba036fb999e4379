//! Lists with a search, a page at a time: programmes, organisations, venues.

use askama::Template;
use uuid::Uuid;

use super::form_page::{Back, address};
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::Frame;
use crate::services::find_venues::Found;
use crate::services::list::Page;

/// How many lines a page holds.
const ON_A_PAGE: u16 = 50;

/// One thing of a list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The thing.
    pub id: Uuid,
    /// Where it is.
    pub address: String,
    /// Its name.
    pub name: String,
    /// What tells it from others.
    pub detail: String,
    /// What stands out; empty when nothing does.
    pub tag: &'static str,
}

/// A page of lines.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The lines.
    pub lines: Vec<Line>,
    /// How many there are in all.
    pub total: usize,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of the first page, when this is another one.
    pub first: Option<String>,
}

impl Lines {
    /// The lines of what was found, with the addresses of the other pages: `path` with `asked`.
    #[must_use]
    pub fn of<T>(
        found: Found<T>,
        page: Page,
        path: &str,
        asked: &[(&str, &str)],
        line: impl Fn(T) -> Line,
    ) -> Self {
        let first = address(path, asked);
        let next = found.page.next.map(|after| {
            let after = after.to_string();
            address(&first, &[("after", after.as_str())])
        });
        Self {
            lines: found.page.items.into_iter().map(line).collect(),
            total: found.total,
            next,
            first: (!page.after.is_nil()).then_some(first),
        }
    }
}

/// The page that the address asks for.
#[must_use]
pub fn page(asked: &Fields) -> Page {
    Page { after: asked.id("after").unwrap_or(Uuid::nil()), limit: ON_A_PAGE }
}

/// A search by words, and by one choice.
#[derive(Clone, Debug)]
pub struct Search {
    /// What one looks for.
    pub label: &'static str,
    /// What was typed.
    pub text: String,
    /// What the choice is about.
    pub choice: &'static str,
    /// Values and words of the choice.
    pub options: &'static [(&'static str, &'static str)],
    /// What was chosen.
    pub chosen: String,
}

/// A list that can be searched.
#[derive(Template)]
#[template(path = "manage/list.html")]
pub struct ListPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where it leads back to.
    pub back: Back,
    /// What was just done.
    pub done: &'static str,
    /// What can be added: addresses and words.
    pub ways: Vec<(&'static str, &'static str)>,
    /// Its own address, where a search goes.
    pub path: &'static str,
    /// The search, when there is one.
    pub search: Option<Search>,
    /// The lines.
    pub lines: Lines,
    /// What to say when there is none.
    pub nothing: &'static str,
}

/// A number of things, in words.
#[must_use]
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count < 2 { one } else { many })
}

#[cfg(test)]
pub(super) mod tests;
