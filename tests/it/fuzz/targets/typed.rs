//! What people type into fields: amounts, days, places, hours, account numbers, phones.

use pass_numerique::adapters::bank;
use pass_numerique::domain::as_of::AsOf;
use pass_numerique::domain::money::Cents;
use pass_numerique::domain::opening_hours::in_french;
use pass_numerique::domain::time::Month;
use pass_numerique::domain::venue::french_phone;
use pass_numerique::http::pages::fields::day;
use pass_numerique::services::places;

pub fn typed(bytes: &[u8]) {
    let text = &String::from_utf8_lossy(bytes);
    if let Some(amount) = Cents::read(text) {
        assert!(amount >= Cents::ZERO, "{text:?}");
        assert_eq!(Cents::read(&amount.to_string()), Some(amount));
        assert_eq!(Cents::read(&amount.decimal_comma()), Some(amount));
    }
    if let Some(read) = day(text) {
        assert_eq!(day(&read.format("%d/%m/%Y").to_string()), Some(read), "{text:?}");
    }
    if let Ok(month) = text.parse::<Month>() {
        assert_eq!(month.to_string().parse(), Ok(month), "{text:?}");
    }
    if let Ok(asked) = text.parse::<AsOf>() {
        let again = asked.instant.to_string().parse::<AsOf>();
        assert_eq!(again.map(|again| again.instant), Ok(asked.instant), "{text:?}");
    }
    for place in places::search(text) {
        assert!(places::search(&place.label).contains(&place), "{} is not found", place.label);
    }
    must_read_itself(bank::iban, text, 34);
    must_read_itself(bank::bic, text, 11);
    let phone = french_phone(text);
    assert_eq!(french_phone(&phone), phone);
    assert!(in_french(text).iter().all(|line| !line.trim().is_empty()) || text.trim().is_empty());
}

/// What is read is short, and read again as it is.
fn must_read_itself(read: fn(&str) -> Option<String>, text: &str, longest: usize) {
    if let Some(known) = read(text) {
        assert!(known.len() <= longest, "{known}");
        assert_eq!(read(&known).as_ref(), Some(&known));
    }
}
