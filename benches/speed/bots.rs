//! Bot files: the time to check a large bot, and the time of a node that does not use the network.

use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use azdo_bot::contract::Dictionary;
use azdo_bot::hosts::bot::LoadOptions;
use azdo_bot::hosts::bot::Unobserved;
use azdo_bot::hosts::bot::load;
use azdo_bot::hosts::bot::run;
use serde_json::Value as Json;
use serde_json::json;

use crate::figures::Figure;
use crate::figures::best;
use crate::figures::median;
use crate::house::Remote;

/// The number of nodes of the bot that is checked
const CHECKED: usize = 10_000;
/// The number of iterations of the loop that is run
const ITERATIONS: usize = 20_000;
/// The number of nodes of an iteration, the loop's own step not counted
const NODES: usize = 5;
const ROUNDS: usize = 5;

pub(crate) async fn measure() -> Vec<Figure> {
    let folder = std::env::temp_dir().join(format!("azdo-bot-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder can be created");
    let (large, looping) = (folder.join("large.bot.json"), folder.join("loop.bot.json"));
    let flat: Vec<Json> = (0..CHECKED / NODES).flat_map(|_| nodes()).collect();
    std::fs::write(&large, bot(Json::from(flat)).to_string()).expect("the file can be written");
    std::fs::write(&looping, bot(json!([repeated()])).to_string()).expect("the file can be written");
    let figures = vec![best(|| checked(&large)), executed(&looping).await];
    let _ = std::fs::remove_dir_all(&folder);
    figures
}

fn checked(path: &Path) -> Figure {
    let round = || {
        let begin = Instant::now();
        let analysis = load(path, &LoadOptions::default());
        assert!(analysis.faults.is_empty(), "{}", analysis.faults[0]);
        begin.elapsed()
    };
    let mut rounds: Vec<Duration> = (0..ROUNDS).map(|_| round()).collect();
    let millis = median(&mut rounds) / 1000.0;
    Figure::new("check 10,000 nodes of a bot file", millis, 50.0, "ms", String::new())
}

async fn executed(path: &Path) -> Figure {
    let remote = Remote::start();
    let dispatcher = remote.dispatcher();
    let program = load(path, &LoadOptions::default()).into_program().expect("it has no faults");
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let summary = run(&program, &dispatcher, Dictionary::new(), &Unobserved).await;
        summary.result.expect("it succeeds");
        rounds.push(begin.elapsed());
    }
    let count = ITERATIONS * NODES;
    let micros = median(&mut rounds) / count as f64;
    // 100,000 nodes in a second
    Figure::new("a node without the network", micros, 10.0, "µs", format!("{count} nodes"))
}

fn bot(nodes: Json) -> Json {
    let variable = |name: &str, kind: &str| json!({ "name": name, "type": kind });
    json!({ "nodes": nodes, "variables": [
        variable("text", "STRING"), variable("count", "NUMBER"), variable("map", "DICTIONARY"), variable("flag", "BOOLEAN") ] })
}

fn repeated() -> Json {
    json!({ "commandName": "loop.commands.start", "packageName": "Loop", "children": nodes(), "attributes": [
        { "name": "loopType", "value": { "type": "STRING", "string": "ITERATOR" } },
        { "name": "iterator", "value": { "type": "ITERATOR", "iteratorName": "loop.iterators.times" },
          "attributes": [ { "name": "times", "value": { "type": "NUMBER", "number": ITERATIONS.to_string() } } ] } ] })
}

/// Nodes of the kinds that a flow has most
fn nodes() -> Vec<Json> {
    let to = |name: &str| json!({ "type": "VARIABLE", "variableName": name });
    let node = |package: &str, command: &str, attributes: Json, to: Json| {
        json!({ "uid": "00000000-0000-0000-0000-000000000000", "packageName": package, "commandName": command,
                "disabled": false, "attributes": attributes, "returnTo": to })
    };
    let condition = json!([{ "name": "condition",
        "value": { "type": "CONDITIONAL", "conditionalName": "numberVariable", "packageName": "Number" },
        "attributes": [
            { "name": "variable", "value": { "type": "NUMBER", "expression": "$count$" } },
            { "name": "operator", "value": { "type": "STRING", "string": "LT" } },
            { "name": "value", "value": { "type": "NUMBER", "number": "0" } } ] }]);
    vec![
        node("Comment", "Comment", json!([]), Json::Null),
        node(
            "String",
            "assign",
            json!([{ "name": "sourceString", "value": {
            "type": "STRING", "expression": "run $count.Number:toString$ after $text.String:length$" } }]),
            to("text"),
        ),
        node(
            "Number",
            "increment",
            json!([
            { "name": "source", "value": { "type": "NUMBER", "expression": "$count$" } },
            { "name": "by", "value": { "type": "NUMBER", "number": "1" } }]),
            to("count"),
        ),
        node(
            "Dictionary",
            "put",
            json!([
            { "name": "sourceMap", "value": to("map") },
            { "name": "key", "value": { "type": "STRING", "string": "name" } },
            { "name": "newValue", "value": { "type": "STRING", "expression": "$text$" } }]),
            Json::Null,
        ),
        node("If", "if", condition, Json::Null),
    ]
}
