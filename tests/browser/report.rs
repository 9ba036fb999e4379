//! What the tests measured, for a person to read: one file each beside the build, which
//! `scripts/test` shows at its end.

use std::path::Path;

pub fn report(name: &str, text: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.txt")), format!("{text}\n")).unwrap();
}
