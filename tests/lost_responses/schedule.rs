//! One schedule: a call with an interruption, and perhaps a rival of the same user with an equal request or one that
//! differs in one input.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::cases::Case;
use crate::cases::Inputs;
use crate::cases::REVISION;
use crate::processes::House;
use crate::processes::Report;
use crate::proxy::Fate;
use crate::proxy::Gate;
use crate::proxy::Script;
use crate::proxy::Sent;
use crate::random::Random;

/// When the rival runs
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// There is no rival
    Alone,
    /// Before the call
    Before,
    /// While the call's change is in transit to the service
    Held,
    /// While its response is in transit
    Carried,
    /// While the call looks for the outcome
    Looking,
    /// At the same time: both changes are in transit together, this one arrives first
    Together { rival_first: bool },
    /// After the call
    After,
}

/// Where the rival runs
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    SameSession,
    SameProcess,
    OtherProcess,
}

/// The schedule
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    pub(crate) action: String,
    /// The input in which the rival differs; `None` for an equal request
    pub(crate) differs: Option<String>,
    /// The inputs of the call and of the rival
    pub(crate) inputs: [Inputs; 2],
    pub(crate) order: Order,
    pub(crate) place: Place,
    pub(crate) fates: [Fate; 2],
    /// The index of the interrupted change
    pub(crate) struck: usize,
    /// The time between the calls
    pub(crate) pause: Duration,
    /// Its number, for unique names
    pub(crate) number: usize,
}

/// The results
pub(crate) struct Ended {
    /// The outcomes of the call, and of the rival if there was one
    pub(crate) reports: Vec<Report>,
    pub(crate) sent: Vec<Sent>,
}

const ORDERS: [Order; 8] = [
    Order::Before,
    Order::Held,
    Order::Carried,
    Order::Looking,
    Order::Together { rival_first: false },
    Order::Together { rival_first: true },
    Order::After,
    Order::Held,
];

/// Fractions of a second, as the service rounds them differently from seconds
const PAUSES: [Duration; 3] = [Duration::ZERO, Duration::from_millis(400), Duration::from_millis(1500)];

impl Schedule {
    /// Returns a schedule in which the rival differs in this input, or in nothing
    pub(crate) fn drawn(action: &str, case: &Case, differs: Option<&str>, random: &mut Random) -> Self {
        let own = case.some(random);
        let rival = differs.map_or_else(|| own.clone(), |name| case.with_another(&own, name, random));
        let mut order = random.one_of(&ORDERS);
        if differs.is_none() && random.below(8) == 0 {
            order = Order::Alone;
        }
        let mut place = random.one_of(&[Place::SameSession, Place::SameProcess, Place::OtherProcess]);
        // Within one session, the order of the changes shows which call they belong to.
        if matches!(order, Order::Together { .. }) && case.changes > 1 && place == Place::SameSession {
            place = Place::SameProcess;
        }
        let rivals = if random.below(2) == 0 { Fate::Delivered } else { random.one_of(&Fate::ALL) };
        Schedule {
            action: action.to_owned(),
            differs: differs.map(str::to_owned),
            inputs: [own, rival],
            order,
            place,
            fates: [random.one_of(&Fate::ALL[1..]), rivals],
            struck: random.below(case.changes.max(1)),
            pause: random.one_of(&PAUSES),
            number: 0,
        }
    }

    /// Returns whether both calls have one idempotency key in one process, so that they are one request
    pub(crate) fn has_one_key(&self) -> bool {
        let [own, rival] = self.inputs.each_ref().map(|inputs| inputs.get("idempotencyKey"));
        own.is_some() && own == rival && self.order != Order::Alone && self.place != Place::OtherProcess
    }

