//! Which names of other modules and crates a source file mentions.

use std::collections::BTreeSet;

use crate::source::{Source, is_word};

/// The name by which `src/main.rs` calls the library.
const OURS: &str = "pass_numerique";

/// What a path begins with.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// A path from the root of this crate: `["store", "pass", "find"]`.
    Ours(Vec<String>),
    /// A path into a crate of somebody else: `["diesel", "result", "Error"]`.
    Outside(Vec<String>),
}

/// One mention.
#[derive(Debug)]
pub struct Mention {
    pub target: Target,
    pub line: usize,
    /// Whether it is a `pub use`, which hands the name on.
    pub handed_on: bool,
}

/// A path as it is written, before it is resolved.
struct Written {
    path: Vec<String>,
    line: usize,
    module: Vec<String>,
    handed_on: bool,
}

/// Every mention of another module or of one of `crates` in the file.
pub fn mentions(source: &Source, crates: &BTreeSet<String>) -> Vec<Mention> {
    let mut reader = Reader { source, found: Vec::new(), local: BTreeSet::new() };
    reader.read();
    let Reader { found, local, .. } = reader;
    let outside = |name: &String| crates.contains(name) && !local.contains(name);
    let resolve = |written: Written| {
        let target = target(&written, &outside)?;
        Some(Mention { target, line: written.line, handed_on: written.handed_on })
    };
    found.into_iter().filter_map(resolve).collect()
}

fn target(written: &Written, outside: &dyn Fn(&String) -> bool) -> Option<Target> {
    let (first, rest) = written.path.split_first()?;
    let mut rest = rest.iter().peekable();
    let mut from = match first.as_str() {
        "crate" | OURS => Vec::new(),
        "self" | "super" => written.module.clone(),
        _ => return outside(first).then(|| Target::Outside(written.path.clone())),
    };
    if first == "super" {
        from.pop();
        while rest.next_if(|name| *name == "super").is_some() {
            from.pop();
        }
    }
    from.extend(rest.cloned());
    Some(Target::Ours(from))
}

struct Reader<'a> {
    source: &'a Source,
    found: Vec<Written>,
    /// Names that the file itself gives to modules and imports: they hide a crate of that name.
    local: BTreeSet<String>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut module = self.source.module();
        let mut inner: Vec<usize> = Vec::new();
        let mut index = 0;
        while index < self.source.tokens.len() {
            if inner.last() == Some(&index) {
                inner.pop();
                module.pop();
            }
            index = match (self.source.at(index), self.source.at(index + 1)) {
                ("mod", name) if is_word(name) => {
                    self.local.insert(name.to_owned());
                    if self.source.at(index + 2) == "{" {
                        module.push(name.to_owned());
                        inner.push(self.source.closing(index + 2));
                    }
                    index + 3
                }
                ("use", next) if next != "<" => self.import(index, &module),
                ("extern", "crate") => self.import(index + 1, &module),
                (word, "::") if is_word(word) => self.path(index, &module),
                _ => index + 1,
            };
        }
    }

    /// Reads a `use` item and answers where it ends.
    fn import(&mut self, start: usize, module: &[String]) -> usize {
        let end = (start..self.source.tokens.len())
            .find(|&index| self.source.at(index) == ";")
            .unwrap_or(self.source.tokens.len());
        let handed_on = start > 0 && matches!(self.source.at(start - 1), "pub" | ")");
        let mut index = start + 1;
        self.tree(&mut index, end, &[], &|path, line| Written {
            path,
            line,
            module: module.to_vec(),
            handed_on,
        });
        end + 1
    }

    /// Reads one branch of a `use` tree: `a::b`, `a::{b, c as d}`, `a::*`.
    fn tree(
        &mut self,
        index: &mut usize,
        end: usize,
        prefix: &[String],
        written: &dyn Fn(Vec<String>, usize) -> Written,
    ) {
        let mut path = prefix.to_vec();
        while *index < end {
            let (text, line) = (self.source.at(*index).to_owned(), self.source.line(*index));
            *index += 1;
            match text.as_str() {
                "::" => {}
                "{" => {
                    while *index < end && self.source.at(*index) != "}" {
                        self.tree(index, end, &path, written);
                        *index += usize::from(self.source.at(*index) == ",");
                    }
                    *index += 1;
                    return;
                }
                _ => {
                    path.push(text);
                    if self.source.at(*index) != "::" {
                        self.bind(&path, index);
                        self.found.push(written(path, line));
                        return;
                    }
                }
            }
        }
    }

    /// Notes the name that an import gives to `path`.
    fn bind(&mut self, path: &[String], index: &mut usize) {
        let mut name = path.iter().rev().find(|part| *part != "self").cloned();
        if self.source.at(*index) == "as" {
            name = Some(self.source.at(*index + 1).to_owned());
            *index += 2;
        }
        self.local.extend(name.filter(|name| path.first() != Some(name)));
    }

    /// Reads a path in the code, such as `crate::store::pass::find`.
    fn path(&mut self, start: usize, module: &[String]) -> usize {
        let mut path = vec![self.source.at(start).to_owned()];
        let mut index = start + 1;
        while self.source.at(index) == "::" && is_word(self.source.at(index + 1)) {
            path.push(self.source.at(index + 1).to_owned());
            index += 2;
        }
        let (line, module) = (self.source.line(start), module.to_vec());
        self.found.push(Written { path, line, module, handed_on: false });
        index
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Target, mentions};
    use crate::source::Source;

    fn seen(text: &str) -> Vec<String> {
        let crates = BTreeSet::from(["diesel".to_owned(), "csv".to_owned()]);
        let source = Source::new("src/services/redeem_pass.rs", text.to_owned());
        let name = |target| match target {
            Target::Ours(path) => path.join("::"),
            Target::Outside(path) => format!("outside {}", path.join("::")),
        };
        mentions(&source, &crates).into_iter().map(|mention| name(mention.target)).collect()
    }

    #[test]
    fn a_use_tree_is_read_to_its_leaves() {
        let text = "use crate::{domain::{pass, ids::{self, PassId as Id}}, store::*};";
        let leaves = ["domain::pass", "domain::ids::self", "domain::ids::PassId", "store::*"];
        assert_eq!(seen(text), leaves);
    }

    #[test]
    fn paths_in_the_code_count_as_imports() {
        assert_eq!(seen("fn f() { crate::http::go::<u8>() }"), ["http::go"]);
        assert_eq!(seen("#[derive(diesel::Queryable)] struct S;"), ["outside diesel::Queryable"]);
        assert_eq!(
            seen("use pass_numerique::cli; extern crate diesel;"),
            ["cli", "outside diesel"]
        );
    }

    #[test]
    fn super_climbs_out_of_inner_modules() {
        assert_eq!(seen("use super::void_pass;"), ["services::void_pass"]);
        let inner = "mod tests { use super::super::super::store; } use super::b;";
        assert_eq!(seen(inner), ["store", "services::b"]);
    }

    #[test]
    fn a_module_of_ours_hides_the_crate_of_its_name() {
        assert_eq!(seen("use crate::documents::csv; fn f() { csv::rows() }"), ["documents::csv"]);
        assert_eq!(
            seen("use csv::Writer; fn f() { csv::rows() }"),
            ["outside csv::Writer", "outside csv::rows"]
        );
    }
}
