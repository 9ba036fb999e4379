//! A person in front of a page: what they do and what they must read, in their words. Things are
//! found by what is written on them. Everything waits until it can be done.

use std::cell::Cell;
use std::path::Path;
use std::time::Duration;

use pass_numerique::adapters::clock::Clock as _;
use serde_json::{Value, json};
use thirtyfour::{WebDriver, WebElement};

use crate::actors::{PASSWORD, Person};
use crate::chromium::{Chromium, Device};
use crate::house::House;

const FIND: &str = include_str!("find.js");
/// A clock that goes on from another instant.
const CLOCK: &str = "if (location.protocol.startsWith('http')) {
    const Own = Date;
    const begun = Number(sessionStorage.getItem('clock')) || Own.now();
    sessionStorage.setItem('clock', begun);
    const now = () => INSTANT + (Own.now() - begun);
    globalThis.Date = class extends Own {
        constructor(...told) { told.length ? super(...told) : super(now()); }
        static now() { return now(); }
    };
}";
const LOOK: Duration = Duration::from_millis(40);
const LOOKS: u32 = 250;

pub struct Browser {
    pub chromium: Chromium,
    address: String,
    pub strokes: Cell<u32>,
}

impl Browser {
    pub fn of(house: &House, device: &Device) -> Self {
        let browser = Self::at(&house.address, device);
        browser.lives_at_the_same_time(house);
        browser
    }

    /// The device's clock shows what the service's shows, in the tab that is open.
    pub fn lives_at_the_same_time(&self, house: &House) -> &Self {
        self.lives_at(house.clock.now().micros() / 1000)
    }

    /// The clock of the device shows that instant, in milliseconds, from the next page on.
    pub fn lives_at(&self, instant: i64) -> &Self {
        let shifted = CLOCK.replace("INSTANT", &instant.to_string());
        let script = json!({"source": shifted});
        self.chromium.tells("Page.addScriptToEvaluateOnNewDocument", script);
        self.chromium.tells("Emulation.setTimezoneOverride", json!({"timezoneId": "Europe/Paris"}));
        self
    }

    pub fn at(address: &str, device: &Device) -> Self {
        let chromium = Chromium::start(device);
        Self { chromium, address: address.to_owned(), strokes: Cell::new(0) }
    }

    pub fn driver(&self) -> &WebDriver {
        &self.chromium.driver
    }

    // ---- where ---------------------------------------------------------------------------------

    pub fn opens(&self, path: &str) -> &Self {
        let address = format!("{}{path}", self.address);
        self.chromium.wait(self.driver().goto(address)).unwrap();
        self
    }

    /// Where the browser is, without the host.
    pub fn path(&self) -> String {
        let address = self.chromium.wait(self.driver().current_url()).unwrap();
        let query = address.query().map_or_else(String::new, |query| format!("?{query}"));
        format!("{}{query}", address.path())
    }

    #[track_caller]
    pub fn must_be_at(&self, path: &str) -> &Self {
        self.until(|| self.path().starts_with(path).then_some(()), &format!("is not at {path}"));
        self
    }

    pub fn reloads(&self) -> &Self {
        self.chromium.wait(self.driver().refresh()).unwrap();
        self
    }

    pub fn goes_back(&self) -> &Self {
        self.chromium.wait(self.driver().back()).unwrap();
        self
    }

    /// Opens a second tab and stays in it.
    pub fn opens_another_tab(&self) -> &Self {
        let tab = self.chromium.wait(self.driver().new_tab()).unwrap();
        self.chromium.wait(self.driver().switch_to_window(tab)).unwrap();
        self
    }

    /// Tabs in the order they were opened, from 0.
    pub fn goes_to_tab(&self, number: usize) -> &Self {
        let tabs = self.chromium.wait(self.driver().windows()).unwrap();
        self.chromium.wait(self.driver().switch_to_window(tabs[number].clone())).unwrap();
        self
    }

    pub fn signs_in(&self, person: &Person) -> &Self {
        self.signs_in_as(&person.email, PASSWORD)
    }

    pub fn signs_in_as(&self, email: &str, password: &str) -> &Self {
        self.chromium.wait(self.driver().delete_all_cookies()).unwrap();
        self.opens("/").types("Adresse e-mail", email).types("Mot de passe", password);
        self.presses("Se connecter").must_say("Se déconnecter")
    }

    // ---- what is done --------------------------------------------------------------------------

