//! Reads a bot file and the child bots it names, and checks them all before anything runs.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::printable;
use crate::files;
use crate::files::Guarded;
use crate::files::GuardedKind;
use crate::hosts::bot::analysis::Analysis;
use crate::hosts::bot::checker::Checker;
use crate::hosts::bot::checker::Children;
use crate::hosts::bot::checker::Declarations;
use crate::hosts::bot::checker::Surroundings;
use crate::hosts::bot::file;
use crate::hosts::bot::file::MAX_BYTES;
use crate::hosts::bot::file::RawBot;
use crate::hosts::bot::file::RawNode;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::folder::bot_name;
use crate::hosts::bot::location::Fault;
use crate::hosts::bot::location::FlowWarning;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::child_paths;
use crate::hosts::bot::nodes::session_steps;
use crate::hosts::bot::origins::Origins;
use crate::hosts::bot::program::Bot;
use crate::hosts::bot::program::Program;
use crate::hosts::bot::session_flow;
use crate::hosts::bot::session_flow::BotFlow;
use crate::hosts::bot::tokens::LOOKS_LIKE_TOKEN;
use crate::hosts::bot::variable_check;
use crate::hosts::bot::variables::Declaration;

/// The most bot files that one flow may have
const MAX_BOTS: usize = 256;

/// How deep the nodes of a bot and of its child bots may nest, one in the other
///
/// A running node takes a piece of the thread's stack, and a thread has little of it on some systems.
const MAX_NESTING: usize = 160;

/// Where a flow's files are, and what it is given
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// The folder that `repository:///` stands for; by default the first bot file's own
    pub repository: Option<PathBuf>,
    /// The folders that the flow may write in; by default the repository folder
    pub writable: Vec<PathBuf>,
    /// What the flow must not write although it lies there
    pub guarded: Vec<Guarded>,
    /// The folders that the flow may read in; by default the repository folder
    pub readable: Vec<PathBuf>,
    /// The root's inputs, to be checked with the flow; by default they are not known yet, and the run checks them
    pub inputs: Option<Dictionary>,
}

/// A bot file as it was read
struct Source {
    path: PathBuf,
    shown: String,
    name: String,
    raw: RawBot,
    declarations: Declarations,
    children: Children,
    /// What is wrong with the file as a whole
    errors: Vec<Error>,
}

/// Reads a bot file and its child bots, and checks everything; runs nothing
pub fn load(root: &Path, options: &LoadOptions) -> Analysis {
    let shown = printable(&root.file_name().unwrap_or(root.as_os_str()).to_string_lossy(), 256);
    let path = match root.canonicalize() {
        Ok(path) => path,
        Err(error) => return nothing(&shown, unreadable("the file cannot be opened").caused_by(error)),
    };
    let own_folder = path.parent().unwrap_or(Path::new("/"));
    let folder = match Folder::open(
        options.repository.as_deref().unwrap_or(own_folder),
        &options.writable,
        &options.readable,
    ) {
        Ok(folder) => folder,
        Err(error) => {
            let why = files::reason(&error);
            let message = format!(
                "the repository folder or a folder that bots may read or write in cannot be opened: {why}"
            );
            return nothing(&shown, Error::new(ErrorCode::InputInvalid, message).caused_by(error));
        }
    };
    let mut sources = read_all(path, &folder);
    let guarded = guarded(&sources, &folder);
    let folder = folder.guarding(guarded.iter().chain(&options.guarded).cloned());
    let mut done = vec![false; sources.len()];
    break_circles(&mut sources, 0, &mut Vec::new(), &mut done);
    if nesting(&sources, 0, &mut HashMap::new()) > MAX_NESTING {
        let message = format!("the nodes of the bot and its child bots nest deeper than {MAX_NESTING}");
        sources[0].errors.push(Error::new(ErrorCode::LimitExceeded, message));
    }
    let mut survey = check(sources, folder, options.inputs.as_ref());
    survey.program.guarded = guarded;
    survey
}

