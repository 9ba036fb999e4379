use lopdf::encryption::{EncryptionState, EncryptionVersion, Permissions};
use lopdf::{Dictionary, Document, ObjectId, dictionary};

use super::super::letter::tests::usual_facts;
use super::super::letter::{self, LetterFacts};
use super::super::typesetter::{Manuscript, typeset};
use super::*;
use crate::domain::paper::Style;

fn title() -> Title {
    Title {
        title: "Pass numériques, tirage <12>".to_owned(),
        language: "fr-FR".to_owned(),
        author: "CCAS d’Angoulême".to_owned(),
        creator: "Pass numérique".to_owned(),
    }
}

/// Letters with codes that differ in their last group.
fn letters(count: u32) -> Vec<Vec<u8>> {
    let letter = |number: u32| {
        let facts = LetterFacts {
            code_grouped: format!("K7QM-3XWD-09RT-{number:04}"),
            qr: format!("HTTPS://PASS.CHARENTE.FR/P/K7QM3XWD09RT{number:04}"),
            ..usual_facts()
        };
        letter::pdf(&facts, Style::default()).unwrap()
    };
    (0..count).map(letter).collect()
}

/// A part with a table, a note and links: structure with identifiers, annotations.
fn table() -> Vec<u8> {
    let template = "#set document(title: [T])\n= Head\n\
        #table(columns: 2, table.header[A][B], [1], [2])\n\
        A #link(\"https://example.org\")[place].#footnote[There.]";
    let facts = serde_json::json!({});
    typeset(&Manuscript { template, facts: &facts, logo: None, name: "table" }).unwrap()
}

fn bound(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut bound = BoundPdf::new(Vec::new(), title()).unwrap();
    for (number, part) in parts.iter().enumerate() {
        bound.add(&format!("Carton n° {}", number + 1), part).unwrap();
    }
    bound.finish().unwrap()
}

fn read(pdf: &[u8]) -> Document {
    let options = lopdf::LoadOptions { strict: true, ..lopdf::LoadOptions::default() };
    Document::load_mem_with_options(pdf, options).unwrap()
}

fn structure(document: &Document) -> &Dictionary {
    document.catalog().unwrap().get_deref(b"StructTreeRoot", document).unwrap().as_dict().unwrap()
}

/// All elements under the root, each once, and each with the one above it as its parent.
fn elements(document: &Document) -> Vec<ObjectId> {
    let root = document.catalog().unwrap().get(b"StructTreeRoot").unwrap().as_reference().unwrap();
    let mut waiting = vec![root];
    let mut found = Vec::new();
    while let Some(above) = waiting.pop() {
        let Ok(kids) = document.get_dictionary(above).unwrap().get(b"K") else { continue };
        let kids = document.dereference(kids).unwrap().1.as_array().unwrap();
        for kid in kids.iter().filter_map(|kid| kid.as_reference().ok()) {
            let element = document.get_dictionary(kid).unwrap();
            assert_eq!(element.get(b"P").unwrap().as_reference().unwrap(), above);
            found.push(kid);
            waiting.push(kid);
        }
    }
    let unique: std::collections::BTreeSet<_> = found.iter().collect();
    assert_eq!(unique.len(), found.len());
    found
}

/// The entries of a tree, checked against the limits of its nodes.
fn entries(document: &Document, node: &Dictionary, kind: &[u8]) -> Vec<(Object, Object)> {
    let mut found = Vec::new();
    if let Ok(kids) = node.get(b"Kids") {
        assert!(kids.as_array().unwrap().len() <= MOST_KIDS);
        for branch in kids.as_array().unwrap() {
            let branch = document.get_dictionary(branch.as_reference().unwrap()).unwrap();
            let below = entries(document, branch, kind);
            let limits = branch.get(b"Limits").unwrap().as_array().unwrap();
            assert_eq!([&limits[0], &limits[1]], [&below[0].0, &below.last().unwrap().0]);
            found.extend(below);
        }
    }
    if let Ok(pairs) = node.get(kind) {
        found.extend(pairs.as_array().unwrap().chunks(2).map(|p| (p[0].clone(), p[1].clone())));
    }
    found
}

