//! Eight bots of one user commit to one branch, and half of the answers are lost.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use azdo_bot::contract::ErrorCode;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::house::House;
use crate::house::shown;
use crate::proxy::Fate;
use crate::random::Random;

const BOTS: usize = 8;
const COMMITS: usize = 150;

/// Every bot commits in turn with the others, its own file under a message of its own or the same as all
async fn committed(
    house: &House,
    process: impl Fn(usize) -> (usize, usize),
    same: bool,
) -> Vec<(String, String)> {
    let bot = |number: usize| {
        let place = process(number);
        async move {
            let mut said = Vec::new();
            for turn in (number..COMMITS).step_by(BOTS) {
                let file = format!("/{turn}.txt");
                let message = if same { "Add a file".to_owned() } else { format!("Add {file}") };
                let inputs = json!({
                    "repository": "site", "branch": "main", "message": message, "files": { &file: format!("{turn}\n") },
                });
                match house.call(place, "commitFiles", &inputs).await {
                    Ok(success) => {
                        said.push((file, shown(&success.outputs, "commitId").expect("it has one")))
                    }
                    Err(failure) => {
                        let code = failure.error.code();
                        let known = [ErrorCode::ServiceOutcomeUnknown, ErrorCode::ResourceConflict];
                        assert!(known.contains(&code), "{:?}", failure.error);
                    }
                }
            }
            said
        }
    };
    let said = futures_util::future::join_all((0..BOTS).map(bot)).await;
    said.into_iter().flatten().collect()
}

async fn hold(processes: usize, same: bool, seed: u64) {
    let world = World::from_toml(include_str!("world.toml")).expect("the world is one");
    let house = House::new(world, processes, BOTS / processes).await;
    let mut random = Random::seeded(seed);
    house.proxy.director().chance =
        Some(Box::new(
            move || {
                if random.below(2) == 0 { Fate::Delivered } else { random.one_of(&Fate::ALL[1..]) }
            },
        ));
    let each = BOTS / processes;
    let said = committed(&house, |bot| (bot / each, bot % each), same).await;
    let mut made = BTreeMap::new();
    for sent in house.proxy.director().sent.iter().filter(|sent| sent.carried_out()) {
        let body: Value = serde_json::from_slice(&sent.body).expect("a push is JSON");
        let file =
            body["commits"][0]["changes"][0]["item"]["path"].as_str().expect("it has a file").to_owned();
        let answer = &sent.answer.as_ref().expect("it was carried out").1;
        let commit = answer["commits"][0]["commitId"].as_str().expect("it made a commit").to_owned();
        assert_eq!(made.insert(file.clone(), commit), None, "{file} was committed twice");
    }
    let commits: BTreeSet<_> = said.iter().map(|(_, commit)| commit).collect();
    assert_eq!(commits.len(), said.len(), "no two successes name one commit");
    let foreign: Vec<_> = said.iter().filter(|(file, commit)| made.get(file) != Some(commit)).collect();
    assert!(
        foreign.is_empty(),
        "{} of {} successes are of other commits, {} were made",
        foreign.len(),
        said.len(),
        made.len()
    );
    assert!(said.len() > COMMITS / 8, "{} of {} commits are said to be made", said.len(), made.len());
}

#[tokio::test(start_paused = true)]
async fn no_more_commits_are_reported_than_made_and_each_is_its_own() {
    for (processes, same) in [(1, false), (1, true), (BOTS, false), (BOTS, true), (2, false)] {
        hold(processes, same, 11).await;
    }
}
