use super::super::snapshot::reviewed;
use super::*;

fn entry(number: i64, by: Option<&str>, status: i32) -> AuditView {
    AuditView {
        number,
        at: "2026-03-10T09:00:00Z".to_owned(),
        user_id: by.map(|_| uuid::Uuid::from_u128(5)),
        user_name: by.map(str::to_owned),
        organisation_id: None,
        organisation_name: by.map(|_| "CCAS <Angoulême>".to_owned()),
        act: ACTS[0].0.to_owned(),
        target: "/passes/{id}".to_owned(),
        subject_id: Some(uuid::Uuid::from_u128(7)),
        status,
        request_id: None,
        address: Some("203.0.113.0/24".to_owned()),
        digest: String::new(),
    }
}

fn page(entries: Vec<AuditView>, person: &str) -> JournalPage {
    let next = entries.first().map(|_| "/journal?avant=1".to_owned());
    JournalPage {
        frame: Frame::open("Journal des accès"),
        back: None,
        from: "01/03/2026".to_owned(),
        to: String::new(),
        wanted: acts()[0].0.to_owned(),
        person: person.to_owned(),
        acts: acts(),
        entries,
        next,
    }
}

#[test]
fn the_journal_says_who_did_what_and_whether_it_was_given() {
    let entries = vec![entry(3, Some("Sami"), 200), entry(2, Some("Sami"), 404), entry(1, None, 0)];
    reviewed("journal", &page(entries, ""));
    reviewed("journal-of-one-person", &page(Vec::new(), "5"));
}
