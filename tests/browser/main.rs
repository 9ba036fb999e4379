#![cfg(test)]
//! The pages as people meet them: in a real browser, on both engines. It needs `chromium` and
//! `chromedriver`; without them these tests fail.

#[macro_use]
#[path = "../it/house.rs"]
#[expect(dead_code, unused_macros, reason = "shared with tests/it, which uses all of it")]
mod house;
#[path = "../it/actors.rs"]
#[expect(dead_code, reason = "shared with tests/it, which uses all of it")]
mod actors;
#[path = "../it/door.rs"]
#[expect(dead_code, reason = "shared with tests/it, which uses all of it")]
mod door;
#[path = "../it/ground.rs"]
#[expect(dead_code, reason = "shared with tests/it, which uses all of it")]
mod ground;
#[path = "../it/page_routes.rs"]
mod page_routes;
#[path = "../it/scene.rs"]
#[expect(dead_code, reason = "shared with tests/it, which uses all of it")]
mod scene;
#[path = "../it/template.rs"]
mod template;

mod accessibility;
mod browser;
mod camera;
mod chromium;
mod door_kinds;
mod every_page;
mod keyboard;
mod network;
mod operator_states;
mod outage;
mod pictures;
mod random_networks;
mod report;
mod scripts;
mod states;
mod town;
mod walks;
mod weather;
