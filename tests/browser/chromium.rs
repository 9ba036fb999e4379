//! Headless Chromium and the driver that leads it: started for one story, stopped at its end.

use std::future::IntoFuture;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver};
use tokio::runtime::Runtime;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// What the page is looked at with.
#[derive(Clone, Debug)]
pub struct Device {
    pub width: u32,
    pub height: u32,
    pub phone: bool,
    pub dark: bool,
    scripts: bool,
    camera: Option<PathBuf>,
}

impl Device {
    const fn new(width: u32, height: u32, phone: bool) -> Self {
        Self { width, height, phone, dark: false, scripts: true, camera: None }
    }

    pub const fn desktop() -> Self {
        Self::new(1280, 900, false)
    }

    pub const fn phone() -> Self {
        Self::new(390, 844, true)
    }

    /// 320 px wide: the smallest phone, and a desktop window of 1280 px zoomed to 400 %.
    pub const fn narrow() -> Self {
        Self::new(320, 640, true)
    }

    pub fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    pub fn without_scripts(self) -> Self {
        Self { scripts: false, ..self }
    }

    /// A camera that sees what is in a `.y4m` file.
    pub fn with_camera(self, sees: &Path) -> Self {
        Self { camera: Some(sees.to_owned()), ..self }
    }

    fn capabilities(&self, profile: &Path) -> Capabilities {
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--no-first-run".to_owned(),
            "--hide-scrollbars".to_owned(),
            "--lang=fr-FR".to_owned(),
            format!("--user-data-dir={}", profile.display()),
            format!("--window-size={},{}", self.width.max(500), self.height),
        ];
        if let Some(file) = &self.camera {
            arguments.push("--use-fake-ui-for-media-stream".to_owned());
            arguments.push("--use-fake-device-for-media-stream".to_owned());
            arguments.push(format!("--use-file-for-fake-video-capture={}", file.display()));
        }
        let mut preferences = json!({
            "intl.accept_languages": "fr-FR,fr",
            "credentials_enable_service": false,
            "profile.password_manager_leak_detection": false,
        });
        if !self.scripts {
            preferences["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments, "prefs": preferences},
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
            "unhandledPromptBehavior": "accept",
        });
        wanted.as_object().unwrap().clone().into()
    }
}

/// One running browser with its driver.
pub struct Chromium {
    runtime: Runtime,
    pub driver: WebDriver,
    chromedriver: Child,
    browser: u64,
    profile: PathBuf,
}

impl Chromium {
    pub fn start(device: &Device) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("passnum_browser_{}_{number}", std::process::id());
        let profile = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&profile).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (chromedriver, driver) = session(&runtime, &device.capabilities(&profile));
        let told = driver.capabilities();
        let browser = told.as_ref().get("goog:processID").and_then(Value::as_u64).unwrap_or(0);
        let started = Self { runtime, driver, chromedriver, browser, profile };
        started.looks_like(device);
        started
    }

    /// Takes another size or another colour scheme.
    pub fn looks_like(&self, device: &Device) {
        let metrics = json!({
            "width": device.width, "height": device.height, "deviceScaleFactor": 1,
            "mobile": device.phone,
        });
        self.tells("Emulation.setDeviceMetricsOverride", metrics);
        let scheme = if device.dark { "dark" } else { "light" };
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.tells("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// Waits for what the driver does.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// A command of the developer tools.
    pub fn tells(&self, command: &str, parameters: Value) -> Value {
        let answer = self.wait(self.driver.cdp().send_raw(command, parameters));
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let quit = self.driver.clone().quit();
        let quit = async { tokio::time::timeout(Duration::from_secs(5), quit).await };
        let ended = matches!(self.runtime.block_on(quit), Ok(Ok(())));
        if !ended && self.browser != 0 {
            let browser = self.browser.to_string();
            let killed = Command::new("sh").args(["-c", "kill -KILL \"$0\"", &browser]).status();
            println!("the browser did not quit and was killed: {killed:?}");
        }
        if self.chromedriver.kill().is_err() || self.chromedriver.wait().is_err() {
            println!("chromedriver was gone before");
        }
        if let Err(error) = std::fs::remove_dir_all(&self.profile) {
            println!("{} stays: {error}", self.profile.display());
        }
    }
}

/// On a busy machine a driver may give up waiting for its browser: another one is started.
fn session(runtime: &Runtime, capabilities: &Capabilities) -> (Child, WebDriver) {
    for attempt in 1..=3 {
        let (mut child, port) = chromedriver();
        let session = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities.clone());
        match runtime.block_on(session.into_future()) {
            Ok(driver) => return (child, driver),
            Err(error) => println!("attempt {attempt} to start Chromium: {error}"),
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    panic!("Chromium does not start");
}

/// Starts the driver on a port that is free.
fn chromedriver() -> (Child, u16) {
    let mut child = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver is needed: scripts/test installs it, or apt install chromium-driver");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    std::thread::spawn(move || lines.for_each(drop));
    (child, port.expect("chromedriver says its port"))
}
