//! Artifacts: listed, and downloaded completely or not at all.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use serde_json::json;

use crate::common::encodings::assert_hidden;
use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::releasing;
use crate::flow::support::text;

async fn built() -> House {
    let house = House::with(releasing()).await;
    house.connect_root().await;
    house.ok("runPipeline", json!({ "pipeline": "release" })).await;
    house.ok("waitForPipelineRun", json!({ "id": 1 })).await;
    house.simulator.clear_journal();
    house
}

/// The names of the files in the folder that the bots may write in
fn files(house: &House) -> Vec<String> {
    let entries = std::fs::read_dir(house.folder.path()).expect("the folder is there");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

fn download(artifact: &str) -> serde_json::Value {
    json!({ "id": 1, "artifact": artifact, "file": "out.zip" })
}

#[tokio::test]
async fn artifacts_are_listed_and_downloaded_completely() {
    let house = built().await;
    let list = house.ok("listArtifacts", json!({ "id": 1 })).await;
    let Some(Value::List(artifacts)) = list.get("artifacts") else { panic!("a list") };
    assert_eq!(artifacts.len(), 2);
    for (artifact, content) in [("drop", "<h1>site</h1>"), ("logs", "fine")] {
        let written = house.ok("downloadArtifact", download(artifact)).await;
        let zip = std::fs::read(text(&written, "file")).expect("it is there");
        assert_eq!(integer(&written, "size"), i64::try_from(zip.len()).expect("it is small"));
        assert!(zip.starts_with(b"PK") && String::from_utf8_lossy(&zip).contains(content));
        assert_eq!(files(&house), ["out.zip"]);
        let token = house.simulator.token("fabrikam").expect("it is there");
        assert_hidden(&String::from_utf8_lossy(&zip), &token, "the file");
        assert_hidden(&format!("{written:?}"), &token, "the outputs");
        assert_hidden(&format!("{:?}", house.journal()), &token, "the simulator's journal");
    }
}

#[tokio::test]
async fn the_token_is_sent_only_to_the_organization() {
    let house = built().await;
    house.ok("downloadArtifact", download("drop")).await;
    house.ok("downloadArtifact", download("logs")).await;
    let journal = house.journal();
    let signed: Vec<_> = journal.iter().filter(|entry| !entry.path.starts_with("/fabrikam/")).collect();
    assert_eq!(signed.len(), 1);
    assert!(signed[0].path.starts_with("/_signed/") && !signed[0].authorization);
    assert!(journal.iter().all(|entry| entry.authorization || entry.path.starts_with("/_signed/")));
}

#[tokio::test]
async fn a_failed_download_leaves_no_files() {
    let house = built().await;
    std::fs::write(house.folder.path().join("out.zip"), "the one before").expect("a file");
    let short = [("Content-Type", "application/zip"), ("Content-Length", "5000")];
    for (fault, code) in [
        (Fault::on("GET /_signed/*").refuse(), ErrorCode::NetworkFailed),
        (Fault::on("GET /_signed/*").answer(200, &short, "PK"), ErrorCode::NetworkFailed),
        (
            Fault::on("GET /_signed/*").answer(403, &[], "<Error>expired</Error>"),
            ErrorCode::ServiceBadResponse,
        ),
        (
            Fault::on("GET /_signed/*").answer(200, &[("Content-Type", "text/html")], "<html>"),
            ErrorCode::ServiceBadResponse,
        ),
        (Fault::on("GET */artifacts").answer(503, &[], ""), ErrorCode::ServiceUnavailable),
    ] {
        house.simulator.clear_faults();
        house.simulator.fault(fault.clone());
        house.simulator.fault(fault.clone());
        house.simulator.fault(fault);
        let error = house.error("downloadArtifact", download("drop")).await;
        assert_eq!(error.code(), code, "{error:?}");
        assert_eq!(files(&house), ["out.zip"]);
    }
    let kept = std::fs::read_to_string(house.folder.path().join("out.zip")).expect("it is there");
    assert_eq!(kept, "the one before");
}

#[tokio::test]
async fn links_to_other_hosts_are_not_followed() {
    let house = built().await;
    let redirect =
        |to: &str, times| Fault::on("GET /_signed/*").times(times).answer(302, &[("Location", to)], "");
    for to in [
        "http://192.0.2.1/x",
        "https://evil.example/x",
        "file:///etc/passwd",
        "http://user:x@127.0.0.1/x",
        "",
    ] {
        house.simulator.clear_faults();
        house.simulator.fault(redirect(to, 9));
        let error = house.error("downloadArtifact", download("drop")).await;
        assert_eq!(error.code(), ErrorCode::ServiceBadResponse, "{to}: {error:?}");
    }
    // Three redirects are followed, and no fourth.
    let artifact = |house: &House| {
        let entry = house.journal().into_iter().find(|entry| entry.path.starts_with("/_signed/"));
        entry.expect("it was requested").path
    };
    let path = artifact(&house);
    house.simulator.clear_faults();
    house.simulator.fault(redirect(&path, 3));
    house.ok("downloadArtifact", download("drop")).await;
    house.simulator.fault(redirect(&path, 4));
    assert_eq!(house.error("downloadArtifact", download("drop")).await.code(), ErrorCode::ServiceBadResponse);
}

#[tokio::test]
async fn no_request_is_sent_when_the_folder_is_not_allowed() {
    let house = built().await;
    std::fs::create_dir_all(house.folder.path().join(".git/hooks")).expect("a folder");
    std::fs::write(house.folder.path().join("login"), r#"{"nodes":[]}"#).expect("a file");
    for file in [
        "../out.zip",
        "/etc/out.zip",
        "no/such/folder/out.zip",
        "file:///etc/out.zip",
        ".git/hooks/post-commit",
        ".GIT/config",
        "git~1/config",
        ".git",
        "release-day.bot.json",
        "login",
    ] {
        let error =
            house.error("downloadArtifact", json!({ "id": 1, "artifact": "drop", "file": file })).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{file}");
    }
    assert_eq!(house.requests(), Vec::<String>::new());
    let error = house.error("downloadArtifact", download("dorp")).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.message().contains("dorp"), "{}", error.message());
}
