//! A simulator that says another text wherever its responses have one of these.

use std::collections::BTreeSet;

use azdo_simulator::Fault;
use azdo_simulator::Simulator;
use serde_json::Value;
use serde_json::json;

/// Replaces these texts in all responses, until the faults are cleared
pub(crate) fn rewrite(simulator: &Simulator, texts: &[String], with: &str) {
    let texts: Vec<String> = texts.iter().map(|text| json!(text).to_string()).collect();
    let with = json!(with).to_string();
    simulator.clear_faults();
    simulator.fault(Fault::on("*").times(u32::MAX).rewrite(move |body| {
        let body = String::from_utf8_lossy(body).into_owned();
        texts.iter().fold(body, |body, text| body.replace(text, &with)).into_bytes()
    }));
}

/// Adds every text in a document
pub(crate) fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(found.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}
