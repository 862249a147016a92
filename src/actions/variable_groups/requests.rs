//! Requests for variable groups that several actions send.

use crate::actions::prelude::*;
use crate::actions::shared::by_name;
use crate::actions::variable_groups::model::VariableGroup;
use crate::actions::variable_groups::model::VariableGroupRecord;

/// The needs of reading variable groups; who sees one is set in the library, not in the project's permissions
pub(super) const READ_NEEDS: Needs = Needs { permissions: &[], scope: Some(Scope::VariableGroupsRead) };

/// The needs of changing them
pub(super) const MANAGE_NEEDS: Needs = Needs { permissions: &[], scope: Some(Scope::VariableGroupsManage) };

const PATH: [&str; 2] = ["distributedtask", "variablegroups"];

/// A project that uses a group
#[derive(Serialize)]
struct ProjectId<'a> {
    id: &'a str,
    name: &'a str,
}

/// Returns the request that lists the variable groups of the project
pub(super) fn list_request(session: &OpenSession<'_>) -> Request<'static> {
    Request::get(&PATH)
        .list()
        .named(format!("list the variable groups of the project \"{}\"", session.project()))
        .needs(&READ_NEEDS)
        .missing(format!("the project \"{}\"", session.project()))
}

/// Returns the id of a variable group
///
/// Errors: those of [`by_name::find_reference`].
pub(super) async fn find_id(session: &OpenSession<'_>, group: &ResourceReference) -> Result<u32, Error> {
    let kind = ("variable group", "variableGroup");
    by_name::find_reference(session, kind, group, "groupName", || list_request(session)).await
}

/// Returns the request that reads a group
pub(super) fn read_request(id: u32, needs: &Needs) -> Request<'static> {
    Request::get(&[PATH[0], PATH[1], &id.to_string()])
        .named(format!("read the variable group {id}"))
        .needs(needs)
        .missing(format!("the variable group {id}"))
}

/// Reads a group by its id; `None` if it does not exist
pub(super) async fn read(
    session: &OpenSession<'_>,
    id: u32,
    raw: bool,
) -> Result<Option<VariableGroup>, Error> {
    match session.send_record::<Option<VariableGroupRecord>>(read_request(id, &READ_NEEDS), raw).await {
        Ok(found) => Ok(found.map(VariableGroup::from)),
        Err(error) if error.code() == ErrorCode::ResourceNotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads a group by its name or id
pub(super) async fn find(
    session: &OpenSession<'_>,
    group: &ResourceReference,
    raw: bool,
) -> Result<VariableGroup, Error> {
    let id = find_id(session, group).await?;
    read(session, id, raw).await?.ok_or_else(|| by_name::missing(session, "variable group", group.as_str()))
}

/// Returns the request that creates a group from its record
pub(super) fn create_request<'a>(document: &Document, name: &str) -> Result<Request<'a>, Error> {
    let request = Request::post(&PATH).organization_level().json(document)?;
    Ok(request.named(format!("create the variable group \"{}\"", printable(name, 300))).needs(&MANAGE_NEEDS))
}

/// Returns the request that replaces a group by its record
pub(super) fn update_request<'a>(id: u32, document: &Document) -> Result<Request<'a>, Error> {
    let request = Request::put(&[PATH[0], PATH[1], &id.to_string()]).organization_level().json(document)?;
    Ok(request
        .named(format!("update the variable group {id}"))
        .needs(&MANAGE_NEEDS)
        .missing(format!("the variable group {id}")))
}

/// Returns the request that deletes a group in the session's project
pub(super) fn delete_request(session: &OpenSession<'_>, id: u32) -> Request<'static> {
    Request::delete(&[PATH[0], PATH[1], &id.to_string()])
        .organization_level()
        .query("projectIds", &session.connection().project().id)
        .named(format!("delete the variable group {id}"))
        .needs(&MANAGE_NEEDS)
        .missing(format!("the variable group {id}"))
}

/// Sets the name and the description of a group, also those that the session's project knows it by
///
/// Other projects of a shared group keep their own.
pub(super) fn name_in_project(
    session: &OpenSession<'_>,
    document: &mut Document,
    name: &str,
    description: &str,
) -> Result<(), Error> {
    const USES: &str = "variableGroupProjectReferences";
    document.set("name", &name)?;
    document.set("description", &description)?;
    let project = session.connection().project();
    let mut own = Document::default();
    own.set("projectReference", &ProjectId { id: &project.id, name: &project.name })?;
    own.set("name", &name)?;
    own.set("description", &description)?;
    let is_of_another = |one: &Document| {
        let id = one.get::<Document>("projectReference").and_then(|reference| reference.get::<String>("id"));
        id.is_some_and(|id| !id.eq_ignore_ascii_case(&project.id))
    };
    let mut uses: Vec<Document> = document.get(USES).unwrap_or_default();
    uses.retain(is_of_another);
    uses.insert(0, own);
    document.set(USES, &uses)
}
