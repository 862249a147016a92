//! The example bots have no faults, and their needs are listed.

use std::path::Path;
use std::path::PathBuf;

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Scope;
use azdo_bot::hosts::bot::Analysis;
use azdo_bot::hosts::bot::CredentialSource;
use azdo_bot::hosts::bot::Fault;
use azdo_bot::hosts::bot::LoadOptions;
use azdo_bot::hosts::bot::load;
use azdo_bot::package::FlowNeeds;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bots").join(name)
}

fn release_day() -> Analysis {
    load(&example("release-day.bot.json"), &LoadOptions::default())
}

#[test]
fn every_example_can_run_on_its_own_or_as_a_child_bot() {
    for file in std::fs::read_dir(example("")).expect("the folder is there") {
        let path = file.expect("the folder can be read").path();
        // Files that an example has written are not bots.
        if !path.to_string_lossy().ends_with(".bot.json") {
            continue;
        }
        let options = LoadOptions { inputs: Some(Dictionary::new()), ..LoadOptions::default() };
        let analysis = load(&path, &options);
        let faults: Vec<String> = analysis.faults.iter().map(ToString::to_string).collect();
        let warnings: Vec<String> = analysis.warnings.iter().map(ToString::to_string).collect();
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        match name.as_str() {
            // Child bots use the sessions and the inputs that their parents pass.
            "archive.bot.json" | "release.bot.json" | "report-line.bot.json" => {
                let about_sessions = |fault: &Fault| {
                    matches!(fault.error.code(), ErrorCode::SessionNotFound | ErrorCode::InputInvalid)
                };
                assert!(
                    analysis.faults.iter().all(about_sessions) && !faults.is_empty(),
                    "{name}: {faults:#?}"
                );
            }
            // The name of the machine is masked.
            "report.bot.json" => {
                assert_eq!((faults, warnings.len()), (vec![], 2), "{warnings:#?}");
                assert!(warnings[0].contains("$System:Machine$ is \"********\" here"), "{}", warnings[0]);
                assert!(warnings[1].contains("$details{defaultBranch}$ may be empty"), "{}", warnings[1]);
            }
            // A pull request has a merge commit only when it is merged.
            "whole-release-day.bot.json" => {
                assert_eq!((faults, warnings.len()), (vec![], 1), "{warnings:#?}");
                assert!(warnings[0].contains("$pullRequest{mergeCommitId}$ may be empty"), "{}", warnings[0]);
            }
            // This example catches the error of using a session of another bot.
            "release-day.bot.json" => {
                assert_eq!(faults, [""; 0]);
                assert_eq!(warnings.len(), 1, "{warnings:#?}");
                assert!(
                    warnings[0].starts_with("archive.bot.json line 3 ")
                        && warnings[0].ends_with("; the error is caught")
                );
            }
            _ => assert_eq!((faults, warnings), (vec![], vec![]), "{name}"),
        }
    }
}

#[test]
fn the_needs_of_a_flow_are_the_needs_of_all_its_bots() {
    let analysis = release_day();
    let needs: Vec<String> =
        analysis.needs.iter().map(|node| format!("{} {}", node.bot, node.card.name)).collect();
    assert_eq!(
        needs,
        [
            "release-day getProject",
            "release-day connect",
            "release-day connect",
            "release-day disconnect",
            "login connect",
            "release listRepositories",
            "release createRepository",
            "release commitFiles",
            "release createPipeline",
            "release runPipeline",
            "release waitForPipelineRun",
            "archive listRepositories",
            "archive getProject",
            "archive commitFiles",
        ]
    );
    let sum = FlowNeeds::of(analysis.needs.iter().map(|node| &node.needs));
    assert_eq!(sum.scopes, [Scope::CodeManage, Scope::BuildExecute]);
    assert_eq!(analysis.credentials.len(), 3);
    assert!(analysis.credentials.iter().all(|credential| {
        matches!(&credential.source, CredentialSource::Locker(locker) if locker.to_string() == "devops/azdo/pat")
    }));
}

#[test]
fn a_program_lists_its_inputs() {
    let program = release_day().into_program().expect("nothing is wrong with it");
    assert_eq!((program.name(), program.file()), ("release-day", "release-day.bot.json"));
    assert_eq!(program.inputs().collect::<Vec<_>>(), [("organization", false), ("repository", false)]);
}

#[cfg(feature = "simulator")]
mod run {
    use super::*;
    use crate::bot::support::TestEnvironment;
    use crate::bot::support::Watch;

    /// Returns the events of a successful run, without the port of the simulator and the seconds of a wait
    async fn events(inputs: &[(&str, &str)]) -> String {
        let (environment, watch) = (TestEnvironment::new().await, Watch::default());
        let program = release_day().into_program().expect("nothing is wrong with it");
        let summary = environment.run(&program, inputs, &watch).await;
        let fault = summary.result.as_ref().err().map(ToString::to_string);
        assert_eq!(fault, None, "{}", watch.lines());
        assert_eq!(
            (summary.sessions_opened, summary.sessions_closed_by_flow, summary.sessions_closed_at_end),
            (3, 1, 2)
        );
        assert_eq!(summary.requests, environment.simulator.journal().len() as u64);
        let outputs = summary.result.expect("it was seen to work");
        assert_eq!(outputs["pipelineResult"], "succeeded".into());
        assert_eq!(outputs["archivedIn"].as_text().map(str::len), Some(40), "a commit");
        let port = format!(":{}", environment.simulator.address().port());
        let steady = |line: &str| match line.strip_prefix("progress ") {
            Some(progress) => format!("progress {}", progress.split(',').next().unwrap_or_default()),
            None => line.replace(&port, ""),
        };
        watch.lines().lines().map(steady).collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn release_day_signs_in_once_and_shares_the_session_between_bots() {
        insta::assert_snapshot!(events(&[]).await);
    }

    #[tokio::test]
    async fn a_name_conflict_is_caught_and_the_flow_continues_with_the_existing_repository() {
        let events = events(&[("repository", "site")]).await;
        assert!(
            events.contains("createRepository (site) resource.conflict\ncaught resource.conflict\n"),
            "{events}"
        );
        assert!(events.contains("commitFiles (site) ok"), "{events}");
    }
}
