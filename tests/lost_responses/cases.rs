//! Every action that changes something, with a second value for each of its inputs.

use std::collections::BTreeMap;

use azdo_bot::actions::Effect;
use azdo_bot::actions::LostResponse;
use azdo_bot::package::actions;
use azdo_simulator::World;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::processes::House;
use crate::random::Random;

/// Inputs about where and how long, which are not part of the request
const ASIDE: [&str; 2] = ["session", "timeLimit"];

/// The current revision of the work item
pub(crate) const REVISION: &str = "{revision}";

/// The inputs of an action
pub(crate) type Inputs = Map<String, Value>;

/// The test data of an action
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// Valid inputs
    pub(crate) base: Inputs,
    /// Other values of each input
    others: BTreeMap<String, Vec<Value>>,
    /// Inputs of which only one is given
    #[serde(default)]
    exclusive: Vec<[String; 2]>,
    /// An output, and its location in the response to the change: both identify the same resource
    pub(crate) own: Option<[String; 2]>,
    /// The declared proof of the action
    #[serde(skip, default = "unsaid")]
    pub(crate) settled: LostResponse,
    /// The number of changes that it sends without an interruption
    #[serde(skip)]
    pub(crate) changes: usize,
}

/// Returns all cases by the action's name, with the placeholders in braces replaced from the world
pub(crate) fn cases(places: &BTreeMap<String, Value>) -> BTreeMap<String, Case> {
    let mut all: Value = serde_json::from_str(include_str!("cases.json")).expect("the cases are JSON");
    fill(&mut all, places);
    let mut cases: BTreeMap<String, Case> = serde_json::from_value(all).expect("the cases are valid");
    let mut missing = Vec::new();
    let mut known = 0;
    for card in actions().iter().filter(|card| card.effect != Effect::Reads) {
        let Some(case) = cases.get_mut(&card.name) else {
            missing.push(card.name.clone());
            continue;
        };
        known += 1;
        case.settled = card.lost_response;
        for input in card.attributes.iter().map(|input| &input.name) {
            if !ASIDE.contains(&input.as_str()) && !case.others.contains_key(input.as_str()) {
                missing.push(format!("{}.{input}", card.name));
            }
        }
    }
    assert!(missing.is_empty(), "actions or inputs without a case in cases.json: {missing:?}");
    assert_eq!(known, cases.len(), "a case has no action that changes something");
    cases
}

fn unsaid() -> LostResponse {
    LostResponse::NotApplicable
}

fn fill(value: &mut Value, places: &BTreeMap<String, Value>) {
    match value {
        // The content of a work item's revision is known when a schedule begins.
        Value::String(text) if text == REVISION => {}
        Value::String(text) if text.starts_with('{') => {
            *value = places.get(text.as_str()).unwrap_or_else(|| panic!("nothing for {text}")).clone();
        }
        Value::Array(all) => all.iter_mut().for_each(|one| fill(one, places)),
        Value::Object(all) => all.values_mut().for_each(|one| fill(one, places)),
        _ => {}
    }
}

impl Case {
    /// Returns the inputs that can differ
    pub(crate) fn inputs(&self) -> impl Iterator<Item = &str> {
        self.others.keys().map(String::as_str)
    }

    /// Sets an input, and removes inputs that exclude it
    fn set(&self, inputs: &mut Inputs, name: &str, value: Value) {
        for [one, other] in &self.exclusive {
            if one == name {
                inputs.remove(other);
            } else if other == name {
                inputs.remove(one);
            }
        }
        inputs.insert(name.to_owned(), value);
    }

    /// Returns the inputs of a call, with some of the optional ones
    pub(crate) fn some(&self, random: &mut Random) -> Inputs {
        let mut inputs = self.base.clone();
        for (name, others) in &self.others {
            let excluded = self.exclusive.iter().flatten().any(|one| one == name);
            if !self.base.contains_key(name) && !excluded && random.below(4) == 0 {
                self.set(&mut inputs, name, others[0].clone());
            }
        }
        inputs
    }

    /// Returns the same inputs with one changed: another value, removed, or added
    pub(crate) fn with_another(&self, inputs: &Inputs, name: &str, random: &mut Random) -> Inputs {
        let mut changed = inputs.clone();
        let now = inputs.get(name);
        let others: Vec<&Value> = self.others[name].iter().filter(|other| now != Some(other)).collect();
        let optional = now.is_some() && !self.base.contains_key(name);
        if others.is_empty() || optional && random.below(3) == 0 {
            changed.remove(name);
        } else {
            self.set(&mut changed, name, others[random.below(others.len())].clone());
        }
        changed
    }
}

