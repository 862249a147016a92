//! Checks the files of a flow: each bot on its own, then variables and sessions across all bots.

use std::collections::HashSet;
use std::time::Duration;

use crate::contract::Dictionary;
use crate::contract::ErrorCode;
use crate::contract::printable;
use crate::hosts::bot::check::Analysis;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::Origins;
use crate::hosts::bot::check::Surroundings;
use crate::hosts::bot::check::check_credentials;
use crate::hosts::bot::check::check_fields;
use crate::hosts::bot::check::follow_policy_fields;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::finding::FlowWarning;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::format::RawBot;
use crate::hosts::bot::format::creates_folders;
use crate::hosts::bot::load::source_file::SourceFile;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::NODE_TYPES;
use crate::hosts::bot::run::Bot;
use crate::hosts::bot::run::Program;
use crate::hosts::bot::run::session_steps;
use crate::hosts::bot::session_flow;
use crate::hosts::bot::session_flow::BotFlow;
use crate::hosts::bot::values::LOOKS_LIKE_TOKEN;

/// Checks all bots of a flow
pub(crate) fn check_files(
    sources: Vec<SourceFile>,
    folder: Folder,
    inputs: Option<&Dictionary>,
    joins_run_tree: bool,
) -> Analysis {
    let creates_folders = sources.iter().any(|source| creates_folders(&source.raw.nodes));
    let mut declarations = Vec::new();
    let mut names = Vec::new();
    let mut rest = Vec::new();
    for source in sources {
        declarations.push(source.declarations);
        names.push(source.name);
        rest.push((source.shown, source.raw, source.children, source.errors));
    }
    let mut analysis = Analysis::of(Program {
        time_limit: None,
        bots: Vec::new(),
        nodes: Vec::new(),
        folder: Folder::default(),
        guarded: Vec::new(),
        delays: true,
    });
    let (mut files, mut nodes) = (Vec::new(), Vec::new());
    let mut readable = Vec::new();
    let mut time_limit = None;
    let (mut assigned, mut calls, mut fields) = (Vec::new(), Vec::new(), Vec::new());
    for (number, (shown, raw, children, errors)) in rest.into_iter().enumerate() {
        readable.push(errors.is_empty());
        analysis
            .faults
            .extend(errors.into_iter().map(|error| Fault { place: Location::file(&shown), error }));
        for variable in declarations[number].values().filter(|variable| variable.default_looks_like_token()) {
            let text =
                format!("the variable \"{}\" holds {LOOKS_LIKE_TOKEN}", printable(&variable.name, 256));
            analysis.warnings.push(FlowWarning { place: Location::file(&shown), text, may_fail: false });
        }
        let own_limit = time_limit_of(&raw);
        if number == 0 {
            time_limit = own_limit.flatten();
        }
        let unused = not_used(&raw, number == 0, own_limit).into_iter().chain(raw.misspelt.iter().cloned());
        analysis.warnings.extend(unused.map(|text| FlowWarning {
            place: Location::file(&shown),
            text,
            may_fail: false,
        }));
        let around = Surroundings {
            declarations: &declarations,
            names: &names,
            children: &children,
            folder: &folder,
            creates_folders,
        };
        let mut checker = Checker::new(around, NODE_TYPES, number, &shown);
        files.push(shown.clone());
        nodes.push(checker.block(&raw.nodes));
        let unsupported =
            checker.faults.iter().filter(|one| one.error.code() == ErrorCode::BotUnsupportedNode);
        let unsupported: HashSet<usize> = unsupported.map(|fault| fault.place.line).collect();
        analysis.enabled_nodes += checker.enabled;
        analysis.supported_nodes += checker.enabled - unsupported.len().min(checker.enabled);
        analysis.faults.append(&mut checker.faults);
        analysis.warnings.append(&mut checker.warnings);
        analysis.warnings.extend(checker.empty_outputs());
        analysis.needs.append(&mut checker.needs);
        analysis.credentials.append(&mut checker.credentials);
        assigned.push(checker.assigned);
        calls.append(&mut checker.calls);
        fields.append(&mut checker.fields);
    }
    let origins = Origins { declarations: declarations.iter().collect(), assigned, calls, inputs };
    follow_policy_fields(&mut analysis.needs, &fields, &origins);
    let found = [check_credentials(&mut analysis.credentials, &origins), check_fields(&fields, &origins)];
    for (faults, warnings) in found {
        analysis.faults.extend(faults);
        analysis.warnings.extend(warnings);
    }
    let bots = names.into_iter().zip(declarations).zip(files);
    let bots = bots.map(|((name, variables), file)| Bot { name, file, variables }).collect();
    analysis.program = Program { bots, nodes, folder, guarded: Vec::new(), delays: true, time_limit };
    check_inputs(&mut analysis, inputs);
    if !joins_run_tree {
        check_sessions(&mut analysis, &readable, inputs);
    }
    analysis.sort();
    analysis
}

/// Returns the timeout in the properties of a bot, of the form `60s`: the inner `None` is no timeout, the outer one a text
/// that cannot be read
fn time_limit_of(raw: &RawBot) -> Option<Option<Duration>> {
    let text = raw.properties.timeout.as_str();
    if text.is_empty() {
        return Some(None);
    }
    let seconds: f64 = text.strip_suffix('s')?.parse().ok()?;
    let limit = Duration::try_from_secs_f64(seconds).ok()?;
    Some((!limit.is_zero()).then_some(limit))
}

/// Returns what a bot file has for the platform that owns it, and this host does not use
fn not_used(raw: &RawBot, is_root: bool, time_limit: Option<Option<Duration>>) -> Vec<String> {
    let mut unused = Vec::new();
    if !raw.triggers.is_empty() {
        unused.push("the triggers of the bot are not used: here, a bot starts when it is run".to_owned());
    }
    match time_limit {
        None => unused.push(
            "the timeout in the properties of the bot is not of the form 60s, and is not used".to_owned(),
        ),
        Some(Some(_)) if !is_root => {
            unused.push(
                "the timeout in the properties of a child bot is not used: that of the parent counts"
                    .to_owned(),
            );
        }
        Some(_) => {}
    }
    unused
}

/// Checks the inputs of the root, if they are known
fn check_inputs(analysis: &mut Analysis, inputs: Option<&Dictionary>) {
    let Some(inputs) = inputs.filter(|_| analysis.is_bot_file()) else { return };
    let place = Location::file(analysis.program.file());
    let errors = analysis.program.check_inputs(inputs);
    analysis.faults.extend(errors.into_iter().map(|error| Fault { place: place.clone(), error }));
}

/// Checks that sessions are open where they are used
fn check_sessions(analysis: &mut Analysis, readable: &[bool], inputs: Option<&Dictionary>) {
    let program = &analysis.program;
    let flows = program.bots.iter().zip(&program.nodes).zip(readable).map(|((bot, nodes), is_readable)| {
        let sessions = bot.variables.values().filter(|variable| variable.kind.is_own_session());
        BotFlow {
            name: &bot.name,
            is_readable: *is_readable,
            variables: sessions.map(|variable| (variable.name.as_str(), variable.input)).collect(),
            steps: session_steps(nodes),
        }
    });
    let flows: Vec<BotFlow<'_>> = flows.collect();
    let (faults, warnings) = session_flow::follow(&flows, inputs);
    analysis.faults.extend(faults);
    analysis.warnings.extend(warnings);
}
