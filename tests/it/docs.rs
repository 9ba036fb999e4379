//! Files of the documentation that are made from the code: `UPDATE=1` writes them again.

use std::path::Path;

use pass_numerique::domain::refusal::Code;
use pass_numerique::http::problem::status;

const BEGIN: &str = "<!-- the table is made from src/domain/refusal/codes.rs -->";
const END: &str = "<!-- end of the table -->";

/// The file must hold exactly that text.
pub fn must_be_current(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        std::fs::write(&file, text).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "{path} is out of date: UPDATE=1 cargo test --test it writes it");
}

#[test]
fn the_list_of_codes_in_the_documentation_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors.md");
    let page = std::fs::read_to_string(file).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let rows = Code::ALL.iter().map(|code| {
        let name = code.as_str();
        let status = status(*code).as_u16();
        format!(
            "| <a id=\"{name}\"></a>`{name}` | {status} | {} | {} |\n",
            code.title(),
            code.meaning()
        )
    });
    let table: String = rows.collect();
    let head = "| code | status | title | meaning |\n| --- | --- | --- | --- |\n";
    must_be_current("docs/errors.md", &format!("{before}{BEGIN}\n\n{head}{table}\n{END}{after}"));
}

/// A key that a route takes and does not tell is a key that nobody sends.
#[test]
fn every_route_that_takes_a_key_says_so() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/api");
    let mut takers = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for route in text.split("#[utoipa::path(").skip(1) {
            let has_key = route.contains("call.key()") || route.contains("needed_key()");
            assert!(!has_key || route.contains("\"Idempotency-Key\""), "{route}");
            takers += usize::from(has_key);
        }
    }
    assert!(takers > 20, "{takers}");
}

#[test]
fn no_two_codes_share_a_name() {
    let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Code::ALL.len());
}
