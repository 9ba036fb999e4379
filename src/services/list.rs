//! Pages of a list: keyset, with a hard maximum.

use uuid::Uuid;

/// How many a page holds when nobody says.
pub const DEFAULT_LIMIT: u16 = 50;

/// The most a page holds.
pub const MAX_LIMIT: u16 = 200;

/// Which page is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// After this id; the nil id begins.
    pub after: Uuid,
    /// How many, 1 to [`MAX_LIMIT`].
    pub limit: u16,
}

impl Default for Page {
    fn default() -> Self {
        Self { after: Uuid::nil(), limit: DEFAULT_LIMIT }
    }
}

impl Page {
    /// What to ask the store for: one more than fits says whether there is a next page.
    #[must_use]
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Cuts the one too many off, and names where the next page begins.
    #[must_use]
    pub fn cut<T>(&self, mut items: Vec<T>, id: impl Fn(&T) -> Uuid) -> Listed<T> {
        let more = items.len() > usize::from(self.limit);
        items.truncate(usize::from(self.limit));
        let next = if more { items.last().map(id) } else { None };
        Listed { items, next }
    }
}

/// One page.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next begins.
    pub next: Option<Uuid>,
}

impl<T> Listed<T> {
    /// The same page of something else.
    #[must_use]
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Listed<U> {
        Listed { items: self.items.into_iter().map(turn).collect(), next: self.next }
    }
}
