//! What holds the parts together: page tree, structure, bookmarks, metadata, catalog.

use std::collections::BTreeMap;
use std::io::Write;

use lopdf::{Dictionary, Object, Stream, dictionary, text_string};

use super::sink::{Sink, length};
use super::{BindError, MOST_KIDS, Title};

/// A branch of the page tree.
pub(super) struct Node {
    pub number: u32,
    /// How many pages hang on it.
    pub pages: u32,
}

struct Group {
    number: u32,
    kids: Vec<Node>,
}

/// A part's piece of a number or name tree.
pub(super) struct Leaf {
    pub number: u32,
    first: Object,
    last: Object,
}

impl Leaf {
    /// Nothing for a part that has no entries.
    pub fn new<W: Write>(
        kind: &str,
        entries: impl Iterator<Item = (Object, Object)>,
        sink: &mut Sink<W>,
    ) -> Result<Option<(Self, Object)>, BindError> {
        let entries: Vec<(Object, Object)> = entries.collect();
        let (Some((first, _)), Some((last, _))) = (entries.first(), entries.last()) else {
            return Ok(None);
        };
        let leaf = Self { number: sink.number()?, first: first.clone(), last: last.clone() };
        let limits = leaf.limits();
        let entries: Vec<Object> = entries.into_iter().flat_map(<[Object; 2]>::from).collect();
        let object = dictionary! { "Limits" => limits, kind => entries };
        Ok(Some((leaf, object.into())))
    }

    fn limits(&self) -> Vec<Object> {
        vec![self.first.clone(), self.last.clone()]
    }
}

/// Where a part begins.
pub(super) struct Bookmark {
    pub text: String,
    pub page: u32,
}

/// What is remembered of the parts until the end.
pub(super) struct Frame {
    pages: u32,
    structure: u32,
    /// The number of the document element.
    pub document: u32,
    groups: Vec<Group>,
    pub tops: Vec<u32>,
    pub parents: Vec<Leaf>,
    pub ids: Vec<Leaf>,
    pub next_key: i64,
    pub bookmarks: Vec<Bookmark>,
}

type Written = Vec<(u32, Object)>;

impl Frame {
    pub fn new(pages: u32, structure: u32, document: u32) -> Self {
        Self {
            pages,
            structure,
            document,
            groups: Vec::new(),
            tops: Vec::new(),
            parents: Vec::new(),
            ids: Vec::new(),
            next_key: 0,
            bookmarks: Vec::new(),
        }
    }

    /// The number of the node on which the next part's pages hang.
    pub fn group<W: Write>(&mut self, sink: &mut Sink<W>) -> Result<u32, BindError> {
        if let Some(group) = self.groups.last().filter(|group| group.kids.len() < MOST_KIDS) {
            return Ok(group.number);
        }
        let number = sink.number()?;
        self.groups.push(Group { number, kids: Vec::new() });
        Ok(number)
    }

    /// Hangs a part's pages on that node.
    pub fn hang(&mut self, node: Node) {
        if let Some(group) = self.groups.last_mut() {
            group.kids.push(node);
        }
    }

    /// Writes it all; gives the numbers of the catalog and of the information.
    pub fn write<W: Write>(
        &self,
        sink: &mut Sink<W>,
        title: &Title,
        roles: BTreeMap<Vec<u8>, Object>,
    ) -> Result<(u32, u32), BindError> {
        let mut written = Vec::new();
        self.page_tree(&mut written);
        self.structure(roles, sink, &mut written)?;
        let outlines = self.outlines(sink, &mut written)?;
        let (metadata, info, catalog) = (sink.number()?, sink.number()?, sink.number()?);
        let about = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
        let packet = Stream::new(about, xmp(title).into_bytes());
        sink.plain(metadata, &Object::Stream(packet))?;
        let about = dictionary! {
            "Title" => text_string(&title.title),
            "Author" => text_string(&title.author),
            "Creator" => text_string(&title.creator),
        };
        written.push((info, about.into()));
        let root = dictionary! {
            "Type" => "Catalog",
            "Pages" => (self.pages, 0),
            "StructTreeRoot" => (self.structure, 0),
            "MarkInfo" => dictionary! { "Marked" => true },
            "Lang" => Object::string_literal(title.language.as_str()),
            "Metadata" => (metadata, 0),
            "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
            "Outlines" => (outlines, 0),
            "PageMode" => "UseOutlines",
        };
        written.push((catalog, root.into()));
        sink.packed(written)?;
        Ok((catalog, info))
    }

