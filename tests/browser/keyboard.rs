//! Hands that never touch a mouse: keys go to what has the focus, and each is counted.

use std::time::Duration;

use serde_json::json;
use thirtyfour::Key;

use crate::browser::{Browser, plain};

/// The name of what has the focus, and whether one sees that it has.
const FOCUSED: &str = "
    const one = document.activeElement;
    if (!one || one === document.body) return ['', true];
    const name = [...(one.labels ?? [])].map((label) => label.textContent).join(' ');
    const marked = (e) => {
        const style = e && getComputedStyle(e);
        return style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
    };
    const seen = marked(one) || marked(one.nextElementSibling);
    return [one.ariaLabel || name || one.textContent, Boolean(seen)];";

impl Browser {
    /// Strikes one key after the other.
    pub fn strikes(&self, keys: &str) -> &Self {
        let strokes = u32::try_from(keys.chars().count()).unwrap();
        self.strokes.set(self.strokes.get() + strokes);
        let chain =
            self.driver().action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO));
        self.chromium.wait(chain.send_keys(keys).perform()).unwrap();
        self
    }

    /// Strikes the key that leads to the next page. The driver's own keys are struck again when a
    /// page goes away under them.
    pub fn enter(&self) -> &Self {
        self.strokes.set(self.strokes.get() + 1);
        let key = |kind: &str, text: &str| {
            let key = json!({
                "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13,
                "text": text,
            });
            self.chromium.tells("Input.dispatchKeyEvent", key);
        };
        key("keyDown", "\r");
        key("keyUp", "");
        self
    }

    /// Waits for the page to begin where it says: a person is slower than this test.
    #[track_caller]
    pub fn begins_at(&self, name: &str) -> &Self {
        let meant = plain(name);
        let begun = || {
            let told = self.runs(FOCUSED, json!([]));
            let there = plain(told[0].as_str().unwrap_or_default()).starts_with(&meant);
            (there && told[1] == true).then_some(())
        };
        self.until(begun, &format!("does not begin at {name:?}"));
        self
    }

    /// Goes on with the tabulator until that has the focus, which must be seen at every step.
    #[track_caller]
    pub fn tabs_to(&self, name: &str) -> &Self {
        let meant = plain(name);
        for _ in 0..80 {
            if self.focused().starts_with(&meant) {
                return self;
            }
            self.strikes(&Key::Tab.value().to_string());
        }
        self.fails(&format!("gives no way to {name:?} by keyboard"))
    }

    /// Goes through the choices of a group with the arrows.
    #[track_caller]
    pub fn arrows_to(&self, name: &str) -> &Self {
        let meant = plain(name);
        for _ in 0..20 {
            if self.focused() == meant {
                return self;
            }
            self.strikes(&Key::Right.value().to_string());
        }
        self.fails(&format!("gives no way to {name:?} by the arrows"))
    }

    /// What has the focus.
    #[track_caller]
    pub fn focused(&self) -> String {
        let told = self.runs(FOCUSED, json!([]));
        let name = plain(told[0].as_str().unwrap_or_default());
        if told[1] == false {
            self.fails(&format!("does not show that {name:?} has the focus"));
        }
        name
    }
}
