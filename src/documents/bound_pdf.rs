//! Many tagged PDFs bound into one, part by part: what was added is written at once and forgotten,
//! so a run of any length is one PDF/UA-1 file made in the memory of one box.
//!
//! Kept from one part to the next: where each batch of objects lies, a few numbers a part, and the
//! digest of each stream, so that a font or page that comes again is not written again.

mod frame;
mod part;
mod plan;
mod sink;

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use lopdf::{Object, text_string};

use frame::{Bookmark, Frame, Leaf, Node};
use part::Part;
use plan::{Digest, Known, Plan, Renumber};
use sink::Sink;

/// A node of the page tree has no more kids than this.
const MOST_KIDS: usize = 100;

/// What the bound file says of itself.
#[derive(Clone, Debug)]
pub struct Title {
    /// Its title, which a reader shows in place of the file's name.
    pub title: String,
    /// Its language, `fr-FR`.
    pub language: String,
    /// Who speaks in it: an organisation.
    pub author: String,
    /// The program that made it.
    pub creator: String,
}

/// Why parts could not be bound.
#[derive(Debug)]
pub enum BindError {
    /// The bytes could not be handed on; what was written so far is no PDF.
    Write(io::Error),
    /// The part is no PDF, or a damaged one.
    Unreadable(lopdf::Error),
    /// The part has what would be lost, or lacks what a tagged file needs; says what.
    Refused(String),
    /// A PDF holds no more objects.
    Full,
    /// Nothing was added.
    Empty,
}

impl BindError {
    fn refused(why: &str) -> Self {
        Self::Refused(why.to_owned())
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(_) => f.write_str("the bound file could not be written"),
            Self::Unreadable(_) => f.write_str("a part is no PDF that can be read"),
            Self::Refused(why) => write!(f, "a part cannot be bound: {why}"),
            Self::Full => f.write_str("a bound file holds no more"),
            Self::Empty => f.write_str("nothing was added to the bound file"),
        }
    }
}

impl Error for BindError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Write(source) => Some(source),
            Self::Unreadable(source) => Some(source),
            Self::Refused(_) | Self::Full | Self::Empty => None,
        }
    }
}

impl From<io::Error> for BindError {
    fn from(source: io::Error) -> Self {
        Self::Write(source)
    }
}

impl From<lopdf::Error> for BindError {
    fn from(source: lopdf::Error) -> Self {
        Self::Unreadable(source)
    }
}

/// A PDF that grows by parts; the same parts give the same bytes.
pub struct BoundPdf<W: Write> {
    sink: Sink<W>,
    title: Title,
    shared: HashMap<Digest, u32>,
    roles: BTreeMap<Vec<u8>, Object>,
    frame: Frame,
}

