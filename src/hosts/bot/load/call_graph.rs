//! The calls between the bots of a flow: there must be no cycle, and nodes must not be nested too deep.

use std::collections::HashMap;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::load::source_file::SourceFile;

/// The maximum nesting depth of nodes, through child bots
///
/// A running node uses the stack of its thread, which is small on some systems.
const MAX_NESTING: usize = 160;

/// Finds call cycles and nodes that are nested too deep, and records them as errors of the files
pub(crate) fn check_calls(sources: &mut [SourceFile]) {
    let mut done = vec![false; sources.len()];
    break_cycles(sources, 0, &mut Vec::new(), &mut done);
    if nesting(sources, 0, &mut HashMap::new()) > MAX_NESTING {
        let message =
            format!("the nodes of the bot and its child bots are nested more than {MAX_NESTING} levels deep");
        sources[0].errors.push(Error::new(ErrorCode::LimitExceeded, message));
    }
}

/// Replaces every call that closes a cycle with an error that shows the cycle
fn break_cycles(sources: &mut [SourceFile], at: usize, path: &mut Vec<usize>, done: &mut [bool]) {
    path.push(at);
    for index in 0..sources[at].children.len() {
        let Ok(child) = sources[at].children[index] else { continue };
        if let Some(from) = path.iter().position(|bot| *bot == child) {
            let cycle = path[from..].iter().chain([&child]).map(|bot| sources[*bot].name.as_str());
            let message = format!("child bots call each other: {}", cycle.collect::<Vec<_>>().join(" → "));
            sources[at].children[index] = Err((ErrorCode::BotChildCycle, message));
        } else if !done[child] {
            break_cycles(sources, child, path, done);
        }
    }
    path.pop();
    done[at] = true;
}

/// Returns the maximum nesting depth of a bot and its child bots; there must be no call cycles
fn nesting(sources: &[SourceFile], at: usize, known: &mut HashMap<usize, usize>) -> usize {
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
