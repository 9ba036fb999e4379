//! What a page loads, weighs and complains about, as the browser's own log tells it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::browser::Browser;

/// One request with its answer.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub url: String,
    pub status: u64,
    /// The bytes on the wire, headers and all.
    pub bytes: u64,
    pub headers: BTreeMap<String, String>,
    /// Whether it is what the address shows, and not a file it asks for.
    pub page: bool,
}

impl Browser {
    /// What was loaded since this was asked last.
    pub fn loaded(&self) -> Vec<Loaded> {
        let mut all: Vec<(String, Loaded)> = Vec::new();
        for event in self.events() {
            let told = &event["params"];
            let id = told["requestId"].as_str().unwrap_or_default().to_owned();
            let one = || all.iter().position(|(known, _)| *known == id);
            match event["method"].as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    let url = told["request"]["url"].as_str().unwrap_or_default().to_owned();
                    let page = told["type"] == "Document";
                    let begun = Loaded { url, page, ..Loaded::default() };
                    // A redirect goes on under the same id.
                    match one() {
                        Some(place) => all[place].1 = begun,
                        None => all.push((id, begun)),
                    }
                }
                "Network.responseReceived" => {
                    let Some(place) = one() else { continue };
                    all[place].1.status = told["response"]["status"].as_u64().unwrap_or(0);
                    all[place].1.headers = headers(&told["response"]["headers"]);
                }
                "Network.loadingFinished" => {
                    let Some(place) = one() else { continue };
                    let bytes = told["encodedDataLength"].as_f64().unwrap_or(0.0);
                    all[place].1.bytes = format!("{bytes:.0}").parse().unwrap();
                }
                _ => {}
            }
        }
        let kept = |one: &Loaded| one.url.starts_with("http");
        all.into_iter().map(|(_, one)| one).filter(kept).collect()
    }

    fn events(&self) -> Vec<Value> {
        let log = self.chromium.wait(self.driver().get_log("performance")).unwrap();
        let read =
            |message: &str| serde_json::from_str::<Value>(message).unwrap()["message"].take();
        log.iter().map(|entry| read(&entry.message)).collect()
    }

    /// What the console complained about since this was asked last; answers that are refusals on
    /// purpose are no complaint.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.chromium.wait(self.driver().browser_log()).unwrap();
        let refusal = |text: &str| text.contains("the server responded with a status of 4");
        log.into_iter().map(|entry| entry.message).filter(|text| !refusal(text)).collect()
    }

    /// As on a first visit: nothing is taken from what was kept.
    pub fn forgets_files(&self) {
        self.chromium.tells("Network.enable", json!({}));
        self.chromium.tells("Network.setCacheDisabled", json!({"cacheDisabled": true}));
        self.chromium.tells("Network.setBypassServiceWorker", json!({"bypass": true}));
    }

    /// A phone at the edge of its network: 400 ms away, 50 kB a second down, 20 kB up.
    pub fn is_on_a_slow_network(&self) {
        self.chromium.tells("Network.enable", json!({}));
        let slow = json!({
            "offline": false, "latency": 400, "downloadThroughput": 50_000,
            "uploadThroughput": 20_000,
        });
        self.chromium.tells("Network.emulateNetworkConditions", slow);
    }
}

fn headers(told: &Value) -> BTreeMap<String, String> {
    let told = told.as_object().into_iter().flatten();
    told.map(|(name, value)| (name.to_lowercase(), value.as_str().unwrap_or("").to_owned()))
        .collect()
}
