//! The page of a run whose events and times are given.

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::local_now;
use crate::hosts::bot::ActionCall;
use crate::hosts::bot::Event;
use crate::hosts::bot::Location;
use crate::hosts::bot::Observer as _;
use crate::package::action;

fn place(file: &str, line: usize) -> Location {
    Location { file: file.to_owned(), line, uid: String::new(), node: String::new() }
}

fn summary(result: Result<Dictionary, Fault>) -> Summary {
    Summary {
        bot_run: BotRunId::mint(),
        result,
        actions: 2,
        sessions_opened: 1,
        sessions_closed_by_flow: 0,
        sessions_closed_at_end: 1,
        requests: 3,
        masker: Arc::default(),
    }
}

fn page(recorder: RunRecorder, summary: &Summary) -> String {
    let report = RunReport { file: "a.bot.json".to_owned(), started: local_now(), needs: Vec::new() };
    report.page(recorder, summary)
}

async fn call(recorder: &RunRecorder, place: &Location, name: &str, seconds: u64, error: Option<&Error>) {
    let run = BotRunId::mint();
    let card = action(name).expect("the package has it");
    let call =
        ActionCall { place, bot: "a", bot_run: &run, card, what: "7 <b>", session: "session \"Default\"" };
    recorder.notice(&Event::ActionStarted(call));
    tokio::time::advance(Duration::from_secs(1)).await;
    if seconds > 1 {
        recorder.notice(&Event::ActionProgress(call, "pipeline run 7 is inProgress"));
        tokio::time::advance(Duration::from_secs(seconds - 1)).await;
    }
    let outputs = Dictionary::from_iter([("webUrl", Value::from("https://dev.azure.com/x"))]);
    let outputs = error.is_none().then_some(&outputs);
    recorder.notice(&Event::ActionFinished { call, error, requests: 3, outputs });
}

#[tokio::test(start_paused = true)]
async fn waiting_is_shown_as_waiting_and_pauses_as_pauses() {
    let recorder = RunRecorder::start("a");
    let at = place("a.bot.json", 2);
    call(&recorder, &at, "waitForPipelineRun", 20, None).await;
    tokio::time::advance(Duration::from_secs(60)).await;
    call(&recorder, &at, "getProject", 1, None).await;
    tokio::time::advance(Duration::from_secs(19)).await;
    let page = page(recorder, &summary(Ok(Dictionary::new())));
    assert!(page.contains("Succeeded"), "{page}");
    assert!(page.contains("waited 19 s: pipeline run 7 is inProgress · line 2"), "{page}");
    for bar in [
        r#"<i class="work" style="left:min(0.00%,100% - 2px);width:1.00%">"#,
        r#"<i class="wait" style="left:min(1.00%,100% - 2px);width:19.00%">"#,
        r#"<i class="idle" style="left:min(20.00%,100% - 2px);width:60.00%">"#,
        r#"<i class="work" style="left:min(80.00%,100% - 2px);width:1.00%">"#,
        r#"<i class="idle" style="left:min(81.00%,100% - 2px);width:19.00%">"#,
    ] {
        assert!(page.contains(bar), "{bar}\n{page}");
    }
    assert!(page.contains("No action for 1 min 0 s"), "{page}");
    assert!(page.contains("<b>7 &lt;b&gt;</b>"), "texts are escaped: {page}");
    assert!(page.contains(r#"<a href="https://dev.azure.com/x" rel="noreferrer">open in Azure DevOps</a>"#));
}

#[tokio::test(start_paused = true)]
async fn the_bot_in_which_the_run_failed_is_open_and_others_are_closed() {
    let recorder = RunRecorder::start("a");
    let error = Error::new(ErrorCode::ResourceConflict, "the repository is there already");
    for (bot, line, error) in [("good", 3, None), ("bad", 4, Some(&error))] {
        recorder.notice(&Event::ChildStarted { place: &place("a.bot.json", line), bot });
        call(&recorder, &place(&format!("{bot}.bot.json"), 1), "createRepository", 1, error).await;
        recorder.notice(&Event::BotEnded { bot, closed: &["local session \"X\"".to_owned()] });
    }
    recorder.notice(&Event::BotEnded { bot: "a", closed: &[] });
    let fault = Fault { place: place("bad.bot.json", 1), error };
    let page = page(recorder, &summary(Err(fault)));
    assert!(page.contains(r#"<li class="bot"><details><summary>Bot <b>good</b>"#), "{page}");
    assert!(page.contains(r#"<li class="bot failed"><details open><summary>Bot <b>bad</b>"#), "{page}");
    // Once at the top, and once at the action
    assert_eq!(page.matches("the repository is there already").count(), 2, "{page}");
    assert_eq!(page.matches("At bad.bot.json line 1").count(), 2, "{page}");
    assert_eq!(page.matches(ErrorCode::ResourceConflict.advice()).count(), 2, "{page}");
    assert!(page.contains("Closed at its end: local session &quot;X&quot;"), "{page}");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_stopped_shows_what_did_not_finish() {
    let recorder = RunRecorder::start("a");
    recorder.notice(&Event::ChildStarted { place: &place("a.bot.json", 3), bot: "child" });
    let (run, at) = (BotRunId::mint(), place("child.bot.json", 1));
    let card = action("getProject").expect("the package has it");
    let call = ActionCall { place: &at, bot: "child", bot_run: &run, card, what: "", session: "" };
    recorder.notice(&Event::ActionStarted(call));
    tokio::time::advance(Duration::from_secs(5)).await;
    recorder.notice(&Event::BotEnded { bot: "a", closed: &[] });
    let error = Error::new(ErrorCode::Cancelled, "the bot was interrupted");
    let page = page(recorder, &summary(Err(Fault { place: place("a.bot.json", 0), error })));
    assert!(page.contains("not finished") && page.contains(" · stopped"), "{page}");
}

#[tokio::test(start_paused = true)]
async fn a_secret_of_the_run_is_masked_wherever_it_is() {
    let secret = "k&<9Zq-plain".to_owned();
    let recorder = RunRecorder::start(&secret);
    call(&recorder, &place(&secret, 1), "getProject", 1, None).await;
    recorder.notice(&Event::Warning { place: &place(&secret, 1), text: &secret });
    let summary = summary(Ok(Dictionary::from_iter([(secret.clone(), Value::from(secret.clone()))])));
    summary.masker.remember(&Secret::new(secret));
    let page = page(recorder, &summary);
    assert!(!page.contains("9Zq-plain"), "{page}");
    assert!(page.contains("********"), "{page}");
}
