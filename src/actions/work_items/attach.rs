//! `attach file to work item`

use std::time::Duration;

use crate::actions::prelude::*;
use crate::actions::runtime::FileUse;
use crate::actions::work_items::fields::Operation;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::model::WorkItemRecord;
use crate::actions::work_items::requests;
use crate::actions::work_items::requests::WRITE_NEEDS;
use crate::actions::work_items::requests::read_request;
use crate::contract::OrganizationForm;
use crate::files::ReadableFile;

/// Limit of the hosted service: its work tracking limits allow attachments of 60 MB, here mebibytes
const MOST_HOSTED: u64 = 60 << 20;

/// Limit of a server: its naming restrictions allow attachments of 2 GB, here gibibytes, if its administrator sets that
const MOST_ON_SERVER: u64 = 2 << 30;

/// Attach a local file to a work item
///
/// The file must be in a folder that the operator allows. The hosted service takes files of up to 60 MB; the administrator
/// of a server sets its limit, up to 2 GB. The upload may take any time as long as it makes progress. When someone else changes
/// the work item in the meantime, the action fails with `resource.conflict` and attaches nothing.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// The file to attach: an absolute path, or a path below the bot's own folder
    file: LocalFile,
    /// A comment on the file
    #[serde(default)]
    comment: Option<WorkItemText>,
    /// How long it may take, in seconds
    #[serde(default)]
    time_limit: TimeLimit,
}

/// The uploaded file
#[derive(Deserialize)]
struct Uploaded {
    id: String,
    url: String,
}

pub(super) struct AttachFileToWorkItem;

impl Action for AttachFileToWorkItem {
    const NAME: &'static str = "attach file to work item";
    const NODE: &'static str = "Attach file to work item {{id}}: {{file}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::InputInvalid,
        ErrorCode::FileFailed,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const FILE_USE: FileUse = FileUse::Reads;
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByState("the upload, which has a unique id, is attached");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("work item", "id").name("title"));
    type Input = Input;
    type Output = WorkItem;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Attach the build of a failed run",
            inputs: serde_json::json!({ "id": 1, "file": "drop.zip", "comment": "The build" }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        input.time_limit.duration()
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<WorkItem, Error> {
        let session = cx.session(&input.session)?;
        // A file that may not be read fails before any request is sent.
        let file = cx.services.folders.readable(input.file.as_str())?;
        let name = file.name();
        let is_hosted = session.connection().organization().form() != OrganizationForm::Other;
        let (most, limit) = if is_hosted { (MOST_HOSTED, "60 MB") } else { (MOST_ON_SERVER, "2 GB") };
        let content = read(file, most).await?.ok_or_else(|| {
            let why = format!("is larger than {limit}, the limit of the service");
            Error::new(ErrorCode::InputInvalid, format!("the file \"{}\" {why}", input.file))
        })?;
        let revision = requests::current_revision(&session, input.id).await?;
        let upload = Request::post(&["wit", "attachments"])
            .query("fileName", &name)
            .file(content)
            // An upload that is not attached yet is not visible anywhere, so it may be retried.
            .asks()
            .named(format!("upload \"{}\"", input.file))
            .needs(&Self::NEEDS);
        let uploaded: Uploaded = session.send(upload).await?;
        let comment = input.comment.as_ref().map(WorkItemText::as_str);
        let attach = [Operation::attach(&uploaded.url, comment)];
        let operation = format!("attach \"{}\" to the work item {}", input.file, input.id);
        let send = requests::write_revision(&session, input.id, revision, attach.into_iter(), operation);
        // The upload has a unique id, which no other request knows.
        let lookup = async {
            let now: WorkItemRecord =
                session.send(read_request(input.id, &Self::NEEDS).query("$expand", "relations")).await?;
            let mut urls = now.relations.iter().flatten().filter_map(|relation| relation.url.as_deref());
            let id = uploaded.id.to_ascii_lowercase();
            let is_there = urls.any(|url| url.to_ascii_lowercase().contains(&id));
            Ok(is_there.then_some(now))
        };
        Ok(session.settle_state(send, lookup).await?.into_output(&session))
    }
}

/// Reads the content of a file that is not too large, on a thread for blocking work
async fn read(file: ReadableFile, most: u64) -> Result<Option<Vec<u8>>, Error> {
    let read = tokio::task::spawn_blocking(move || file.content(most));
    read.await.unwrap_or_else(|fault| std::panic::resume_unwind(fault.into_panic()))
}
