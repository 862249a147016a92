//! The table of valid and invalid names; the schema accepts what the parser accepts.

use std::fmt::Display;

use schemars::JsonSchema;

use crate::contract::BranchName;
use crate::contract::Dictionary;
use crate::contract::ErrorCode;
use crate::contract::FilePath;
use crate::contract::PipelineName;
use crate::contract::PipelineReference;
use crate::contract::ProjectName;
use crate::contract::RepositoryName;
use crate::contract::RunId;
use crate::contract::TextKind;
use crate::contract::TimeLimit;
use crate::contract::decode;
use crate::contract::read_json;

/// Checks a kind against valid texts and against invalid ones with their code
fn table<K: TextKind + JsonSchema + Display>(code: ErrorCode, good: &[&str], bad: &[&str]) {
    let schema = schemars::schema_for!(K);
    let schema = jsonschema::validator_for(schema.as_value()).expect("the schema is one");
    for text in good {
        let kind = K::parse(text).unwrap_or_else(|refusal| panic!("{text:?}: {}", refusal.reason));
        assert!(schema.is_valid(&serde_json::json!(text)), "{text:?}: the schema refuses it");
        let shown = kind.to_string();
        assert!(!shown.chars().any(|c| c.is_control() || c == '\u{202e}'), "{text:?} is shown as it is");
    }
    for text in bad {
        let refusal = K::parse(text).err().unwrap_or_else(|| panic!("{text:?} is taken"));
        assert_eq!(refusal.code, code, "{text:?}");
        assert!(refusal.reason.chars().count() < 200 && !refusal.reason.contains('\n'), "{text:?}");
    }
}

/// Invalid names of projects and repositories
const BAD_NAMES: &[&str] = &[
    "",
    " ",
    "   ",
    ".",
    "..",
    "../..",
    "..\\..",
    "%2e%2e%2f",
    "a/b",
    "a\\b",
    "a?b#c",
    "a:b*",
    "a\r\nX: y",
    "a\0b",
    "a\tb",
    "a\u{1b}[2J",
    "_hidden",
    ".hidden",
    "hidden.",
    " a",
    "a ",
    "a<b",
    "a>b",
    "a|b",
    "a\"b",
    "a'b",
    "a&b",
    "a%b",
    "a;b",
    "a@b",
    "a$b",
    "a*b",
    "a{b",
    "a}b",
    "a,b",
    "a+b",
    "a=b",
    "a[b",
    "a]b",
    "a~b",
];

/// Valid but unusual names; the service checks reserved names
const GOOD_NAMES: &[&str] = &[
    "Fabrikam",
    "fabrikam fiber",
    "a",
    "a.b-c_d (1)",
    "AUX",
    "COM1",
    "DefaultCollection",
    "数字",
    "e\u{301}",
    "é",
    "a\u{202e}b",
    "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c",
];

#[test]
fn names_of_projects_and_repositories() {
    let longest = "x".repeat(64);
    let too_long = ["x".repeat(65), "🎉".repeat(33), "x".repeat(1 << 20)];
    let good: Vec<&str> = GOOD_NAMES.iter().copied().chain([longest.as_str()]).collect();
    let bad: Vec<&str> = BAD_NAMES.iter().copied().chain(too_long.iter().map(String::as_str)).collect();
    table::<ProjectName>(ErrorCode::ProjectInvalidName, &good, &bad);
    table::<RepositoryName>(ErrorCode::InputInvalid, &good, &bad);
    let url = ProjectName::parse("https://dev.azure.com/a/b").expect_err("a URL");
    assert!(url.reason.contains("not a URL"), "{}", url.reason);
}

