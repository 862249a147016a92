//! How many actions and runs a bot run may start.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use crate::actions::Entry;
use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::PolicyRule;
use crate::contract::Retry;
use crate::contract::counted;

/// The window of the limit on actions
const MINUTE: Duration = Duration::from_secs(60);

/// The limits of a bot run, each with its rule
#[derive(Debug, Clone, Default)]
pub struct PolicyLimits {
    /// Actions started in one minute
    pub actions_per_minute: Option<(u32, PolicyRule)>,
    /// Pipeline runs and deployments started
    pub runs: Option<(u32, PolicyRule)>,
}

impl PolicyLimits {
    fn is_empty(&self) -> bool {
        self.actions_per_minute.is_none() && self.runs.is_none()
    }
}

/// What the bot runs of a process have used of their limits
#[derive(Debug, Default)]
pub(in crate::dispatch) struct LimitUsage(Mutex<HashMap<BotRunId, RunUsage>>);

#[derive(Debug, Default)]
struct RunUsage {
    /// When the actions of the last minute started
    actions: VecDeque<Instant>,
    /// Runs started, or about to be
    runs: u32,
}

impl LimitUsage {
    /// Counts an action that is about to start
    ///
    /// Errors: `policy.denied` if a limit is reached; then nothing is counted.
    pub(in crate::dispatch) fn begin(
        &self,
        limits: &PolicyLimits,
        run: &BotRunId,
        entry: &Entry,
    ) -> Result<(), Error> {
        if limits.is_empty() {
            return Ok(());
        }
        let mut all = self.lock();
        let usage = all.entry(run.clone()).or_default();
        let now = Instant::now();
        while usage.actions.front().is_some_and(|start| now - *start >= MINUTE) {
            usage.actions.pop_front();
        }
        if let Some((most, rule)) = &limits.actions_per_minute
            && usage.actions.len() >= usize::try_from(*most).unwrap_or(usize::MAX)
        {
            let actions = counted(*most, "action");
            let why = format!(", since this bot run has started {actions} in the last minute");
            return Err(rule.denies(entry.words, &why).retry(Retry::Later));
        }
        if let Some((most, rule)) = &limits.runs
            && entry.starts_run
        {
            if usage.runs >= *most {
                let why = format!(", since this bot run has started {}", counted(*most, "run"));
                return Err(rule.denies(entry.words, &why));
            }
            usage.runs += 1;
        }
        if limits.actions_per_minute.is_some() {
            usage.actions.push_back(now);
        }
        Ok(())
    }

    /// Returns the run of an action that started none
    pub(in crate::dispatch) fn started_none(&self, run: &BotRunId, entry: &Entry) {
        if entry.starts_run
            && let Some(usage) = self.lock().get_mut(run)
        {
            usage.runs = usage.runs.saturating_sub(1);
        }
    }

    /// Forgets the bot runs that have ended
    pub(in crate::dispatch) fn retain(&self, is_running: impl Fn(&BotRunId) -> bool) {
        self.lock().retain(|run, _| is_running(run));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<BotRunId, RunUsage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
