//! Large files that are written while they are sent: a few at a time, so that readers who are slow
//! leave memory and threads to everybody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::domain::refusal::{Code, Fact, Refused};

/// So many go on at a time in one service.
const MOST: usize = 2;

/// When who was refused may ask again, in seconds.
const ASK_AGAIN: i64 = 30;

/// The downloads that go on.
#[derive(Debug, Default)]
pub struct Downloads(Arc<AtomicUsize>);

/// A download that goes on, until this is dropped.
#[derive(Debug)]
pub struct Download(Arc<AtomicUsize>);

impl Downloads {
    /// Begins one more.
    ///
    /// # Errors
    /// `busy` when enough go on.
    pub fn begin(&self) -> Result<Download, Refused> {
        let more = |count: usize| (count < MOST).then_some(count + 1);
        if self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more).is_ok() {
            return Ok(Download(Arc::clone(&self.0)));
        }
        let sentence = "Deux grands fichiers sont déjà en cours d'envoi : recommencez dans une \
                        minute.";
        let mut refused = Refused::new(Code::Busy, sentence);
        refused.facts.push(("retry_after".to_owned(), Fact::Number(ASK_AGAIN)));
        Err(refused)
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_download_waits_until_one_has_ended() {
        let downloads = Downloads::default();
        let first = downloads.begin().unwrap();
        let _second = downloads.begin().unwrap();
        let refused = downloads.begin().unwrap_err();
        assert_eq!(refused.code, Code::Busy);
        assert!(refused.may_be_sent_again());
        drop(first);
        assert!(downloads.begin().is_ok());
    }
}
