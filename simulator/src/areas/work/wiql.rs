//! Work item queries.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::work_items;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::work::ComparedValue;
use crate::state::work::Field;
use crate::state::work::Macros;
use crate::state::work::WorkItem;
use crate::state::work::wiql_reader;
use crate::state::work::work_items::known;

/// The maximum number of results.
const MOST: usize = 20_000;

const WIQL: ApiResource =
    ApiResource::new(&service_areas::WIT, "1a9c53f7-f243-4447-b110-35ef023636e4", "wiql", "wit/wiql", 2);

pub(in crate::areas) const ROUTES: &[Route] =
    &[Route::new(&WIQL, "POST", "wit/wiql", work_items::WORK, RequiredPermissions::READ_WORK, query)
        .recorded()
        .at(Placement::Anywhere)];

#[derive(Deserialize)]
struct Wiql {
    query: Option<String>,
}

fn query(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Wiql = call.json("wiql")?;
    let project = work_items::project(organization, call)?;
    let text = body.query.ok_or_else(|| refusals::body_missing("query"))?;
    result(organization, call, project, &text)
}

/// Returns the columns of a query, or the refusal of a text that is not one.
pub(super) fn columns(
    organization: &Organization,
    call: &Call<'_>,
    text: &str,
) -> Result<Vec<Value>, Response> {
    let now = OffsetDateTime::UNIX_EPOCH;
    let macros =
        Macros { project: Some(String::new()), me: shapes::caller(organization, call).email.clone(), now };
    let query = wiql_reader::read(text, &macros).map_err(|why| refusals::query_not_read(&why))?;
    if let Some(field) = query.fields().into_iter().find(|field| !work_items::is_known(field)) {
        return Err(refusals::query_field_not_found(field));
    }
    Ok(query.columns.iter().map(|name| column(call, &known(name).unwrap_or_default())).collect())
}

/// The result of a query in a project, or in the whole organization.
pub(super) fn result(
    organization: &mut Organization,
    call: &Call<'_>,
    project: Option<usize>,
    text: &str,
) -> Outcome {
    let now = organization.now();
    let macros = Macros {
        project: project.map(|at| organization.projects[at].name.clone()),
        me: shapes::caller(organization, call).email.clone(),
        now,
    };
    let query = wiql_reader::read(text, &macros).map_err(|why| refusals::query_not_read(&why))?;
    if let Some(field) = query.fields().into_iter().find(|field| !work_items::is_known(field)) {
        return Err(refusals::query_field_not_found(field));
    }
    let readable = !shapes::denied(organization, call, Permission::WorkItemRead);
    let precise = call.flag("timePrecision");
    let all = organization.projects.iter().flat_map(|project| &project.work_items);
    if let Some(date) = query.date_with_time().filter(|_| !precise) {
        return Err(refusals::query_has_a_time(date));
    }
    let mut found: Vec<&WorkItem> = all
        .filter(|item| {
            readable
                && query.takes(precise, &|name: &str| seen(organization, item, name))
                && item.unseen.look()
        })
        .collect();
    found.sort_by(|one, other| {
        query
            .order(&|name: &str| seen(organization, one, name), &|name: &str| seen(organization, other, name))
    });
    let top = call.number("$top").unwrap_or(MOST);
    if found.len() > MOST && top >= MOST {
        return Err(refusals::query_finds_too_many(MOST));
    }
    let url = |id: u32| format!("{}/_apis/wit/workItems/{id}", call.base);
    let shown: Vec<Value> =
        found.into_iter().take(top).map(|item| json!({ "id": item.id, "url": url(item.id) })).collect();
    let columns: Vec<Value> =
        query.columns.iter().map(|name| column(call, &known(name).unwrap_or_default())).collect();
    Ok(Response::ok(&json!({
        "queryType": "flat",
        "queryResultType": "workItem",
        "asOf": shapes::moment(now),
        "columns": columns,
        "workItems": shown,
    })))
}

/// A column of the result.
fn column(call: &Call<'_>, reference: &str) -> Value {
    json!({
        "referenceName": reference,
        "name": reference.rsplit('.').next(),
        "url": format!("{}/_apis/wit/fields/{reference}", call.base),
    })
}

fn seen(organization: &Organization, item: &WorkItem, name: &str) -> ComparedValue {
    match known(name).as_deref() {
        Some("System.Id") => return ComparedValue::Number(f64::from(item.id)),
        Some("System.Rev") => return ComparedValue::Number(f64::from(item.rev)),
        Some(name) => match item.fields.get(name) {
            Some(Field::User(at)) => {
                let user = &organization.users[*at];
                let both = format!("{} <{}>", user.name, user.email);
                return ComparedValue::Person(vec![user.name.clone(), user.email.clone(), both]);
            }
            Some(Field::Plain(Value::Number(number))) => {
                return ComparedValue::Number(number.as_f64().unwrap_or_default());
            }
            Some(Field::Plain(Value::String(text))) => {
                return match OffsetDateTime::parse(text, &Rfc3339) {
                    Ok(at) if name.ends_with("Date") => ComparedValue::Moment(at),
                    _ => ComparedValue::Text(text.clone()),
                };
            }
            _ => {}
        },
        None => {}
    }
    ComparedValue::Nothing
}
