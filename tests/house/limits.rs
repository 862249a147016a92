//! Every limit of an input has its source written beside it.

use std::fs;

/// Returns the lines of a kind of input that limit it: a constant, or a comparison with a number
fn limits(text: &str) -> Vec<(usize, String)> {
    let is_limit = |line: &str| {
        let line = line.trim_start();
        let is_number = |text: &str| text.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let is_compared =
            [".len() >", "count() >"].iter().any(|mark| line.split(mark).skip(1).any(is_number));
        let is_bound = line.starts_with("const MAX")
            || line.starts_with("pub const MAX")
            || line.starts_with("pub(super) const MAX");
        let is_schema =
            ["\"maxLength\":", "\"maximum\":"].iter().any(|mark| line.split(mark).skip(1).any(is_number));
        is_compared || is_bound || is_schema
    };
    text.lines().map(str::to_owned).enumerate().filter(|(_, line)| is_limit(line)).collect()
}

/// Returns the limits of a file without a comment that says whose limit it is
fn without_source(name: &str, text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let has_source = |at: usize| {
        let comment = lines[..at].iter().rev().take_while(|line| line.trim_start().starts_with("//"));
        comment.into_iter().any(|line| line.contains("Limit of"))
    };
    let bare = limits(text).into_iter().filter(|(at, _)| !has_source(*at));
    bare.map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim())).collect()
}

#[test]
fn every_limit_of_an_input_has_its_source_beside_it() {
    let mut found = Vec::new();
    for entry in fs::read_dir("src/contract/kinds").expect("the folder is there") {
        let path = entry.expect("an entry").path();
        let name = path.display().to_string();
        if name.ends_with("_tests.rs") {
            continue;
        }
        found.extend(without_source(&name, &fs::read_to_string(&path).expect("a text file")));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_limit_without_a_source_is_found() {
    for bad in [
        "const MAX_TITLE: usize = 7;",
        "    if text.chars().count() > 20_000 {",
        "text_kind!(A, { \"maxLength\": 9 });",
    ] {
        assert_eq!(without_source("a.rs", bad).len(), 1, "{bad}");
    }
    let good = "/// Limit of the service: its naming restrictions\nconst MAX_TITLE: usize = 7;\nif text.len() > MAX_TITLE {";
    assert_eq!(without_source("a.rs", good), Vec::<String>::new());
}
