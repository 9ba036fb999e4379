//! A bounded queue that takes turns: whoever sends a thousand requests waits behind themselves,
//! not everybody else behind them.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// How much may wait: in all, and of one sender.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// In all.
    pub total: usize,
    /// Of one sender.
    pub each: usize,
}

/// Something that waits, and how many requests it is.
struct Item<T> {
    what: T,
    size: usize,
    since: Instant,
}

struct State<W, T> {
    waiting: HashMap<W, VecDeque<Item<T>>>,
    turns: VecDeque<W>,
    sizes: usize,
    open: bool,
}

/// What waits, by who sent it.
pub struct FairQueue<W, T> {
    state: Mutex<State<W, T>>,
    ready: Condvar,
    limits: Limits,
}

impl<W: Clone + Eq + Hash, T> FairQueue<W, T> {
    /// An empty queue.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let state = State { waiting: HashMap::new(), turns: VecDeque::new(), sizes: 0, open: true };
        Self { state: Mutex::new(state), ready: Condvar::new(), limits }
    }

    /// Puts something of `size` requests at the end of its sender's line; gives it back when there
    /// is no room. What is larger than a sender's limit finds room in an empty line.
    ///
    /// # Errors
    /// What was to wait.
    pub fn push(&self, who: W, what: T, size: usize) -> Result<(), T> {
        let mut state = self.state.lock();
        if !state.open || state.sizes + size > self.limits.total {
            return Err(what);
        }
        let line = state.waiting.entry(who.clone()).or_default();
        let waiting: usize = line.iter().map(|item| item.size).sum();
        if waiting > 0 && waiting + size > self.limits.each {
            return Err(what);
        }
        line.push_back(Item { what, size, since: Instant::now() });
        if line.len() == 1 {
            state.turns.push_back(who);
        }
        state.sizes += size;
        drop(state);
        self.ready.notify_one();
        Ok(())
    }

    /// Waits until something is there and takes it, one from each sender in turn, until it is
    /// `enough` requests; nothing when the queue was closed and is empty.
    pub fn take(&self, enough: usize) -> Vec<T> {
        let mut state = self.state.lock();
        while state.turns.is_empty() && state.open {
            self.ready.wait(&mut state);
        }
        let (mut taken, mut size) = (Vec::new(), 0);
        while size < enough
            && let Some(who) = state.turns.pop_front()
        {
            let Some(line) = state.waiting.get_mut(&who) else { continue };
            if let Some(item) = line.pop_front() {
                size += item.size;
                taken.push(item.what);
            }
            if line.is_empty() {
                state.waiting.remove(&who);
            } else {
                state.turns.push_back(who);
            }
        }
        state.sizes -= size;
        taken
    }

    /// How long the one that came first has been waiting.
    pub fn longest_wait(&self) -> Duration {
        let state = self.state.lock();
        let first = state.waiting.values().filter_map(VecDeque::front).map(|item| item.since).min();
        first.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Lets nothing more in; what waits is still taken.
    pub fn close(&self) {
        self.state.lock().open = false;
        self.ready.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{FairQueue, Limits};

    fn queue(total: usize, each: usize) -> FairQueue<&'static str, i32> {
        FairQueue::new(Limits { total, each })
    }

    #[test]
    fn a_sender_of_many_waits_behind_themselves() {
        let queue = queue(100, 50);
        for number in 0..10 {
            assert_eq!(queue.push("flood", number, 1), Ok(()));
        }
        assert_eq!(queue.push("desk", 100, 1), Ok(()));
        assert_eq!(queue.take(3), [0, 100, 1]);
        assert_eq!(queue.take(100), [2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn a_sender_of_too_many_is_refused_and_others_still_come_in() {
        let queue = queue(3, 2);
        assert_eq!(queue.push("flood", 1, 1), Ok(()));
        assert_eq!(queue.push("flood", 2, 1), Ok(()));
        assert_eq!(queue.push("flood", 3, 1), Err(3));
        assert_eq!(queue.push("desk", 4, 1), Ok(()));
        assert_eq!(queue.push("door", 5, 1), Err(5), "the queue is full");
    }

    #[test]
    fn requests_that_belong_together_are_taken_together() {
        let queue = queue(100, 10);
        assert_eq!(queue.push("phone", 1, 16), Ok(()), "alone it finds room");
        assert_eq!(queue.push("phone", 2, 1), Err(2));
        assert_eq!(queue.push("desk", 3, 1), Ok(()));
        assert_eq!(queue.take(8), [1]);
        assert_eq!(queue.take(8), [3]);
    }

    #[test]
    fn a_closed_queue_gives_what_it_has_and_then_nothing() {
        let queue = queue(3, 2);
        assert_eq!(queue.push("desk", 1, 1), Ok(()));
        queue.close();
        assert_eq!(queue.push("desk", 2, 1), Err(2));
        assert_eq!(queue.take(5), [1]);
        assert!(queue.take(5).is_empty());
    }
}
