//! The preflight requests, and how their responses are read.

use azdo_bot::contract::Needs;
use azdo_bot::contract::Scope;
use azdo_bot::contract::Sight;
use azdo_bot::contract::Standing;
use azdo_bot::contract::permissions;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::connected;
use crate::fixture::server;
use crate::fixture::short;
use crate::fixture::unauthorized;
use crate::server::Script;
use crate::server::Seen;
use crate::server::reply;

const CREATE: Needs =
    Needs { permissions: &[permissions::CREATE_PIPELINE], scope: Some(Scope::BuildExecute) };

/// Repeats the evaluations with a value each, as the service does
fn evaluated(seen: &Seen, version: &str, value: impl Fn(u64) -> bool) -> Script {
    let mut batch: serde_json::Value = serde_json::from_slice(&seen.body).expect("the batch is JSON");
    for one in batch["evaluations"].as_array_mut().expect("it has questions") {
        let bit = one["permissions"].as_u64().expect("each asks for one bit");
        one["value"] = value(bit).into();
    }
    let media = format!("content-type: application/json; charset=utf-8; api-version={version}\r\n");
    reply("200 OK", &media, batch.to_string())
}

#[tokio::test]
async fn a_server_before_2022_1_creates_pipelines_with_the_permission_to_edit_them() {
    for (version, expected) in
        [("7.1", Standing::Denied), ("7.0", Standing::Granted), ("6.0", Standing::Granted)]
    {
        let server = server(move |seen| match seen.method.as_str() {
            "POST" => evaluated(seen, version, |bit| bit == 2048),
            _ => unauthorized(),
        })
        .await;
        let connection = connected(&server, short()).await;
        let findings =
            connection.client(&call(), &Tokens::one()).preflight(&[CREATE]).await.expect("it succeeds");
        assert_eq!(findings.standing(&permissions::CREATE_PIPELINE), expected, "{version}");
        assert_eq!(findings.sight(Scope::BuildExecute), Sight::Missing, "the read was rejected");
    }
}

#[tokio::test]
async fn without_a_usable_response_to_the_batch_the_permissions_are_unknown() {
    let answers: [fn() -> Script; 5] = [
        unauthorized,
        || reply("403 Forbidden", "", ""),
        || reply("200 OK", "content-type: text/html\r\n", "<html>"),
        || reply("200 OK", "content-type: application/json\r\n", r#"{"evaluations":[]}"#),
        || reply("500 Internal Server Error", "", ""),
    ];
    for answer in answers {
        let server = server(move |_| answer()).await;
        let connection = connected(&server, short()).await;
        let findings =
            connection.client(&call(), &Tokens::one()).preflight(&[CREATE]).await.expect("it succeeds");
        assert_eq!(findings.standing(&permissions::CREATE_PIPELINE), Standing::Unknown);
    }
}
