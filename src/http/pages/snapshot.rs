//! What tests look at of a page: that it is whole, and what it was when it was last reviewed.
//!
//! A page in a state is a file in `snapshots/`, so that a change of a page is seen in review.
//! `INSTA_UPDATE=always cargo test --lib pages` writes them again.

use askama::Template;

use super::assets;

/// What stands in a line of text and does not break it.
const INLINE: [&str; 6] = ["a", "abbr", "code", "em", "span", "strong"];

/// A rendered page: one document with one first heading.
pub fn rendered(page: &impl Template) -> String {
    let text = page.render().unwrap();
    assert!(text.starts_with("<!doctype html>") && text.trim_end().ends_with("</html>"));
    assert_eq!(text.matches("<h1").count(), 1, "{text}");
    for pair in ["main", "form", "section", "table", "details", "fieldset", "ul", "p", "div"] {
        let opened =
            text.matches(&format!("<{pair}>")).count() + text.matches(&format!("<{pair} ")).count();
        assert_eq!(opened, text.matches(&format!("</{pair}>")).count(), "<{pair}> in {text}");
    }
    text
}

/// A rendered page whose title, middle and scripts are as they are kept; what stands around them
/// is kept once, by the frame's own test.
pub fn reviewed(name: &str, page: &impl Template) -> String {
    let text = rendered(page);
    let part = |begin: &str, end: &str| {
        let begin = text.find(begin).unwrap();
        let end = text.find(end).unwrap() + end.len();
        text.get(begin..end).unwrap().to_owned()
    };
    let parts = [("<title>", "</title>"), ("<main", "</main>"), ("</footer>", "</body>")];
    compare(name, &parts.map(|(begin, end)| part(begin, end)).concat());
    text
}

/// Compares a piece of HTML with the kept one, whatever the assets hold just now.
pub fn compare(name: &str, html: &str) {
    let html = html.replace(&assets::address(""), "/assets/…/");
    let mut settings = insta::Settings::new();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, lines(&html)));
}

/// A line a block, however the lines of its template are wrapped: spaces count as one, and beside
/// the tags of blocks as none.
fn lines(html: &str) -> String {
    let html = html.split_ascii_whitespace().collect::<Vec<_>>().join(" ").replace(" >", ">");
    let mut lines = String::new();
    for piece in html.split_inclusive('>') {
        let (text, tag) = piece.split_at(piece.find('<').unwrap_or(piece.len()));
        lines.push_str(text);
        let name = tag.trim_start_matches(['<', '/']).split([' ', '>']).next().unwrap();
        let ends = if INLINE.contains(&name) { "" } else { "\n" };
        lines.extend([ends, tag, ends]);
    }
    let lines = lines.lines().map(|line| line.trim_matches(' ')).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn wrapping_a_template_changes_no_snapshot() {
    let wrapped = "<p\n class=\"a\">\n  Il reste\n <strong>6</strong>  ateliers.\n</p> <ul><li>a";
    let plain = "<p class=\"a\">\nIl reste <strong>6</strong> ateliers.\n</p>\n<ul>\n<li>\na";
    assert_eq!(lines(wrapped), plain);
}
