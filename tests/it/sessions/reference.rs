//! The rules as a simple reference model: lists of everything that ever existed, searched
//! from one end to the other. It shares only the error codes with the implementation.

use azdo_bot::contract::ErrorCode;

/// One bot run under its id; an id that is used again makes a new entry
pub(crate) struct Run {
    pub(crate) id: usize,
    pub(crate) tree: usize,
    root: bool,
    pub(crate) running: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Local,
    Global,
    Variable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) scope: Scope,
    pub(crate) name: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IfExists {
    Error,
    Reuse,
    Replace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Its Connect is in progress
    Connecting,
    /// Its Connect failed, or its run ended first
    Failed,
    Open,
    /// Closed by this bot run, and in these words
    Closed(usize, &'static str),
}

/// One Connect and its result
pub(crate) struct Session {
    pub(crate) run: usize,
    pub(crate) target: Target,
    pub(crate) stage: Stage,
    /// Whether the Connect still holds its reservation
    held: bool,
    /// Which opening and which closing of the process it was
    opened: usize,
    closed: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reserved {
    New(usize),
    Existing(usize),
    Waits,
    Refused(ErrorCode),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Reference {
    Name(usize),
    /// The handle of the session with this number, of any owner
    Handle(usize),
    /// A handle that was never created
    Guess,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Session(usize),
    /// Closed by this bot run, and in these words
    Closed(usize, &'static str),
    Refused(ErrorCode),
}

pub(crate) struct Model {
    pub(crate) runs: Vec<Run>,
    pub(crate) sessions: Vec<Session>,
    per_tree: usize,
    per_process: usize,
    clock: usize,
}

impl Model {
    pub(crate) fn new(per_tree: usize, per_process: usize) -> Self {
        Model { runs: Vec::new(), sessions: Vec::new(), per_tree, per_process, clock: 0 }
    }

    fn tick(&mut self) -> usize {
        self.clock += 1;
        self.clock
    }

    /// The running bot run with that id
    pub(crate) fn running(&self, id: usize) -> Result<usize, ErrorCode> {
        let latest = self.runs.iter().rposition(|run| run.id == id).ok_or(ErrorCode::BotRunUnknown)?;
        if self.runs[latest].running { Ok(latest) } else { Err(ErrorCode::BotRunEnded) }
    }

    pub(crate) fn start(&mut self, id: usize, parent: Option<usize>) -> Option<ErrorCode> {
        let parent = match parent.map(|parent| self.running(parent)).transpose() {
            Ok(parent) => parent,
            Err(code) => return Some(code),
        };
        if self.running(id).is_ok() {
            return Some(ErrorCode::InputInvalid);
        }
        let tree = parent.map_or(self.runs.len(), |parent| self.runs[parent].tree);
        self.runs.push(Run { id, tree, root: parent.is_none(), running: true });
        None
    }

    /// The sessions that are closed, newest first
    pub(crate) fn end(&mut self, id: usize) -> Result<Vec<usize>, ErrorCode> {
        let run = match self.running(id) {
            Ok(run) => run,
            Err(ErrorCode::BotRunEnded) => return Ok(Vec::new()),
            Err(code) => return Err(code),
        };
        let (tree, root) = (self.runs[run].tree, self.runs[run].root);
        for (at, other) in self.runs.iter_mut().enumerate() {
            other.running &= !(at == run || root && other.tree == tree);
        }
        let mut closed: Vec<usize> = (0..self.sessions.len())
            .filter(|at| {
                let session = &self.sessions[*at];
                let local = session.target.scope == Scope::Local;
                session.stage == Stage::Open
                    && if root { self.runs[session.run].tree == tree } else { local && session.run == run }
            })
            .collect();
        closed.sort_by_key(|at| std::cmp::Reverse(self.sessions[*at].opened));
        for at in &closed {
            self.shut(*at, id, "ended");
        }
        for session in &mut self.sessions {
            if session.stage == Stage::Connecting && !self.runs[session.run].running {
                session.stage = Stage::Failed;
            }
        }
        Ok(closed)
    }

    fn shut(&mut self, at: usize, by: usize, how: &'static str) {
        self.sessions[at].closed = self.tick();
        self.sessions[at].stage = Stage::Closed(by, how);
    }

    /// Returns whether a session has that name in the scope of this bot run
    fn is_open(&self, at: usize, run: usize, target: Target) -> bool {
        let session = &self.sessions[at];
        session.target == target
            && match target.scope {
                Scope::Local => session.run == run,
                Scope::Global => self.runs[session.run].tree == self.runs[run].tree,
                Scope::Variable => false,
            }
    }

    fn under(&self, run: usize, target: Target, stage: Stage) -> Option<usize> {
        (0..self.sessions.len())
            .find(|at| self.is_open(*at, run, target) && self.sessions[*at].stage == stage)
    }

    pub(crate) fn reserve(&mut self, id: usize, target: Target, if_exists: IfExists) -> Reserved {
        let run = match self.running(id) {
            Ok(run) => run,
            Err(code) => return Reserved::Refused(code),
        };
        let connecting = self.under(run, target, Stage::Connecting).is_some();
        match (connecting, self.under(run, target, Stage::Open), if_exists) {
            (true, _, IfExists::Reuse) => return Reserved::Waits,
            (true, ..) | (false, Some(_), IfExists::Error) => {
                return Reserved::Refused(ErrorCode::SessionNameInUse);
            }
            (false, Some(open), IfExists::Reuse) => return Reserved::Existing(open),
            (false, Some(_), IfExists::Replace) | (false, None, _) => {}
        }
        let tree = self.runs[run].tree;
        let in_tree = self.sessions.iter().filter(|s| s.counts() && self.runs[s.run].tree == tree).count();
        if in_tree >= self.per_tree || self.in_process() >= self.per_process {
            return Reserved::Refused(ErrorCode::LimitExceeded);
        }
        self.sessions.push(Session {
            run,
            target,
            stage: Stage::Connecting,
            held: true,
            opened: 0,
            closed: 0,
        });
        Reserved::New(self.sessions.len() - 1)
    }

    pub(crate) fn in_process(&self) -> usize {
        self.sessions.iter().filter(|session| session.counts()).count()
    }

    pub(crate) fn complete(&mut self, at: usize) -> Option<ErrorCode> {
        self.sessions[at].held = false;
        if self.sessions[at].stage == Stage::Failed {
            return Some(ErrorCode::Cancelled);
        }
        let (run, target) = (self.sessions[at].run, self.sessions[at].target);
        if let Some(old) = self.under(run, target, Stage::Open) {
            self.shut(old, self.runs[run].id, "replaced it");
        }
        self.sessions[at].stage = Stage::Open;
        self.sessions[at].opened = self.tick();
        None
    }

    pub(crate) fn abandon(&mut self, at: usize) {
        self.sessions[at].held = false;
        self.sessions[at].stage = Stage::Failed;
    }

    pub(crate) fn find(&self, id: usize, reference: Reference) -> Found {
        let run = match self.running(id) {
            Ok(run) => run,
            Err(code) => return Found::Refused(code),
        };
        let missing = Found::Refused(ErrorCode::SessionNotFound);
        match reference {
            Reference::Guess => missing,
            Reference::Handle(at) => {
                let session = &self.sessions[at];
                let mine = session.target.scope != Scope::Local || session.run == run;
                let here = self.runs[session.run].tree == self.runs[run].tree;
                match session.stage {
                    _ if !(mine && here) => missing,
                    Stage::Open => Found::Session(at),
                    Stage::Closed(by, how) => Found::Closed(by, how),
                    Stage::Connecting | Stage::Failed => missing,
                }
            }
            Reference::Name(name) => {
                let scopes = [Scope::Local, Scope::Global].map(|scope| Target { scope, name });
                if let Some(at) = scopes.iter().find_map(|target| self.under(run, *target, Stage::Open)) {
                    return Found::Session(at);
                }
                // No session has that name, so the latest closure counts.
                let closed = scopes.iter().find_map(|target| {
                    let closed = self.sessions.iter().enumerate().filter(|(at, session)| {
                        self.is_open(*at, run, *target) && matches!(session.stage, Stage::Closed(..))
                    });
                    closed.max_by_key(|(_, session)| session.closed).map(|(_, session)| session.stage)
                });
                match closed {
                    Some(Stage::Closed(by, how)) => Found::Closed(by, how),
                    _ => missing,
                }
            }
        }
    }

    pub(crate) fn close(&mut self, id: usize, reference: Reference) -> Found {
        let found = self.find(id, reference);
        if let Found::Session(at) = found {
            self.shut(at, id, "with Disconnect");
        }
        found
    }
}

impl Session {
    fn counts(&self) -> bool {
        self.held || self.stage == Stage::Open
    }
}
