//! Files that need each other. Each can only be understood with the others, so they are one file.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::Source;

/// Which files a file names, by path. A module and those inside of it are one thing: an arrow
/// between them counts for nothing.
type Arrows<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

pub fn circles(sources: &[Source]) -> Vec<String> {
    let mut arrows = arrows(sources);
    let mut faults = Vec::new();
    loop {
        take_ends_away(&mut arrows);
        let Some(circle) = one_circle(&arrows) else { return faults };
        faults.push(format!(
            "{}: a circle; one name is misplaced: put it where it belongs, or into a file of its own",
            circle.join(" -> ")
        ));
        arrows.retain(|file, _| !circle.contains(file));
    }
}

fn arrows(sources: &[Source]) -> Arrows<'_> {
    let files: BTreeMap<&[String], &str> =
        sources.iter().map(|source| (source.module.as_slice(), source.path.as_str())).collect();
    let mut arrows = Arrows::new();
    for source in sources {
        let own = &source.module;
        let named = source.mentions.iter().filter(|mention| mention.ours).filter_map(|mention| {
            let path = mention.path.as_slice();
            let module =
                (1..=path.len()).rev().map(|end| &path[..end]).find(|m| files.contains_key(m))?;
            let apart = !own.starts_with(module) && !module.starts_with(own);
            apart.then(|| files[module])
        });
        arrows.insert(&source.path, named.collect());
    }
    arrows
}

/// A file that names no other is on no circle, and so on.
fn take_ends_away(arrows: &mut Arrows) {
    loop {
        let left: BTreeSet<&str> = arrows.keys().copied().collect();
        for named in arrows.values_mut() {
            named.retain(|file| left.contains(file));
        }
        arrows.retain(|_, named| !named.is_empty());
        if arrows.len() == left.len() {
            return;
        }
    }
}

/// Follows arrows until a file comes again, when every file has one.
fn one_circle<'a>(arrows: &Arrows<'a>) -> Option<Vec<&'a str>> {
    let mut walk = vec![*arrows.keys().next()?];
    loop {
        let next = *arrows[walk[walk.len() - 1]].first()?;
        if let Some(start) = walk.iter().position(|file| *file == next) {
            return Some(walk.split_off(start));
        }
        walk.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::{arrows, circles, one_circle, take_ends_away};
    use crate::source::Source;

    fn house(files: &[(&str, &str)]) -> Vec<Source> {
        files.iter().map(|(path, text)| Source::read(path, text)).collect()
    }

    #[test]
    fn a_circle_is_found_behind_files_that_are_on_none() {
        let sources = house(&[
            ("src/a.rs", "use crate::b::x;"),
            ("src/b.rs", "use crate::c::y; fn f() { crate::d::g() }"),
            ("src/c.rs", "pub use super::b::x;"),
            ("src/d.rs", "use std::fmt;"),
        ]);
        let mut arrows = arrows(&sources);
        take_ends_away(&mut arrows);
        assert_eq!(one_circle(&arrows), Some(vec!["src/b.rs", "src/c.rs"]));
        assert_eq!(circles(&sources).len(), 1);
    }

    #[test]
    fn a_module_may_name_what_is_inside_of_it_and_be_named_there() {
        let inside = [("src/a.rs", "mod b; use b::x;"), ("src/a/b.rs", "use super::y;")];
        assert!(circles(&house(&inside)).is_empty());
    }
}
