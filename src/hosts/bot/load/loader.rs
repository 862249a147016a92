//! Reads a bot file and its child bots, and checks all of them before anything runs.

use std::path::Path;
use std::path::PathBuf;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::printable;
use crate::files;
use crate::files::Guarded;
use crate::files::GuardedKind;
use crate::hosts::bot::check::Analysis;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::load::call_graph::check_calls;
use crate::hosts::bot::load::flow_check::check_files;
use crate::hosts::bot::load::source_file::SourceFile;
use crate::hosts::bot::load::source_file::read_all;
use crate::hosts::bot::load::source_file::unreadable;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Bot;
use crate::hosts::bot::run::Program;
use crate::hosts::bot::values::Declarations;

/// The folders and the inputs of a flow
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// The folder that `repository:///` refers to; by default the folder of the first bot file
    pub repository: Option<PathBuf>,
    /// The folders that the flow may write in; by default the repository folder
    pub writable: Vec<PathBuf>,
    /// Files in these folders that the flow must not write
    pub guarded: Vec<Guarded>,
    /// The folders that the flow may read in; by default the repository folder
    pub readable: Vec<PathBuf>,
    /// The inputs of the root, which are checked with the flow; without them, the run checks its inputs
    pub inputs: Option<Dictionary>,
    /// Whether the flow joins the run tree of another process, which opens sessions that it uses: then sessions are not
    /// checked before the run
    pub joins_run_tree: bool,
}

/// Reads a bot file and its child bots, and checks them without running anything
pub fn load(root: &Path, options: &LoadOptions) -> Analysis {
    let shown = printable(&root.file_name().unwrap_or(root.as_os_str()).to_string_lossy(), 256);
    let path = match root.canonicalize() {
        Ok(path) => path,
        Err(error) => {
            let message = format!("the file cannot be opened: {}", files::reason(&error));
            let help = files::help(&error);
            return unreadable_root(&shown, unreadable(&message).help(help).caused_by(error));
        }
    };
    let own_folder = path.parent().unwrap_or(Path::new("/"));
    let folder = match Folder::open(
        options.repository.as_deref().unwrap_or(own_folder),
        &options.writable,
        &options.readable,
    ) {
        Ok(folder) => folder,
        Err(error) => return unreadable_root(&shown, error),
    };
    let mut sources = read_all(path, &folder);
    let guarded = guarded(&sources, &folder);
    let folder = folder.guarding(guarded.iter().chain(&options.guarded).cloned());
    check_calls(&mut sources);
    let mut analysis = check_files(sources, folder, options.inputs.as_ref(), options.joins_run_tree);
    analysis.program.guarded = guarded;
    analysis
}

/// Returns the analysis of a bot whose file cannot be opened
fn unreadable_root(shown: &str, error: Error) -> Analysis {
    let (name, file) = (String::new(), shown.to_owned());
    let bot = Bot { name, file, variables: Declarations::new() };
    let mut analysis = Analysis::of(Program {
        time_limit: None,
        bots: vec![bot],
        nodes: vec![Vec::new()],
        folder: Folder::default(),
        guarded: Vec::new(),
        delays: true,
    });
    analysis.faults.push(Fault { place: Location::file(shown), error });
    analysis
}

/// Returns the bot files of the flow, and the places where other files would be found instead of them
fn guarded(sources: &[SourceFile], folder: &Folder) -> Vec<Guarded> {
    let bots = sources.iter().map(|source| Guarded::new(&source.path, GuardedKind::Bot));
    let children = sources.iter().flat_map(|source| source.children.keys());
    bots.chain(children.flat_map(|path| folder.child_places(path))).collect()
}
