//! Whether a page is one document: every element that is opened is closed where it should be.

/// Elements that have no end.
const ALONE: [&str; 6] = ["br", "img", "input", "link", "meta", "hr"];

/// What is wrong with a page; nothing when it is well made.
pub fn faults(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page;
    if !page.starts_with("<!doctype html>") {
        faults.push("does not begin as a document".to_owned());
    }
    while let Some((_, tag)) = rest.split_once('<') {
        let Some((inside, after)) = whole_tag(tag) else {
            faults.push(format!("{tag:.40} never ends"));
            break;
        };
        let name = inside.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap();
        if inside.starts_with('/') {
            let last = open.pop();
            if last != Some(name) {
                faults.push(format!("</{name}> closes {last:?}"));
            }
        } else if !(inside.starts_with('!') || inside.ends_with('/') || ALONE.contains(&name)) {
            open.push(name);
        }
        rest = after;
    }
    if !open.is_empty() {
        faults.push(format!("{open:?} stay open"));
    }
    // A drawing has a title of its own.
    let head = page.split("</head>").next().unwrap();
    let parts = [("<html", page), ("<title>", head), ("<main", page), ("<h1", page)];
    for (once, place) in parts {
        let count = place.matches(once).count();
        if count != 1 {
            faults.push(format!("{once} stands there {count} times"));
        }
    }
    faults.extend(doubled_ids(page));
    faults
}

/// A tag and what comes after it: a `>` in quotes does not end it.
fn whole_tag(tag: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let ends = |sign| {
        quoted ^= sign == '"';
        sign == '>' && !quoted
    };
    tag.split_once(ends)
}

fn doubled_ids(page: &str) -> Vec<String> {
    let ids = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    let twice = ids.windows(2).filter(|pair| pair[0] == pair[1]);
    twice.map(|pair| format!("the id {:?} stands there twice", pair[0])).collect()
}

#[test]
fn a_page_that_is_badly_made_is_noticed() {
    let fine = "<!doctype html><html><head><title>x</title></head>\
        <body><main><h1>x</h1><br><img alt=\"a > b\"></main></body></html>";
    assert_eq!(faults(fine), Vec::<String>::new());
    for (from, to) in [("</main>", ""), ("<br>", "<p>"), ("h1", "h2"), ("<br>", "<h1>x</h1>")] {
        assert_ne!(faults(&fine.replace(from, to)), Vec::<String>::new(), "{from}");
    }
    let doubled = fine.replace("<br>", "<i id=\"a\"></i><i id=\"a\"></i>");
    assert_eq!(faults(&doubled), ["the id \"a\" stands there twice"]);
}