    #[track_caller]
    pub fn types(&self, label: &str, text: &str) -> &Self {
        let field = self.thing("field", label, "");
        self.chromium.wait(async {
            field.clear().await.unwrap();
            field.send_keys(text).await.unwrap();
        });
        self
    }

    /// Gives a file to a field.
    #[track_caller]
    pub fn hands_in(&self, label: &str, file: &Path) -> &Self {
        let field = self.thing("field", label, "");
        self.chromium.wait(field.send_keys(file.to_str().unwrap())).unwrap();
        self
    }

    /// Chooses in a list, or among the choices under a legend.
    #[track_caller]
    pub fn chooses(&self, label: &str, option: &str) -> &Self {
        self.clicks(&self.thing("option", label, option))
    }

    #[track_caller]
    pub fn ticks(&self, label: &str) -> &Self {
        self.clicks(&self.thing("tick", label, ""))
    }

    #[track_caller]
    pub fn presses(&self, button: &str) -> &Self {
        self.clicks(&self.thing("button", button, ""))
    }

    #[track_caller]
    pub fn follows(&self, link: &str) -> &Self {
        self.clicks(&self.thing("link", link, ""))
    }

    /// Where a link leads.
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        let link = self.thing("link", words, "");
        self.chromium.wait(link.attr("href")).unwrap().unwrap()
    }

    #[track_caller]
    fn clicks(&self, thing: &WebElement) -> &Self {
        self.chromium.wait(thing.click()).unwrap_or_else(|error| self.fails(&error.to_string()));
        self
    }

    #[track_caller]
    fn thing(&self, kind: &str, words: &str, option: &str) -> WebElement {
        let asked = json!([kind, words, option]);
        let found = || {
            let asked = asked.as_array().unwrap().clone();
            let found = self.chromium.wait(self.driver().execute(FIND, asked)).ok()?;
            found.element().ok()
        };
        self.until(found, &format!("has no {kind} {words:?} {option}"))
    }

    // ---- what is read --------------------------------------------------------------------------

    #[track_caller]
    pub fn must_say(&self, words: &str) -> &Self {
        let meant = plain(words);
        self.until(|| self.text().contains(&meant).then_some(()), &format!("never says {words:?}"));
        self
    }

    /// Waits for one of several answers, and says which it was.
    #[track_caller]
    pub fn must_say_one_of<'a>(&self, answers: &[&'a str]) -> &'a str {
        let said = || {
            let text = self.text();
            answers.iter().find(|answer| text.contains(&plain(answer))).copied()
        };
        self.until(said, &format!("never says one of {answers:?}"))
    }

    #[track_caller]
    pub fn must_not_say(&self, words: &str) -> &Self {
        if self.text().contains(&plain(words)) {
            self.fails(&format!("says {words:?}"));
        }
        self
    }

    /// What a person reads, with plain spaces.
    pub fn text(&self) -> String {
        plain(self.runs("return document.body?.innerText ?? ''", json!([])).as_str().unwrap_or(""))
    }

    pub fn runs(&self, script: &str, arguments: Value) -> Value {
        let Value::Array(arguments) = arguments else { panic!("arguments are a list") };
        let answer = self.chromium.wait(self.driver().execute(script, arguments));
        answer.map_or(Value::Null, |answer| answer.json().clone())
    }

    /// Runs a script that says when it is done, by calling its last argument.
    pub fn runs_and_waits(&self, script: &str, arguments: Value) -> Value {
        let Value::Array(arguments) = arguments else { panic!("arguments are a list") };
        let answer = self.chromium.wait(self.driver().execute_async(script, arguments)).unwrap();
        answer.json().clone()
    }

    #[track_caller]
    pub fn until<T>(&self, look: impl Fn() -> Option<T>, otherwise: &str) -> T {
        for _ in 0..LOOKS {
            if let Some(found) = look() {
                return found;
            }
            std::thread::sleep(LOOK);
        }
        self.fails(otherwise)
    }

    #[track_caller]
    pub fn fails(&self, why: &str) -> ! {
        panic!("the page {} {why}. It says:\n{}", self.path(), self.text());
    }
}

/// The words without the refinements of typography.
pub fn plain(text: &str) -> String {
    let signs = text.replace(['\u{a0}', '\u{202f}'], " ").replace('’', "'");
    signs.split_whitespace().collect::<Vec<_>>().join(" ")
}
