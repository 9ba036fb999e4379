#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pass_numerique_fuzz::targets::photo(bytes));
