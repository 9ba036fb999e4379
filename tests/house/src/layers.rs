//! The table of layers in `docs/ARCHITECTURE.md`, and whether the code keeps to it.

use std::collections::BTreeSet;

use crate::source::{Mention, Source, text};

const DOCUMENT: &str = "docs/ARCHITECTURE.md";
const HEADING: &str = "## Layers";

/// One row of the table.
pub struct Layer {
    name: String,
    /// What it may import of ours: `domain`, or only one module of a layer, `adapters::clock`.
    ours: Vec<Vec<String>>,
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
    fn read(cell: &str) -> Self {
        let (crates, but) = cell.split_once(" but ").unwrap_or((cell, ""));
        let only = match crates.split(' ').next() {
            Some("only") => true,
            Some("never") => false,
            _ => panic!("{DOCUMENT}: the last column begins with `only` or `never`: {cell}"),
        };
        Self { only, crates: quoted(crates), but: paths(but) }
    }

    fn allows(&self, path: &[String]) -> bool {
        let listed = self.crates.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => path[0].starts_with(start),
            None => path[0] == *pattern,
        });
        listed == self.only || self.but.iter().any(|allowed| path.starts_with(allowed))
    }
}

/// The table, one layer after the other as written.
pub fn table() -> Vec<Layer> {
    let text = text(DOCUMENT);
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
    quoted(names)
        .into_iter()
        .map(|name| Layer { name, ours: paths(ours), outside: Outside::read(outside) })
        .collect()
}

/// The words between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn paths(cell: &str) -> Vec<Vec<String>> {
    quoted(cell).iter().map(|path| path.split("::").map(str::to_owned).collect()).collect()
}

/// A row may only name rows above it, so that the arrows cannot close a circle.
pub fn upward(table: &[Layer]) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, Layer { name, ours, .. }) in table.iter().enumerate() {
        let above = |path: &[String]| table[..at].iter().any(|other| other.name == path[0]);
        for path in ours.iter().filter(|path| !above(path)) {
            faults.push(format!(
                "{DOCUMENT}: `{name}` may import `{}`, which has no row above it; dependencies \
                 point one way",
                path[0]
            ));
        }
    }
    faults
}

/// Every mention that the table does not allow, and every file that belongs to no row.
pub fn forbidden(table: &[Layer], sources: &[Source]) -> Vec<String> {
    let crates = dependencies();
    let mut faults = Vec::new();
    for source in sources {
        let (path, name) = (&source.path, source.layer());
        let Some(layer) = table.iter().find(|layer| layer.name == name) else {
            faults.push(format!("{path}: `{name}` is no layer; give it a row in {DOCUMENT}"));
            continue;
        };
        for mention in &source.mentions {
            let advice = if mention.ours {
                objection(layer, table, mention)
            } else {
                objection_outside(layer, &crates, &mention.path)
            };
            faults.extend(advice.map(|advice| format!("{path}:{}: {advice}", mention.line)));
        }
    }
    faults
}

/// What is wrong with naming `mention`, a path of ours, in `layer`.
fn objection(layer: &Layer, table: &[Layer], mention: &Mention) -> Option<String> {
    let Mention { path, handed_on, .. } = mention;
    let (own, written) = (&layer.name, path.join("::"));
    let first = path.first()?;
    if first == own {
        None
    } else if !table.iter().any(|other| other.name == *first) {
        Some(format!("`crate::{written}` begins with no layer; name it by its module"))
    } else if !layer.ours.iter().any(|allowed| path.starts_with(allowed)) {
        Some(format!(
            "`{own}` may not import `{written}`; move the code to the layer it belongs to, or \
             pass the value in as an argument"
        ))
    } else if *handed_on && first != "domain" {
        Some(format!(
            "`pub use` of `{written}` opens a way around the table; import it where it is used"
        ))
    } else {
        None
    }
}

fn objection_outside(layer: &Layer, crates: &BTreeSet<String>, path: &[String]) -> Option<String> {
    let forbidden = crates.contains(&path[0]) && !layer.outside.allows(path);
    forbidden.then(|| {
        let (own, written) = (&layer.name, path.join("::"));
        format!("`{own}` may not name `{written}`; do it in the layer that may, and call that")
    })
}

/// The crates that `Cargo.toml` depends on outside of tests, as Rust names them.
fn dependencies() -> BTreeSet<String> {
    let manifest: toml::Table = text("Cargo.toml").parse().expect("Cargo.toml is TOML");
    let names = manifest["dependencies"].as_table().expect("a table").keys();
    names.map(|name| name.replace('-', "_")).collect()
}
