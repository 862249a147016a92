//! The list of routes in `docs/simulator.md`; `AZDO_BLESS=1 cargo test -p azdo-simulator` updates it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use azdo_simulator::ImitatedRequest;
use azdo_simulator::imitated_requests;

const BEGIN: &str = "<!-- routes: generated, do not edit -->\n";
const END: &str = "<!-- end of routes -->\n";

fn code(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

fn table() -> String {
    let mut text =
        String::from("| request | one of these scopes | all of these permissions |\n|---|---|---|\n");
    text += "| `OPTIONS /{organization}/_apis[/{area}[/{resource}]]` | | |\n";
    for ImitatedRequest { request, scopes, permissions } in imitated_requests() {
        let scopes = code(scopes.iter().map(|&scope| scope.to_owned()));
        let permissions = code(permissions.permissions().iter().map(|permission| format!("{permission:?}")));
        writeln!(text, "| `{request}` | {scopes} | {permissions} |").unwrap();
    }
    text.replace("|  |", "| |")
}

#[test]
fn the_guide_lists_every_route_with_its_scopes_and_permissions() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/simulator.md");
    let guide = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let (before, rest) = guide.split_once(BEGIN).unwrap();
    let (list, after) = rest.split_once(END).unwrap();
    let expected = table();
    if list == expected {
        return;
    }
    #[expect(clippy::disallowed_methods, reason = "the variable makes the test write the file")]
    let bless = std::env::var_os("AZDO_BLESS").is_some() && std::env::var_os("CI").is_none();
    assert!(
        bless,
        "docs/simulator.md differs from the routes; run AZDO_BLESS=1 cargo test -p azdo-simulator and read the difference"
    );
    fs::write(&path, [before, BEGIN, &expected, END, after].concat()).unwrap();
}
