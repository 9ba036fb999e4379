//! The service as its operator starts it: real processes of the real binary.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::actors::{PASSWORD, text};
use crate::door::{Call, Door};
use crate::ground::{Ground, PUBLIC_URL};
use serde_json::json;

/// One running instance; killed when it is dropped.
pub struct Instance {
    child: Child,
    pub address: String,
    log: Option<JoinHandle<()>>,
}

/// The binary, told where the ground is.
pub fn command(ground: &Ground) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pass-numerique"));
    command
        .env_clear()
        .env("PASSNUM_DATA_DIR", &ground.folder)
        .env("PASSNUM_DATABASE_URL", &ground.url)
        .env("PASSNUM_PUBLIC_URL", PUBLIC_URL)
        .env("PASSNUM_LISTEN", "127.0.0.1:0")
        .env("PASSNUM_LOG", "warn");
    command
}

/// Runs a command to its end.
pub fn run(ground: &Ground, arguments: &[&str], input: &str) -> Output {
    let mut child = command(ground)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

impl Instance {
    /// Starts the service and waits until it answers.
    pub fn start(ground: &Ground) -> Self {
        let mut instance = Self::started(ground, &[], Stdio::piped());
        let errors = BufReader::new(instance.child.stderr.take().unwrap());
        instance.log = Some(std::thread::spawn(move || {
            errors.lines().map_while(Result::ok).for_each(|line| println!("{line}"));
        }));
        instance
    }

    /// Starts the service with settings of its own and a log that goes somewhere, and waits until it
    /// answers.
    pub fn started(ground: &Ground, settings: &[(&str, &str)], log: Stdio) -> Self {
        let mut child = command(ground)
            .arg("serve")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let instance = Self { child, address: said.trim().to_owned(), log: None };
        instance.wait_until_ready();
        instance
    }

    fn wait_until_ready(&self) {
        assert!(self.address.starts_with("http://"), "serve said {:?}", self.address);
        for _ in 0..200 {
            let ready = self.door().try_ask(&Call::outside("/healthz"));
            if ready.is_ok_and(|answer| answer.status == 200) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{} is not ready after ten seconds", self.address);
    }

    pub fn door(&self) -> Door {
        Door::at(&self.address)
    }

    /// `kill -9`: nothing is drained, nothing is said.
    pub fn kill(mut self) {
        self.end();
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Waits for the end of a service that was told to stop: its exit code.
    pub fn exit_code(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Resident memory, in megabytes.
    pub fn megabytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    fn end(&mut self) {
        if self.child.kill().is_err() || self.child.wait().is_err() {
            println!("the instance at {} was gone before", self.address);
        }
        if let Some(Err(_)) = self.log.take().map(JoinHandle::join) {
            println!("its log could not be read");
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.end();
        }
    }
}

/// Adds an account on the command line and signs in: the access token.
pub fn sign_in(ground: &Ground, door: &Door, role: &str, organisation: Option<&str>) -> String {
    let email = format!("{role}@exemple.fr");
    let mut arguments = vec!["user", "add", "--email", &email, "--name", role, "--role", role];
    arguments.extend(organisation.iter().flat_map(|id| ["--organisation", id]));
    arguments.push("--password-stdin");
    let output = run(ground, &arguments, &format!("{PASSWORD}\n"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let credentials = json!({"email": email, "password": PASSWORD});
    text(&door.post("/auth/tokens", &credentials).must_be(200), "access_token")
}

/// `ledger verify` must find nothing.
pub fn must_verify(ground: &Ground) {
    let output = run(ground, &["ledger", "verify"], "");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
}
