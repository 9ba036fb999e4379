use super::*;

fn at(text: &str) -> Instant {
    Instant::from_utc(text.parse().unwrap())
}

fn clocks(scanned: &str, sent: Option<&str>) -> Clocks {
    let received_at = at("2026-03-10T18:00:00Z");
    Clocks { scanned_at: at(scanned), sent_at: sent.map(at), received_at }
}

#[test]
fn a_right_clock_is_believed() {
    let right = clocks("2026-03-10T09:00:00Z", Some("2026-03-10T18:00:02Z"));
    assert_eq!((right.skew_seconds(), right.skewed()), (Some(2), false));
    assert_eq!(right.happened_at(), at("2026-03-10T09:00:00Z"));
}

#[test]
fn a_clock_an_hour_wrong_is_flagged_and_put_right() {
    let ahead = clocks("2026-03-11T00:10:00Z", Some("2026-03-10T19:00:00Z"));
    assert!(ahead.skewed());
    assert_eq!(ahead.happened_at(), at("2026-03-10T18:00:00Z"), "never later than now");
    let behind = clocks("2026-03-09T22:30:00Z", Some("2026-03-10T17:00:00Z"));
    assert!(behind.skewed());
    assert_eq!(behind.happened_at(), at("2026-03-09T23:30:00Z"));
}

#[test]
fn a_scan_of_the_future_is_flagged_even_when_nobody_says_when_it_was_sent() {
    assert!(clocks("2026-03-10T19:00:00Z", None).skewed());
    assert!(!clocks("2026-03-10T18:00:30Z", None).skewed());
    assert!(!clocks("2026-03-01T18:00:30Z", None).skewed());
}

fn arrival(workshop_day: &str) -> Arrival {
    Arrival {
        happened_at: at(&format!("{workshop_day}T10:00:00Z")),
        workshop_day: workshop_day.parse().unwrap(),
        received_day: "2026-03-10".parse().unwrap(),
        handed_over_at: Some(at("2026-02-01T10:00:00Z")),
        venue_labelled: true,
        came_that_day: 0,
        max_per_day: 1,
    }
}

#[test]
fn a_first_scan_of_some_days_is_believed_and_what_could_be_invented_is_not() {
    assert_eq!(arrival("2026-03-10").must_be_believed(), Ok(()));
    assert_eq!(arrival("2026-03-07").must_be_believed(), Ok(()), "over a week-end");
    let late = arrival("2026-03-06");
    assert_eq!(late.must_be_believed(), Err(Doubt::Late(late.workshop_day)));
    let second = Arrival { came_that_day: 1, ..arrival("2026-03-09") };
    assert_eq!(second.must_be_believed(), Err(Doubt::Several));
    let over = Arrival { venue_labelled: false, ..arrival("2026-03-09") };
    assert_eq!(over.must_be_believed(), Err(Doubt::LabelOver));
    let early =
        Arrival { handed_over_at: Some(at("2026-03-09T10:06:00Z")), ..arrival("2026-03-09") };
    assert_eq!(early.must_be_believed(), Err(Doubt::BeforeHandover));
    let minutes = Arrival { handed_over_at: Some(at("2026-03-09T10:04:00Z")), ..early };
    assert_eq!(minutes.must_be_believed(), Ok(()), "two clocks are never quite alike");
}

#[test]
fn a_scan_of_a_year_ago_does_not_count_unless_its_clock_says_the_same_of_now() {
    let old = clocks("2025-03-10T18:00:00Z", None);
    assert_eq!(old.must_be_recent(), Err(ScanTooOld));
    let reset = clocks("1970-01-01T10:00:00Z", Some("1970-01-01T12:00:00Z"));
    assert_eq!(reset.must_be_recent(), Ok(()));
    assert_eq!(reset.happened_at(), at("2026-03-10T16:00:00Z"));
}
