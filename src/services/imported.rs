//! What an import of venues did, or would do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::venue::MOST_NAMED;

/// A value of a file that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rejected {
    /// The line, the heading being 1.
    pub line: u64,
    /// The column of the national schema.
    #[schema(example = "code_insee")]
    pub column: String,
    /// What is wrong with it.
    #[schema(example = "unknown_value")]
    pub code: String,
    /// One French sentence.
    pub detail: String,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    /// Venues added.
    pub created: u64,
    /// Venues changed.
    pub updated: u64,
    /// Venues that were already so.
    pub unchanged: u64,
    /// Lines left out, each with its reason: at most 100 values are named.
    pub rejected: Vec<Rejected>,
    /// How many lines more were left out and are not named.
    #[serde(default)]
    pub more_rejected: u64,
    /// Whether nothing was done: this is what would be.
    #[serde(default)]
    pub dry_run: bool,
    /// Venues left as they are: what is known of them is newer than the file.
    #[serde(default)]
    pub newer_here: u64,
    /// What was left out or put right in lines that were taken, and likely twins: at most 100.
    #[serde(default)]
    pub notes: Vec<Rejected>,
    /// The venues added, changed or left as they are because the file is older: at most 500.
    #[serde(default)]
    pub venues: Vec<ImportedVenue>,
}

/// What became of a venue of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedVenue {
    /// The line, the heading being 1.
    pub line: u64,
    /// `created`, `updated` or `newer_here`.
    pub what: String,
    /// Its name in the file.
    pub name: String,
    /// Its name before, when it had another.
    pub name_before: Option<String>,
}

/// The most venues that are named.
const MOST_VENUES: usize = 500;

impl Imported {
    /// Names what is wrong with a line while there is room for it.
    pub(super) fn reject(&mut self, wrong: impl IntoIterator<Item = Rejected>) {
        let room = MOST_NAMED.saturating_sub(self.rejected.len());
        if room == 0 {
            self.more_rejected += 1;
        }
        self.rejected.extend(wrong.into_iter().take(room));
    }

    pub(super) fn note(&mut self, note: Rejected) {
        if self.notes.len() < MOST_NAMED {
            self.notes.push(note);
        }
    }

    pub(super) fn name(&mut self, venue: ImportedVenue) {
        if self.venues.len() < MOST_VENUES {
            self.venues.push(venue);
        }
    }
}
