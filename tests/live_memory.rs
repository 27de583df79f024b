//! What the live path allocates, counted by the allocator itself.

#[path = "common/models.rs"]
mod models;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering::Relaxed};

use songmood::nets::{Domain, default_device};
use songmood::{Classifier, LiveClassifier};

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicIsize = AtomicIsize::new(0);

struct Counting;

// SAFETY: hands everything on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        BYTES.fetch_add(layout.size() as isize, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size() as isize, Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const RATE: u32 = 44_100;
/// What a microphone's worklet hands over.
const BLOCK: usize = 128;

/// A tone that glides up and down for ever.
fn block(number: usize) -> [f32; BLOCK] {
    std::array::from_fn(|i| {
        let n = (number * BLOCK + i) as f32;
        0.3 * (n * 0.02 + 40.0 * (n * 1e-4).sin()).sin()
    })
}

/// Pushes blocks; how many of them gave a window, and how many of the others allocated anything.
fn listen(live: &mut LiveClassifier, blocks: std::ops::Range<usize>) -> (usize, usize) {
    let (mut windows, mut allocating) = (0, 0);
    for number in blocks {
        let block = block(number);
        let before = ALLOCATIONS.load(Relaxed);
        if live.push(&block).expect("finite samples").is_some() {
            windows += 1;
        } else if ALLOCATIONS.load(Relaxed) > before {
            allocating += 1;
        }
    }
    (windows, allocating)
}

/// One test, as other tests' allocations would be counted too.
#[test]
fn once_running_only_a_window_s_result_is_allocated_and_nothing_is_kept() {
    for domain in Domain::ALL {
        let classifier = Classifier::new(&models::files_for(domain, &default_device())).expect("good models");
        let mut live = classifier.live(RATE).expect("a usual rate");
        let second = RATE as usize / BLOCK;
        // Until the first windows buffers find their size.
        listen(&mut live, 0..16 * second);
        let bytes = BYTES.load(Relaxed);
        let (windows, allocating) = listen(&mut live, 16 * second..76 * second);
        assert!((58..=61).contains(&windows), "{} windows of {}", windows, domain.name());
        assert_eq!(allocating, 0, "blocks of {} that allocated something", domain.name());
        assert_eq!(BYTES.load(Relaxed), bytes, "bytes held after a minute of {}", domain.name());
    }
}
