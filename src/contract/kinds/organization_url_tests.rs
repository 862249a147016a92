//! The table of valid and invalid organization URLs.

use super::*;

#[test]
fn good_urls_have_one_canonical_form() {
    use OrganizationForm::*;
    let rows = [
        ("https://dev.azure.com/fabrikam", "https://dev.azure.com/fabrikam", Hosted, "fabrikam"),
        ("HTTPS://Dev.Azure.com/Org", "https://dev.azure.com/Org", Hosted, "Org"),
        ("https://dev.azure.com:443/org", "https://dev.azure.com/org", Hosted, "org"),
        ("https://dev.azure.com/org/", "https://dev.azure.com/org", Hosted, "org"),
        ("https://contoso.visualstudio.com", "https://contoso.visualstudio.com", HostedLegacy, "contoso"),
        (
            "https://Contoso.VisualStudio.com/DefaultCollection",
            "https://contoso.visualstudio.com",
            HostedLegacy,
            "contoso",
        ),
        ("https://contoso.visualstudio.com/", "https://contoso.visualstudio.com", HostedLegacy, "contoso"),
        (
            "https://tfs.example/tfs/DefaultCollection",
            "https://tfs.example/tfs/DefaultCollection",
            Other,
            "DefaultCollection",
        ),
        ("https://tfs.example:8443/Main", "https://tfs.example:8443/Main", Other, "Main"),
        (
            "https://tfs.example/tfs/Meine Sammlung",
            "https://tfs.example/tfs/Meine%20Sammlung",
            Other,
            "Meine Sammlung",
        ),
        (
            "https://tfs.example/tfs/Meine%20Sammlung/",
            "https://tfs.example/tfs/Meine%20Sammlung",
            Other,
            "Meine Sammlung",
        ),
        ("https://tfs.example/tfs/Übung", "https://tfs.example/tfs/%C3%9Cbung", Other, "Übung"),
        ("https://tfs.example/tfs/%C3%BCbung", "https://tfs.example/tfs/%C3%BCbung", Other, "übung"),
        ("http://tfs.example/tfs/Main", "http://tfs.example/tfs/Main", Other, "Main"),
        ("http://127.0.0.1:8080/fabrikam", "http://127.0.0.1:8080/fabrikam", Other, "fabrikam"),
        ("http://[::1]:8080/fabrikam", "http://[::1]:8080/fabrikam", Other, "fabrikam"),
    ];
    for (text, base, form, organization) in rows {
        let url = OrganizationUrl::parse(text).unwrap_or_else(|refusal| panic!("{text}: {}", refusal.reason));
        assert_eq!(
            (url.base().as_str(), url.form(), url.organization()),
            (base, form, organization),
            "{text}"
        );
        let again = OrganizationUrl::parse(&url.base()).expect("the canonical form is good");
        assert_eq!(again, url, "{text}");
    }
}

#[test]
fn both_spellings_of_a_hosted_organization_are_the_same_one() {
    let identity = |text: &str| OrganizationUrl::parse(text).expect("good").identity();
    assert_eq!(identity("https://Contoso.visualstudio.com"), identity("https://dev.azure.com/CONTOSO"));
    assert_ne!(identity("https://dev.azure.com/contoso"), identity("https://dev.azure.com/fabrikam"));
    assert_ne!(identity("https://tfs.example/contoso"), identity("https://dev.azure.com/contoso"));
    assert_eq!(identity("https://tfs.example/Die Übung"), identity("https://TFS.example/die%20%C3%BCbung"));
}

