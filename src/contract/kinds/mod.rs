//! Kinds of input: each a type with its parser and its schema side by side.

mod approval;
mod artifact;
mod base64_text;
mod branch;
mod commit;
mod credential;
mod definition;
mod limit;
mod local_file;
mod moment;
mod names;
mod new_project;
mod numbers;
mod organization_url;
mod parameter;
mod path;
mod pipeline;
mod project;
mod pull_request;
mod release;
mod repository;
mod session;
mod source_url;
mod stage;
mod text;
mod token;
mod usage;
mod work_item;

pub use approval::ApprovalId;
pub use approval::ResourceReference;
pub use artifact::ArtifactName;
pub use base64_text::Base64Text;
pub use branch::BranchName;
pub use branch::BranchPrefix;
pub use commit::CommitId;
pub use credential::Credential;
pub use credential::CredentialReference;
pub use credential::LockerCredential;
pub use credential::STORES;
pub use definition::AgentName;
pub use definition::StepScript;
pub use definition::StepTitle;
pub use definition::TaskReference;
pub use definition::VariableName;
pub use limit::Limit;
pub use local_file::LocalFile;
pub use moment::Moment;
pub use new_project::IfProjectMissing;
pub use new_project::ProcessName;
pub use new_project::ProjectDescription;
pub use new_project::Visibility;
pub use numbers::LineCount;
pub use numbers::RunId;
pub use numbers::TimeLimit;
pub use organization_url::OrganizationForm;
pub use organization_url::OrganizationUrl;
pub use parameter::ParameterValue;
pub use path::FilePath;
pub use path::FolderPath;
pub use pipeline::NamePattern;
pub use pipeline::PipelineFolder;
pub use pipeline::PipelineName;
pub use pipeline::PipelineReference;
pub use project::ProjectName;
pub use pull_request::CommentText;
pub use pull_request::PullRequestDescription;
pub use pull_request::PullRequestId;
pub use pull_request::PullRequestTitle;
pub use release::ReleaseApprovalId;
pub use release::ReleaseId;
pub use release::ReleaseStageName;
pub use release::Remark;
pub use repository::RepositoryName;
pub use session::SESSION_HANDLE_PREFIX;
pub use session::SessionHandle;
pub use session::SessionName;
pub use session::SessionReference;
pub use session::SessionScope;
pub use session::SessionTarget;
pub use source_url::SourceUrl;
pub use stage::StageName;
pub use text::CommitMessage;
pub use text::PersonName;
pub use token::TokenOrigin;
pub use token::check_token;
pub use token::token_shape;
pub use usage::Usage;
pub use work_item::FieldName;
pub use work_item::Tag;
pub use work_item::TreePath;
pub use work_item::WorkItemId;
pub use work_item::WorkItemQuery;
pub use work_item::WorkItemRevision;
pub use work_item::WorkItemText;
pub use work_item::WorkItemTitle;
pub use work_item::WorkItemType;

/// The longest name that a message shows, in characters
const MAX_SHOWN: usize = 1024;

/// Gives a text kind its `Deserialize` and its inlined schema
///
/// The schema's words are JSON schema's; `x-attribute` is the manifest's attribute type, TEXT when
/// it is not given.
macro_rules! text_kind {
    ($kind:ident, $schema:tt) => {
        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::contract::parse_error::deserialize_text(deserializer)
            }
        }

        impl schemars::JsonSchema for $kind {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($kind).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = schemars::json_schema!($schema);
                schema.insert("type".to_owned(), "string".into());
                schema
            }
        }
    };
}
pub(super) use text_kind;

#[cfg(test)]
mod names_tests;
