//! What is known of a bot file before its nodes are read: its child bots, and whether it creates folders.

use crate::hosts::bot::format::RawNode;

/// The package and the command of the node that runs a child bot
pub(crate) const RUN_TASK: (&str, &str) = ("TaskBot", "runTask");

/// The package and the command of the node that creates a folder
const CREATE_FOLDER: (&str, &str) = ("Folder", "createFolder");

/// Returns whether an enabled node creates a folder
pub(crate) fn creates_folders(nodes: &[RawNode]) -> bool {
    nodes.iter().filter(|node| !node.is_disabled()).any(|node| {
        (node.package_name.as_str(), node.command_name.as_str()) == CREATE_FOLDER
            || creates_folders(&node.children)
            || creates_folders(&node.branches)
    })
}

/// Returns the paths of the child bots that enabled nodes run, in reading order
pub(crate) fn child_paths(nodes: &[RawNode]) -> Vec<&str> {
    let mut paths = Vec::new();
    for node in nodes.iter().filter(|node| !node.is_disabled()) {
        if (node.package_name.as_str(), node.command_name.as_str()) == RUN_TASK {
            paths.extend(child_path(node));
        }
        paths.extend(child_paths(&node.children));
        paths.extend(child_paths(&node.branches));
    }
    paths
}

/// Returns the path of the child bot that a node runs, unless it is missing or computed
pub(crate) fn child_path(raw: &RawNode) -> Option<&str> {
    let file = raw.attribute("taskbot")?.value.taskbot_file.as_deref()?;
    Some(file.string.as_str()).filter(|path| !path.is_empty() && file.expression.is_empty())
}
