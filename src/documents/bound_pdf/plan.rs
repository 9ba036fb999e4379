//! Which objects of a part are written, and under which numbers.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, Writer};
use sha2::{Digest as _, Sha256};

use super::BindError;
use super::part::Part;
use super::sink::Sink;

/// What tells a stream or font from all others.
pub(super) type Digest = [u8; 32];

/// How deep what a font leads to may lie.
const DEPTH: u8 = 8;

/// What is in the bound file already.
pub(super) struct Known<'a> {
    pub shared: &'a HashMap<Digest, u32>,
    /// The number of its document element.
    pub structure: u32,
}

/// The numbers of a part's objects in the bound file.
pub(super) struct Plan {
    pub numbers: HashMap<ObjectId, u32>,
    /// What is written for itself.
    pub streams: Vec<ObjectId>,
    /// What is packed by the hundred, its numbers in order.
    pub small: Vec<ObjectId>,
    /// What later parts need not write again.
    pub fresh: HashMap<Digest, u32>,
}

impl Plan {
    /// Takes numbers for all that the part's pages and structure lead to, in the order in which a
    /// reader comes by it.
    pub fn of<W: Write>(
        part: &Part,
        known: &Known<'_>,
        sink: &mut Sink<W>,
    ) -> Result<Self, BindError> {
        let mut plan = Self {
            numbers: HashMap::from([(part.structure, known.structure)]),
            streams: Vec::new(),
            small: Vec::new(),
            fresh: HashMap::new(),
        };
        let mut seen = HashSet::from([part.structure]);
        let mut waiting = Vec::new();
        for (_, value) in part.ids.iter().rev() {
            references(value, &mut waiting);
        }
        for (_, value) in part.parents.iter().rev() {
            references(value, &mut waiting);
        }
        waiting.extend(part.tops.iter().rev());
        waiting.push(part.pages);
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(object) = part.document.objects.get(&id) else { continue };
            if !plan.place(id, &part.document, known, sink)? {
                references(object, &mut waiting);
            }
        }
        for id in &plan.small {
            plan.numbers.insert(*id, sink.number()?);
        }
        Ok(plan)
    }

    /// The number of an object that must be there.
    pub fn number(&self, id: ObjectId) -> Result<u32, BindError> {
        self.numbers.get(&id).copied().ok_or_else(|| BindError::refused("an object is missing"))
    }

    /// Whether the object is in the bound file already, with all that it leads to.
    fn place<W: Write>(
        &mut self,
        id: ObjectId,
        document: &Document,
        known: &Known<'_>,
        sink: &mut Sink<W>,
    ) -> Result<bool, BindError> {
        let Some(object) = document.objects.get(&id) else {
            return Err(BindError::refused("an object is missing"));
        };
        let is_stream = matches!(object, Object::Stream(_));
        let is_font = object.as_dict().is_ok_and(|dictionary| dictionary.has_type(b"Font"));
        if !is_stream && !is_font {
            self.small.push(id);
            return Ok(false);
        }
        let digest = digest(document, object);
        let copy = digest.and_then(|digest| self.fresh.get(&digest).or(known.shared.get(&digest)));
        if let Some(number) = copy {
            self.numbers.insert(id, *number);
            return Ok(true);
        }
        let number = sink.number()?;
        self.numbers.insert(id, number);
        self.streams.push(id);
        if let Some(digest) = digest {
            self.fresh.insert(digest, number);
        }
        Ok(false)
    }
}

/// What an object refers to, the first reference last: they are taken from the end.
fn references(object: &Object, found: &mut Vec<ObjectId>) {
    match object {
        Object::Reference(id) => found.push(*id),
        Object::Array(items) => items.iter().rev().for_each(|item| references(item, found)),
        Object::Dictionary(dictionary) => {
            dictionary.iter().rev().for_each(|(_, value)| references(value, found));
        }
        Object::Stream(stream) => {
            stream.dict.iter().rev().for_each(|(_, value)| references(value, found));
        }
        _ => {}
    }
}

