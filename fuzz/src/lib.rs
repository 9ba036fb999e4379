//! The bodies of the fuzz targets are those of the tests.

#[path = "../../tests/it/fuzz/targets/mod.rs"]
pub mod targets;
