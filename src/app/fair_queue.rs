//! A bounded queue that takes turns: whoever sends a thousand requests waits behind themselves,
//! not everybody else behind them. Several may take from it; a helper only what is worth its while.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long nobody waits for whoever takes first, who may be held up.
const A_WHILE: Duration = Duration::from_millis(100);

struct State<W, T> {
    waiting: HashMap<W, VecDeque<T>>,
    turns: VecDeque<W>,
    count: usize,
    last: usize,
    open: bool,
}

/// What waits, by who sent it.
pub struct FairQueue<W, T> {
    state: Mutex<State<W, T>>,
    ready: Condvar,
    worth_helping: Condvar,
    most: usize,
    most_each: usize,
    help_from: usize,
}

impl<W: Copy + Eq + Hash, T> FairQueue<W, T> {
    /// An empty queue for at most `most`, of which `most_each` from one sender. Helpers leave fewer
    /// than `help_from` alone, and fewer than half of what was taken last.
    #[must_use]
    pub fn new(most: usize, most_each: usize, help_from: usize) -> Self {
        let (waiting, turns) = (HashMap::new(), VecDeque::new());
        let state = State { waiting, turns, count: 0, last: 0, open: true };
        let (ready, worth_helping) = (Condvar::new(), Condvar::new());
        Self { state: Mutex::new(state), ready, worth_helping, most, most_each, help_from }
    }

    /// Puts one at the end of its sender's line; gives it back when there is no room.
    ///
    /// # Errors
    /// What was to wait.
    pub fn push(&self, who: W, what: T) -> Result<(), T> {
        let mut state = self.state();
        if !state.open || state.count >= self.most {
            return Err(what);
        }
        let line = state.waiting.entry(who).or_default();
        if line.len() >= self.most_each {
            return Err(what);
        }
        line.push_back(what);
        if line.len() == 1 {
            state.turns.push_back(who);
        }
        state.count += 1;
        let worth_helping = state.count >= self.worth_helping_from(&state);
        drop(state);
        self.ready.notify_one();
        if worth_helping {
            self.worth_helping.notify_one();
        }
        Ok(())
    }

    /// Waits until something is there and takes at most `most` of it, one from each sender in
    /// turn; nothing when the queue was closed and is empty.
    pub fn take(&self, most: usize) -> Vec<T> {
        let mut state = self.state();
        while state.count == 0 && state.open {
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        Self::taken(&mut state, most)
    }

    /// As [`FairQueue::take`], but only when so many wait that helping is worth it, or when whoever
    /// takes first has let somebody wait for a while.
    pub fn help(&self, most: usize) -> Vec<T> {
        let mut state = self.state();
        while state.count < self.worth_helping_from(&state) && state.open {
            let waited = self.worth_helping.wait_timeout(state, A_WHILE);
            let (woken, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if timeout.timed_out() && state.count > 0 {
                break;
            }
        }
        Self::taken(&mut state, most)
    }

    fn worth_helping_from(&self, state: &State<W, T>) -> usize {
        self.help_from.max(state.last / 2)
    }

    fn taken(state: &mut State<W, T>, most: usize) -> Vec<T> {
        let mut taken = Vec::with_capacity(state.count.min(most));
        while taken.len() < most
            && let Some(who) = state.turns.pop_front()
        {
            let Some(line) = state.waiting.get_mut(&who) else { continue };
            taken.extend(line.pop_front());
            if line.is_empty() {
                state.waiting.remove(&who);
            } else {
                state.turns.push_back(who);
            }
        }
        state.count -= taken.len();
        state.last = taken.len();
        taken
    }

    /// Lets nothing more in; what waits is still taken.
    pub fn close(&self) {
        self.state().open = false;
        self.ready.notify_all();
        self.worth_helping.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State<W, T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::FairQueue;

    #[test]
    fn a_sender_of_many_waits_behind_themselves() {
        let queue = FairQueue::new(100, 50, 8);
        for number in 0..10 {
            assert_eq!(queue.push("flood", number), Ok(()));
        }
        assert_eq!(queue.push("desk", 100), Ok(()));
        assert_eq!(queue.take(3), [0, 100, 1]);
        assert_eq!(queue.take(100), [2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn a_sender_of_too_many_is_told_and_others_still_come_in() {
        let queue = FairQueue::new(3, 2, 8);
        assert_eq!(queue.push("flood", 1), Ok(()));
        assert_eq!(queue.push("flood", 2), Ok(()));
        assert_eq!(queue.push("flood", 3), Err(3));
        assert_eq!(queue.push("desk", 4), Ok(()));
        assert_eq!(queue.push("door", 5), Err(5), "the queue is full");
    }

    #[test]
    fn a_helper_takes_what_is_worth_it() {
        let queue = FairQueue::new(100, 50, 3);
        for number in 0..3 {
            assert_eq!(queue.push("desk", number), Ok(()));
        }
        assert_eq!(queue.help(100), [0, 1, 2]);
    }

    #[test]
    fn a_helper_takes_few_when_nobody_else_does() {
        let queue = FairQueue::new(100, 50, 3);
        assert_eq!(queue.push("desk", 1), Ok(()));
        assert_eq!(queue.help(100), [1]);
    }

    #[test]
    fn a_closed_queue_gives_what_it_has_and_then_nothing() {
        let queue = FairQueue::new(3, 2, 8);
        assert_eq!(queue.push("desk", 1), Ok(()));
        queue.close();
        assert_eq!(queue.push("desk", 2), Err(2));
        assert_eq!(queue.take(5), [1]);
        assert!(queue.take(5).is_empty());
    }
}
