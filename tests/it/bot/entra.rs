//! Connect with the method Microsoft Entra in a bot file: its credential may be nested under the option or not.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::text;
use crate::bot::documents::vault;
use crate::bot::documents::with;
use crate::bot::support::TestEnvironment;
use crate::bot::support::Watch;

/// A Connect with these additional attributes, and *Get project*
fn flow(more: Vec<Json>) -> Folder {
    let given = |name: &str, value: Json| json!({ "name": name, "value": value });
    let mut attributes = vec![
        given("organizationUrl", text("https://dev.azure.com/fabrikam")),
        given("projectName", text("Fabrikam")),
    ];
    attributes.splice(0..0, more);
    let connect = with(action("connect", &[]), "attributes", attributes.into());
    Folder::with(json!([connect, action("getProject", &[])]), json!([]))
}

#[tokio::test]
async fn the_credential_may_be_nested_under_its_option_or_not() {
    let method = || json!({ "name": "authenticationMethod", "value": text("ENTRA") });
    let credential = || json!({ "name": "entraCredential", "value": vault() });
    let other = || json!({ "name": "personalAccessToken", "value": text("") });
    let environment = TestEnvironment::new().await;
    for attributes in [
        vec![with(method(), "attributes", json!([credential()]))],
        vec![method(), credential()],
        // The designer leaves an empty field of the other option.
        vec![with(method(), "attributes", json!([other(), credential()]))],
    ] {
        let (folder, watch) = (flow(attributes), Watch::default());
        environment.run(&folder.program(), &[], &watch).await.result.expect("it signs in");
        assert!(watch.lines().contains("2 getProject () ok"), "{}", watch.lines());
    }
    let missing = flow(vec![method(), json!({ "name": "personalAccessToken", "value": vault() })]);
    assert_eq!(
        missing.faults(),
        "root.bot.json:1 input.invalid: \"entraCredential\" is missing, and \"Connect\" requires it"
    );
}
