//! A stored value that does not fit is a loud failure: no conversion of one falls back to a default.

use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall};

use crate::source::File;

/// What reads a stored value into a type of the domain.
const CONVERSIONS: [&str; 9] = [
    "from_micros",
    "from_name",
    "from_number",
    "from_str",
    "from_tag",
    "from_u8",
    "parse",
    "parse_str",
    "try_from",
];
/// What makes of its failure something else.
const FALLBACKS: [&str; 8] = [
    "filter_map",
    "flat_map",
    "map_or",
    "map_or_else",
    "ok",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
];
/// The types of counts of ours, which go into the database.
const COUNTS: [&str; 3] = ["i64", "u64", "usize"];
/// Makes up what it writes.
const GENERATOR: &str = "src/services/generate";

struct Reader<'a> {
    path: &'a str,
    /// In the store nothing may stand in for a value; above it, no default.
    fallbacks: &'a [&'a str],
    found: Vec<String>,
}

/// The conversions of a file whose failure is hidden.
pub fn hidden_failures(file: &File) -> Vec<String> {
    let fallbacks: &[&str] = match file.path.split('/').nth(1) {
        Some("store") => &FALLBACKS,
        Some("services") if !file.path.starts_with(GENERATOR) => &["unwrap_or_default"],
        _ => return Vec::new(),
    };
    let parsed =
        syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
    let mut reader = Reader { path: &file.path, fallbacks, found: Vec::new() };
    reader.visit_file(&parsed);
    reader.found
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let method = call.method.to_string();
        let inside = matches!(method.as_str(), "filter_map" | "flat_map");
        let converts =
            if inside { call.args.iter().any(converts) } else { converts(&call.receiver) };
        if converts && self.fallbacks.contains(&method.as_str()) {
            let (path, line) = (self.path, call.method.span().start().line);
            self.found.push(format!(
                "{path}:{line}: `{method}` after a conversion hides a row that cannot be read; \
                 use store::reading::Reading"
            ));
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// Whether an expression ends in a conversion of a stored value.
fn converts(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(call) => {
            CONVERSIONS.contains(&call.method.to_string().as_str()) || converts(&call.receiver)
        }
        Expr::Call(call) => converts(&call.func),
        Expr::Path(path) => {
            let mut names =
                path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
            let converts = names.next().is_some_and(|name| CONVERSIONS.contains(&name.as_str()));
            converts && names.next().is_none_or(|name| !COUNTS.contains(&name.as_str()))
        }
        Expr::Closure(closure) => converts(&closure.body),
        Expr::Paren(inner) => converts(&inner.expr),
        Expr::Reference(inner) => converts(&inner.expr),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::hidden_failures;
    use crate::source::File;

    fn found(path: &str, body: &str) -> usize {
        let text = format!("fn f() {{ {body} }}");
        hidden_failures(&File { path: path.to_owned(), text }).len()
    }

    #[test]
    fn a_default_on_a_stored_value_is_found() {
        let store = "src/store/pass.rs";
        assert_eq!(found(store, "u8::try_from(row.units).unwrap_or(0)"), 1);
        assert_eq!(found(store, "State::from_name(&row.state).map(f).unwrap_or_default()"), 1);
        assert_eq!(found(store, "row.day.parse::<Day>().ok()"), 1);
        assert_eq!(found(store, "names.iter().filter_map(|name| Role::from_name(name))"), 1);
        assert_eq!(found(store, "numbers.filter_map(Month::from_number)"), 1);
        assert_eq!(found("src/services/a.rs", "u8::try_from(row.units).unwrap_or_default()"), 1);
    }

    #[test]
    fn counts_and_loud_failures_are_not() {
        let store = "src/store/pass.rs";
        assert_eq!(found(store, "i64::try_from(rows.len()).unwrap_or(i64::MAX)"), 0);
        assert_eq!(found(store, "u8::try_from(units).map_err(f)?"), 0);
        assert_eq!(found(store, "last.unwrap_or_default()"), 0);
        assert_eq!(found("src/services/a.rs", "u8::try_from(request.units).unwrap_or(1)"), 0);
    }
}
