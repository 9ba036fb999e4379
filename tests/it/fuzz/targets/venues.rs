//! The national file of venues, as it is read.

use pass_numerique::documents::venue_sheet::{COLUMNS, read, write};
use pass_numerique::domain::venue::{MOST_NAMED, SheetError, VenueSheet};

pub fn venues(bytes: &[u8]) {
    let sheet = match read(bytes) {
        Ok(sheet) => sheet,
        Err(unreadable) => return assert!(unreadable.sentence().ends_with('.')),
    };
    let text = String::from_utf8_lossy(bytes);
    let in_the_file = u64::try_from(text.split(['\r', '\n']).count()).unwrap();
    let mut before = 1;
    let mut accepted = Vec::new();
    for (line, venue) in sheet.lines {
        assert!(before < line && line <= in_the_file, "line {line} after {before}");
        before = line;
        accepted.push(venue);
    }
    are_named(&sheet.wrong, in_the_file);
    assert!(sheet.more_wrong == 0 || sheet.wrong.len() == MOST_NAMED);
    reads_back(&accepted);
}

/// A line that is refused says which one it is, in which columns, and what to do.
fn are_named(wrong: &[SheetError], in_the_file: u64) {
    assert!(wrong.is_sorted_by_key(|one| one.line) && wrong.len() <= MOST_NAMED);
    for one in wrong {
        assert!((2..=in_the_file).contains(&one.line));
        assert!(COLUMNS.contains(&one.column), "{one:?}");
        assert!(one.detail.ends_with('.'), "{one:?}");
    }
}

/// What is accepted is written so that it is accepted again, unchanged.
fn reads_back(accepted: &[VenueSheet]) {
    let again = read(&write(accepted).unwrap()).unwrap();
    assert_eq!(again.wrong, []);
    let again: Vec<VenueSheet> = again.lines.into_iter().map(|(_, sheet)| sheet).collect();
    assert_eq!(again, accepted);
}
