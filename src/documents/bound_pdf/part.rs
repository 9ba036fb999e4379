//! One part as it is read: what of it goes into the bound file, and why it may be refused.

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

use super::BindError;

/// What a catalog may have; bookmarks, labels and views are replaced by those of the whole.
const CATALOG: [&[u8]; 12] = [
    b"Type",
    b"Version",
    b"Pages",
    b"StructTreeRoot",
    b"MarkInfo",
    b"Lang",
    b"Metadata",
    b"ViewerPreferences",
    b"Outlines",
    b"PageLabels",
    b"PageLayout",
    b"PageMode",
];

const STRUCTURE: [&[u8]; 6] =
    [b"Type", b"K", b"ParentTree", b"ParentTreeNextKey", b"RoleMap", b"IDTree"];

/// A part that can be bound.
pub(super) struct Part {
    pub document: Document,
    /// The root of its page tree.
    pub pages: ObjectId,
    pub page_count: u32,
    pub first_page: ObjectId,
    /// The root of its structure, which the bound file's document element replaces.
    pub structure: ObjectId,
    /// What hangs on that root.
    pub tops: Vec<ObjectId>,
    /// From the keys of pages and annotations to their structure.
    pub parents: Vec<(i64, Object)>,
    /// The first key that is free.
    pub next_key: i64,
    /// Structure by its identifier.
    pub ids: Vec<(Object, Object)>,
    pub roles: Vec<(Vec<u8>, Object)>,
    pub language: Option<Vec<u8>>,
}

impl Part {
    pub fn read(bytes: &[u8]) -> Result<Self, BindError> {
        let options = LoadOptions { strict: true, ..LoadOptions::default() };
        let mut document = Document::load_mem_with_options(bytes, options)?;
        if document.was_encrypted() || document.is_encrypted() {
            return Err(BindError::refused("it is encrypted"));
        }
        for object in document.objects.values_mut() {
            if let Object::Stream(stream) = object {
                let content = std::mem::take(&mut stream.content);
                stream.set_content(content);
            }
        }
        let catalog = document.catalog()?;
        known_keys(catalog, &CATALOG)?;
        if !is_tagged(&document, catalog) {
            return Err(BindError::refused("it is no tagged PDF/UA file"));
        }
        let pages = catalog.get(b"Pages")?.as_reference()?;
        let structure = catalog.get(b"StructTreeRoot")?.as_reference()?;
        let root = document.get_dictionary(structure)?;
        known_keys(root, &STRUCTURE)?;
        let all: Vec<ObjectId> = document.page_iter().collect();
        let count = document.get_dictionary(pages)?.get_deref(b"Count", &document)?.as_i64()?;
        let first_page = *all.first().ok_or_else(|| BindError::refused("it has no page"))?;
        let page_count = u32::try_from(all.len()).map_err(|_| BindError::Full)?;
        if count != i64::from(page_count) {
            return Err(BindError::refused("it has not the pages that it says"));
        }
        let parents = parents(&document, root)?;
        let said = root.get(b"ParentTreeNextKey").and_then(Object::as_i64).unwrap_or(0);
        let highest = parents.iter().map(|(key, _)| key.saturating_add(1)).max().unwrap_or(0);
        let language = catalog.get_deref(b"Lang", &document).and_then(Object::as_str);
        Ok(Self {
            pages,
            page_count,
            first_page,
            structure,
            tops: tops(&document, root)?,
            parents,
            next_key: said.max(highest),
            ids: match root.get_deref(b"IDTree", &document).and_then(Object::as_dict) {
                Ok(tree) => entries(&document, tree, b"Names")?,
                Err(_) => Vec::new(),
            },
            roles: match root.get_deref(b"RoleMap", &document).and_then(Object::as_dict) {
                Ok(map) => map.iter().map(|(name, role)| (name.clone(), role.clone())).collect(),
                Err(_) => Vec::new(),
            },
            language: language.ok().map(<[u8]>::to_vec),
            document,
        })
    }
}

fn known_keys(dictionary: &Dictionary, known: &[&[u8]]) -> Result<(), BindError> {
    match dictionary.iter().find(|(key, _)| !known.contains(&key.as_slice())) {
        None => Ok(()),
        Some((key, _)) => {
            let key = String::from_utf8_lossy(key);
            Err(BindError::Refused(format!("its /{key} would be lost")))
        }
    }
}

/// Whether the part says that its content is tagged, and that it is a PDF/UA file.
fn is_tagged(document: &Document, catalog: &Dictionary) -> bool {
    let marked = document
        .get_dict_in_dict(catalog, b"MarkInfo")
        .and_then(|info| info.get_deref(b"Marked", document)?.as_bool());
    let metadata = catalog
        .get_deref(b"Metadata", document)
        .and_then(Object::as_stream)
        .and_then(lopdf::Stream::get_plain_content);
    let says = |bytes: Vec<u8>| bytes.windows(8).any(|word| word == b"pdfuaid:");
    catalog.has(b"StructTreeRoot") && marked.unwrap_or(false) && metadata.is_ok_and(says)
}

fn tops(document: &Document, root: &Dictionary) -> Result<Vec<ObjectId>, BindError> {
    let kids = root.get(b"K")?;
    if let Ok(top) = kids.as_reference()
        && document.get_object(top)?.as_dict().is_ok()
    {
        return Ok(vec![top]);
    }
    let kids = document.dereference(kids)?.1.as_array()?;
    Ok(kids.iter().map(Object::as_reference).collect::<Result<_, _>>()?)
}

fn parents(document: &Document, root: &Dictionary) -> Result<Vec<(i64, Object)>, BindError> {
    let tree = root.get_deref(b"ParentTree", document)?.as_dict()?;
    let mut parents = Vec::new();
    for (key, value) in entries(document, tree, b"Nums")? {
        let key = key.as_i64()?;
        if !(0..i64::from(i32::MAX)).contains(&key) {
            return Err(BindError::refused("a key of its structure is out of range"));
        }
        parents.push((key, value));
    }
    Ok(parents)
}

/// The entries of a number tree (`Nums`) or name tree (`Names`), in order.
fn entries(
    document: &Document,
    tree: &Dictionary,
    kind: &[u8],
) -> Result<Vec<(Object, Object)>, BindError> {
    let mut found = Vec::new();
    let mut waiting = vec![tree];
    let mut visited = 0;
    while let Some(node) = waiting.pop() {
        visited += 1;
        if visited > document.objects.len() {
            return Err(BindError::refused("a tree of its structure is a circle"));
        }
        if let Ok(kids) = node.get_deref(b"Kids", document) {
            for kid in kids.as_array()?.iter().rev() {
                waiting.push(document.dereference(kid)?.1.as_dict()?);
            }
        }
        if let Ok(pairs) = node.get_deref(kind, document) {
            for pair in pairs.as_array()?.chunks_exact(2) {
                if let [key, value] = pair {
                    found.push((key.clone(), value.clone()));
                }
            }
        }
    }
    Ok(found)
}
