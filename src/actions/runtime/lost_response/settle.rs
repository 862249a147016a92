//! Finding the outcome of a change whose response was lost. The change is never sent again.
//!
//! A change counts as made only with a [`Proof`]: a mark that this request left, equal content, or the requested state.
//! Everything else stays `service.outcome_unknown`, with the candidates and their links.

use time::OffsetDateTime;

use crate::actions::runtime::lost_response::candidate::Candidate;
use crate::actions::runtime::lost_response::candidate::CandidateProof;
use crate::actions::runtime::lost_response::candidate::Created;
use crate::actions::runtime::open_session::OpenSession;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::WarningCode;
use crate::contract::printable;

/// The number of attempts before the outcome stays unknown: the service shows some changes with a delay
const LOOKS: u32 = 3;

/// The maximum number of candidates in an error
const NAMED: usize = 10;

/// The proof that a lost change was made
enum Proof {
    /// The resource carries the mark of the request
    Marked,
    /// Only this resource is equal to what was sent, created by the same user since then, and not the result of another
    /// call
    ByContent,
    /// The requested state exists, no matter who caused it
    Idempotent,
}

/// Marks the outcome of a lost change as known
fn settle(mut lost: Error, _because: Proof) {
    if let Some(change) = lost.take_change() {
        change.known();
    }
}

impl OpenSession<'_> {
    /// Sends a change that creates something; when the response is lost, looks for what it created
    ///
    /// `kind` names what is created: requests of different kinds cannot have created the same resource. `look` gets the
    /// time of the request by the service's clock, and returns the candidates created since. Errors: those of `send`;
    /// `service.outcome_unknown` stays unless a candidate is proven, with the `candidates` and their links.
    pub(crate) async fn settle_creation<T: Created, L: Future<Output = Result<Vec<Candidate<T>>, Error>>>(
        &self,
        kind: &'static str,
        send: impl Future<Output = Result<T, Error>>,
        look: impl Fn(OffsetDateTime) -> L,
    ) -> Result<T, Error> {
        let before = self.connection().service_clock();
        let reported_ids = self.connection().reported_ids();
        let sending = reported_ids.sending(kind);
        let made = match send.await {
            Err(lost) if lost.code() == ErrorCode::ServiceOutcomeUnknown => {
                // This call no longer waits for a response: two lost calls must not wait for each other.
                drop(sending);
                self.look_for(kind, lost, before, look).await?
            }
            answer => {
                let made = answer?;
                reported_ids.claim(made.id());
                made
            }
        };
        if let Some(created) = made.created() {
            self.connection().observe_service_clock(created);
        }
        Ok(made)
    }

    /// Sends a change that leads to a state; when the response is lost, checks once whether the state exists
    ///
    /// `look` returns the resource if it has the requested state: it does not matter who caused it. Errors: those of
    /// `send`; `service.outcome_unknown` stays if the state does not exist.
    pub(crate) async fn settle_state<T>(
        &self,
        send: impl Future<Output = Result<T, Error>>,
        look: impl Future<Output = Result<Option<T>, Error>>,
    ) -> Result<T, Error> {
        let lost = match send.await {
            Err(lost) if lost.code() == ErrorCode::ServiceOutcomeUnknown => lost,
            answer => return answer,
        };
        let Ok(Some(there)) = look.await else { return Err(lost) };
        settle(lost, Proof::Idempotent);
        Ok(there)
    }

    async fn look_for<T: Created, L: Future<Output = Result<Vec<Candidate<T>>, Error>>>(
        &self,
        kind: &'static str,
        lost: Error,
        before: Option<OffsetDateTime>,
        look: impl Fn(OffsetDateTime) -> L,
    ) -> Result<T, Error> {
        let own = &self.connection().identity().id;
        let reported_ids = self.connection().reported_ids();
        let mut candidates = Vec::new();
        for at in 0..LOOKS {
            if at > 0 && self.pause(self.polling().first).await.is_err() {
                break;
            }
            let Ok(mut found) = look(before.unwrap_or(OffsetDateTime::UNIX_EPOCH)).await else { break };
            if let Some(marked) = found.iter().position(|one| matches!(one.proof, CandidateProof::Mark)) {
                let resource = found.swap_remove(marked).resource;
                reported_ids.claim(resource.id());
                settle(lost, Proof::Marked);
                return Ok(resource);
            }
            found.retain(|one| one.can_be_of(own, before));
            if !found.is_empty() {
                // One of these may be the result of another call that is still waiting for its response.
                let others = async {
                    reported_ids.answered(kind).await;
                    Ok(())
                };
                if self.unless_closed(others).await.is_err() {
                    break;
                }
                found.retain(|one| !reported_ids.has(&one.resource.id()));
            }
            candidates = found.iter().take(NAMED).map(Candidate::named).collect();
            if let [Candidate { resource, proof: CandidateProof::Content(compared) }] = found.as_slice()
                && before.is_some()
                && resource.created().is_some()
                && resource.creator().is_some()
                && reported_ids.claim(resource.id())
            {
                self.warn(WarningCode::SettledByContent, by_content(&candidates[0], compared));
                settle(lost, Proof::ByContent);
                return Ok(found.remove(0).resource);
            }
        }
        Err(with_candidates(lost, &candidates))
    }
}

/// Returns the warning for a success that is proven by content only
fn by_content(candidate: &str, compared: &[&str]) -> String {
    format!(
        "the response was lost; what was made was found by its content, {}: its {} are what was sent, and this user \
         made it since then; only an equal request of another process can have made it instead",
        printable(candidate, 500),
        compared.join(", "),
    )
}

/// Returns the error of a lost change, with the candidates
pub(crate) fn with_candidates(lost: Error, candidates: &[String]) -> Error {
    if candidates.is_empty() {
        return lost.help(
            "Nothing was found that the request may have made, but it may still appear. Check before you try again.",
        );
    }
    lost.help(
        "The request may have made any of the candidates in the context, or none. Check them before you try again.",
    )
    .with("candidates", candidates.join("; "))
}
