//! What becomes of a change whose response is lost: it is never sent again, but its outcome is looked for and proven.
//!
//! A change counts as made only from a [`Proof`]: a mark that this one request left, its whole content, or a state that
//! is there. Everything else stays `service.outcome_unknown`, with the candidates and their links.

use time::OffsetDateTime;

use crate::actions::runtime::lost_response::candidate::Candidate;
use crate::actions::runtime::lost_response::candidate::Likeness;
use crate::actions::runtime::lost_response::candidate::Made;
use crate::actions::runtime::open_session::OpenSession;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::WarningCode;
use crate::contract::printable;

/// How often is looked before the outcome stays unknown: the service shows some things only after a moment
const LOOKS: u32 = 3;

/// How many candidates an error names
const NAMED: usize = 10;

/// Why a lost change counts as made; nothing else settles one
enum Proof {
    /// The thing has the request's own mark
    Marked,
    /// The thing is the only one that is whole what was sent, made by the same user since then, and no other call's
    ByContent,
    /// What was asked for is there, whoever brought it about
    Idempotent,
}

/// Takes the lost change out of those whose outcome is unknown
fn settle(mut lost: Error, _because: Proof) {
    if let Some(change) = lost.take_change() {
        change.known();
    }
}

impl OpenSession<'_> {
    /// Waits for the response to a change that makes something; when it is lost, looks for what it has made
    ///
    /// `kind` is the word for what is made: two requests of other kinds cannot have made the same thing. `look` gets
    /// the moment after which it was made, as the service's clock had it, and returns the candidates. Errors: those of
    /// `send`; `service.outcome_unknown` stays unless a candidate is proven, with the `candidates` and their links.
    pub(crate) async fn settled<T: Made, L: Future<Output = Result<Vec<Candidate<T>>, Error>>>(
        &self,
        kind: &'static str,
        send: impl Future<Output = Result<T, Error>>,
        look: impl Fn(OffsetDateTime) -> L,
    ) -> Result<T, Error> {
        let before = self.connection().service_clock();
        let handed_out = self.connection().handed_out();
        let sending = handed_out.sending(kind);
        let made = match send.await {
            Err(lost) if lost.code() == ErrorCode::ServiceOutcomeUnknown => {
                // It waits for no answer any more: two lost calls must not wait for each other.
                drop(sending);
                self.look_for(kind, lost, before, look).await?
            }
            answer => {
                let made = answer?;
                handed_out.claim(made.id());
                made
            }
        };
        if let Some(created) = made.created() {
            self.connection().hear_service_clock(created);
        }
        Ok(made)
    }

    /// Waits for the response to a change that leads to a state; when it is lost, looks once whether the state is there
    ///
    /// `look` returns what is there if all that was asked for is so: whoever brought it about, nothing is left to
    /// do. Errors: those of `send`; `service.outcome_unknown` stays when it is not there.
    pub(crate) async fn reached<T>(
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

    async fn look_for<T: Made, L: Future<Output = Result<Vec<Candidate<T>>, Error>>>(
        &self,
        kind: &'static str,
        lost: Error,
        before: Option<OffsetDateTime>,
        look: impl Fn(OffsetDateTime) -> L,
    ) -> Result<T, Error> {
        let own = &self.connection().identity().id;
        let handed_out = self.connection().handed_out();
        let mut candidates = Vec::new();
        for at in 0..LOOKS {
            if at > 0 && self.pause(self.polling().first).await.is_err() {
                break;
            }
            let Ok(mut found) = look(before.unwrap_or(OffsetDateTime::UNIX_EPOCH)).await else { break };
            if let Some(marked) = found.iter().position(|one| matches!(one.likeness, Likeness::Marked)) {
                let thing = found.swap_remove(marked).thing;
                handed_out.claim(thing.id());
                settle(lost, Proof::Marked);
                return Ok(thing);
            }
            found.retain(|one| one.can_be_of(own, before));
            if !found.is_empty() {
                // One of these can be what another call is just being told of.
                let others = async {
                    handed_out.answered(kind).await;
                    Ok(())
                };
                if self.unless_closed(others).await.is_err() {
                    break;
                }
                found.retain(|one| !handed_out.has(&one.thing.id()));
            }
            candidates = found.iter().take(NAMED).map(Candidate::named).collect();
            if let [Candidate { thing, likeness: Likeness::Whole(compared) }] = found.as_slice()
                && before.is_some()
                && thing.created().is_some()
                && thing.maker().is_some()
                && handed_out.claim(thing.id())
            {
                self.warn(WarningCode::SettledByContent, by_content(&candidates[0], compared));
                settle(lost, Proof::ByContent);
                return Ok(found.remove(0).thing);
            }
        }
        Err(with_candidates(lost, &candidates))
    }
}

/// What a person should know of a success that no mark proves
fn by_content(candidate: &str, compared: &[&str]) -> String {
    format!(
        "the response was lost; what was made was found by its content, {}: its {} are what was sent, and this user \
         made it since then; only an equal request of another process can have made it instead",
        printable(candidate, 500),
        compared.join(", "),
    )
}

/// The error of a lost change, with what it can have made
pub(crate) fn with_candidates(lost: Error, candidates: &[String]) -> Error {
    if candidates.is_empty() {
        return lost.help(
            "Nothing was found that it can have made, which may still appear. Look before trying again.",
        );
    }
    lost.help(
        "It can have made any of the candidates in the context, or none. Look at them before trying again.",
    )
    .with("candidates", candidates.join("; "))
}
