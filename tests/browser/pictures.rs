//! The pictures of the documentation: `scripts/screenshots` takes them of the demo; without it
//! the test only looks whether they are there.

use std::collections::BTreeSet;
use std::path::Path;

use crate::browser::Browser;
use crate::chromium::Device;

/// One picture: its name, whose account of the demo, and the way there, given a code to redeem.
type Picture = (&'static str, &'static str, fn(&Browser, &str));

const PASSWORD: &str = "demo-pass-numerique";

const PICTURES: [Picture; 6] = [
    ("remise", "social@exemple.fr", |page, _| {
        page.opens("/remise");
        page.runs("document.activeElement.blur()", serde_json::json!([]));
    }),
    ("scanner", "lieu@exemple.fr", |page, code| {
        page.opens(&format!("/P/{code}"));
        if page.text().contains("Dans quel lieu") {
            page.presses("Continuer");
        }
        page.must_say("Il reste");
    }),
    ("rapports", "financeur@exemple.fr", |page, _| {
        page.opens("/rapports").must_say("Rapport");
    }),
    ("gestion", "operateur@exemple.fr", |page, _| {
        page.opens("/gestion").must_say("Gestion");
    }),
    ("lieux", "", |page, _| {
        page.opens("/lieux?q=16000").must_say("Angoulême");
    }),
    ("pass", "", |page, code| {
        page.opens(&format!("/p/{code}")).must_say("Il vous reste");
    }),
];

fn devices() -> [(&'static str, Device); 2] {
    [("", Device::desktop()), ("-telephone", Device::phone())]
}

#[test]
fn the_pictures_of_the_documentation_are_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images");
    if let Ok(address) = std::env::var("PASSNUM_PICTURES_OF") {
        take(&address, &std::env::var("PASSNUM_PICTURES_CODE").unwrap(), &folder);
    }
    let mut wanted = BTreeSet::new();
    for (name, _, _) in PICTURES {
        for (suffix, device) in devices() {
            let file = format!("{name}{suffix}.png");
            let picture = image::open(folder.join(&file)).unwrap_or_else(|error| {
                panic!("docs/images/{file}: {error}; scripts/screenshots takes it")
            });
            assert_eq!(
                (picture.width(), picture.height()),
                (device.width, device.height),
                "{file}"
            );
            wanted.insert(file);
        }
    }
    let there = std::fs::read_dir(&folder).unwrap();
    let there = there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(wanted, there, "a picture that nobody takes grows old");
}

fn take(address: &str, code: &str, folder: &Path) {
    for (suffix, device) in devices() {
        let page = Browser::at(address, &device);
        for (name, account, reach) in PICTURES {
            page.chromium.wait(page.driver().delete_all_cookies()).unwrap();
            if !account.is_empty() {
                page.signs_in_as(account, PASSWORD);
            }
            reach(&page, code);
            let picture = page.chromium.wait(page.driver().screenshot_as_png()).unwrap();
            std::fs::write(folder.join(format!("{name}{suffix}.png")), picture).unwrap();
        }
    }
}
