//! The routes of the pages, as the files under `src/http/pages` name them: what is in no list of
//! the tests is noticed.

use std::fs;
use std::path::Path;

/// Every route of a page as method and pattern: `("GET", "/remise/{id}")`. Files are no pages.
pub fn page_routes() -> Vec<(&'static str, String)> {
    let mut routes = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/pages"), &mut routes);
    routes.sort_unstable();
    routes
}

fn collect(folder: &Path, routes: &mut Vec<(&'static str, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, routes);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            routes.extend(routes_of(&fs::read_to_string(&path).unwrap()));
        }
    }
}

fn routes_of(source: &str) -> Vec<(&'static str, String)> {
    let mut routes = Vec::new();
    for service in source.split(".service(at(\"").skip(1) {
        let (pattern, rest) = service.split_once('"').unwrap();
        let handlers = rest.split(".service(").next().unwrap();
        for (call, method) in [("get()", "GET"), ("post()", "POST")] {
            if handlers.contains(call) && !pattern.contains('.') {
                routes.push((method, pattern.to_owned()));
            }
        }
    }
    routes
}

#[test]
fn the_routes_of_the_pages_are_read_from_the_router() {
    let routes = page_routes();
    assert!(routes.len() > 50, "{routes:?}");
    let known =
        [("GET", "/"), ("POST", "/connexion"), ("GET", "/remise/{id}"), ("GET", "/gestion")];
    for (method, pattern) in known {
        assert!(routes.contains(&(method, pattern.to_owned())), "{pattern} in {routes:?}");
    }
}
