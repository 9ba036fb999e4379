//! Work that two threads share, and that is handed on in order.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// More would keep people waiting who use the service meanwhile, and each takes memory.
const WORKERS: usize = 2;

/// Makes something of each number and hands it on in the order of the numbers. A worker that is
/// ahead waits until its result is taken: what lies in memory does not grow with the run.
///
/// # Errors
/// The first error; nothing is handed on after it.
pub fn in_order<T: Send, E: Send>(
    numbers: &[u32],
    make: impl Fn(u32) -> Result<T, E> + Sync,
    mut hand_on: impl FnMut(u32, T) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        let make = &make;
        let mut workers: Vec<Receiver<Result<T, E>>> = Vec::new();
        for worker in 0..WORKERS {
            let (sender, receiver) = sync_channel(0);
            workers.push(receiver);
            scope.spawn(move || {
                for number in numbers.iter().skip(worker).step_by(WORKERS) {
                    // After an error nobody takes the rest.
                    if sender.send(make(*number)).is_err() {
                        return;
                    }
                }
            });
        }
        for (number, worker) in numbers.iter().zip(workers.iter().cycle()) {
            // It is silent only if the worker panicked, which the scope passes on.
            let Ok(result) = worker.recv() else { break };
            hand_on(*number, result?)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_none_after_an_error() {
        let numbers: Vec<u32> = (0..50).collect();
        let mut taken = Vec::new();
        let make = |number| if number == 40 { Err("forty") } else { Ok(number * 2) };
        let ended = in_order(&numbers, make, |number, made| {
            assert_eq!(made, number * 2);
            taken.push(number);
            Ok(())
        });
        assert_eq!(ended, Err("forty"));
        assert_eq!(taken, numbers[..40]);
    }

    #[test]
    fn who_takes_may_stop() {
        let ended =
            in_order(&[1, 2, 3, 4, 5], Ok, |number, _| if number < 3 { Ok(()) } else { Err(()) });
        assert_eq!(ended, Err(()));
    }
}