/// The bot files of the flow, and where others would be found in their place
fn guarded(sources: &[Source], folder: &Folder) -> Vec<Guarded> {
    let bots = sources.iter().map(|source| Guarded::new(&source.path, GuardedKind::Bot));
    let children = sources.iter().flat_map(|source| source.children.keys());
    bots.chain(children.flat_map(|path| folder.child_places(path))).collect()
}

/// What is found of a bot whose file cannot even be looked at
fn nothing(shown: &str, error: Error) -> Analysis {
    let (name, file) = (String::new(), shown.to_owned());
    let bot = Bot { name, file, variables: Declarations::new(), nodes: Vec::new() };
    let mut survey =
        Analysis::of(Program { bots: vec![bot], folder: Folder::default(), guarded: Vec::new() });
    survey.faults.push(Fault { place: Location::file(shown), error });
    survey
}

/// The root and every bot that can be reached from it, in the order they are first named
fn read_all(root: PathBuf, folder: &Folder) -> Vec<Source> {
    let mut sources = vec![read(root, folder)];
    let mut at = 0;
    while at < sources.len() {
        let paths: Vec<String> = child_paths(&sources[at].raw.nodes).into_iter().map(str::to_owned).collect();
        for path in paths {
            if sources[at].children.contains_key(&path) {
                continue;
            }
            let child = match folder.child(&path) {
                Err(message) => Err((ErrorCode::BotChildNotFound, message)),
                Ok(found) => match sources.iter().position(|source| source.path == found) {
                    Some(known) => Ok(known),
                    None if sources.len() == MAX_BOTS => {
                        Err((ErrorCode::LimitExceeded, format!("a flow has at most {MAX_BOTS} bot files")))
                    }
                    None => {
                        sources.push(read(found, folder));
                        Ok(sources.len() - 1)
                    }
                },
            };
            sources[at].children.insert(path, child);
        }
        at += 1;
    }
    sources
}

fn read(path: PathBuf, folder: &Folder) -> Source {
    let (raw, mut errors) = match read_file(&path) {
        Ok(raw) => (raw, Vec::new()),
        Err(error) => (RawBot::default(), vec![error]),
    };
    let mut declarations = Declarations::new();
    for variable in &raw.variables {
        let (declaration, result) = Declaration::of(variable);
        errors.extend(result.err());
        declarations.insert(declaration.name.clone(), declaration);
    }
    let (shown, name) = (folder.display(&path), bot_name(&path));
    Source { path, shown, name, raw, declarations, children: Children::new(), errors }
}

fn read_file(path: &Path) -> Result<RawBot, Error> {
    let text = files::read(path, MAX_BYTES).map_err(|error| {
        unreadable(&format!("the file cannot be read: {}", files::reason(&error))).caused_by(error)
    })?;
    let too_large = || unreadable(&format!("the file is larger than {} MiB", MAX_BYTES >> 20));
    file::read(&text.ok_or_else(too_large)?)
}

fn unreadable(message: &str) -> Error {
    Error::new(ErrorCode::BotUnreadable, message)
}

/// Turns every call that closes a circle into a fault that shows the circle
fn break_circles(sources: &mut [Source], at: usize, path: &mut Vec<usize>, done: &mut [bool]) {
    path.push(at);
    for index in 0..sources[at].children.len() {
        let Ok(child) = sources[at].children[index] else { continue };
        if let Some(from) = path.iter().position(|bot| *bot == child) {
            let circle = path[from..].iter().chain([&child]).map(|bot| sources[*bot].name.as_str());
            let message = format!("child bots call each other: {}", circle.collect::<Vec<_>>().join(" → "));
            sources[at].children[index] = Err((ErrorCode::BotChildCycle, message));
        } else if !done[child] {
            break_circles(sources, child, path, done);
        }
    }
    path.pop();
    done[at] = true;
}

/// How deep nodes nest at most from a bot on; there are no circles any more
fn nesting(sources: &[Source], at: usize, known: &mut HashMap<usize, usize>) -> usize {
    if let Some(nesting) = known.get(&at) {
        return *nesting;
    }
    let children = sources[at].children.values().flatten();
    let below = children.map(|child| nesting(sources, *child, known)).max().unwrap_or(0);
    let total = depth(&sources[at].raw.nodes) + below;
    known.insert(at, total);
    total
}

