//! How URLs are built, and which are rejected.

use super::*;

const BASE: &str = "https://dev.azure.com/fabrikam";

fn base(text: &str) -> Url {
    Url::parse(text).expect("the test's base is an address")
}

#[test]
fn segments_and_queries_are_encoded_one_by_one() {
    let url = Request::get(&["git", "repositories", "a b%2e/c+ä:*"])
        .query("$top", "1")
        .query("filter", "heads/a b&c=d")
        .url(&base(BASE), "0a1b", &[("continuationToken", "x&y")])
        .expect("it is an address");
    assert_eq!(
        url.as_str(),
        "https://dev.azure.com/fabrikam/0a1b/_apis/git/repositories/a%20b%252e%2Fc%2B%C3%A4%3A%2A\
         ?$top=1&filter=heads%2Fa%20b%26c%3Dd&continuationToken=x%26y"
    );
}

#[test]
fn every_base_keeps_its_own_segments() {
    for (base, start) in [
        (BASE, "https://dev.azure.com/fabrikam"),
        ("https://contoso.visualstudio.com", "https://contoso.visualstudio.com"),
        ("https://tfs.example:8443/tfs/Main", "https://tfs.example:8443/tfs/Main"),
    ] {
        let url = Request::get(&["projects", "x"]).organization_level().url(&self::base(base), "p", &[]);
        assert_eq!(url.expect("it is an address").as_str(), format!("{start}/_apis/projects/x"));
    }
}

#[test]
fn a_request_to_release_management_differs_only_in_its_host() {
    let url = Request::get(&["release", "definitions"]).query("$top", "1").release();
    let url = url.url(&base(BASE), "0a1b", &[]).expect("it is an address");
    assert_eq!(url.as_str(), "https://vsrm.dev.azure.com/fabrikam/0a1b/_apis/release/definitions?$top=1");
}

#[test]
fn a_segment_that_leaves_the_path_is_empty_or_has_control_characters_is_rejected() {
    for segment in ["", ".", "..", "a\r\nX: y", "a\0", "\t"] {
        let rejected = Request::get(&["git", segment]).named("try it").url(&base(BASE), "p", &[]);
        assert_eq!(rejected.expect_err(segment).code(), ErrorCode::InputInvalid, "{segment:?}");
    }
    // Encoded dots are a literal name.
    let url = Request::get(&["git", "%2e%2e"]).url(&base(BASE), "p", &[]).expect("a literal name");
    assert!(url.as_str().ends_with("/p/_apis/git/%252e%252e"));
}

#[test]
fn a_project_that_leaves_the_path_never_makes_a_url() {
    for project in ["", ".", ".."] {
        let rejected = Request::get(&["git"]).url(&base(BASE), project, &[]);
        assert_eq!(rejected.expect_err(project).code(), ErrorCode::Internal, "{project:?}");
    }
}
