//! What the rules know of a Rust file, read by `syn`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{UseTree, Visibility};
use walkdir::WalkDir;

/// The name by which `src/main.rs` calls the library.
const OURS: &str = "pass_numerique";

/// The service.
pub static SERVICE: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let rust = files(&["src"]).filter(|file| file.is("rs"));
    rust.map(|file| Source::read(&file.path, &file.text)).collect()
});

/// A file of any kind.
pub struct File {
    /// From the root of the repository, with `/`.
    pub path: String,
    pub text: String,
}

impl File {
    pub fn is(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|end| end == extension)
    }
}

/// One Rust file.
#[derive(Default)]
pub struct Source {
    pub path: String,
    /// Where the file sits in the crate: `src/store/pass.rs` is `["store", "pass"]`.
    pub module: Vec<String>,
    /// The modules that it declares in files of their own.
    pub children: Vec<Vec<String>>,
    pub mentions: Vec<Mention>,
    /// Words and signs of the code, those inside of macros too.
    pub tokens: Vec<Token>,
}

/// A path that the file names.
pub struct Mention {
    /// From the root of our crate (`["store", "pass", "find"]`), or from another crate.
    pub path: Vec<String>,
    pub ours: bool,
    pub line: usize,
    /// Whether it is a `pub use`, which hands the name on.
    pub handed_on: bool,
}

pub struct Token {
    pub text: String,
    pub line: usize,
}

impl Source {
    pub fn read(path: &str, text: &str) -> Self {
        let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        let file = syn::parse2(stream.clone()).unwrap_or_else(|error| panic!("{path}: {error}"));
        let module = module(path);
        let mut source = Self { path: path.to_owned(), module: module.clone(), ..Self::default() };
        source.flatten(stream);
        let mut reader = Reader { source, module, local: BTreeSet::new() };
        reader.visit_file(&file);
        let Reader { mut source, local, .. } = reader;
        source.mentions.retain(|mention| mention.ours || !local.contains(&mention.path[0]));
        source
    }

    /// The layer the file belongs to: `src/store/pass.rs` and `src/store.rs` are in `store`.
    pub fn layer(&self) -> &str {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        path.split('/').next().unwrap_or(path)
    }

    fn flatten(&mut self, stream: TokenStream) {
        for tree in stream {
            let line = tree.span().start().line;
            match tree {
                TokenTree::Group(group) if group.stream().is_empty() => {
                    self.tokens.push(Token { text: group.to_string(), line });
                }
                TokenTree::Group(group) => self.flatten(group.stream()),
                other => self.tokens.push(Token { text: other.to_string(), line }),
            }
        }
    }
}

fn module(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
    if matches!(path, "lib" | "main") || path.ends_with("/mod") {
        module.pop();
    }
    module
}

struct Reader {
    source: Source,
    /// Where the reader is: the module of the file and those inside of it.
    module: Vec<String>,
    /// Names that the file itself gives to modules and imports: they hide a crate of that name.
    local: BTreeSet<String>,
}

impl Reader {
    fn mention(&mut self, written: &[String], line: usize, handed_on: bool) {
        let own = self.module.as_slice();
        let climbs = written.iter().take_while(|name| *name == "super").count();
        let (from, rest) = match written[0].as_str() {
            "crate" | OURS => (&[] as &[String], &written[1..]),
            "self" => (own, &written[1..]),
            "super" => (&own[..own.len().saturating_sub(climbs)], &written[climbs..]),
            _ => (&[] as &[String], written),
        };
        let (path, ours) = ([from, rest].concat(), rest.len() < written.len());
        self.source.mentions.push(Mention { path, ours, line, handed_on });
    }

