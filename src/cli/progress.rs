//! Progress on a terminal; hidden when there is none.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of so many steps, with the word for them.
pub(super) fn bar(steps: u64, word: &str) -> ProgressBar {
    let bar = ProgressBar::new(steps);
    let shape = format!("{{bar:30}} {{pos}}/{{len}} {word} {{eta}}");
    if let Ok(style) = ProgressStyle::with_template(&shape) {
        bar.set_style(style);
    }
    bar
}
