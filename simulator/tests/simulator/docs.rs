//! The lists of routes and of clients in `docs/simulator.md`; `AZDO_BLESS=1 cargo test -p azdo-simulator` updates them.
//!
//! `clients/walked.tsv` has the routes that each client walks, `clients/results.tsv` the steps of each suite, and
//! `clients/failing.tsv` those that do not pass; `scripts/test-clients` compares the three with what it saw.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use azdo_simulator::ImitatedRequest;
use azdo_simulator::KnownFrom;
use azdo_simulator::imitated_requests;

const BEGIN: &str = "<!-- routes: generated, do not edit -->\n";
const END: &str = "<!-- end of routes -->\n";
const CLIENTS_BEGIN: &str = "<!-- clients: generated, do not edit -->\n";
const CLIENTS_END: &str = "<!-- end of clients -->\n";

fn code(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// The rows of a table of the client suites.
fn rows(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name);
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// The clients that walk each route, by the route.
fn walked() -> BTreeMap<String, String> {
    let rows = rows("walked.tsv").into_iter();
    rows.map(|row| <[String; 2]>::try_from(row).unwrap().into()).collect()
}

/// The clients with their versions, the steps tried and passed, then the steps that do not pass.
fn clients() -> String {
    let mut text = String::from("| client | version | steps | passed |\n|---|---|---|---|\n");
    for row in rows("results.tsv") {
        writeln!(text, "| {} |", row.join(" | ")).unwrap();
    }
    text += "\n| client | step that does not pass | reason |\n|---|---|---|\n";
    for row in rows("failing.tsv") {
        writeln!(text, "| {} |", row.join(" | ")).unwrap();
    }
    text
}

fn table() -> String {
    let mut text = String::from(
        "| request | one of these scopes | all of these permissions | known from | walked by |\n|---|---|---|---|---|\n",
    );
    text += "| `OPTIONS /{organization}/_apis[/{area}[/{resource}]]` | | | recorded | MCP, Node, Python |\n";
    let walked = walked();
    for ImitatedRequest { request, scopes, permissions, known_from } in imitated_requests() {
        let scopes = code(scopes.iter().map(|&scope| scope.to_owned()));
        let permissions = code(permissions.permissions().iter().map(|permission| format!("{permission:?}")));
        let known_from = match known_from {
            KnownFrom::Recorded => "recorded",
            KnownFrom::Published => "published",
        };
        let clients = walked.get(&request).map_or("", String::as_str);
        writeln!(text, "| `{request}` | {scopes} | {permissions} | {known_from} | {clients} |").unwrap();
    }
    text.replace("|  |", "| |").replace("|  |", "| |")
}

#[test]
fn the_walked_routes_are_imitated() {
    let known: Vec<String> = imitated_requests().into_iter().map(|request| request.request).collect();
    for route in walked().keys() {
        assert!(known.iter().any(|one| one == route), "{route}: run scripts/test-clients again");
    }
}

/// Compares a generated part of the guide, or writes it.
fn check(begin: &str, end: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/simulator.md");
    let guide = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let (before, rest) = guide.split_once(begin).unwrap();
    let (list, after) = rest.split_once(end).unwrap();
    if list == expected {
        return;
    }
    #[expect(clippy::disallowed_methods, reason = "the variable makes the test write the file")]
    let bless = std::env::var_os("AZDO_BLESS").is_some() && std::env::var_os("CI").is_none();
    assert!(
        bless,
        "docs/simulator.md differs; run AZDO_BLESS=1 cargo test -p azdo-simulator and read the difference"
    );
    fs::write(&path, [before, begin, expected, end, after].concat()).unwrap();
}

#[test]
fn the_guide_lists_every_route_with_its_scopes_and_permissions_and_the_results_of_the_clients() {
    check(BEGIN, END, &table());
    check(CLIENTS_BEGIN, CLIENTS_END, &clients());
}
