//! The client `azure_devops_rust_api`, unmodified, against the simulator that `scripts/test-clients` starts.
//!
//! What the client reads goes through its own types before a test compares it: a response that these do not accept is a failure.

#![cfg(test)]

mod builds;
mod git;
mod not_imitated;
mod pipelines;
mod projects;
mod pull_requests;
mod releases;
mod work_items;

use azure_core::error::ErrorKind;
use azure_core::http::Url;
use azure_devops_rust_api::Credential;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const ORGANIZATION: &str = "fabrikam";
const PROJECT: &str = "Fabrikam";

/// The client of an area, with a token that has all scopes, or with another one.
macro_rules! client {
    ($area:ident) => {
        client!($area, crate::variable("CLIENTS_TOKEN"))
    };
    ($area:ident, $token:expr) => {
        azure_devops_rust_api::$area::ClientBuilder::new(crate::credential($token))
            .endpoint(crate::endpoint())
            .build()
    };
}
pub(crate) use client;

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is set by scripts/test-clients"))
}

/// The address without the organization.
fn endpoint() -> Url {
    let url: Url = variable("CLIENTS_URL").parse().expect("an address");
    url.join("/").expect("the root of the address")
}

fn credential(token: String) -> Credential {
    Credential::from_pat(token)
}

/// A value of the client's own types.
fn body<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}"))
}

/// What the client read, as JSON.
#[track_caller]
fn seen<T: Serialize>(read: azure_core::Result<T>) -> Value {
    let read = read.unwrap_or_else(|error| panic!("{error:?}"));
    serde_json::to_value(read).expect("the client's types become JSON")
}

/// The status and the text of a response that the client did not accept.
#[track_caller]
fn refused<T>(read: azure_core::Result<T>) -> (u16, String) {
    let Err(error) = read else { panic!("the request succeeded") };
    match error.kind() {
        ErrorKind::HttpResponse { status, raw_response, .. } => {
            let text = raw_response.as_ref().map(|raw| String::from_utf8_lossy(raw.body()).into_owned());
            ((*status).into(), text.unwrap_or_default())
        }
        _ => panic!("{error:?}"),
    }
}

/// Compares the status of a refusal, and the service's name of it.
#[track_caller]
fn refused_as<T>(read: azure_core::Result<T>, status: u16, kind: &str) {
    let (actual, text) = refused(read);
    assert_eq!(actual, status, "{text}");
    assert!(text.contains(kind), "{text}");
}

/// Prints a step that does not pass for `summary.py`; it fails if the step passes.
#[track_caller]
fn does_not_pass<T: Serialize>(step: &str, reason: &str, read: azure_core::Result<T>) {
    match read {
        Err(_) => println!("does not pass: {step}: {reason}"),
        Ok(read) => panic!("the step passes; take its mark away: {:?}", serde_json::to_value(read)),
    }
}

/// The identifier in a record.
#[track_caller]
fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

#[track_caller]
fn number(value: &Value, name: &str) -> i32 {
    let number = value[name].as_i64().unwrap_or_else(|| panic!("no {name} in {value}"));
    i32::try_from(number).expect("a small number")
}

/// The names in a list of records.
fn names(list: &Value) -> Vec<&str> {
    let all = list["value"].as_array().into_iter().flatten();
    all.filter_map(|one| one["name"].as_str()).collect()
}
