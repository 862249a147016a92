//! Random operations of several run trees, for the model test.

use proptest::prelude::*;

use crate::sessions::reference::IfExists;
use crate::sessions::reference::Scope;
use crate::sessions::reference::Target;

/// Two roots and their children in most cases; only a few ids, so that they are used again
const RUNS: usize = 6;

/// Names that differ in case
pub(crate) const NAMES: [&str; 2] = ["Default", "default"];

#[derive(Debug, Clone)]
pub(crate) enum Operation {
    Start { id: usize, parent: Option<usize> },
    End { id: usize },
    Reserve { id: usize, target: Target, if_exists: IfExists },
    Complete { pick: usize },
    Abandon { pick: usize },
    Find { id: usize, wanted: Wanted },
    Close { id: usize, wanted: Wanted },
}

/// A reference before the existing sessions are known
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted {
    Name(usize),
    Handle(usize),
    Guess,
}

pub(crate) fn operation() -> impl Strategy<Value = Operation> {
    let id = || 0..RUNS;
    let name = 0..NAMES.len();
    let scope = prop_oneof![3 => Just(Scope::Local), 4 => Just(Scope::Global), 1 => Just(Scope::Variable)];
    let target = (scope, name.clone()).prop_map(|(scope, name)| Target { scope, name });
    let if_exists = prop_oneof![Just(IfExists::Error), Just(IfExists::Reuse), Just(IfExists::Replace)];
    let wanted = || {
        prop_oneof![
            5 => (0..NAMES.len()).prop_map(Wanted::Name),
            5 => any::<usize>().prop_map(Wanted::Handle),
            1 => Just(Wanted::Guess),
        ]
    };
    prop_oneof![
        4 => (id(), prop::option::weighted(0.75, id())).prop_map(|(id, parent)| Operation::Start { id, parent }),
        2 => id().prop_map(|id| Operation::End { id }),
        6 => (id(), target, if_exists)
            .prop_map(|(id, target, if_exists)| Operation::Reserve { id, target, if_exists }),
        3 => any::<usize>().prop_map(|pick| Operation::Complete { pick }),
        1 => any::<usize>().prop_map(|pick| Operation::Abandon { pick }),
        6 => (id(), wanted()).prop_map(|(id, wanted)| Operation::Find { id, wanted }),
        3 => (id(), wanted()).prop_map(|(id, wanted)| Operation::Close { id, wanted }),
    ]
}
