//! Typst, shut in: a template and its facts in, a tagged PDF out; no file, network or clock.
//!
//! File ids are interned for ever in a `u16`, so the virtual paths are constants and what differs
//! from one document to the next travels inside `facts.json` and `logo.png`.

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

/// Regular and bold of each family: Latin, Cyrillic, Arabic.
static FACES: [[&[u8]; 2]; 3] = [
    [
        include_bytes!("fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
        include_bytes!("fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
    ],
    [include_bytes!("fonts/NotoSans-Regular.ttf"), include_bytes!("fonts/NotoSans-Bold.ttf")],
    [
        include_bytes!("fonts/NotoNaskhArabic-Regular.ttf"),
        include_bytes!("fonts/NotoNaskhArabic-Bold.ttf"),
    ],
];

/// What templates may import, by file name.
const PARTS: [(&str, &str); 4] = [
    ("paper.typ", include_str!("templates/paper.typ")),
    ("pages.typ", include_str!("templates/pages.typ")),
    ("card-face.typ", include_str!("templates/card-face.typ")),
    ("cover.typ", include_str!("templates/cover.typ")),
];

/// The longest word that is sure to fit the width of a sheet.
const LONGEST_WORD: usize = 30;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    FACES.as_flattened().iter().filter_map(|face| Font::new(Bytes::new(*face), 0)).collect()
});
static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

static PARTS_READ: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let read = |(name, text): (&str, &str)| Some(Source::new(file_id(name)?, text.to_owned()));
    PARTS.into_iter().filter_map(read).collect()
});

fn file_id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(format!("/{name}")).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// What a document is made from.
#[derive(Clone, Copy)]
pub struct Manuscript<'a> {
    /// The template.
    pub template: &'a str,
    /// What it reads as `facts.json`.
    pub facts: &'a serde_json::Value,
    /// What it reads as `logo.png`.
    pub logo: Option<&'a [u8]>,
    /// Identifies the document for good (a serial number, say): it seeds the file's identifier.
    pub name: &'a str,
}

/// Makes a PDF/UA-1 file.
///
/// # Errors
/// [`DocumentError::Typesetting`] when the template is wrong or the facts do not suit it.
pub fn typeset(manuscript: &Manuscript<'_>) -> Result<Vec<u8>, DocumentError> {
    let desk = Desk::new(manuscript)?;
    let made = compile(&desk, manuscript.name);
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

/// Whether a family has the character in both of its faces.
fn known(c: char) -> bool {
    let has = |font: &Font| font.info().coverage.contains(u32::from(c));
    !c.is_control() && FONTS.chunks(2).any(|family| family.iter().all(has))
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
    data: Vec<(FileId, Bytes)>,
}

impl Desk {
    fn new(manuscript: &Manuscript<'_>) -> Result<Self, DocumentError> {
        let id = |name| {
            file_id(name)
                .ok_or_else(|| DocumentError::Typesetting("a virtual path is wrong".to_owned()))
        };
        let main = Source::new(id("main.typ")?, manuscript.template.to_owned());
        let mut data = vec![(id("facts.json")?, Bytes::from_string(manuscript.facts.to_string()))];
        if let Some(logo) = manuscript.logo {
            data.push((id("logo.png")?, Bytes::new(logo.to_vec())));
        }
        Ok(Self { main, data })
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
        std::iter::once(&self.main)
            .chain(PARTS_READ.iter())
            .find(|source| source.id() == id)
            .cloned()
            .ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.data.iter().find(|(known, _)| *known == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
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
        assert_eq!(printable("Nguyễn\u{200b} 🙂 李明", 80), "Nguyen ??");
        assert_eq!(printable("Олена Ґалаґан", 80), "Олена Ґалаґан");
        assert_eq!(printable("مُحمّد چاووش", 80), "مُحمّد چاووش");
        assert_eq!(
            printable("A\u{202e}B\u{2066}C\u{200f}", 80),
            "ABC",
            "nothing turns a line round"
        );
        assert_eq!(printable("abcdef", 4), "abc…");
        assert!(printable(&"W".repeat(99), 200).split(' ').all(|w| w.len() <= LONGEST_WORD));
    }

    #[test]
    fn a_template_sees_nothing_but_its_facts() {
        let facts = serde_json::json!({});
        let template = "\n#read(\"/etc/passwd\")";
        let page = Manuscript { template, facts: &facts, logo: None, name: "x" };
        let escape = typeset(&page).unwrap_err();
        assert!(escape.to_string().contains("main.typ, line 2: "), "{escape}");
    }
}