#[test]
fn letters_are_bound_in_order_as_they_were() {
    let parts = letters(3);
    let whole = read(&bound(&parts));
    let pages = whole.get_pages();
    assert_eq!(pages.len(), 3);
    for (number, part) in (1..).zip(&parts) {
        let alone = read(part);
        let page = alone.get_pages()[&1];
        assert!(whole.get_page_content(pages[&number]) == alone.get_page_content(page));
        let text = whole.extract_text(&[number]).unwrap();
        assert!(text.contains(&format!("K7QM-3XWD-09RT-{:04}", number - 1)), "{text}");
    }
    let catalog = whole.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"fr-FR");
    let metadata = catalog.get_deref(b"Metadata", &whole).unwrap().as_stream().unwrap();
    let metadata = String::from_utf8(metadata.content.clone()).unwrap();
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
    assert!(metadata.contains("Pass numériques, tirage &lt;12&gt;"), "{metadata}");
    let marks = whole.get_toc().unwrap().toc;
    let marks: Vec<(String, usize)> = marks.into_iter().map(|m| (m.title, m.page)).collect();
    let titles = ["Carton n° 1", "Carton n° 2", "Carton n° 3"].map(str::to_owned);
    assert_eq!(marks, titles.into_iter().zip(1..).collect::<Vec<_>>());
}

#[test]
fn every_page_and_link_leads_to_its_structure_and_back() {
    let [first, second] = [table(), letters(1).remove(0)];
    let whole = read(&bound(&[first.clone(), second, first]));
    let root = structure(&whole);
    let known = elements(&whole);
    let tree = root.get(b"ParentTree").unwrap().as_dict().unwrap();
    let parents = entries(&whole, tree, b"Nums");
    let keys: Vec<i64> = parents.iter().map(|(key, _)| key.as_i64().unwrap()).collect();
    assert!(keys.is_sorted_by(|a, b| a < b));
    let next = root.get(b"ParentTreeNextKey").unwrap().as_i64().unwrap();
    assert!(keys.iter().all(|key| *key < next));
    let of = |key: i64| &parents.iter().find(|(k, _)| k.as_i64().unwrap() == key).unwrap().1;
    let mut links = 0;
    for page in whole.get_pages().into_values() {
        let about = whole.get_dictionary(page).unwrap();
        let contents = of(about.get(b"StructParents").unwrap().as_i64().unwrap());
        for element in whole.dereference(contents).unwrap().1.as_array().unwrap() {
            let element = element.as_reference().unwrap();
            assert!(known.contains(&element));
            let place = whole.get_dictionary(element).unwrap().get(b"Pg").unwrap();
            assert_eq!(place.as_reference().unwrap(), page);
        }
        for link in whole.get_page_annotations(page).unwrap() {
            let element = of(link.get(b"StructParent").unwrap().as_i64().unwrap());
            assert!(known.contains(&element.as_reference().unwrap()));
            links += 1;
        }
    }
    assert!(links >= 4, "{links} links");
    let ids = entries(&whole, root.get(b"IDTree").unwrap().as_dict().unwrap(), b"Names");
    let names: Vec<&[u8]> = ids.iter().map(|(name, _)| name.as_str().unwrap()).collect();
    assert!(names.len() >= 6 && names.is_sorted_by(|a, b| a < b), "{names:?}");
    for (name, element) in &ids {
        let element = whole.get_dictionary(element.as_reference().unwrap()).unwrap();
        assert_eq!(element.get(b"ID").unwrap().as_str().unwrap(), name.as_str().unwrap());
    }
}

