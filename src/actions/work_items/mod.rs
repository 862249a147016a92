//! Work items.

mod add_tag;
mod attach;
mod comment;
mod comments;
mod create;
mod date_literals;
mod delete_comment;
mod edit_comment;
pub(super) mod fields;
mod get;
mod list_comments;
pub(super) mod model;
mod query;
mod remove_tag;
pub(super) mod requests;
mod same_value;
mod tags;
mod update;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Work items",
    actions: &[
        Entry::of::<get::GetWorkItem>(),
        Entry::of::<create::CreateWorkItem>(),
        Entry::of::<update::UpdateWorkItem>(),
        Entry::of::<query::QueryWorkItems>(),
        Entry::of::<add_tag::AddWorkItemTag>(),
        Entry::of::<remove_tag::RemoveWorkItemTag>(),
        Entry::of::<attach::AttachFileToWorkItem>(),
        Entry::of::<comment::CommentOnWorkItem>(),
        Entry::of::<list_comments::ListWorkItemComments>(),
        Entry::of::<edit_comment::EditWorkItemComment>(),
        Entry::of::<delete_comment::DeleteWorkItemComment>(),
    ],
};
