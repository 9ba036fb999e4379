//! Whether everybody can use a page: axe-core's rules for WCAG 2.2 AA and its best practices, the
//! contrast of AAA, no scrolling to the side, and targets that a thumb hits.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::chromium::Device;

const AXE: &str = include_str!("axe/axe.min.js");

const CHECK: &str = "
    const [some, done] = arguments;
    const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, {
        runOnly: some.length ? { type: 'rule', values: some } : { type: 'tag', values: all },
        rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } },
        resultTypes: ['violations'],
    }).then((found) => done([found.passes.length, found.violations.map((one) => [
        one.id, one.help,
        one.nodes.map((node) => node.target.join(' ') + '  ' + node.failureSummary),
    ])]), (error) => done([0, [['axe', String(error), []]]]));";

/// Each thing to press or to fill in that is less than 44 px high, or that is not seen whole.
const SMALL: &str = "
    const things = 'button, summary, select, input:not([type=hidden]), .button, nav a, .tick';
    return [...document.querySelectorAll(things)]
        .filter((one) => one.checkVisibility() && !one.closest('.tick input, .sizes input'))
        .filter((one) => !['radio', 'checkbox'].includes(one.type))
        .map((one) => [one, one.getBoundingClientRect()])
        .filter(([one, box]) => box.height < 43.5 || (box.right > arguments[0] + 1 && !one.closest('.scroll')))
        .map(([one, box]) => `${one.outerHTML.slice(0, 90)} is ${box.width} by ${box.height}`);";

/// The spacing of WCAG 1.4.12, put on by hand: the policy of the page forbids a style sheet.
const SPACED: &str = "
    for (const one of document.querySelectorAll('*')) {
        if (!one.style) continue;
        const [set, on] = [one.style.setProperty.bind(one.style), arguments[0]];
        set('line-height', on ? '1.5' : '', 'important');
        set('letter-spacing', on ? '.12em' : '', 'important');
        set('word-spacing', on ? '.16em' : '', 'important');
    }";

/// How a page is looked at.
pub struct View {
    pub name: &'static str,
    pub device: Device,
    /// The rules of axe that may be broken here and not in the view before; none for all rules.
    pub rules: &'static [&'static str],
}

const CONTRAST: &[&str] = &["color-contrast", "color-contrast-enhanced"];
const ROOM: &[&str] = &["target-size", "scrollable-region-focusable", "meta-viewport"];

/// The views in which every page must hold.
pub fn views() -> [View; 5] {
    let view = |name, device, rules| View { name, device, rules };
    [
        view("desktop", Device::desktop(), &[]),
        view("desktop, dark", Device::desktop().dark(), CONTRAST),
        view("phone", Device::phone(), &[]),
        view("phone, dark", Device::phone().dark(), CONTRAST),
        view("320 px, as 1280 px at 400 %", Device::narrow(), ROOM),
    ]
}

impl Browser {
    /// What keeps somebody from using the page as it stands, in every view.
    pub fn barriers(&self) -> Vec<String> {
        let mut found = Vec::new();
        for View { name, device, rules } in views() {
            self.chromium.looks_like(&device);
            let told = |fault: String| format!("[{name}] {fault}");
            found.extend(self.axe(rules).into_iter().map(told));
            if rules == CONTRAST {
                continue;
            }
            found.extend(self.overflow(device.width).map(told));
            let small = self.runs(SMALL, json!([device.width]));
            let small = small.as_array().cloned().unwrap_or_default();
            found.extend(small.iter().map(|one| told(format!("too small: {one}"))));
            if device.width == 320 {
                self.runs(SPACED, json!([true]));
                found.extend(
                    self.overflow(device.width).map(|fault| told(format!("spaced: {fault}"))),
                );
                self.runs(SPACED, json!([false]));
            }
        }
        self.chromium.looks_like(&Device::desktop());
        found
    }

    /// How much wider than the window the page is.
    fn overflow(&self, width: u32) -> Option<String> {
        let wide = self.runs("return document.documentElement.scrollWidth", json!([])).as_u64();
        let wide = wide.unwrap_or(u64::MAX);
        (wide > u64::from(width)).then(|| format!("scrolls to the side: {wide} px in {width}"))
    }

    fn axe(&self, rules: &[&str]) -> Vec<String> {
        if self.runs("return typeof axe", json!([])) == "undefined" {
            self.runs(AXE, json!([]));
        }
        let told = self.runs_and_waits(CHECK, json!([rules]));
        let faults = told[1].as_array().unwrap();
        if faults.is_empty() {
            let least = if rules.is_empty() { 6 } else { 1 };
            assert!(told[0].as_u64().unwrap() >= least, "axe looked at nothing: {told}");
        }
        faults.iter().map(describe).collect()
    }
}

fn describe(fault: &Value) -> String {
    let places: Vec<&str> = fault[2].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    format!("{}: {}\n    {}", fault[0], fault[1], places.join("\n    "))
}