    /// Runs it on a world restored to the saved state
    pub(crate) async fn run(&self, house: &House) -> Ended {
        house.reset();
        house.pass(Duration::from_secs(2)).await;
        let (own, rival) = match self.place {
            Place::SameSession => ((0, 0), (0, 0)),
            Place::SameProcess => ((0, 0), (0, 1)),
            Place::OtherProcess => ((0, 0), (1, 0)),
        };
        let gates: [Arc<Gate>; 4] = Default::default();
        let [held, carried, looking, rivals] = &gates;
        let place = |gate: &Arc<Gate>, when: bool| when.then(|| Arc::clone(gate));
        let together = matches!(self.order, Order::Together { .. });
        let script = Script {
            struck: self.struck,
            fate: self.fates[0],
            held: place(held, together || self.order == Order::Held),
            carried: place(carried, together || self.order == Order::Carried),
            looking: place(looking, self.order == Order::Looking),
        };
        let rival_carried: Arc<Gate> = Arc::default();
        let rival_script = Script {
            struck: 0,
            fate: self.fates[1],
            held: place(rivals, together),
            carried: place(&rival_carried, together),
            looking: None,
        };
        let session = |(process, number): (usize, usize)| house.processes[process].sessions[number].clone();
        {
            let mut director = house.proxy.director();
            director.scripts.insert(0, script);
            director.scripts.insert(1, rival_script);
            director.callers.insert(session(rival), 1);
            director.callers.insert(session(own), 0);
        }
        let all = || gates.iter().chain([&rival_carried]);
        let call = async {
            let report = self.call(house, own, 0).await;
            // A point that was never reached is not awaited.
            all().take(3).for_each(|gate| gate.reached.happen());
            report
        };
        // While the rival runs, the requests of its session are the rival's.
        let rival_call = async {
            house.proxy.director().callers.insert(session(rival), 1);
            let report = self.call(house, rival, 1).await;
            [rivals, &rival_carried].iter().for_each(|gate| gate.reached.happen());
            if rival == own {
                house.proxy.director().callers.insert(session(rival), 0);
            }
            report
        };
        let open = |gate: &Arc<Gate>| gate.open.happen();
        let reports: Vec<Report> = match self.order {
            Order::Alone => vec![call.await],
            Order::Before => {
                let report = rival_call.await;
                house.pass(self.pause).await;
                vec![call.await, report]
            }
            Order::After => {
                let report = call.await;
                house.pass(self.pause).await;
                vec![report, rival_call.await]
            }
            Order::Held | Order::Carried | Order::Looking => {
                let gate = match self.order {
                    Order::Held => held,
                    Order::Carried => carried,
                    _ => looking,
                };
                let rival = async {
                    gate.reached.happened().await;
                    let report = rival_call.await;
                    open(gate);
                    report
                };
                <[Report; 2]>::from(tokio::join!(call, rival)).into()
            }
            Order::Together { rival_first } => {
                let conductor = async {
                    rivals.reached.happened().await;
                    let [first, second] = if rival_first {
                        [[rivals, &rival_carried], [held, carried]]
                    } else {
                        [[held, carried], [rivals, &rival_carried]]
                    };
                    for [before, after] in [first, second] {
                        open(before);
                        after.reached.happened().await;
                    }
                    open(carried);
                    open(&rival_carried);
                };
                let rival = async {
                    held.reached.happened().await;
                    rival_call.await
                };
                let (own, rival, ()) = tokio::join!(call, rival, conductor);
                vec![own, rival]
            }
        };
        all().for_each(open);
        let sent = std::mem::take(&mut house.proxy.director().sent);
        Ended { reports, sent }
    }

    async fn call(&self, house: &House, place: (usize, usize), caller: usize) -> Report {
        let mut inputs = Value::Object(self.inputs[caller].clone());
        for name in ["branch", "tag", "idempotencyKey"] {
            if let Some(text) = inputs.get(name).and_then(Value::as_str) {
                inputs[name] = text.replace("{number}", &self.number.to_string()).into();
            }
        }
        if inputs.get("revision").is_some_and(|revision| revision == REVISION) {
            // Read by the process itself, as in a flow.
            let item = house.call(place, "getWorkItem", &json!({ "id": inputs["id"] })).await;
            inputs["revision"] = item.outputs.map(|item| item["revision"].clone()).unwrap_or_default();
        }
        house.call(place, &self.action, &inputs).await
    }
}