#[test]
fn names_of_pipelines_and_references_to_them() {
    let bad = ["", " ", " a", ".", "..", "a/b", "a\\b", "a:b", "a\nb", "a*b", "a?b", "a\"b", "a<b", "a|b"];
    table::<PipelineName>(
        ErrorCode::InputInvalid,
        &["nightly", "release (prod)", "a.b", "100%", "ä&b"],
        &bad,
    );
    // A reference with a folder has the separators that a name cannot have.
    let is_path = |text: &&str| text.contains(['/', '\\']);
    let bad_references: Vec<&str> = bad
        .iter()
        .copied()
        .filter(|text| !is_path(text))
        .chain(["a/", "\\", "a//b", "../b", "a:b/c"])
        .collect();
    table::<PipelineReference>(ErrorCode::InputInvalid, &["nightly", "7", "2147483647"], &bad_references);
    let written = |text: &str| {
        PipelineReference::parse(text).map(|one| (one.name().map(str::to_owned), one.to_string()))
    };
    let row = |name: &str, shown: &str| Ok((Some(name.to_owned()), shown.to_owned()));
    assert_eq!(written("\\1234"), row("1234", "\\1234"));
    assert_eq!(written("team/web/nightly"), row("nightly", "\\team\\web\\nightly"));
    assert_eq!(written("\\team\\7"), row("7", "\\team\\7"));
    for id in ["0", "2147483648", "99999999999999999999", "00"] {
        assert!(PipelineReference::parse(id).is_err(), "{id}");
    }
    assert_eq!(PipelineReference::parse("007"), Ok(PipelineReference::Id(7)));
    assert!(matches!(PipelineReference::parse("-7"), Ok(PipelineReference::Name(_))), "a name, odd as it is");
}

#[test]
fn branches_and_refs() {
    let bad = [
        "",
        "a b",
        "a..b",
        "../a",
        "/a",
        "a/",
        "a//b",
        ".a",
        "a/.b",
        "a.",
        "a.lock",
        "a~1",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[b",
        "a\\b",
        "@",
        "a@{1}",
        "a\nb",
        "a\0",
        "refs",
        "refs/heads",
        "refs/x",
    ];
    let good =
        ["main", "release/7.1", "refs/heads/main", "refs/tags/v1", "refs/pull/3/merge", "ä", "a@b", "-x"];
    table::<BranchName>(ErrorCode::InputInvalid, &good, &bad);
    let branch = |text: &str| BranchName::parse(text).expect("it is good");
    assert_eq!(branch("main"), branch("refs/heads/main"));
    assert_eq!((branch("main").full(), branch("main").branch()), ("refs/heads/main", Some("main")));
    assert_eq!((branch("refs/tags/v1").branch(), branch("refs/tags/v1").tag()), (None, Some("v1")));
}

#[test]
fn paths_of_files() {
    // The service publishes no length, so it answers for it.
    let long = "x".repeat(100_000);
    let bad = [
        "",
        "/",
        "//a",
        "a//b",
        "a/",
        ".",
        "..",
        "../a",
        "a/../b",
        "/a/./b",
        "a\\b",
        "a\nb",
        "a\0",
        ".git/config",
        "/.GIT/x",
    ];
    table::<FilePath>(
        ErrorCode::InputInvalid,
        &[&long, "a", "/a", "a/b c/d:e*.txt", "ä/ö", ".gitignore", "a/.git"],
        &bad,
    );
    assert_eq!(FilePath::parse("a/b"), FilePath::parse("/a/b"));
}

#[test]
fn ids_and_durations_are_whole_numbers_within_bounds() {
    #[derive(serde::Deserialize)]
    struct Input {
        #[serde(default)]
        id: Option<RunId>,
        #[serde(default)]
        limit: Option<TimeLimit>,
    }
    let read = |name: &str, json: &str| {
        let value = read_json(json.as_bytes(), 100).expect("the test's text is JSON");
        decode::<Input>("test", Dictionary::from_iter([(name.to_owned(), value)]))
    };
    for (name, good, bad) in [
        (
            "id",
            ["1", "2147483647"],
            ["0", "-5", "2147483648", "9007199254740993", "1e400", "1.5", "\"1\"", "true", "[]"],
        ),
        ("limit", ["1", "604800"], ["0", "-1", "604801", "99999999999", "1e3", "0.5", "\"60\"", "{}", "[1]"]),
    ] {
        for json in good {
            let input = read(name, json).unwrap_or_else(|error| panic!("{name} {json}: {error:?}"));
            assert!(input.id.is_some() || input.limit.is_some());
        }
        for json in bad {
            // What has no finite value is no JSON number to begin with.
            let Ok(value) = read_json(json.as_bytes(), 100) else { continue };
            let refused = decode::<Input>("test", Dictionary::from_iter([(name.to_owned(), value)]));
            let error = refused.err().unwrap_or_else(|| panic!("{name} {json} is taken"));
            assert_eq!(error.code(), ErrorCode::InputInvalid, "{name} {json}");
            assert_eq!(error.context_value("field"), Some(name), "{name} {json}");
        }
    }
}
