//! The rate limiter alone, with a paused clock.

use super::*;
use crate::devops::limits::limiter_state::BURST;
use crate::devops::limits::limiter_state::MAX_IN_FLIGHT;

const LONG: Duration = Duration::from_secs(600);

fn limiter() -> RateLimiter {
    RateLimiter { jitter: 0.0, ..RateLimiter::new() }
}

async fn permit<'a>(
    limiter: &'a RateLimiter,
    ticket: &mut QueueTicket,
    deadline: Instant,
) -> Result<SendPermit<'a>, PastDeadline> {
    limiter.acquire(ticket, deadline, |_, _| {}).await
}

async fn departed(limiter: &RateLimiter) -> SendPermit<'_> {
    permit(limiter, &mut QueueTicket::default(), Instant::now() + LONG).await.expect("there is time")
}

fn headers(rows: &[(&'static str, &str)]) -> HeaderMap {
    let row = |(name, value): &(&'static str, &str)| {
        (name.parse().expect("a name"), value.parse().expect("a value"))
    };
    HeaderMap::from_iter(rows.iter().map(row))
}

fn reject(limiter: &RateLimiter, permit: SendPermit<'_>, rows: &[(&'static str, &str)]) {
    limiter.record(&permit, AttemptOutcome::Rejected, &headers(rows), &NetworkLimits::default());
}

