//! The output of a run, as lines and as JSON.

use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use azdo_bot::contract::BotRunId;
use azdo_bot::contract::Dictionary;
use azdo_bot::contract::TextKind as _;
use azdo_bot::hosts::bot::ActionCall;
use azdo_bot::hosts::bot::Event;
use azdo_bot::hosts::bot::JsonLines;
use azdo_bot::hosts::bot::Location;
use azdo_bot::hosts::bot::Observer;
use azdo_bot::hosts::bot::Screen;
use azdo_bot::hosts::bot::Summary;
use azdo_bot::hosts::bot::run;
use azdo_bot::package;
use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::caught;
use crate::bot::documents::connect;
use crate::bot::documents::message;
use crate::bot::documents::named_session;
use crate::bot::documents::run_task;
use crate::bot::documents::session;
use crate::bot::documents::text;
use crate::bot::documents::try_catch;
use crate::bot::support::TestEnvironment;

/// A writer whose content can be read
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no test panics here").clone()).expect("screens write UTF-8")
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no test panics here").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A flow with a child bot, a caught error and an uncaught error
fn folder() -> Folder {
    let [thrown, line] = caught();
    let folder = Folder::with(
        json!([
            connect(named_session("GLOBAL", "Default")),
            run_task("repository:///child", json!({}), json!({})),
            try_catch(json!([action("getProject", &[("session", session("Nope"))])]), json!([]), json!([])),
            message("line one\nline two \u{1b}[2J"),
            action("createRepository", &[("name", text("site"))]),
        ]),
        json!([thrown, line]),
    );
    folder.bot(
        "child",
        json!([connect(named_session("LOCAL", "Mine")), action("getProject", &[])]),
        json!([]),
    );
    folder
}

async fn watched(observer: &dyn Observer) -> Summary {
    let environment = TestEnvironment::new().await;
    run(&folder().program(), &environment.dispatcher, Dictionary::new(), observer).await
}

#[tokio::test]
async fn a_run_as_lines() {
    let paper = Paper::default();
    let screen = Screen::new(paper.clone(), false);
    let summary = watched(&screen).await;
    screen.summary(&summary);
    insta::assert_snapshot!(paper.text());
}

#[tokio::test]
async fn a_run_as_json_lines() {
    let paper = Paper::default();
    let lines = JsonLines::new(paper.clone());
    let summary = watched(&lines).await;
    lines.summary(&summary);
    let mut records: Vec<Json> =
        paper.text().lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect();
    for record in &mut records {
        let bot = record["bot"].as_str().unwrap_or("root").to_owned();
        if let Some(run) = record.get_mut("botRun") {
            let is_of_bot = |id: &str| id.starts_with(&format!("{bot} (")) && BotRunId::parse(id).is_ok();
            assert!(run.as_str().is_some_and(is_of_bot), "{run} of {bot}");
            *run = json!("…");
        }
        if let Some(context) = record.pointer_mut("/error/context") {
            *context = json!("…");
        }
    }
    let kept: Vec<String> = records.iter().map(Json::to_string).collect();
    insta::assert_snapshot!(kept.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn progress_is_written_at_once_and_then_every_five_seconds() {
    let paper = Paper::default();
    let screen = Screen::new(paper.clone(), false);
    let place = Location { file: "a.bot.json".into(), line: 3, uid: String::new(), node: String::new() };
    let run = BotRunId::mint();
    let card = package::action("waitForPipelineRun").expect("the package has it");
    let call = ActionCall { place: &place, bot: "a", bot_run: &run, card, what: "7", session: "" };
    for _ in 0..2 {
        screen.notice(&Event::ActionStarted(call));
        for second in 0..12 {
            screen.notice(&Event::ActionProgress(call, &format!("after {second} s")));
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        screen.notice(&Event::ActionFinished { call, error: None, requests: 12, outputs: None });
    }
    let lines: Vec<String> =
        paper.text().lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let once = [
        "a.bot.json:3 after 0 s",
        "a.bot.json:3 after 5 s",
        "a.bot.json:3 after 10 s",
        "a.bot.json:3 Wait for pipeline run 7 ok, 12 requests",
    ];
    assert_eq!(lines, [once, once].concat());
}

#[test]
fn a_run_continues_when_its_output_cannot_be_written() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
    }
    let place = Location::file("a.bot.json");
    let event = Event::Warning { place: &place, text: "x" };
    Screen::new(Closed, false).notice(&event);
    JsonLines::new(Closed).notice(&event);
}
