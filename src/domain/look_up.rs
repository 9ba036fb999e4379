//! Looking people up by their identity: how often one account may.

use super::refusal::{Code, Fact, Refusal};
use super::time::Instant;

const HOUR: i64 = 3_600;

/// So many seconds back look-ups count.
pub const COUNTED_SECONDS: i64 = 24 * HOUR;

/// The limits: so many in so many seconds. A handover that follows takes its look-up off, so
/// that only who asks and hands nothing over comes near.
const LIMITS: [(usize, i64); 2] = [(30, HOUR), (100, COUNTED_SECONDS)];

/// An account asked about too many people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyLookUps {
    /// In so many seconds it may ask again.
    pub wait_seconds: i64,
}

/// # Errors
/// [`TooManyLookUps`] when the look-ups of an account, the latest first, reach a limit.
pub fn may_look_up(look_ups: &[Instant], now: Instant) -> Result<(), TooManyLookUps> {
    let mut wait_seconds = 0;
    for (most, seconds) in LIMITS {
        let Some(oldest) = look_ups.get(most - 1) else { continue };
        let micros = oldest.plus_seconds(seconds).micros().saturating_sub(now.micros());
        wait_seconds = wait_seconds.max((micros + 999_999).div_euclid(1_000_000));
    }
    if wait_seconds > 0 { Err(TooManyLookUps { wait_seconds }) } else { Ok(()) }
}

impl Refusal for TooManyLookUps {
    fn code(&self) -> Code {
        Code::TooManyLookUps
    }

    fn sentence(&self) -> String {
        "Votre compte a cherché trop de personnes sans leur remettre de pass : attendez avant de \
         recommencer, ou appelez l'opérateur du dispositif."
            .to_owned()
    }

    fn facts(&self) -> Vec<(&'static str, Fact)> {
        vec![("retry_after", Fact::Number(self.wait_seconds))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(seconds: i64, count: i64) -> Vec<Instant> {
        (0..count)
            .filter_map(|n| Instant::from_micros((100_000 - n * seconds) * 1_000_000))
            .collect()
    }

    fn wait(look_ups: &[Instant]) -> i64 {
        let now = Instant::from_micros(100_000_000_000).unwrap();
        may_look_up(look_ups, now).err().map_or(0, |refused| refused.wait_seconds)
    }

    #[test]
    fn thirty_an_hour_and_a_hundred_a_day() {
        assert_eq!(wait(&[]), 0);
        assert_eq!(wait(&every(1, 29)), 0);
        assert_eq!(wait(&every(1, 30)), 3_600 - 29);
        assert_eq!(wait(&every(200, 30)), 0, "spread over more than an hour");
        assert_eq!(wait(&every(200, 99)), 0);
        assert_eq!(wait(&every(200, 100)), 86_400 - 99 * 200);
    }
}
