//! The world in which the example of every action succeeds, for hosts that run the calls that prepare it.

use azdo_simulator::World;
use serde_json::Value;

const CALLS: &str = include_str!("../../../src/setup/examples/calls.json");
const FILES: &str = include_str!("../flow/examples/files.json");

/// The path of the world file
pub(crate) const WORLD_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/setup/examples/world.toml");

/// Returns the world before the calls
pub(crate) fn world() -> World {
    World::from_toml(include_str!("../../../src/setup/examples/world.toml")).expect("the world is valid")
}

/// Returns the calls that come before an example, each with its action and inputs; the last ones write local files
pub(crate) fn calls() -> Vec<(String, Value)> {
    let read = |text| serde_json::from_str::<Vec<Value>>(text).expect("the calls are JSON");
    let all = [read(CALLS), read(FILES)].concat();
    all.into_iter()
        .map(|call| (call["action"].as_str().expect("it has an action").to_owned(), call["inputs"].clone()))
        .collect()
}
