//! Measures: `load http …` redeems over HTTP on so many connections, `load calls …` calls any one
//! route, `load sqlite …` is the bare prepared loop beside it. One line of JSON comes out.

mod bare;
mod calls;
mod http;

use http::Door;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["http", address, door, codes, skip, connections, seconds] => {
            let (skip, connections) = (number(skip), number(connections));
            let door = Door::of(door);
            println!("{}", http::run(address, door, codes, skip, connections, number(seconds)));
        }
        ["calls", address, token, path, bodies, connections, seconds] => {
            let (connections, seconds) = (number(connections), number(seconds));
            println!("{}", calls::run(address, token, path, bodies, connections, seconds));
        }
        ["sqlite", database, each, seconds] => {
            println!("{}", bare::run(database, number(each), number(seconds)));
        }
        _ => {
            eprintln!("load http ADDRESS token|cookie CODES SKIP CONNECTIONS SECONDS");
            eprintln!("load calls ADDRESS TOKEN PATH BODIES CONNECTIONS SECONDS");
            eprintln!("load sqlite DATABASE COMMIT_EACH SECONDS");
            std::process::exit(2);
        }
    }
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}
