//! Every reading action, through the process, while the service returns the token in every text of the outputs.

use std::collections::BTreeSet;

use azdo_bot::actions::Effect;
use azdo_bot::package::Returns;
use azdo_bot::package::actions;
use serde_json::Value;
use serde_json::json;

use crate::common::encodings::assert_hidden;
use crate::common::examples;
use crate::common::leaks::assert_no_run;
use crate::common::leaks::planted;
use crate::common::rewritten::rewrite;
use crate::common::rewritten::texts;
use crate::rpc::process::Serve;
use crate::rpc::simulated::Simulated;

#[test]
fn no_reading_action_shows_the_token() {
    let simulated = Simulated::with(examples::world());
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().to_str().expect("the path is UTF-8");
    let mut serve =
        Serve::start_as(&["--allow-loopback-http", "--log", "trace", "--folder", path], json!({}));
    serve.begin("root", None);
    simulated.connect(&mut serve, "root");
    for (action, inputs) in examples::calls() {
        let answer = serve.execute("root", &action, inputs);
        assert!(answer["result"].is_object(), "{action}: {answer}");
    }
    let (token, mut taken, mut masked) = (simulated.token(), Vec::new(), 0);
    // An action that waits may wait forever if the service returns the token instead of a state.
    let reading = actions().iter().filter(|card| {
        let waits = card.attribute("timeLimit").is_some();
        card.effect == Effect::Reads
            && card.needs.scope.is_some()
            && card.returns != Returns::Session
            && !waits
    });
    for card in reading {
        for example in card.examples() {
            let mut inputs = example.inputs.clone();
            inputs.as_object_mut().expect("inputs are an object").remove("session");
            simulated.simulator.clear_faults();
            let clean = serve.execute("root", &card.name, inputs.clone());
            assert!(clean["result"].is_object(), "{}: {clean}", card.name);
            let mut found = BTreeSet::new();
            texts(&clean["result"]["outputs"], &mut found);
            found.remove("");
            for planted in planted(&token) {
                // An action needs some of its texts, such as an ID: the others are replaced in halves.
                let mut waiting = vec![found.iter().cloned().collect::<Vec<_>>()];
                while let Some(replaced) = waiting.pop() {
                    rewrite(&simulated.simulator, &replaced, &planted);
                    let answer = serve.execute("root", &card.name, inputs.clone());
                    masked += usize::from(answer.to_string().contains("********"));
                    if answer["result"].is_null() && replaced.len() > 1 {
                        let half = replaced.len() / 2;
                        waiting.extend([replaced[..half].to_vec(), replaced[half..].to_vec()]);
                    }
                    taken.push(format!("{} with the token for {replaced:?}: {answer}", card.name));
                }
            }
        }
    }
    let left = serve.finish();
    assert!(left.log.contains("TRACE"), "the log level is the most verbose");
    let messages = left.messages.iter().map(Value::to_string);
    for written in taken.into_iter().chain(messages).chain(left.log.lines().map(str::to_owned)) {
        assert_no_run(&written, &token, "serve");
        assert_hidden(&written, &token, "serve");
    }
    assert!(masked >= 60, "{masked}");
}