fn accept(limiter: &RateLimiter, permit: SendPermit<'_>, rows: &[(&'static str, &str)]) {
    limiter.record(&permit, AttemptOutcome::Accepted, &headers(rows), &NetworkLimits::default());
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_nothing_waits() {
    let (limiter, start) = (limiter(), Instant::now());
    for _ in 0..1000 {
        let permit = departed(&limiter).await;
        accept(&limiter, permit, &[]);
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(limiter.is_idle() && limiter.throttling().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_rejection_pauses_all_requests_which_are_then_sent_one_by_one_the_oldest_first() {
    let (limiter, start) = (limiter(), Instant::now());
    let mut tickets: Vec<QueueTicket> = (0..20).map(|_| QueueTicket::default()).collect();
    let mut turns = Vec::new();
    for ticket in &mut tickets {
        turns.push(permit(&limiter, ticket, start + LONG).await.expect("nothing is held back"));
    }
    // The tickets decide the order, not the times of the rejections.
    for permit in turns.into_iter().rev() {
        reject(&limiter, permit, &[("retry-after", "3")]);
    }
    let order = Mutex::new(Vec::new());
    let waits = tickets.into_iter().enumerate().rev().map(|(number, mut ticket)| {
        let (limiter, order) = (&limiter, &order);
        async move {
            let permit = permit(limiter, &mut ticket, start + LONG).await.expect("there is time");
            order.lock().expect("no test panics here").push((number, start.elapsed()));
            accept(limiter, permit, &[]);
        }
    });
    futures_util::future::join_all(waits).await;
    let order = order.into_inner().expect("no test panics here");
    assert_eq!(order.iter().map(|(number, _)| *number).collect::<Vec<_>>(), Vec::from_iter(0..20));
    assert!((3000..3005).contains(&order[0].1.as_millis()), "{order:?}");
    for pair in order.windows(2) {
        assert!(pair[1].1 - pair[0].1 > Duration::from_millis(50), "{order:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_fails_at_once_and_names_the_wait() {
    let (limiter, start) = (limiter(), Instant::now());
    let first = departed(&limiter).await;
    reject(&limiter, first, &[("retry-after", "40")]);
    let mut ticket = QueueTicket::default();
    let waiting = permit(&limiter, &mut ticket, start + LONG);
    let late = async {
        tokio::task::yield_now().await;
        permit(&limiter, &mut QueueTicket::default(), start + Duration::from_secs(10)).await
    };
    let (waited, late) = tokio::join!(waiting, async { (late.await, start.elapsed()) });
    waited.expect("there is time");
    let past_deadline = PastDeadline {
        retry_after: Some(Duration::from_secs(40)),
        time_left: Duration::from_secs(10),
        others: 1,
    };
    assert_eq!((late.0.map(drop), late.1), (Err(past_deadline), Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_longer_pause_fails_requests_with_an_earlier_deadline_at_once() {
    let (limiter, start) = (limiter(), Instant::now());
    let (first, second) = (departed(&limiter).await, departed(&limiter).await);
    reject(&limiter, first, &[("retry-after", "1")]);
    let mut ticket = QueueTicket::default();
    let (waited, ()) = tokio::join!(
        async { (permit(&limiter, &mut ticket, start + Duration::from_secs(5)).await, start.elapsed()) },
        async { reject(&limiter, second, &[("retry-after", "30")]) },
    );
    let past_deadline = PastDeadline {
        retry_after: Some(Duration::from_secs(30)),
        time_left: Duration::from_secs(5),
        others: 0,
    };
    assert_eq!((waited.0.map(drop), waited.1), (Err(past_deadline), Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_malicious_retry_after_pauses_no_longer_than_the_limit() {
    let (limiter, start) = (limiter(), Instant::now());
    let first = departed(&limiter).await;
    accept(&limiter, first, &[("retry-after", "86400"), ("x-ratelimit-remaining", "0")]);
    departed(&limiter).await;
    let pace = NetworkLimits::default().pace;
    assert!(
        start.elapsed() >= pace && start.elapsed() < pace + Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn rejections_without_retry_after_back_off_exponentially() {
    let limiter = limiter();
    let mut waits = Vec::new();
    for _ in 0..6 {
        let permit = departed(&limiter).await;
        let rejected = Instant::now();
        reject(&limiter, permit, &[]);
        departed(&limiter).await;
        waits.push(rejected.elapsed());
    }
    for (wait, bound) in waits.iter().zip([500, 1000, 2000, 4000, 8000, 8000]) {
        // The rate applies after a pause too.
        let (least, most) = (Duration::from_millis(bound / 2), Duration::from_millis(bound + 150));
        assert!((least..=most).contains(wait), "{waits:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_rate_is_the_rate_accepted_over_the_retry_after_time() {
    let limiter = limiter();
    for _ in 0..400 {
        let permit = departed(&limiter).await;
        accept(&limiter, permit, &[]);
    }
    let permit = departed(&limiter).await;
    reject(&limiter, permit, &[("retry-after", "10")]);
    departed(&limiter).await;
    let start = Instant::now();
    departed(&limiter).await;
    // 40 a second, lowered once
    assert!((35..=37).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_low_allowance_slows_down_before_a_rejection() {
    let (limiter, now) = (limiter(), Instant::now());
    let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT"); // 784111777
    let rows = |remaining| {
        [
            date,
            ("x-ratelimit-limit", "100"),
            ("x-ratelimit-remaining", remaining),
            ("x-ratelimit-reset", "784111827"),
        ]
    };
    let permit = departed(&limiter).await;
    accept(&limiter, permit, &rows("60"));
    departed(&limiter).await;
    assert_eq!(now.elapsed(), Duration::ZERO, "there is plenty");
    let permit = departed(&limiter).await;
    accept(&limiter, permit, &rows("10"));
    departed(&limiter).await;
    let start = Instant::now();
    departed(&limiter).await;
    // 90 of 100 are released in 50 s.
    assert!((500..=560).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
    let (permit, start) = (departed(&limiter).await, Instant::now());
    accept(&limiter, permit, &rows("0"));
    departed(&limiter).await;
    assert!(start.elapsed() >= EMPTY, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_request_does_not_block_the_next_one() {
    let (limiter, start) = (Arc::new(limiter()), Instant::now());
    let permit = departed(&limiter).await;
    reject(&limiter, permit, &[("retry-after", "1")]);
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let limiter = limiter.clone();
            tokio::spawn(async move { drop(departed(&limiter).await) })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    waiting[0].abort();
    waiting[1].abort();
    waiting.into_iter().next_back().expect("three").await.expect("it is not aborted");
    assert!(start.elapsed() < Duration::from_millis(1010), "{:?}", start.elapsed());
    assert!(limiter.state().waiting.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_state_of_another_limiter_is_merged() {
    let (limiter, other, start) = (limiter(), limiter(), Instant::now());
    let permit = departed(&other).await;
    reject(&other, permit, &[("retry-after", "2")]);
    limiter.join(&other);
    departed(&limiter).await;
    assert!(start.elapsed() >= Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn the_last_requests_of_a_burst_wait_for_a_response_but_only_a_moment() {
    let (limiter, start) = (limiter(), Instant::now());
    let mut in_flight = Vec::new();
    for _ in 0..MAX_IN_FLIGHT {
        in_flight.push(departed(&limiter).await);
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    let finished = in_flight.pop().expect("there are some");
    let (_next, ()) = tokio::join!(departed(&limiter), async { accept(&limiter, finished, &[]) });
    assert_eq!(start.elapsed(), Duration::ZERO, "one has a response");
    // The others never get a response.
    let hanging = futures_util::future::join_all((0..100).map(|_| departed(&limiter))).await;
    assert_eq!(hanging.len(), 100);
    assert!(start.elapsed() <= BURST + Duration::from_millis(2), "{:?}", start.elapsed());
}
