//! The routes of the pages, as `src/http/pages/mod.rs` names them: what is in no list of the tests
//! is noticed.

const ROUTES: &str = concat!(
    include_str!("../../src/http/pages/mod.rs"),
    include_str!("../../src/http/pages/manage/mod.rs"),
);

/// Every route of a page as method and pattern: `("GET", "/remise/{id}")`. Files are no pages.
pub fn page_routes() -> Vec<(&'static str, &'static str)> {
    let mut routes = Vec::new();
    for service in ROUTES.split(".service(at(\"").skip(1) {
        let (pattern, rest) = service.split_once('"').unwrap();
        let handlers = rest.split(".service(").next().unwrap();
        for (call, method) in [("get()", "GET"), ("post()", "POST")] {
            if handlers.contains(call) && !pattern.contains('.') {
                routes.push((method, pattern));
            }
        }
    }
    routes
}

#[test]
fn the_routes_of_the_pages_are_read_from_the_router() {
    let routes = page_routes();
    assert!(routes.len() > 15, "{routes:?}");
    for known in [("GET", "/"), ("POST", "/connexion"), ("GET", "/remise/{id}"), ("POST", "/p")] {
        assert!(routes.contains(&known), "{known:?} in {routes:?}");
    }
}
