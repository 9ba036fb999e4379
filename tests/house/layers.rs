//! The table of layers in `docs/ARCHITECTURE.md`, and whether the code keeps to it.

use std::collections::BTreeSet;
use std::fs;

use crate::debts::{Fault, Rule};
use crate::paths::{Mention, Target, mentions};
use crate::source::{Source, root};

const DOCUMENT: &str = "docs/ARCHITECTURE.md";
const HEADING: &str = "## Layers";

/// One row of the table.
pub struct Layer {
    pub name: String,
    /// What it may import of ours: `domain`, or only one module of a layer, `adapters::clock`.
    pub ours: Vec<Vec<String>>,
    outside: Outside,
}

/// The third column: `only` these crates, or any but (`never`) these, where `*` ends a pattern; and
/// after the word `but` paths into such a crate that may be named all the same.
struct Outside {
    only: bool,
    crates: Vec<String>,
    but: Vec<Vec<String>>,
}

impl Outside {
    fn read(cell: &str) -> Option<Self> {
        let (crates, but) = cell.split_once(" but ").unwrap_or((cell, ""));
        let only = match crates.split(' ').next() {
            Some("only") => true,
            Some("never") => false,
            _ => return None,
        };
        let but = quoted(but).iter().map(|path| split(path)).collect();
        Some(Self { only, crates: quoted(crates), but })
    }

    fn allows(&self, path: &[String]) -> bool {
        let name = path.first().map_or("", String::as_str);
        let listed = self.crates.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        });
        listed == self.only || self.but.iter().any(|allowed| path.starts_with(allowed))
    }
}

/// The table, one layer after the other as written.
pub fn table() -> Vec<Layer> {
    let text = fs::read_to_string(root().join(DOCUMENT)).expect(DOCUMENT);
    let section = text.lines().skip_while(|line| line.trim() != HEADING).skip(1);
    let rows = section.take_while(|line| !line.starts_with("## ")).filter(|l| l.starts_with('|'));
    let layers: Vec<Layer> = rows.skip(2).flat_map(row).collect();
    assert!(!layers.is_empty(), "{DOCUMENT} has no table under `{HEADING}`: put it back");
    layers
}

fn row(line: &str) -> Vec<Layer> {
    let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
    let [names, ours, outside] = cells.as_slice() else {
        panic!("{DOCUMENT}: this row of the table needs three columns: {line}")
    };
    let read = |name: String| Layer {
        name,
        ours: quoted(ours).iter().map(|path| split(path)).collect(),
        outside: Outside::read(outside).unwrap_or_else(|| {
            panic!("{DOCUMENT}: the last column begins with `only` or `never`: {line}")
        }),
    };
    quoted(names).into_iter().map(read).collect()
}

/// The words between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn split(path: &str) -> Vec<String> {
    path.split("::").map(str::to_owned).collect()
}

/// A row may only name rows above it, so that the arrows cannot close a circle.
pub fn upward(table: &[Layer]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, layer) in table.iter().enumerate() {
        let above = |name: &str| table.iter().take(at).any(|other| other.name == name);
        let wrong = layer.ours.iter().filter_map(|path| path.first()).filter(|name| !above(name));
        faults.extend(wrong.map(|name| {
            let advice = format!(
                "`{}` may import `{name}`, which has no row above it; dependencies point one way",
                layer.name
            );
            Fault::new(Rule::Table, DOCUMENT, advice)
        }));
    }
    faults
}

/// Every file of `src` must belong to a row.
pub fn strangers(table: &[Layer], sources: &[Source]) -> Vec<Fault> {
    let known = |source: &&Source| !table.iter().any(|layer| layer.name == source.layer());
    let fault = |source: &Source| {
        let advice = format!(
            "`{}` is no layer; move the file into one, or give it a row in {DOCUMENT}",
            source.layer()
        );
        Fault::new(Rule::Layers, &source.path, advice)
    };
    sources.iter().filter(known).map(fault).collect()
}

/// Every mention that the table does not allow.
pub fn forbidden(table: &[Layer], sources: &[Source]) -> Vec<Fault> {
    let crates = dependencies();
    let mut faults = Vec::new();
    for source in sources {
        let Some(layer) = table.iter().find(|layer| layer.name == source.layer()) else { continue };
        for mention in mentions(source, &crates) {
            if let Some(advice) = objection(layer, table, &mention) {
                let place = format!("{}:{}", source.path, mention.line);
                faults.push(Fault::at(Rule::Layers, &source.path, &place, advice));
            }
        }
    }
    faults
}

/// What is wrong with one mention, if anything is.
fn objection(layer: &Layer, table: &[Layer], mention: &Mention) -> Option<String> {
    let own = &layer.name;
    match &mention.target {
        Target::Outside(path) if layer.outside.allows(path) => None,
        Target::Outside(path) => Some(format!(
            "`{own}` may not name `{}`; do it in the layer that may, and call that",
            path.join("::")
        )),
        Target::Ours(path) => {
            let first = path.first().map_or("", String::as_str);
            let written = path.join("::");
            if first == own {
                None
            } else if !table.iter().any(|other| other.name == first) {
                Some(format!("`crate::{written}` begins with no layer; name it by its module"))
            } else if !layer.ours.iter().any(|allowed| path.starts_with(allowed)) {
                Some(format!(
                    "`{own}` may not import `{written}`; move the code to the layer it belongs \
                     to, or pass the value in as an argument"
                ))
            } else if mention.handed_on && first != "domain" {
                Some(format!(
                    "`pub use` of `{written}` opens a way around the table; import it where it \
                     is used"
                ))
            } else {
                None
            }
        }
    }
}

/// The crates that `Cargo.toml` depends on outside of tests, as Rust names them.
fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let mut names = BTreeSet::new();
    let mut listed = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            let test_only = section.contains("dev-") || section.contains("build-");
            listed = section.ends_with("dependencies") && !test_only;
            let single = section.rsplit_once("dependencies.").filter(|_| !test_only);
            names.extend(single.map(|(_, name)| rust_name(name)));
        } else if listed && !line.starts_with('#') {
            let key = line.split(['=', '.']).next().unwrap_or_default().trim();
            names.extend((!key.is_empty() && line.contains('=')).then(|| rust_name(key)));
        }
    }
    names
}

fn rust_name(name: &str) -> String {
    name.trim_matches('"').replace('-', "_")
}