/// Returns a saved world with everything that the cases name, and the values of their placeholders
pub(crate) async fn prepared() -> (String, BTreeMap<String, Value>) {
    let world = World::from_toml(include_str!("world.toml")).expect("the world is valid");
    let house = House::new(world, 1, 1).await;
    let commits = house.ok("listCommits", &json!({ "repository": "site" })).await;
    let older = commits["commits"][0]["commitId"].clone();
    let commit = json!({ "repository": "site", "branch": "main", "message": "Second", "files": { "/second.txt": "2\n" } });
    house.ok("commitFiles", &commit).await;
    for pipeline in ["site", "site", "failing", "failing", "slow", "slow", "guarded", "guarded"] {
        let run = house.ok("runPipeline", &json!({ "pipeline": pipeline })).await;
        for _ in 0..6 {
            house.ok("getPipelineRun", &json!({ "id": run["id"] })).await;
        }
    }
    for (branch, title) in [("topic", "The topic"), ("next", "The next")] {
        let inputs = json!({ "repository": "site", "sourceBranch": branch, "title": title });
        house.ok("createPullRequest", &inputs).await;
    }
    for id in 1..=2 {
        house.ok("commentOnPullRequest", &json!({ "id": id, "text": "Is it so?" })).await;
    }
    for (repository, tag) in [("site", "v1.0"), ("site", "v1.1"), ("other", "v1.0"), ("other", "v1.1")] {
        house.ok("createGitTag", &json!({ "repository": repository, "tag": tag })).await;
    }
    // Drafts, which auto-complete does not complete.
    for (id, branch) in [(3, "sixth"), (4, "seventh")] {
        let inputs =
            json!({ "repository": "site", "sourceBranch": branch, "title": "A draft", "isDraft": true });
        house.ok("createPullRequest", &inputs).await;
        house.ok("setAutoComplete", &json!({ "id": id })).await;
        for reviewer in ["Ann Lee", "Ben Roe"] {
            house.ok("addPullRequestReviewer", &json!({ "id": id, "reviewer": reviewer })).await;
        }
    }
    for _ in 0..2 {
        house.ok("createRelease", &json!({ "releasePipeline": "deploy", "run": 1 })).await;
        house.ok("createWorkItem", &json!({ "type": "Bug", "title": "What is there" })).await;
    }
    house.ok("linkWorkItem", &json!({ "id": 1, "url": "https://example.com/one" })).await;
    house.ok("linkWorkItem", &json!({ "id": 1, "workItem": 2 })).await;
    for text in ["Seen", "Seen again"] {
        house.ok("commentOnWorkItem", &json!({ "id": 1, "text": text })).await;
    }
    for id in [1, 2] {
        house.ok("tagPipelineRun", &json!({ "id": id, "tags": ["first", "second"] })).await;
        for tag in ["first", "second"] {
            house.ok("addWorkItemTag", &json!({ "id": id, "tag": tag })).await;
        }
    }
    for name in ["shared", "other"] {
        let group = json!({ "name": name, "variables": { "colour": "green" } });
        house.ok("createVariableGroup", &group).await;
    }
    for pipeline in ["off", "off-too"] {
        house.ok("disablePipeline", &json!({ "pipeline": pipeline })).await;
    }
    for (action, kind) in [("editPipeline", "pipeline"), ("editReleasePipeline", "releasePipeline")] {
        let names = if kind == "pipeline" { ["site", "twin"] } else { ["deploy", "deploy-twin"] };
        for name in names {
            house.ok(action, &json!({ kind: name, "variables": { "colour": "green" } })).await;
        }
    }
    let waiting = house.ok("listPipelineApprovals", &json!({ "run": 8 })).await;
    let gate = waiting["approvals"][0]["id"].clone();
    let mut places = BTreeMap::from([("{older}".to_owned(), older), ("{gate}".to_owned(), gate)]);
    for (place, release) in [("{pending}", 1), ("{pending too}", 2)] {
        let waiting = house.ok("listReleaseApprovals", &json!({ "release": release })).await;
        places.insert(place.to_owned(), waiting["approvals"][0]["id"].clone());
    }
    let branches = house.ok("listBranches", &json!({ "repository": "site" })).await;
    let all = branches["branches"].as_array().cloned().unwrap_or_default();
    let topic = all.iter().find(|branch| branch["name"] == "topic").expect("topic is there");
    places.insert("{topic}".to_owned(), topic["commitId"].clone());
    (house.simulator.saved(), places)
}
