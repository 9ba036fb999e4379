use super::*;

fn at(text: &str) -> Instant {
    Instant::from_utc(text.parse().unwrap())
}

#[test]
fn a_day_begins_at_midnight_in_the_programmes_zone() {
    let paris = Zone::PARIS;
    let reunion: Zone = "Indian/Reunion".parse().unwrap();
    let evening = at("2026-03-28T22:59:59Z");
    assert_eq!(evening.day_in(paris).to_string(), "2026-03-28");
    assert_eq!(evening.plus_seconds(1).day_in(paris).to_string(), "2026-03-29");
    assert_eq!(at("2026-03-29T21:59:59Z").day_in(paris).to_string(), "2026-03-29");
    assert_eq!(at("2026-10-25T22:59:59Z").day_in(paris).to_string(), "2026-10-25");
    assert_eq!(at("2026-03-28T20:00:00Z").day_in(reunion).to_string(), "2026-03-29");
}

#[test]
fn an_hour_is_told_by_the_clocks_of_the_commune() {
    let hour = |text: &str| text.parse::<NaiveDateTime>().unwrap();
    let told = |zone: Zone, text: &str| zone.instant_of(hour(text)).map(|at| at.to_string());
    let ten = "2026-07-01T10:00:00";
    assert_eq!(told(Zone::of_commune("16015"), ten).unwrap(), "2026-07-01T08:00:00Z");
    assert_eq!(told(Zone::of_commune("97411"), ten).unwrap(), "2026-07-01T06:00:00Z");
    assert_eq!(told(Zone::PARIS, "2026-03-29T02:30:00"), None, "the hour that is left out");
    let twice = told(Zone::PARIS, "2026-10-25T02:30:00").unwrap();
    assert_eq!(twice, "2026-10-25T00:30:00Z");
}

#[test]
fn no_instant_is_so_far_away_that_reckoning_fails() {
    let ends = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, DateTime::UNIX_EPOCH];
    for end in ends.map(Instant::from_utc) {
        for seconds in [i64::MIN, -1, 0, 1, i64::MAX] {
            let moved = end.plus_seconds(seconds);
            for zone in [Zone::PARIS, Zone::of_commune("98818"), Zone::of_commune("98735")] {
                let midnight = zone.midnight(moved.day_in(zone));
                assert!(midnight <= moved || seconds < 0, "{moved} {midnight}");
                assert!(!moved.hour_in(zone).is_empty());
            }
        }
    }
    for day in [Day::MIN, Day::MAX] {
        assert!(!in_calendar(day) && !in_calendar(Month::of(day).last_day()));
        assert!(Zone::PARIS.midnight(day).plus_seconds(1) > Instant(DateTime::<Utc>::MIN_UTC));
        assert!(days_before(day, u64::MAX) <= days_after(day, u64::MAX));
    }
}

#[test]
fn months_are_read_strictly() {
    assert_eq!("2026-03".parse::<Month>().unwrap().number(), 202_603);
    for wrong in ["2026-3", "2026-13", "202603", "2026-00", "+026-01", "1899-12", "3000-01", ""] {
        assert_eq!(wrong.parse::<Month>(), Err(NotAMonth), "{wrong}");
    }
    assert_eq!("2026-12".parse::<Month>().unwrap().next().to_string(), "2027-01");
    assert_eq!("2028-02".parse::<Month>().unwrap().last_day().to_string(), "2028-02-29");
}
