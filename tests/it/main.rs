#![cfg(test)]
//! The service as its users meet it: through HTTP, as actors, each story on a database of its own,
//! on both engines. `PASSNUM_TEST_POSTGRES_URL` names a PostgreSQL server that may be filled.

#[macro_use]
mod house;
mod actors;
mod api;
mod attack;
mod attack_on_tables;
mod audit;
mod closing;
mod conditions;
mod days;
mod docs;
mod door;
mod dump;
mod ending;
mod fuzz;
mod ground;
mod guessing;
mod histories;
mod idempotency;
mod killed_batch;
mod lanes;
mod live_list;
mod machine;
mod manage;
mod markup;
mod money;
mod moving;
mod offline;
mod open_data;
mod open_data_files;
mod page_routes;
mod pages;
mod paper;
mod paper_pictures;
mod payments;
mod processes;
mod races;
mod redemption_sheet;
mod remise;
mod report_facts;
mod report_files;
mod report_pages;
mod rhythm;
mod rights;
mod scene;
mod scheduled;
mod schema;
mod seat;
mod shared_commits;
mod split;
mod stock;
mod template;
mod walk;
mod wrong_input;
