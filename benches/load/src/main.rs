//! Measures: `load http …` redeems over HTTP on so many connections, `load calls …` calls any one
//! route, `load sqlite …` is the bare prepared loop beside it. One line of JSON comes out.

mod bare;
mod calls;
mod http;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["http", address, codes, skip, connections, seconds] => {
            let (skip, connections) = (number(skip), number(connections));
            println!("{}", http::run(address, codes, skip, connections, number(seconds)));
        }
        ["calls", address, token, path, bodies, connections, seconds] => {
            let (connections, seconds) = (number(connections), number(seconds));
            println!("{}", calls::run(address, token, path, bodies, connections, seconds));
        }
        ["sqlite", database, each, seconds] => {
            println!("{}", bare::run(database, number(each), number(seconds)));
        }
        _ => {
            eprintln!("load http ADDRESS CODES SKIP CONNECTIONS SECONDS");
            eprintln!("load calls ADDRESS TOKEN PATH BODIES CONNECTIONS SECONDS");
            eprintln!("load sqlite DATABASE COMMIT_EACH SECONDS");
            std::process::exit(2);
        }
    }
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}