#[test]
fn the_same_parts_give_the_same_bytes_and_fonts_come_once() {
    let parts = letters(2);
    assert!(bound(&parts) == bound(&parts));
    assert!(bound(&parts) != bound(&[parts[1].clone(), parts[0].clone()]));
    let fonts = |pdf: &[u8]| {
        let document = read(pdf);
        let fonts = document.objects.values().filter_map(|object| object.as_dict().ok());
        fonts.filter(|object| object.has_type(b"FontDescriptor")).count()
    };
    let again = vec![parts[0].clone(); 5];
    assert_eq!(fonts(&bound(&again)), fonts(&parts[0]));
}

#[test]
fn many_parts_hang_on_balanced_trees() {
    let whole = read(&bound(&vec![letters(1).remove(0); MOST_KIDS + 1]));
    assert_eq!(whole.get_pages().len(), MOST_KIDS + 1);
    for page in whole.get_pages().into_values() {
        let (mut node, mut above) = (whole.get_dictionary(page).unwrap(), 0);
        while let Ok(parent) = node.get_deref(b"Parent", &whole) {
            node = parent.as_dict().unwrap();
            assert!(node.get(b"Kids").unwrap().as_array().unwrap().len() <= MOST_KIDS);
            above += 1;
        }
        assert_eq!(above, 3);
    }
    let tree = structure(&whole).get(b"ParentTree").unwrap().as_dict().unwrap();
    assert_eq!(entries(&whole, tree, b"Nums").len(), MOST_KIDS + 1);
}

/// A part after something was done to it.
fn changed(part: &[u8], change: impl FnOnce(&mut Document)) -> Vec<u8> {
    let mut document = read(part);
    change(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn encrypt(document: &mut Document) {
    let state = EncryptionState::try_from(EncryptionVersion::V2 {
        document,
        owner_password: "",
        user_password: "",
        key_length: 128,
        permissions: Permissions::all(),
    });
    document.encrypt(&state.unwrap()).unwrap();
}

fn without(document: &mut Document, key: &[u8]) {
    document.catalog_mut().unwrap().remove(key).unwrap();
}

#[test]
fn a_part_that_is_not_understood_is_refused_and_leaves_no_trace() {
    let parts = letters(2);
    let strange = [
        (changed(&parts[0], encrypt), "encrypted"),
        (changed(&parts[0], |d| without(d, b"StructTreeRoot")), "tagged"),
        (changed(&parts[0], |d| without(d, b"MarkInfo")), "tagged"),
        (changed(&parts[0], |d| without(d, b"Metadata")), "tagged"),
        (
            changed(&parts[0], |d| d.catalog_mut().unwrap().set("AcroForm", dictionary! {})),
            "AcroForm",
        ),
    ];
    let mut whole = BoundPdf::new(Vec::new(), title()).unwrap();
    for (part, why) in strange {
        let refused = whole.add("Carton", &part).unwrap_err();
        assert!(matches!(refused, BindError::Refused(_)), "{refused:?}");
        assert!(refused.to_string().contains(why), "{refused}");
    }
    for torn in [&b""[..], b"no PDF", parts[0].split_at(parts[0].len() / 2).0] {
        assert!(matches!(whole.add("Carton", torn), Err(BindError::Unreadable(_))));
    }
    whole.add("Carton n° 1", &parts[0]).unwrap();
    whole.add("Carton n° 2", &parts[1]).unwrap();
    assert!(whole.finish().unwrap() == bound(&parts));
}

/// A pipe whose reader goes away.
struct Torn(usize);

impl Write for Torn {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nothing_added_and_a_reader_gone_are_errors() {
    let none = BoundPdf::new(Vec::new(), title()).unwrap();
    assert!(matches!(none.finish(), Err(BindError::Empty)));
    let mut torn = BoundPdf::new(Torn(2_000), title()).unwrap();
    assert!(matches!(torn.add("Carton", &letters(1)[0]), Err(BindError::Write(_))));
}
