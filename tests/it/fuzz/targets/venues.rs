//! The national file of venues, as it is read.

use pass_numerique::documents::venue_sheet::{COLUMNS, read, write};
use pass_numerique::domain::venue::{SheetError, VenueSheet};

pub fn venues(bytes: &[u8]) {
    let lines = match read(bytes) {
        Ok(lines) => lines,
        Err(unreadable) => return assert!(unreadable.sentence().ends_with('.')),
    };
    let text = String::from_utf8_lossy(bytes);
    let in_the_file = u64::try_from(text.split(['\r', '\n']).count()).unwrap();
    let mut before = 1;
    let mut accepted = Vec::new();
    for (line, sheet) in lines {
        assert!(before < line && line <= in_the_file, "line {line} after {before}");
        before = line;
        match sheet {
            Ok(sheet) => accepted.push(sheet),
            Err(wrong) => is_named(line, &wrong),
        }
    }
    reads_back(&accepted);
}

/// A line that is refused says which one it is, in which columns, and what to do.
fn is_named(line: u64, wrong: &[SheetError]) {
    assert!(!wrong.is_empty(), "line {line} is refused for nothing");
    for one in wrong {
        assert_eq!(one.line, line);
        assert!(COLUMNS.contains(&one.column), "{one:?}");
        assert!(one.detail.ends_with('.'), "{one:?}");
    }
}

/// What is accepted is written so that it is accepted again, unchanged.
fn reads_back(accepted: &[VenueSheet]) {
    let again = read(&write(accepted).unwrap()).unwrap();
    let again: Vec<VenueSheet> = again.into_iter().map(|(_, sheet)| sheet.unwrap()).collect();
    assert_eq!(again, accepted);
}
