//! Rate limits.

use azdo_simulator::Organization;
use azdo_simulator::RateLimit;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use azdo_simulator::World;

use crate::client::Answer;
use crate::client::Bench;

const PROJECTS: &str = "/fabrikam/_apis/projects";

fn world(limit: RateLimit) -> World {
    let organization = Organization::fabrikam()
        .user(User::named("Ann Lee"))
        .user(User::named("Bo Kim"))
        .token(TokenOptions::full().named("second"))
        .token(TokenOptions::full().named("other").for_user("Bo Kim"))
        .rate_limit(limit);
    World::hard().organization(organization)
}

#[tokio::test]
async fn a_rate_limit_counts_all_tokens_of_a_user() {
    // Longer than any test, so that the count does not restart.
    let limit: RateLimit =
        toml::from_str("requests = 10\nmilliseconds = 3600000").expect("a limit is written so");
    let bench = Bench::of(world(limit)).await;
    let second = bench.simulator.token_named("fabrikam", "second").expect("it was made");
    let other = bench.simulator.token_named("fabrikam", "other").expect("it was made");
    let left = |answer: &Answer| answer.header("x-ratelimit-remaining").map(str::to_owned);
    for number in 1..=10 {
        let token = if number % 2 == 0 { Some(&second) } else { None };
        let answer = match token {
            Some(token) => Answer::of(bench.request_as(token, "GET", PROJECTS)).await,
            None => bench.get(PROJECTS).await,
        };
        let expected = (number >= 8).then(|| (10 - number).to_string());
        assert_eq!((answer.status, left(&answer)), (200, expected), "{number}");
    }
    let refused = bench.get(PROJECTS).await;
    assert_eq!((refused.status, left(&refused).as_deref()), (429, Some("0")));
    let wait: u64 = refused.header("retry-after").expect("it has a time").parse().expect("in seconds");
    assert!((3000..=3600).contains(&wait), "{wait}");
    assert!(refused.text().contains("TF400733"), "{}", refused.text());
    assert_eq!(Answer::of(bench.request_as(&other, "GET", PROJECTS)).await.status, 200, "another user");

    bench.simulator.set_rate_limit("fabrikam", Some(limit.without_retry_after()));
    assert_eq!(bench.get(PROJECTS).await.header("retry-after"), None);
    bench.simulator.set_rate_limit("fabrikam", None);
    assert_eq!(bench.get(PROJECTS).await.status, 200);
}
