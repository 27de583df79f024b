//! A stopwatch that also runs where `std::time::Instant` does not: in the browser.

/// Measures the time since it was started.
pub(crate) struct Stopwatch {
    #[cfg(not(target_arch = "wasm32"))]
    start: std::time::Instant,
    #[cfg(target_arch = "wasm32")]
    start: f64,
}

impl Stopwatch {
    pub(crate) fn start() -> Stopwatch {
        #[cfg(not(target_arch = "wasm32"))]
        let start = std::time::Instant::now();
        #[cfg(target_arch = "wasm32")]
        let start = crate::wasm::now_ms();
        Stopwatch { start }
    }

    /// Milliseconds since the start.
    pub(crate) fn elapsed_ms(&self) -> f64 {
        #[cfg(not(target_arch = "wasm32"))]
        return self.start.elapsed().as_secs_f64() * 1e3;
        #[cfg(target_arch = "wasm32")]
        return crate::wasm::now_ms() - self.start;
    }
}
