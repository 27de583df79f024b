#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| songmood_fuzz::probe(bytes));