#[test]
fn bad_urls_are_refused_and_never_quoted() {
    let long = format!("https://dev.azure.com/{}", "x".repeat(2049));
    let huge = format!("https://dev.azure.com/{}", "x".repeat(1 << 20));
    let rows = [
        "https://dev.azure.com@evil.example/",
        "https://user:hidden@dev.azure.com/org",
        "http://dev.azure.com/x",
        "http://contoso.visualstudio.com",
        "https://\\dev.azure.com/x",
        "https://dev.azure.com\\@evil.example/",
        "https:\\\\dev.azure.com\\x",
        "https://evil.example\\.dev.azure.com/",
        "https://dev.az\nure.com/x",
        "https://dev.az\ture.com/x",
        " https://dev.azure.com/x",
        "https://dev.azure.com/x ",
        "https://dev.azure.com/x\n",
        "https://dev。azure。com/x",
        "https://dev.аzure.com/x",
        "https://dev.azure.com%2eevil.example/",
        "https://dev.azure.com/%00",
        "https://dev.azure.com./x",
        "https://dev.azure.com:8443/x",
        "https://dev.azure.com:0/x",
        "https://dev.azure.com:/x",
        "https://dev.azure.com:99999/x",
        "https://dev.azure.com:+443/x",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://127.1/x",
        "https://0177.0.0.1/x",
        "https://[::ffff:127.0.0.1/x",
        "https://[zz]/x",
        "https://dev.azure.com/../x",
        "https://dev.azure.com/%2e%2e/x",
        "https://dev.azure.com//x",
        "https://dev.azure.com/x//",
        "https://dev.azure.com/org/project",
        "https://contoso.visualstudio.com/project",
        "https://dev.azure.com/",
        "https://dev.azure.com",
        "https://dev.azure.com/x?x=1",
        "https://dev.azure.com/x#z",
        "https://dev.azure.com/x;x",
        "https:dev.azure.com/x",
        "https:///dev.azure.com/x",
        "https://",
        "ftp://dev.azure.com/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "dev.azure.com/x",
        "https://a.b.visualstudio.com",
        "https://.visualstudio.com",
        "https://dev.azure.com/-x",
        "https://dev.azure.com/a_b",
        "https://dev.azure.com/\u{1b}[2J",
        "https://tfs.example/a%2fb",
        "https://tfs.example/a%5cb",
        "https://tfs.example/%2e%2e",
        "https://tfs.example/a%3fb",
        "https://tfs.example/a%00b",
        "https://tfs.example/a%0ab",
        "https://tfs.example/a%e2%80%aeb",
        "https://tfs.example/a%ff",
        "https://tfs.example/a%zz",
        "https://tfs.example/a%2",
        "https://tfs.example/a%2541",
        "https://tfs.example/a%20/b",
        "https://tfs.example/a /b",
        "https://tfs.example/a\u{a0}b",
        "https://tfs.example/a\u{200b}b",
        "https://tfs example/a",
        "https://dev.azure.com/\u{202e}x",
        "",
        &long,
        &huge,
    ];
    for text in rows {
        let refusal = OrganizationUrl::parse(text).expect_err(text);
        assert_eq!(refusal.code, ErrorCode::OrganizationInvalidUrl, "{text}");
        assert!(!refusal.reason.contains("hidden") && !refusal.reason.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn look_alikes_of_the_hosted_service_are_other_hosts() {
    for text in [
        "https://dev.azure.com.evil.example/x",
        "https://evilvisualstudio.com/x",
        "https://contoso.visualstudio.com.evil.example/x",
        "https://169.254.169.254/x",
        "https://[::ffff:169.254.169.254]/x",
    ] {
        // They parse, or not; if they do, only an operator's allowance lets them through.
        if let Ok(url) = OrganizationUrl::parse(text) {
            assert_eq!(url.form(), OrganizationForm::Other, "{text}");
        }
    }
}

#[test]
fn a_url_is_bounded_as_it_is_sent_too() {
    // A letter of two bytes is sent as six.
    let url = |letters: usize| format!("https://devops.example.com/{}", "é".repeat(letters));
    let fits = (2048 - "https://devops.example.com/".len()) / 6;
    let longest = OrganizationUrl::parse(&url(fits)).expect("it fits");
    assert!(longest.base().len() <= 2048);
    assert_eq!(OrganizationUrl::parse(&longest.base()), Ok(longest));
    let refusal = OrganizationUrl::parse(&url(fits + 1)).expect_err("it does not fit");
    assert_eq!(refusal.reason, "it is longer than 2,048 bytes when its special characters are encoded");
}