    /// Reads one branch of a `use`, down to its leaves.
    fn branch(&mut self, tree: &UseTree, before: &[&Ident], handed_on: bool) {
        let name = match tree {
            UseTree::Path(path) => {
                return self.branch(&path.tree, &[before, &[&path.ident]].concat(), handed_on);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|item| self.branch(item, before, handed_on));
            }
            UseTree::Name(leaf) => Some(&leaf.ident),
            UseTree::Rename(leaf) => Some(&leaf.ident),
            UseTree::Glob(_) => None,
        };
        let path: Vec<&Ident> =
            before.iter().copied().chain(name.filter(|name| *name != "self")).collect();
        let (Some(first), Some(last)) = (path.first(), path.last()) else { return };
        let bound = if let UseTree::Rename(leaf) = tree { &leaf.rename } else { *last };
        if name.is_some() && bound != *first {
            self.local.insert(bound.to_string());
        }
        self.mention(&texts(&path), line(last), handed_on);
    }

    /// Notes the path that ends here, if there is one.
    fn end_of_path(&mut self, path: &mut Vec<&Ident>) {
        if path.len() > 1 {
            self.mention(&texts(path), line(path[0]), false);
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.local.insert(item.ident.to_string());
        self.module.push(item.ident.to_string());
        if item.content.is_none() {
            self.source.children.push(self.module.clone());
        }
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let handed_on = !matches!(item.vis, Visibility::Inherited);
        self.branch(&item.tree, &[], handed_on);
        visit::visit_item_use(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut names: Vec<&Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
        self.end_of_path(&mut names);
        visit::visit_path(self, path);
    }

    /// The inside of a macro or of an attribute, which may be no Rust.
    fn visit_token_stream(&mut self, tokens: &TokenStream) {
        let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let (mut path, mut colons) = (Vec::new(), 0);
        for tree in &trees {
            match tree {
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end_of_path(&mut path);
                    }
                    path.push(ident);
                    colons = 0;
                }
                TokenTree::Group(group) => {
                    self.end_of_path(&mut path);
                    Visit::visit_token_stream(self, &group.stream());
                }
                _ => self.end_of_path(&mut path),
            }
        }
        self.end_of_path(&mut path);
    }
}

fn texts(path: &[&Ident]) -> Vec<String> {
    path.iter().map(ToString::to_string).collect()
}

fn line(ident: &Ident) -> usize {
    ident.span().start().line
}

/// The text of one file of the repository.
pub fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every text under `folders` of the repository, without what a build leaves there.
pub fn files(folders: &'static [&str]) -> impl Iterator<Item = File> {
    let walk = folders.iter().flat_map(|folder| {
        WalkDir::new(root().join(folder)).sort_by_file_name().into_iter().filter_entry(|entry| {
            entry.file_name() != "target" && entry.file_name() != "node_modules"
        })
    });
    walk.map(|entry| entry.expect("a folder can be read").into_path()).filter_map(|full| {
        let path = full.strip_prefix(root()).expect("the walk stays inside").to_str()?.to_owned();
        Some(File { text: fs::read_to_string(full).ok()?, path })
    })
}

fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the crate is");
    Path::new(&here).ancestors().nth(2).expect("the crate is two folders down").to_owned()
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn read(text: &str) -> Source {
        Source::read("src/services/redeem_pass.rs", text)
    }

    fn mentions(text: &str) -> Vec<String> {
        let shown =
            |path: &[String], ours| format!("{}{}", if ours { "" } else { "::" }, path.join("::"));
        read(text).mentions.iter().map(|mention| shown(&mention.path, mention.ours)).collect()
    }

    #[test]
    fn a_use_tree_is_read_to_its_leaves() {
        let text = "use crate::{domain::{pass, ids::{self, PassId as Id}}, store::*};";
        assert_eq!(mentions(text), ["domain::pass", "domain::ids", "domain::ids::PassId", "store"]);
    }

    #[test]
    fn paths_in_code_macros_and_attributes_count_as_imports() {
        assert_eq!(mentions("fn f() { crate::http::go::<u8>() }"), ["http::go"]);
        assert_eq!(mentions("fn f() { say!(a: x::<crate::http::Y>(), 1) }"), ["http::Y"]);
        assert_eq!(mentions("#[derive(diesel::Queryable)] struct S;"), ["::diesel::Queryable"]);
        assert_eq!(mentions("use pass_numerique::cli; use csv;"), ["cli", "::csv"]);
    }

    #[test]
    fn super_climbs_out_of_inner_modules() {
        assert_eq!(mentions("use super::void_pass;"), ["services::void_pass"]);
        let inner = "mod tests { use super::super::super::store; } use super::b;";
        assert_eq!(mentions(inner), ["store", "services::b"]);
    }

    #[test]
    fn a_module_of_ours_hides_the_crate_of_its_name() {
        let hidden = "use crate::documents::csv; fn f() { csv::rows() }";
        assert_eq!(mentions(hidden), ["documents::csv"]);
        let shown = "use csv::Writer; fn f() { csv::rows() }";
        assert_eq!(mentions(shown), ["::csv::Writer", "::csv::rows"]);
    }

    #[test]
    fn what_stands_in_macros_is_code_and_what_stands_in_strings_is_not() {
        let source = read("fn f() {\n    say!(a.ok(), \"Pg\", Sqlite) // todo\n}");
        let code =
            ["fn", "f", "()", "say", "!", "a", ".", "ok", "()", ",", "\"Pg\"", ",", "Sqlite"];
        assert!(source.tokens.iter().map(|token| token.text.as_str()).eq(code));
        assert_eq!(source.tokens[8].line, 2);
    }
}