    fn page_tree(&self, written: &mut Written) {
        let mut all = 0;
        let groups = self.groups.iter().filter(|group| !group.kids.is_empty());
        for group in groups.clone() {
            let pages: u32 = group.kids.iter().map(|node| node.pages).sum();
            all += pages;
            let node = dictionary! {
                "Type" => "Pages",
                "Parent" => (self.pages, 0),
                "Kids" => kids(group.kids.iter().map(|node| node.number)),
                "Count" => pages,
            };
            written.push((group.number, node.into()));
        }
        let groups = kids(groups.map(|group| group.number));
        let root = dictionary! { "Type" => "Pages", "Kids" => groups, "Count" => all };
        written.push((self.pages, root.into()));
    }

    fn structure<W: Write>(
        &self,
        roles: BTreeMap<Vec<u8>, Object>,
        sink: &mut Sink<W>,
        written: &mut Written,
    ) -> Result<(), BindError> {
        let document = dictionary! {
            "Type" => "StructElem",
            "S" => "Document",
            "P" => (self.structure, 0),
            "K" => kids(self.tops.iter().copied()),
        };
        written.push((self.document, document.into()));
        let mut root = dictionary! {
            "Type" => "StructTreeRoot",
            "K" => vec![Object::Reference((self.document, 0))],
            "ParentTree" => tree(&self.parents, sink, written)?,
            "ParentTreeNextKey" => self.next_key,
        };
        if !roles.is_empty() {
            root.set("RoleMap", Dictionary::from_iter(roles));
        }
        if !self.ids.is_empty() {
            root.set("IDTree", tree(&self.ids, sink, written)?);
        }
        written.push((self.structure, root.into()));
        Ok(())
    }

    fn outlines<W: Write>(
        &self,
        sink: &mut Sink<W>,
        written: &mut Written,
    ) -> Result<u32, BindError> {
        let root = sink.number()?;
        let numbers: Result<Vec<u32>, BindError> =
            self.bookmarks.iter().map(|_| sink.number()).collect();
        let numbers = numbers?;
        for (place, (bookmark, number)) in self.bookmarks.iter().zip(&numbers).enumerate() {
            let mut item = dictionary! {
                "Title" => text_string(&bookmark.text),
                "Parent" => (root, 0),
                "Dest" => vec![Object::Reference((bookmark.page, 0)), "Fit".into()],
            };
            if let Some(before) = place.checked_sub(1).and_then(|place| numbers.get(place)) {
                item.set("Prev", (*before, 0));
            }
            if let Some(after) = numbers.get(place + 1) {
                item.set("Next", (*after, 0));
            }
            written.push((*number, item.into()));
        }
        let mut outlines = dictionary! { "Type" => "Outlines", "Count" => length(numbers.len()) };
        if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
            outlines.set("First", (*first, 0));
            outlines.set("Last", (*last, 0));
        }
        written.push((root, outlines.into()));
        Ok(root)
    }
}

fn kids(numbers: impl Iterator<Item = u32>) -> Vec<Object> {
    numbers.map(|number| Object::Reference((number, 0))).collect()
}

/// The root of a tree over the leaves, no node with more than a hundred kids.
fn tree<W: Write>(
    leaves: &[Leaf],
    sink: &mut Sink<W>,
    written: &mut Written,
) -> Result<Dictionary, BindError> {
    if leaves.len() <= MOST_KIDS {
        return Ok(dictionary! { "Kids" => kids(leaves.iter().map(|leaf| leaf.number)) });
    }
    let mut above = Vec::new();
    for group in leaves.chunks(MOST_KIDS) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let node =
            Leaf { number: sink.number()?, first: first.first.clone(), last: last.last.clone() };
        let object = dictionary! {
            "Limits" => node.limits(),
            "Kids" => kids(group.iter().map(|leaf| leaf.number)),
        };
        written.push((node.number, object.into()));
        above.push(node);
    }
    tree(&above, sink, written)
}

/// The metadata that readers and validators ask for; no date, so that it is the same twice.
fn xmp(title: &Title) -> String {
    let [name, language, author, creator] =
        [&title.title, &title.language, &title.author, &title.creator].map(|text| escaped(text));
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
         xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{name}</rdf:li></rdf:Alt></dc:title>\n\
         <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>\n\
         <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\n\
         <xmp:CreatorTool>{creator}</xmp:CreatorTool>\n\
         <pdfuaid:part>1</pdfuaid:part>\n\
         </rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
    out
}
