//! Typst, shut in: a template and its facts in, a tagged PDF out; no file, network or clock.
//!
//! File ids are interned for ever in a `u16`, so the virtual paths are constants and what differs
//! from one document to the next travels inside `facts.json`.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::DocumentError;

static REGULAR: &[u8] = include_bytes!("fonts/AtkinsonHyperlegibleNext-Regular.ttf");
static BOLD: &[u8] = include_bytes!("fonts/AtkinsonHyperlegibleNext-Bold.ttf");
const PAPER: &str = include_str!("templates/paper.typ");

/// The longest word that is sure to fit the width of a sheet.
const LONGEST_WORD: usize = 30;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    [REGULAR, BOLD].into_iter().filter_map(|face| Font::new(Bytes::new(face), 0)).collect()
});
static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// The virtual files, in the order of their ids.
static PATHS: LazyLock<Option<[FileId; 3]>> = LazyLock::new(|| {
    let id = |path| {
        let path = VirtualPath::new(path).ok()?;
        Some(RootedPath::new(VirtualRoot::Project, path).intern())
    };
    Some([id("/main.typ")?, id("/paper.typ")?, id("/facts.json")?])
});

/// Makes a PDF/UA-1 file from a template and the facts it reads as `facts.json`.
///
/// `name` identifies the document for good (a serial number, say): it seeds the file's identifier.
///
/// # Errors
/// [`DocumentError::Typesetting`] when the template is wrong or the facts do not suit it.
pub fn typeset(
    template: &str,
    facts: &serde_json::Value,
    name: &str,
) -> Result<Vec<u8>, DocumentError> {
    let desk = Desk::new(template, facts)?;
    let made = compile(&desk, name);
    // Typst remembers every layout of the process otherwise, failed ones too.
    typst::comemo::evict(0);
    made
}

fn compile(desk: &Desk, name: &str) -> Result<Vec<u8>, DocumentError> {
    let document = typst::compile(desk).output.map_err(|found| wrong_template(desk, &found))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|_| DocumentError::Typesetting("PDF/UA-1 is not known".to_owned()))?;
    let options = PdfOptions {
        ident: Smart::Custom(name.to_owned()),
        creator: Smart::Custom(Some("Pass numérique".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    // What the exporter says may quote the page, and the page may hold a name.
    typst_pdf::pdf(&document, &options).map_err(|found| {
        DocumentError::Typesetting(format!("PDF/UA-1 refuses the page for {} reasons", found.len()))
    })
}

fn wrong_template(desk: &Desk, found: &[SourceDiagnostic]) -> DocumentError {
    let Some(first) = found.first() else {
        return DocumentError::Typesetting("no reason given".to_owned());
    };
    let place = first.span.id().and_then(|id| {
        let start = desk.range(first.span)?.start;
        let line = desk.source(id).ok()?.lines().byte_to_line(start)? + 1;
        Some(format!("{}, line {line}: ", id.vpath().get_without_slash()))
    });
    DocumentError::Typesetting(format!("{}{}", place.unwrap_or_default(), first.message))
}

/// What a person typed, made fit to print: one line, no character that our fonts lack, no word
/// wider than the sheet, at most `longest` characters.
#[must_use]
pub fn printable(text: &str, longest: usize) -> String {
    let shown: String = text.nfc().flat_map(shown_as).collect();
    let words: Vec<String> = shown.split(' ').filter(|w| !w.is_empty()).map(cut_word).collect();
    let line = words.join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let kept: String = line.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The character itself, or what is left of it without its accents, or `?` for a letter we lack.
fn shown_as(c: char) -> Vec<char> {
    let known = |c: char| {
        FONTS.iter().all(|font| font.info().coverage.contains(u32::from(c))) && !c.is_control()
    };
    if known(c) {
        return vec![c];
    }
    let plain = |part: &char| known(*part) && !is_combining_mark(*part);
    match c.nfkd().filter(plain).collect::<Vec<char>>() {
        base if !base.is_empty() => base,
        _ if c.is_alphanumeric() => vec!['?'],
        _ if c.is_whitespace() || c.is_control() => vec![' '],
        _ => Vec::new(),
    }
}

fn cut_word(word: &str) -> String {
    let mut cut = String::with_capacity(word.len());
    let mut run = 0;
    for c in word.chars() {
        if run == LONGEST_WORD {
            cut.push(' ');
            run = 0;
        }
        cut.push(c);
        run = if c == '-' { 0 } else { run + 1 };
    }
    cut
}

/// The few files that a template may see.
struct Desk {
    main: Source,
    paper: Source,
    facts: (FileId, Bytes),
}

impl Desk {
    fn new(template: &str, facts: &serde_json::Value) -> Result<Self, DocumentError> {
        let [main, paper, data] = (*PATHS)
            .ok_or_else(|| DocumentError::Typesetting("the virtual paths are wrong".to_owned()))?;
        Ok(Self {
            main: Source::new(main, template.to_owned()),
            paper: Source::new(paper, PAPER.to_owned()),
            facts: (data, Bytes::from_string(facts.to_string())),
        })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.main, &self.paper]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let (data, bytes) = &self.facts;
        if *data == id { Ok(bytes.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    /// No clock: a sheet printed again is the same sheet.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_made_fit_to_print() {
        assert_eq!(printable(" L’œuvre\nd’Élise\u{202f}! ", 80), "L’œuvre d’Élise\u{202f}!");
        assert_eq!(printable("Nguyễn\u{200b} 🙂 Юля", 80), "Nguyen ???");
        assert_eq!(printable("abcdef", 4), "abc…");
        assert!(printable(&"W".repeat(99), 200).split(' ').all(|w| w.len() <= LONGEST_WORD));
    }

    #[test]
    fn a_template_sees_nothing_but_its_facts() {
        let facts = serde_json::json!({});
        let escape = typeset("\n#read(\"/etc/passwd\")", &facts, "x").unwrap_err();
        assert!(escape.to_string().contains("main.typ, line 2: "), "{escape}");
    }
}