fn depth(nodes: &[RawNode]) -> usize {
    let below = |node: &RawNode| depth(&node.children).max(depth(&node.branches));
    nodes.iter().map(|node| 1 + below(node)).max().unwrap_or(0)
}

fn check(sources: Vec<Source>, folder: Folder, inputs: Option<&Dictionary>) -> Analysis {
    let mut declarations = Vec::new();
    let mut names = Vec::new();
    let mut rest = Vec::new();
    for source in sources {
        declarations.push(source.declarations);
        names.push(source.name);
        rest.push((source.shown, source.raw, source.children, source.errors));
    }
    let mut survey =
        Analysis::of(Program { bots: Vec::new(), folder: Folder::default(), guarded: Vec::new() });
    let mut nodes = Vec::new();
    let mut readable = Vec::new();
    let (mut assigned, mut calls, mut fields) = (Vec::new(), Vec::new(), Vec::new());
    for (number, (shown, raw, children, errors)) in rest.into_iter().enumerate() {
        readable.push(errors.is_empty());
        survey.faults.extend(errors.into_iter().map(|error| Fault { place: Location::file(&shown), error }));
        for variable in declarations[number].values().filter(|variable| variable.default_looks_like_token()) {
            let text =
                format!("the variable \"{}\" holds {LOOKS_LIKE_TOKEN}", printable(&variable.name, 256));
            survey.warnings.push(FlowWarning { place: Location::file(&shown), text, may_fail: false });
        }
        let around =
            Surroundings { declarations: &declarations, names: &names, children: &children, folder: &folder };
        let mut checker = Checker::new(around, number, &shown);
        nodes.push((shown.clone(), checker.block(&raw.nodes)));
        survey.faults.append(&mut checker.faults);
        survey.warnings.append(&mut checker.warnings);
        survey.needs.append(&mut checker.needs);
        survey.credentials.append(&mut checker.credentials);
        assigned.push(checker.assigned);
        calls.append(&mut checker.calls);
        fields.append(&mut checker.fields);
    }
    let origins = Origins { declarations: declarations.iter().collect(), assigned, calls, inputs };
    let found = [
        variable_check::credentials(&mut survey.credentials, &origins),
        variable_check::fields(&fields, &origins),
    ];
    for (faults, warnings) in found {
        survey.faults.extend(faults);
        survey.warnings.extend(warnings);
    }
    let bots = names.into_iter().zip(declarations).zip(nodes);
    let bots = bots.map(|((name, variables), (file, nodes))| Bot { name, file, variables, nodes }).collect();
    survey.program = Program { bots, folder, guarded: Vec::new() };
    check_inputs(&mut survey, inputs);
    check_sessions(&mut survey, &readable, inputs);
    survey.sort();
    survey
}

/// Finds what is wrong with the root's inputs, if they are known
fn check_inputs(survey: &mut Analysis, inputs: Option<&Dictionary>) {
    let Some(inputs) = inputs.filter(|_| survey.is_bot_file()) else { return };
    let place = Location::file(survey.program.file());
    let errors = survey.program.check_inputs(inputs);
    survey.faults.extend(errors.into_iter().map(|error| Fault { place: place.clone(), error }));
}

/// Finds sessions that cannot be open where they are used
fn check_sessions(survey: &mut Analysis, readable: &[bool], inputs: Option<&Dictionary>) {
    let flows = survey.program.bots.iter().zip(readable).map(|(bot, is_readable)| {
        let sessions = bot.variables.values().filter(|variable| variable.kind.is_own_session());
        BotFlow {
            name: &bot.name,
            is_readable: *is_readable,
            variables: sessions.map(|variable| (variable.name.as_str(), variable.input)).collect(),
            steps: session_steps(&bot.nodes),
        }
    });
    let flows: Vec<BotFlow<'_>> = flows.collect();
    let (faults, warnings) = session_flow::follow(&flows, inputs);
    survey.faults.extend(faults);
    survey.warnings.extend(warnings);
}