fn digest(document: &Document, object: &Object) -> Option<Digest> {
    let mut hash = Sha256::new();
    feed(document, object, DEPTH, &mut hash)?;
    Some(hash.finalize().into())
}

/// Nothing for what has a place of its own in the page or structure tree.
fn feed(document: &Document, object: &Object, depth: u8, hash: &mut Sha256) -> Option<()> {
    match object {
        Object::Reference(id) => {
            let depth = depth.checked_sub(1)?;
            hash.update(b"R");
            feed(document, document.objects.get(id)?, depth, hash)
        }
        Object::Array(items) => {
            hash.update(b"A");
            hash.update(items.len().to_be_bytes());
            items.iter().try_for_each(|item| feed(document, item, depth, hash))
        }
        Object::Dictionary(dictionary) => feed_dictionary(document, dictionary, depth, hash),
        Object::Stream(stream) => {
            hash.update(b"S");
            feed_dictionary(document, &stream.dict, depth, hash)?;
            hash.update(stream.content.len().to_be_bytes());
            hash.update(&stream.content);
            Some(())
        }
        plain => {
            let mut bytes = Vec::new();
            Writer::write_object(&mut bytes, plain).ok()?;
            hash.update(b"P");
            hash.update(bytes.len().to_be_bytes());
            hash.update(&bytes);
            Some(())
        }
    }
}

fn feed_dictionary(
    document: &Document,
    dictionary: &Dictionary,
    depth: u8,
    hash: &mut Sha256,
) -> Option<()> {
    hash.update(b"D");
    hash.update(dictionary.len().to_be_bytes());
    for (key, value) in dictionary {
        if matches!(key.as_slice(), b"StructParent" | b"StructParents" | b"Parent" | b"P") {
            return None;
        }
        hash.update(key.len().to_be_bytes());
        hash.update(key);
        feed(document, value, depth, hash)?;
    }
    Some(())
}

/// Turns what a part says of itself into what is true in the bound file.
pub(super) struct Renumber<'a> {
    pub numbers: &'a HashMap<ObjectId, u32>,
    /// What is added to the keys of pages and annotations.
    pub shift: i64,
    /// What is put before the identifiers of structure.
    pub prefix: String,
}

impl Renumber<'_> {
    pub fn rewritten(&self, object: &Object) -> Object {
        let mut object = object.clone();
        self.rewrite(&mut object);
        object
    }

    pub fn rewrite(&self, object: &mut Object) {
        match object {
            Object::Reference(id) => {
                *object = match self.numbers.get(id) {
                    Some(number) => Object::Reference((*number, 0)),
                    None => Object::Null,
                }
            }
            Object::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item)),
            Object::Dictionary(dictionary) => self.rewrite_dictionary(dictionary),
            Object::Stream(stream) => self.rewrite_dictionary(&mut stream.dict),
            _ => {}
        }
    }

    fn rewrite_dictionary(&self, dictionary: &mut Dictionary) {
        let is_element = dictionary.has(b"S") && dictionary.has(b"P");
        for (key, value) in dictionary.iter_mut() {
            match (key.as_slice(), &mut *value) {
                (b"StructParent" | b"StructParents", Object::Integer(key)) => {
                    *key = key.saturating_add(self.shift);
                }
                (b"ID", _) if is_element => *value = self.prefixed(value),
                (b"Headers", Object::Array(ids)) => {
                    for id in ids {
                        *id = self.prefixed(id);
                    }
                }
                _ => self.rewrite(value),
            }
        }
    }

    /// An identifier of structure, told from the same one in another part.
    pub fn prefixed(&self, id: &Object) -> Object {
        match id {
            Object::String(text, _) => {
                let all = [self.prefix.as_bytes(), text].concat();
                Object::String(all, StringFormat::Literal)
            }
            other => self.rewritten(other),
        }
    }
}
