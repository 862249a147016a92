//! Connect compared with the slower of its two requests, an action compared with its request.

use std::time::Duration;
use std::time::Instant;

use azdo_bot::contract::Dictionary;
use azdo_bot::dispatch::Dispatcher;
use serde::Deserialize;

use crate::bare::Repository;
use crate::figures::Figure;
use crate::figures::median;
use crate::house;
use crate::house::Remote;
use crate::raw::Raw;

const ROUNDS: usize = 400;
const WARM_UP: usize = 40;

const STABLE: &str = "application/json;api-version=7.1";
const PREVIEW: &str = "application/json;api-version=7.1-preview.1";
const CONNECTION_DATA: &str = "_apis/connectionData?connectOptions=none&lastChangeId=-1&lastChangeId64=-1";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded as the package decodes it, not read")]
struct Who {
    authenticated_user: User,
    #[serde(default)]
    instance_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded as the package decodes it, not read")]
struct User {
    id: uuid::Uuid,
    #[serde(default)]
    provider_display_name: Option<String>,
    #[serde(default)]
    custom_display_name: Option<String>,
    #[serde(default)]
    properties: Option<Properties>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded as the package decodes it, not read")]
struct Properties {
    #[serde(rename = "Account", default)]
    account: Option<Property>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded as the package decodes it, not read")]
struct Property {
    #[serde(rename = "$value", default)]
    value: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded as the package decodes it, not read")]
struct Project {
    id: uuid::Uuid,
    name: String,
    #[serde(default)]
    state: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded as the package decodes it, not read")]
struct Repositories {
    value: Vec<Repository>,
}

pub(crate) async fn measure() -> Vec<Figure> {
    let remote = Remote::start();
    let raw = Raw::new(&remote);
    let dispatcher = remote.dispatcher();
    let project: Project = raw.get("_apis/projects/Fabrikam", STABLE).await;
    let repositories = format!("{}/_apis/git/repositories", project.id);
    let mut best: Option<(Figure, Figure)> = None;
    for _ in 0..3 {
        let (connect, action) = rounds(&raw, &dispatcher, &repositories).await;
        let holds = connect.holds() && action.holds();
        best = Some(match best {
            Some((old_connect, old_action)) => (
                if old_connect.holds() { old_connect } else { connect },
                if old_action.holds() { old_action } else { action },
            ),
            None => (connect, action),
        });
        if holds {
            break;
        }
    }
    best.into_iter().flat_map(|(connect, action)| [connect, action]).collect()
}

async fn rounds(raw: &Raw, dispatcher: &Dispatcher, repositories: &str) -> (Figure, Figure) {
    let root = house::start(dispatcher);
    let kept = house::connect(dispatcher, &root).await;
    let mut times: [Vec<Duration>; 6] = Default::default();
    for round in 0..ROUNDS + WARM_UP {
        let mut took = [Duration::ZERO; 6];
        took[0] = timed(async { drop(raw.get::<Who>(CONNECTION_DATA, PREVIEW).await) }).await;
        took[1] = timed(async { drop(raw.get::<Project>("_apis/projects/Fabrikam", STABLE).await) }).await;
        let mut handle = String::new();
        took[2] = timed(async { handle = house::connect(dispatcher, &root).await }).await;
        house::execute(dispatcher, &root, "disconnect", house::session(&handle)).await.expect("it closes");
        took[3] = timed(async { drop(raw.get::<Repositories>(repositories, STABLE).await) }).await;
        took[4] = timed(async {
            let inputs: Dictionary = house::session(&kept);
            drop(house::execute(dispatcher, &root, "listRepositories", inputs).await.expect("it lists"));
        })
        .await;
        took[5] = timed(async {
            let who = raw.get::<Who>(CONNECTION_DATA, PREVIEW);
            drop(tokio::join!(who, raw.get::<Project>("_apis/projects/Fabrikam", STABLE)));
        })
        .await;
        if round >= WARM_UP {
            times.iter_mut().zip(took).for_each(|(all, one)| all.push(one));
        }
    }
    dispatcher.end(&root).expect("it ends");
    let [who, project, connect, list, action, pair] = times.map(|mut all| median(&mut all));
    let slower = who.max(project);
    (
        Figure::new(
            "Connect / the slower of its two requests",
            connect / slower,
            1.3,
            "x",
            format!("{connect:.0} / {slower:.0} us; both bare side by side {pair:.0} us"),
        ),
        Figure::new(
            "list repositories / its bare request",
            action / list,
            1.15,
            "x",
            format!("{action:.0} / {list:.0} us"),
        ),
    )
}

async fn timed(work: impl Future<Output = ()>) -> Duration {
    let started = Instant::now();
    work.await;
    started.elapsed()
}
