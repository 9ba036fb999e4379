//! The national file of venues, brought into the database.

use diesel::RunQueryDsl;
use pass_numerique::documents::venue_sheet::{COLUMNS, read, write};
use pass_numerique::domain::venue::{Sheet, VenueSheet};
use pass_numerique::services::export_venues::sheets;
use pass_numerique::services::import_venues::{self, Way};
use pass_numerique::services::imported::Imported;
use pass_numerique::services::list::{MAX_LIMIT, Page};
use pass_numerique::services::venues::VenueFilter;
use pass_numerique::services::{Error, Outcome, Services};
use pass_numerique::store::organisation;

pub fn import(services: &Services, bytes: &[u8]) {
    let Ok(sheet) = read(bytes) else { return };
    takes_in_part(services, &sheet);
    takes_all_or_nothing(services, &sheet);
}

/// Each line comes in or is refused by its number and column; what came in is stored as it is.
fn takes_in_part(services: &Services, sheet: &Sheet) {
    empty(services);
    let done = imported(services, sheet, true).unwrap();
    let mut refused: Vec<u64> = done.rejected.iter().map(|wrong| wrong.line).collect();
    refused.dedup();
    assert_eq!((done.updated, done.unchanged), (0, 0), "no line changes the one before it");
    let mut unread: Vec<u64> = sheet.wrong.iter().map(|wrong| wrong.line).collect();
    unread.dedup();
    let lines = count(&sheet.lines) + count(&unread) + sheet.more_wrong;
    assert_eq!(done.created + count(&refused) + done.more_rejected, lines, "{done:?}");
    for wrong in &done.rejected {
        assert!(COLUMNS.contains(&wrong.column.as_str()), "{wrong:?}");
    }
    let stored = stored(services);
    assert_eq!(count(&stored), done.created);
    assert!(organisations(services) <= count(&stored), "a refused line leaves an organisation");
    let again = read(&write(&stored).unwrap()).unwrap();
    let again = imported(services, &again, false).unwrap();
    assert_eq!(again, Imported { unchanged: done.created, ..Imported::default() });
}

fn takes_all_or_nothing(services: &Services, sheet: &Sheet) {
    empty(services);
    match imported(services, sheet, false) {
        Ok(done) => assert_eq!(done.created, count(&sheet.lines)),
        Err(Error::Refused { refused, .. }) => {
            assert_eq!(refused.code.as_str(), "sheet_rejected");
            assert!(!refused.fields.is_empty());
            assert_eq!((count(&stored(services)), organisations(services)), (0, 0));
        }
        Err(Error::Failure(failure)) => panic!("{}", failure.for_the_log()),
    }
}

fn imported(services: &Services, sheet: &Sheet, partial: bool) -> Outcome<Imported> {
    import_venues::import_venues(services, sheet, Way { partial, dry_run: false }, None)
        .map(|done| done.value)
}

fn empty(services: &Services) {
    let mut conn = services.store.connect().unwrap();
    for table in ["venues", "organisations"] {
        diesel::sql_query(format!("DELETE FROM {table}")).execute(&mut conn).unwrap();
    }
}

fn stored(services: &Services) -> Vec<VenueSheet> {
    let (mut all, mut page) = (Vec::new(), Page { limit: MAX_LIMIT, ..Page::default() });
    loop {
        let listed = sheets(services, &VenueFilter::default(), page).unwrap();
        all.extend(listed.items);
        match listed.next {
            Some(next) => page.after = next,
            None => return all,
        }
    }
}

fn organisations(services: &Services) -> u64 {
    count(&organisation::all(&mut services.store.connect().unwrap()).unwrap())
}

fn count<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap()
}
