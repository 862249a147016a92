//! Saved worlds.

use azdo_simulator::Organization;
use azdo_simulator::Simulator;
use azdo_simulator::User;
use azdo_simulator::World;
use serde_json::Value;

use crate::client::Bench;
use crate::walk_world::Things;
use crate::walk_world::world;

/// Without what changes with time: the age of a run.
fn still(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !["queued_at", "began"].contains(&name.as_str()));
            members.values_mut().for_each(still);
        }
        Value::Array(elements) => elements.iter_mut().for_each(still),
        _ => {}
    }
}

#[tokio::test]
async fn a_saved_world_restores_everything() {
    let bench = Bench::of(world(vec![User::named("Exact")])).await;
    bench.simulator.mint_token("fabrikam", azdo_simulator::TokenOptions::full().named("Exact")).unwrap();
    Things::made(&bench).await;
    let saved = bench.simulator.saved();
    let again = Simulator::start(World::from_saved(&saved).unwrap(), 0).await.unwrap();
    let [mut before, mut after]: [Value; 2] =
        [saved, again.saved()].map(|text| serde_json::from_str(&text).unwrap());
    still(&mut before);
    still(&mut after);
    assert_eq!(before, after);
}

#[tokio::test]
async fn an_invalid_saved_world_is_refused() {
    for text in ["", "pace = \"polls\"", "{}", r#"{"pace":"polls"}"#, r#"{"saved":{}}"#, r#"{"saved":1}"#] {
        assert!(World::from_saved(text).is_err(), "{text}");
    }
    let saved = Bench::new().await.simulator.saved();
    let twice = World::from_saved(&saved).unwrap().organization(Organization::named("Fabrikam"));
    let refused = Simulator::start(twice, 0).await.err().unwrap();
    assert!(refused.to_string().contains("is used twice"), "{refused}");
    let one_more = World::from_saved(&saved).unwrap().organization(Organization::named("contoso"));
    let simulator = Simulator::start(one_more, 0).await.unwrap();
    assert_eq!(simulator.organizations(), ["fabrikam", "contoso"]);
}
