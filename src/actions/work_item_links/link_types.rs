//! The types of links: those between work items, which the organization defines, and those to other parts of the service.

use crate::actions::prelude::*;
use crate::actions::shared::not_found::ResourceName;
use crate::actions::shared::not_found::with_similar_names;
use crate::actions::work_items::requests::WRITE_NEEDS;

/// The type of a link between work items when no other is given
const RELATED: &str = "System.LinkTypes.Related";

/// The usage of types of links between work items
const BETWEEN_WORK_ITEMS: &str = "workItemLink";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RelationType {
    #[serde(default)]
    reference_name: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    attributes: Option<TypeAttributes>,
}

#[derive(Deserialize)]
struct TypeAttributes {
    #[serde(default)]
    usage: Option<String>,
}

/// Returns the reference name of a type of links between work items
///
/// Errors: `resource.not_found` with similar names.
pub(super) async fn between_work_items(
    session: &OpenSession<'_>,
    name: Option<&LinkTypeName>,
) -> Result<String, Error> {
    let Some(name) = name.filter(|name| !name.as_str().eq_ignore_ascii_case("related")) else {
        return Ok(RELATED.to_owned());
    };
    let request = Request::get(&["wit", "workitemrelationtypes"])
        .organization_level()
        .list()
        .named(format!("look up the link type \"{name}\""))
        .needs(&WRITE_NEEDS);
    let mut types: Vec<RelationType> = session.send_list(request).await?;
    types.retain(|one| {
        let usage = one.attributes.as_ref().and_then(|attributes| attributes.usage.as_deref());
        usage.is_none_or(|usage| usage == BETWEEN_WORK_ITEMS)
    });
    let wanted = name.as_str().to_lowercase();
    let is = |text: &Option<String>| text.as_deref().is_some_and(|text| text.to_lowercase() == wanted);
    if let Some(found) = types.iter().find(|one| is(&one.name) || is(&one.reference_name))
        && let Some(reference) = &found.reference_name
    {
        return Ok(reference.clone());
    }
    let message = format!("the link type \"{name}\" between work items does not exist");
    let error = Error::new(ErrorCode::ResourceNotFound, message);
    let names = types.into_iter().map(|one| ResourceName { name: one.name }).collect();
    Err(with_similar_names(error, name.as_str(), async { Ok(names) }).await)
}

/// Returns the spelling of the service for the type of a link to something else; `names` begins with the usual one
///
/// Errors: `input.invalid` for another type.
pub(super) fn to_others(
    kind: &str,
    names: &'static [&'static str],
    given: Option<&LinkTypeName>,
) -> Result<&'static str, Error> {
    let Some(given) = given else { return Ok(names[0]) };
    names.iter().copied().find(|name| name.eq_ignore_ascii_case(given.as_str())).ok_or_else(|| {
        let message = format!("link work item: linkType: a link to a {kind} is not of the type \"{given}\"");
        Error::new(ErrorCode::InputInvalid, message)
            .help(format!("Leave it out, or give \"{}\".", names.join("\" or \"")))
            .with("field", "linkType")
    })
}
