#![no_main]

use std::sync::LazyLock;

use pass_numerique_fuzz::targets::{Phone, new_service};

static PHONE: LazyLock<Phone> =
    LazyLock::new(|| Phone::of(new_service(&std::env::temp_dir().join("scans"))));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| PHONE.sends(bytes));
