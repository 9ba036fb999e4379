#![no_main]

use std::sync::LazyLock;

use pass_numerique_fuzz::targets::{import, new_service};

static SERVICE: LazyLock<pass_numerique::app::App> =
    LazyLock::new(|| new_service(&std::env::temp_dir().join("import")));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| import(&SERVICE.services, bytes));
