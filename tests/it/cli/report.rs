//! `azdo-bot run --report`: one page without scripts that shows what a run did.

use serde_json::Value as Json;
use serde_json::json;

use crate::cli::doctor::BackgroundSimulator;
use crate::cli::support::Folder;
use crate::cli::support::bot;
use crate::cli::support::node;
use crate::cli::support::ran;
use crate::cli::support::run;
use crate::cli::support::text;

/// Fails unless every element of a page is closed in its order
fn assert_well_formed(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let body = page.split("</style>").nth(1).expect("the page has a style");
    for tag in body.split('<').skip(1) {
        let name = tag.split(['>', ' ']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            // These were opened before the style.
            Some("head" | "html" | "svg") => {}
            Some(closed) => assert_eq!(open.pop(), Some(closed), "{tag}"),
            None => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

fn assert_self_contained(page: &str) {
    for part in ["<script", "<link", "<img", "<iframe", " src=", " onclick", "url(", "@import", "javascript:"]
    {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("default-src 'none'"), "the browser refuses everything else");
}

#[test]
fn the_report_of_a_release_day_shows_each_action_in_its_bot() {
    let folder = Folder::new();
    let file = folder.path().join("report.html");
    let report = file.to_str().expect("a plain path");
    let ran = run(&["run", "examples/bots/release-day.bot.json", "--simulate", "--json", "--report", report]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let page = std::fs::read_to_string(&file).expect("the report is there");
    assert_well_formed(&page);
    assert_self_contained(&page);

    let lines: Vec<Json> = ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let summary = lines.last().expect("the last line is the summary");
    let actions = summary["actions"].as_u64().expect("a number");
    assert_eq!(page.matches("<li class=\"action").count() as u64, actions);
    assert!(page.contains("<p class=\"verdict good\">Succeeded</p>"));
    assert!(page.contains(summary["botRun"].as_str().expect("a text")));
    for bot in ["release-day", "login", "release", "archive"] {
        assert!(page.contains(&format!("Bot <b>{bot}</b>")), "{bot}");
    }
    // What the command shows as lines: errors that the flow caught, messages, and the sessions
    for part in
        ["The flow caught ", "Message: ", "global session &quot;Default&quot;", "Signed in as", "Bot Runner"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("open in Azure DevOps</a>"));
    assert!(page.contains("<span class=\"good\">Enough</span>: worked "));
    assert!(page.contains("Code (read, write, and manage)"));

    // A second run replaces the report.
    let again = run(&["run", "examples/bots/login.bot.json", "--simulate", "--report", report]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(std::fs::read_to_string(&file).expect("it is there").contains("<title>Run of login</title>"));
}

#[test]
fn a_failed_run_leads_with_its_error_and_help() {
    let folder = Folder::new();
    let token = "ab2".repeat(18)[..52].to_owned();
    let connect = json!({
        "uid": "u1", "commandName": "connect", "packageName": "AzureDevOps",
        "attributes": [
            { "name": "personalAccessToken", "value": { "type": "STRING", "string": token } },
            { "name": "organizationUrl", "value": text("https://dev.azure.com/fabrikam") },
            { "name": "projectName", "value": text("Fabrikam") } ],
        "returnTo": { "type": "SESSION", "sessionTarget": "LOCAL", "sessionName": text("Default") }
    });
    let message = json!({
        "uid": "u2", "commandName": "messageBox", "packageName": "MessageBox",
        "attributes": [ { "name": "title", "value": text("") },
                        { "name": "content", "value": text("<script>alert(1)</script>") } ]
    });
    let create = || node("createRepository", &[("name", text("twice"))]);
    let flow = bot(vec![connect, message, create(), create(), create()], vec![]);
    let flow = folder.file("fails.bot.json", &flow);
    let file = folder.path().join("report.html");
    let ran = run(&[
        "run",
        flow.to_str().expect("a plain path"),
        "--simulate",
        "--report",
        file.to_str().expect("a plain path"),
    ]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let page = std::fs::read_to_string(&file).expect("the report is there");
    assert_well_formed(&page);
    assert_self_contained(&page);
    assert!(page.contains("<p class=\"verdict bad\">Failed</p>"));
    let top = page.split("<h2>").next().expect("the page has headings");
    for part in [
        "Could not create the repository",
        "Use another name, or read the resource again",
        "At fails.bot.json line 4",
        "resource.conflict",
    ] {
        assert!(top.contains(part), "{part}\n{top}");
    }
    assert!(page.contains("Message: &lt;script&gt;alert(1)&lt;/script&gt;"));
    // The third call was not reached.
    assert_eq!(page.matches("<li class=\"action").count(), 3);
    assert!(!page.contains(&token));
}

#[test]
fn a_file_that_cannot_be_the_report_stops_the_command_before_the_run() {
    let folder = Folder::new();
    let other = folder.file("notes.txt", "mine");
    let missing = folder.path().join("no/such/folder/report.html");
    for (file, expected) in
        [(&other, "is not a report, and is not replaced"), (&missing, "cannot be written")]
    {
        let file = file.to_str().expect("a plain path");
        let ran = run(&["run", "examples/bots/login.bot.json", "--simulate", "--report", file]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
    assert_eq!(std::fs::read_to_string(&other).expect("it is there"), "mine");
}

#[test]
fn a_flow_that_cannot_run_has_a_report_with_every_error() {
    let folder = Folder::new();
    let flow = bot(vec![node("createRepositori", &[]), node("deleteRepository", &[])], vec![]);
    let flow = folder.file("faulty.bot.json", &flow);
    let file = folder.path().join("report.html");
    let (flow, report) = (flow.to_str().expect("a plain path"), file.to_str().expect("a plain path"));
    let ran = run(&["run", flow, "--simulate", "--report", report]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{}", ran.stderr);
    let page = std::fs::read_to_string(&file).expect("the report is there");
    assert_well_formed(&page);
    assert_self_contained(&page);
    let shown =
        ran.stderr.lines().last().and_then(|line| line.split(';').next()).expect("the number of errors");
    assert!(page.contains(&format!("<p class=\"verdict bad\">Not started: {shown}</p>")), "{shown}\n{page}");
    for part in
        ["createRepositori", "At faulty.bot.json line 1", "At faulty.bot.json line 2", "Delete repository"]
    {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[test]
fn the_drawing_of_a_release_day_has_its_bots_and_sessions() {
    let folder = Folder::new();
    let file = folder.path().join("flow.svg");
    let graph = file.to_str().expect("a plain path");
    let checked = run(&["check", "examples/bots/release-day.bot.json", "--graph", graph]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    let svg = std::fs::read_to_string(&file).expect("the drawing is there");
    assert_well_formed(&svg);
    for part in
        ["Bot release-day", "Bot login", "Bot release", "Bot archive", "Create repository", "session Default"]
    {
        assert!(svg.contains(part), "{part}\n{svg}");
    }
    for part in ["<script", " href=", "url(", "@import", "javascript:"] {
        assert!(!svg.contains(part), "{part}");
    }
    // A second drawing replaces the first; another file is not replaced.
    assert_eq!(run(&["check", "examples/bots/login.bot.json", "--graph", graph]).code, 0);
    let other = folder.file("notes.txt", "mine");
    let refused =
        run(&["check", "examples/bots/login.bot.json", "--graph", other.to_str().expect("a plain path")]);
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""), "{}", refused.stderr);
    assert!(refused.stderr.contains("is not a drawing, and is not replaced"), "{}", refused.stderr);
}

#[test]
fn the_report_of_doctor_leads_with_what_is_to_be_granted() {
    let folder = Folder::new();
    let file = folder.path().join("token.html");
    let report = file.to_str().expect("a plain path");
    let ran = run(&["doctor", "--simulate", "--report", report]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = std::fs::read_to_string(&file).expect("the report is there");
    assert_well_formed(&page);
    assert_self_contained(&page);
    for part in [
        "<p class=\"verdict good\">Signed in as ",
        "Nothing that is known to be missing.",
        "repositories.read",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[test]
fn the_report_names_what_to_grant_or_why_the_sign_in_failed() {
    let background = BackgroundSimulator::populated();
    let folder = Folder::new();
    let file = folder.path().join("token.html");
    for (name, parts) in [
        (
            "reader",
            &["verdict bad", ", to <b>reader</b>", "at Project settings &gt; Repositories &gt; Security"][..],
        ),
        (
            "code-read-only",
            &["verdict bad", "A token with the scopes <b>Code", "/fabrikam/_usersSettings/tokens"],
        ),
        ("expired", &["The sign-in failed.", "auth.failed", "The token may be mistyped, expired"]),
    ] {
        let token = background.token(name);
        let mut doctor = background.command(&["doctor"], "fabrikam", "Fabrikam", &token);
        let shown = ran(doctor.arg("--report").arg(&file));
        assert_eq!(shown.code, 1, "{name}: {}", shown.stderr);
        let page = std::fs::read_to_string(&file).expect("the report is there");
        for part in parts {
            assert!(page.contains(part), "{name}: {part}\n{page}");
        }
        assert!(!page.contains(&token), "{name}");
    }
}
