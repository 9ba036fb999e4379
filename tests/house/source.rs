//! Rust source as a list of words and signs, without comments and the insides of strings: just
//! enough of the language to see which names a file mentions and how long its functions are.

use std::fs;
use std::path::{Path, PathBuf};

/// One word or sign of code and the line it stands on.
#[derive(Debug)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// One Rust file.
pub struct Source {
    /// From the root of the repository, with `/`.
    pub path: String,
    pub text: String,
    pub tokens: Vec<Token>,
}

impl Source {
    pub fn new(path: &str, text: String) -> Self {
        let tokens = tokens(&text);
        Self { path: path.to_owned(), text, tokens }
    }

    /// The text of the token at `index`, or nothing behind the end.
    pub fn at(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| &token.text)
    }

    pub fn line(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(0, |token| token.line)
    }

    /// Where a run of tokens stands, such as `.`, `ok`, `(`.
    pub fn find<'a>(&'a self, run: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
        (0..self.tokens.len())
            .filter(move |&start| run.iter().zip(start..).all(|(text, i)| self.at(i) == *text))
    }

    /// The index of the `}` that closes the `{` at `open`.
    pub fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for index in open..self.tokens.len() {
            match self.at(index) {
                "{" => depth += 1,
                "}" if depth <= 1 => return index,
                "}" => depth -= 1,
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// Where the file sits in the crate: `src/store/pass.rs` is `["store", "pass"]`.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
        if matches!(path, "lib" | "main") || module.last().is_some_and(|name| name == "mod") {
            module.pop();
        }
        module
    }

    /// The layer the file belongs to: `src/store/pass.rs` and `src/store.rs` are in `store`.
    pub fn layer(&self) -> &str {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        path.split('/').next().unwrap_or(path)
    }
}

/// Whether a token is a name, a keyword or a number.
pub fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo says where the crate is"))
}

/// Every file under `folder` of the repository, in order; none when there is no such folder.
pub fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root(), &root().join(folder), &mut found);
    found.sort();
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let inside = path.strip_prefix(root).expect("the walk stays inside");
            found.push(inside.to_string_lossy().replace('\\', "/"));
        }
    }
}

/// Every Rust file under `folder`.
pub fn sources(folder: &str) -> Vec<Source> {
    let rust = |path: &String| Path::new(path).extension().is_some_and(|end| end == "rs");
    let read = |path: String| {
        let text = fs::read_to_string(root().join(&path)).expect("a source file is UTF-8");
        Source::new(&path, text)
    };
    let sources: Vec<Source> = files(folder).into_iter().filter(rust).map(read).collect();
    assert!(!sources.is_empty(), "there is no Rust file in {folder}/: nothing was checked");
    sources
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while !rest.is_empty() {
        let (length, code) = lexeme(rest);
        let (piece, after) = rest.split_at(length);
        if code {
            found.push(Token { text: piece.to_owned(), line });
        }
        line += piece.matches('\n').count();
        rest = after;
    }
    found
}

/// How long the first lexeme is, and whether it is code (not space, not a comment).
fn lexeme(rest: &str) -> (usize, bool) {
    let until = |stop: fn(char) -> bool| rest.find(stop).unwrap_or(rest.len());
    if rest.starts_with("//") {
        return (until(|c| c == '\n'), false);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), false);
    }
    if rest.starts_with("::") {
        return (2, true);
    }
    if let Some(length) = raw_string(rest) {
        return (length, true);
    }
    match rest.chars().next() {
        Some('"') => (quoted(rest, '"'), true),
        Some('\'') => (quote(rest), true),
        Some(c) if c.is_whitespace() => (until(|c| !c.is_whitespace()), false),
        Some(c) if c.is_alphanumeric() || c == '_' => {
            (until(|c| !(c.is_alphanumeric() || c == '_')), true)
        }
        Some(c) => (c.len_utf8(), true),
        None => (0, false),
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut end = 0;
    while let Some(step) = rest.get(end..).filter(|tail| !tail.is_empty()) {
        if step.starts_with("/*") {
            depth += 1;
            end += 2;
        } else if step.starts_with("*/") {
            depth -= 1;
            end += 2;
        } else {
            end += step.chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            break;
        }
    }
    end
}

/// The length of `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`, when `rest` begins with one.
fn raw_string(rest: &str) -> Option<usize> {
    let after = ["r", "br", "cr"].iter().find_map(|prefix| rest.strip_prefix(prefix))?;
    let inside = after.trim_start_matches('#');
    let hashes = after.len() - inside.len();
    let body = inside.strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = body.find(&close).map_or(body.len(), |at| at + close.len());
    Some(rest.len() - body.len() + end)
}

/// The length of a string or character literal that `rest` begins with.
fn quoted(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == mark => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal or of a lifetime.
fn quote(rest: &str) -> usize {
    let mut chars = rest.chars().skip(1);
    let (first, second) = (chars.next(), chars.next());
    if first == Some('\\') || second == Some('\'') {
        return quoted(rest, '\'');
    }
    let name = rest.trim_start_matches('\'');
    let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
    rest.len() - name.len() + end
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn words(text: &str) -> Vec<String> {
        let source = Source::new("src/trial.rs", text.to_owned());
        source.tokens.into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn comments_and_strings_are_not_code() {
        assert_eq!(words("a // b\n/* c /* d */ e */ f"), ["a", "f"]);
        assert_eq!(words(r##"r#"x " y"# z"##), [r##"r#"x " y"#"##, "z"]);
        assert_eq!(words(r#"b"\"{" é"#), ["b", r#""\"{""#, "é"]);
    }

    #[test]
    fn a_lifetime_is_not_the_begin_of_a_character() {
        assert_eq!(words("&'a str, '{', '\\''"), ["&", "'a", "str", ",", "'{'", ",", "'\\''"]);
    }

    #[test]
    fn lines_are_counted_through_strings_and_comments() {
        let source = Source::new("src/trial.rs", "\"a\nb\"\n/* c\n */ d".to_owned());
        assert_eq!(source.line(1), 4);
    }

    #[test]
    fn a_file_knows_its_module_and_its_layer() {
        let place = |path: &str| {
            let source = Source::new(path, String::new());
            (source.module().join("::"), source.layer().to_owned())
        };
        assert_eq!(place("src/store/pass.rs"), ("store::pass".to_owned(), "store".to_owned()));
        assert_eq!(place("src/store/mod.rs"), ("store".to_owned(), "store".to_owned()));
        assert_eq!(place("src/lib.rs"), (String::new(), "lib".to_owned()));
    }
}
