//! How much memory a target holds at a time, counted by the allocator itself.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// What a target may hold for each byte that it was given.
const TIMES: usize = 16;
/// What it may hold for the smallest input: decoders' tables, and packets of the largest kind (FLAC: 65 535 samples of eight channels).
const FLOOR: usize = 16 << 20;

thread_local! {
    // Of each thread alone: tests run side by side.
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(bytes: isize) {
    let held = HELD.get() + bytes;
    HELD.set(held);
    MOST.set(MOST.get().max(held));
}

// SAFETY: hands everything on to the system's allocator as it is; the counters need no memory of their own.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // While it moves, both are held.
        count(size as isize);
        count(-(layout.size() as isize));
        unsafe { System.realloc(place, layout, size) }
    }
}

/// Does the work, which gives its result and how many bytes went in or came out, whichever is more. At no time may it
/// have held more than 16 times as much.
pub fn bounded<T>(work: impl FnOnce() -> (T, usize)) -> T {
    let before = HELD.get();
    MOST.set(before);
    let (result, bytes) = work();
    let most = (MOST.get() - before) as usize;
    assert!(most <= FLOOR + TIMES * bytes, "{most} bytes of memory for {bytes} bytes");
    result
}
