//! The user of a token, as `connectionData` states it.

use serde::Deserialize;

use crate::contract::printable;
use crate::devops::message::anonymous::ANONYMOUS;
use crate::devops::message::request::Request;

/// The user of a token
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The id of the identity
    pub id: String,
    /// The display name
    pub name: String,
    /// The account, usually an e-mail address
    pub account: Option<String>,
}

/// The part of `connectionData` that is read
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdentityRecord {
    authenticated_user: User,
    #[serde(default)]
    instance_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: uuid::Uuid,
    #[serde(default)]
    provider_display_name: Option<String>,
    #[serde(default)]
    custom_display_name: Option<String>,
    #[serde(default)]
    properties: Option<Properties>,
}

#[derive(Deserialize)]
struct Properties {
    #[serde(rename = "Account", default)]
    account: Option<Property>,
}

#[derive(Deserialize)]
struct Property {
    #[serde(rename = "$value", default)]
    value: Option<String>,
}

/// Returns the request for the user of the token; it requires no scope
pub(crate) fn request() -> Request<'static> {
    Request::get(&["connectionData"])
        .organization_level()
        .query("connectOptions", "none")
        .query("lastChangeId", "-1")
        .query("lastChangeId64", "-1")
        .preview(1)
        .named("sign in")
}

impl IdentityRecord {
    /// Returns the user, or nothing for an anonymous identity
    pub(crate) fn identity(&self) -> Option<Identity> {
        let user = &self.authenticated_user;
        if ANONYMOUS.contains(&user.id) {
            return None;
        }
        let plain = |text: &str| printable(text, 256);
        let name = [&user.custom_display_name, &user.provider_display_name];
        let name = name.into_iter().flatten().find(|name| !name.is_empty());
        let account = user.properties.as_ref().and_then(|properties| properties.account.as_ref());
        let account = account.and_then(|account| account.value.as_deref()).map(plain);
        let id = user.id.to_string();
        Some(Identity { name: name.map_or_else(|| id.clone(), |name| plain(name)), id, account })
    }

    /// Returns the id of the organization
    pub(crate) fn instance_id(&self) -> Option<String> {
        self.instance_id.as_deref().map(|id| printable(id, 256))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(user: &str) -> Option<Identity> {
        let text =
            format!(r#"{{"authenticatedUser":{user},"authorizedUser":{{}},"instanceId":"x","new":1}}"#);
        serde_json::from_str::<IdentityRecord>(&text).expect("it is connectionData").identity()
    }

    #[test]
    fn a_user_has_a_name_even_without_a_display_name() {
        let id = "c0ffee00-0000-4000-8000-000000000001";
        let user = read(&format!(
            r#"{{"id":"{id}","providerDisplayName":"Mona","customDisplayName":"","isActive":true,
                "properties":{{"Account":{{"$type":"System.String","$value":"mona@fabrikam.example"}}}}}}"#
        ))
        .expect("a user");
        assert_eq!((user.name.as_str(), user.account.as_deref()), ("Mona", Some("mona@fabrikam.example")));
        let bare = read(&format!(r#"{{"id":"{id}","providerDisplayName":null,"properties":{{}}}}"#));
        assert_eq!(bare.expect("a user").name, id);
    }

    #[test]
    fn an_anonymous_identity_is_not_a_user() {
        for id in [
            "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa",
            "AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert_eq!(read(&format!(r#"{{"id":"{id}","providerDisplayName":"Anonymous"}}"#)), None, "{id}");
        }
    }
}
