#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| breakeven_fuzz::scenario(data));
