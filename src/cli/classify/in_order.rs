//! Work spread over threads whose results come in the order of the work, with a bounded number of things under way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Results per thread that may wait for an earlier one: a long song holds up its followers only beyond these.
const AHEAD: usize = 16;
/// How often a wait for the next thing to do looks whether it should end.
const LOOK: Duration = Duration::from_millis(50);

/// The results of work, in the order of the work.
pub struct InOrder<R> {
    /// Where each result will come, in order.
    results: Receiver<Receiver<R>>,
    stop: &'static AtomicBool,
}

/// Does `work` for each of `items` on `threads` threads.
///
/// `items` is asked for more only as results are taken. Once `stop` is set, no more work is begun; what was begun is
/// finished, and the results end with it. The threads are not waited for at the end: one may be waiting for `items`.
/// `work` must not panic.
pub fn in_order<T, R>(
    items: impl Iterator<Item = T> + Send + 'static,
    threads: usize,
    stop: &'static AtomicBool,
    work: impl Fn(T) -> R + Send + Sync + 'static,
) -> InOrder<R>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let (promise, results) = sync_channel(AHEAD * threads);
    let (give, take) = sync_channel::<(T, SyncSender<R>)>(threads);
    let (work, take) = (Arc::new(work), Arc::new(Mutex::new(take)));
    for _ in 0..threads {
        let (work, take) = (work.clone(), take.clone());
        thread::spawn(move || {
            loop {
                let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok((item, done)) = next else { break };
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                // Nobody waits for it any more when the program is about to end.
                let _ = done.send(work(item));
            }
        });
    }
    thread::spawn(move || {
        for item in items {
            let (done, result) = sync_channel(1);
            if stop.load(Ordering::Relaxed) || promise.send(result).is_err() || give.send((item, done)).is_err() {
                break;
            }
        }
    });
    InOrder { results, stop }
}

impl<R> Iterator for InOrder<R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        loop {
            match self.results.recv_timeout(LOOK) {
                // An error: it was not begun, as all that come after it.
                Ok(result) => return result.recv().ok(),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::Relaxed) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn results_keep_the_order_and_little_is_under_way() {
        static NEVER: AtomicBool = AtomicBool::new(false);
        static BEGUN: AtomicUsize = AtomicUsize::new(0);
        let threads = 4;
        let items = (0..20_000).inspect(|_| {
            BEGUN.fetch_add(1, Ordering::SeqCst);
        });
        // Every hundredth takes longer than its followers.
        let work = |n: usize| {
            if n.is_multiple_of(1000) {
                thread::sleep(Duration::from_millis(2));
            }
            n * n
        };
        let mut taken = 0;
        for (n, result) in in_order(items, threads, &NEVER, work).enumerate() {
            assert_eq!(result, n * n);
            taken += 1;
            // Waiting, handed over, being worked on, and one in the hand of the thread that hands over.
            let most = taken + AHEAD * threads + threads + threads + 2;
            assert!(BEGUN.load(Ordering::SeqCst) <= most, "{} begun, {taken} taken", BEGUN.load(Ordering::SeqCst));
        }
        assert_eq!(taken, 20_000);
    }

    #[test]
    fn stopping_ends_the_results_even_when_no_more_work_comes() {
        static STOP: AtomicBool = AtomicBool::new(false);
        let (add, more) = std::sync::mpsc::channel();
        let mut results = in_order(more.into_iter(), 2, &STOP, |n: u32| n + 1);
        add.send(1).unwrap();
        add.send(2).unwrap();
        assert_eq!([results.next(), results.next()], [Some(2), Some(3)]);
        STOP.store(true, Ordering::Relaxed);
        // `add` is still there: the thread that waits for more work never ends.
        assert_eq!(results.next(), None);
        drop(add);
    }
}
