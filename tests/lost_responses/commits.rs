//! Eight bots of one user commit to one branch, and half of the responses are lost.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::processes::House;
use crate::proxy::Fate;
use crate::random::Random;

const BOTS: usize = 8;

/// The bots commit in turn: each its own file, with its own message or with the same message as the others
async fn committed(
    house: &House,
    process: impl Fn(usize) -> (usize, usize),
    same: bool,
    commits: usize,
) -> Vec<(String, String)> {
    let bot = |number: usize| {
        let place = process(number);
        async move {
            let mut reported = Vec::new();
            for turn in (number..commits).step_by(BOTS) {
                let file = format!("/{turn}.txt");
                let message = if same { "Add a file".to_owned() } else { format!("Add {file}") };
                let inputs = json!({
                    "repository": "site", "branch": "main", "message": message, "files": { &file: format!("{turn}\n") },
                });
                let answer = house.call(place, "commitFiles", &inputs).await;
                match answer.output("commitId") {
                    Some(commit) => reported.push((file, commit)),
                    None => {
                        let known = ["service.outcome_unknown", "resource.conflict"];
                        let code = answer.error["code"].as_str();
                        assert!(code.is_some_and(|code| known.contains(&code)), "{answer:?}");
                    }
                }
            }
            reported
        }
    };
    let reported = futures_util::future::join_all((0..BOTS).map(bot)).await;
    reported.into_iter().flatten().collect()
}

async fn hold(house: House, same: bool, commits: usize, seed: u64) {
    let mut random = Random::seeded(seed);
    house.proxy.director().chance =
        Some(Box::new(
            move || {
                if random.below(2) == 0 { Fate::Delivered } else { random.one_of(&Fate::ALL[1..]) }
            },
        ));
    let each = BOTS / house.processes.len();
    let reported = committed(&house, |bot| (bot / each, bot % each), same, commits).await;
    let mut made = BTreeMap::new();
    for sent in house.proxy.director().sent.iter().filter(|sent| sent.carried_out()) {
        let body: Value = serde_json::from_slice(&sent.body).expect("a push is JSON");
        let file =
            body["commits"][0]["changes"][0]["item"]["path"].as_str().expect("it has a file").to_owned();
        let answer = &sent.answer.as_ref().expect("it was carried out").1;
        let commit = answer["commits"][0]["commitId"].as_str().expect("it made a commit").to_owned();
        assert_eq!(made.insert(file.clone(), commit), None, "{file} was committed twice");
    }
    let named: BTreeSet<_> = reported.iter().map(|(_, commit)| commit).collect();
    assert_eq!(named.len(), reported.len(), "no two successes name one commit");
    let foreign: Vec<_> = reported.iter().filter(|(file, commit)| made.get(file) != Some(commit)).collect();
    assert!(
        foreign.is_empty(),
        "{} of {} successes are of other commits, {} were made",
        foreign.len(),
        reported.len(),
        made.len()
    );
    assert!(
        reported.len() > commits / 8,
        "{} of {} commits are reported as made",
        reported.len(),
        made.len()
    );
}

fn world() -> World {
    World::from_toml(include_str!("world.toml")).expect("the world is valid")
}

#[tokio::test(start_paused = true)]
async fn each_reported_commit_was_made_by_its_own_call() {
    for (processes, same) in [(1, false), (1, true), (2, false), (BOTS, false), (BOTS, true)] {
        hold(House::new(world(), processes, BOTS / processes).await, same, 150, 11).await;
    }
}

#[tokio::test]
async fn each_reported_commit_of_several_processes_was_made_by_its_own_call() {
    hold(House::real(world(), BOTS).await, false, 48, 12).await;
}