impl<W: Write> BoundPdf<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// [`BindError::Write`].
    pub fn new(out: W, title: Title) -> Result<Self, BindError> {
        let mut sink = Sink::new(out)?;
        let frame = Frame::new(sink.number()?, sink.number()?, sink.number()?);
        Ok(Self { sink, title, shared: HashMap::new(), roles: BTreeMap::new(), frame })
    }

    /// Adds a part with its bookmark: a tagged PDF/UA-1 file. Its own bookmarks and page labels
    /// are left out; anything else that would be lost makes it refused.
    ///
    /// # Errors
    /// Any [`BindError`] but [`BindError::Empty`]. A refused or unreadable part leaves the file as
    /// it was: others can be added.
    pub fn add(&mut self, bookmark: &str, part: &[u8]) -> Result<(), BindError> {
        let mut part = Part::read(part)?;
        let roles = self.merged_roles(&part)?;
        let next_key = self.frame.next_key.checked_add(part.next_key).ok_or(BindError::Full)?;
        let group = self.frame.group(&mut self.sink)?;
        let known = Known { shared: &self.shared, structure: self.frame.document };
        let plan = Plan::of(&part, &known, &mut self.sink)?;
        let (pages, first_page) = (plan.number(part.pages)?, plan.number(part.first_page)?);
        let tops: Result<Vec<u32>, BindError> =
            part.tops.iter().map(|top| plan.number(*top)).collect();
        let tops = tops?;
        self.roles = roles;
        self.shared.extend(&plan.fresh);

        let names = Renumber {
            numbers: &plan.numbers,
            shift: self.frame.next_key,
            prefix: format!("{:08}-", self.frame.bookmarks.len()),
        };
        let language = part.language.take().filter(|tag| *tag != self.title.language.as_bytes());
        for id in &plan.streams {
            if let Some(mut object) = part.document.objects.remove(id) {
                names.rewrite(&mut object);
                self.sink.plain(plan.number(*id)?, &object)?;
            }
        }
        let small = plan.small.iter().filter_map(|id| {
            let mut object = part.document.objects.remove(id)?;
            names.rewrite(&mut object);
            if *id == part.pages {
                set(&mut object, "Parent", Object::Reference((group, 0)));
            } else if part.tops.contains(id) {
                adopt(&mut object, bookmark, language.as_deref(), self.frame.document);
            }
            Some((*plan.numbers.get(id)?, object))
        });
        self.sink.packed(small)?;
        self.leaves(&part, &names)?;
        self.frame.next_key = next_key;
        self.frame.tops.extend(tops);
        self.frame.bookmarks.push(Bookmark { text: bookmark.to_owned(), page: first_page });
        self.frame.hang(Node { number: pages, pages: part.page_count });
        Ok(())
    }

    /// Writes what holds the parts together and gives the writer back.
    ///
    /// # Errors
    /// [`BindError::Empty`], [`BindError::Full`], [`BindError::Write`].
    pub fn finish(mut self) -> Result<W, BindError> {
        if self.frame.bookmarks.is_empty() {
            return Err(BindError::Empty);
        }
        let (root, info) = self.frame.write(&mut self.sink, &self.title, self.roles)?;
        self.sink.close(root, info)
    }

    fn merged_roles(&self, part: &Part) -> Result<BTreeMap<Vec<u8>, Object>, BindError> {
        let mut roles = self.roles.clone();
        for (name, role) in &part.roles {
            if roles.insert(name.clone(), role.clone()).is_some_and(|other| other != *role) {
                return Err(BindError::refused("a role means something else in another part"));
            }
        }
        Ok(roles)
    }

    /// The part's leaf of the tree from marked content to structure, and of the tree of names.
    fn leaves(&mut self, part: &Part, names: &Renumber<'_>) -> Result<(), BindError> {
        let mut written = Vec::new();
        let parents = part
            .parents
            .iter()
            .map(|(key, value)| (Object::Integer(key + names.shift), names.rewritten(value)));
        if let Some((leaf, object)) = Leaf::new("Nums", parents, &mut self.sink)? {
            written.push((leaf.number, object));
            self.frame.parents.push(leaf);
        }
        let ids = part.ids.iter().map(|(id, value)| (names.prefixed(id), names.rewritten(value)));
        if let Some((leaf, object)) = Leaf::new("Names", ids, &mut self.sink)? {
            written.push((leaf.number, object));
            self.frame.ids.push(leaf);
        }
        self.sink.packed(written)
    }
}

fn set(object: &mut Object, key: &str, value: Object) {
    if let Ok(dictionary) = object.as_dict_mut() {
        dictionary.set(key, value);
    }
}

/// Makes the top of a part's structure a piece of the whole.
fn adopt(object: &mut Object, name: &str, language: Option<&[u8]>, document: u32) {
    set(object, "P", Object::Reference((document, 0)));
    let Ok(top) = object.as_dict_mut() else { return };
    if top.get(b"S").and_then(Object::as_name).is_ok_and(|role| role == b"Document") {
        top.set("S", "Part");
        top.set("T", text_string(name));
    }
    if let (Some(tag), false) = (language, top.has(b"Lang")) {
        top.set("Lang", Object::string_literal(tag));
    }
}

#[cfg(test)]
mod tests;
