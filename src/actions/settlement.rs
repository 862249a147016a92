//! What becomes of a POST whose answer is lost: it is never sent again, but what it made is looked for.

use time::OffsetDateTime;

use crate::actions::OpenSession;
use crate::contract::Error;
use crate::contract::ErrorCode;

/// How often is looked before the outcome stays unknown: the service shows some things only after a moment
const LOOKS: u32 = 3;

/// How many candidates an error names
const NAMED: usize = 10;

/// Something that a POST makes
pub(crate) trait Made {
    /// When the service made it, as the service says it
    fn created(&self) -> Option<OffsetDateTime>;

    /// The id of who made it, if the service says it
    fn maker(&self) -> Option<&str>;

    /// What a person finds it by: `the pipeline run 7`
    fn label(&self) -> String;

    /// Its address in a browser
    fn link(&self) -> Option<&str>;
}

impl OpenSession<'_> {
    /// Waits for a POST's answer; when it is lost, looks for exactly one thing it can have made
    ///
    /// `look` returns what is there and fits: under the same name, from the same input. What somebody else made, or
    /// what is older than the service's clock was before the POST, is not it. Errors: those of `send`;
    /// `service.outcome_unknown` stays when nothing or more than one thing fits, or one of which the service does
    /// not say when or by whom it was made; then its context has the `candidates` with their links.
    pub(crate) async fn settled<T: Made, L: Future<Output = Result<Vec<T>, Error>>>(
        &self,
        send: impl Future<Output = Result<T, Error>>,
        look: impl Fn(OffsetDateTime) -> L,
    ) -> Result<T, Error> {
        let before = self.connection().service_clock();
        let made = match send.await {
            Err(lost) if lost.code() == ErrorCode::ServiceOutcomeUnknown => {
                self.look_for(lost, before, look).await?
            }
            answer => answer?,
        };
        if let Some(created) = made.created() {
            self.connection().hear_service_clock(created);
        }
        Ok(made)
    }

    /// Waits for the answer of a change that leads to a state; when it is lost, looks once whether the state is there
    ///
    /// `look` answers what is there if that is what was asked for: whoever brought it about, nothing is left to
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
        self.settle_change();
        Ok(there)
    }

    async fn look_for<T: Made, L: Future<Output = Result<Vec<T>, Error>>>(
        &self,
        lost: Error,
        before: Option<OffsetDateTime>,
        look: impl Fn(OffsetDateTime) -> L,
    ) -> Result<T, Error> {
        // A service that never told the time leaves nothing to tell old from new by.
        let Some(before) = before else { return Err(lost) };
        let own = &self.connection().identity().id;
        for _ in 0..LOOKS {
            let Ok(mut found) = look(before).await else { return Err(lost) };
            found.retain(|one| {
                one.created().is_none_or(|created| created > before)
                    && one.maker().is_none_or(|maker| maker.eq_ignore_ascii_case(own))
            });
            match found.as_slice() {
                [] => {}
                [one] if one.created().is_some() && one.maker().is_some() => {
                    self.settle_change();
                    return Ok(found.remove(0));
                }
                several => return Err(with_candidates(lost, several)),
            }
            if self.pause(self.polling().first).await.is_err() {
                return Err(lost);
            }
        }
        Err(lost.help(
            "Nothing was found that it can have made, which may still appear. Look before trying again.",
        ))
    }
}

fn with_candidates<T: Made>(lost: Error, found: &[T]) -> Error {
    let named = |one: &T| match one.link() {
        Some(link) => format!("{}: {link}", one.label()),
        None => one.label(),
    };
    let candidates: Vec<String> = found.iter().take(NAMED).map(named).collect();
    lost.help(
        "It can have made any of the candidates in the context, or none. Look at them before trying again.",
    )
    .with("candidates", candidates.join("; "))
}
