//! What a connection does when its token is refused, or when somebody wants to know if it is good.

use tokio::sync::MutexGuard;

use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::TokenSource;
use crate::devops::connection::Connection;
use crate::devops::identity;
use crate::devops::identity::Identity;
use crate::devops::response::ResponseClass;
use crate::devops::sign_in_response::SignInResponse;
use crate::devops::token_state::CurrentToken;
use crate::devops::token_state::TokenStatus;

impl Connection {
    /// The token for a request; one that is about to end is replaced first
    ///
    /// When another cannot be had, the one in use has its last minutes still, and a refusal settles it.
    pub(super) async fn pass(&self, call: &Call, tokens: &dyn TokenSource) -> Result<CurrentToken, Error> {
        let current = || self.access.pass().ok_or_else(|| self.place.stale());
        if !current()?.token.is_due() {
            return current();
        }
        // Who asks already asks for all, and nobody waits for a store that hangs.
        let Ok(_asking) = self.access.question.try_lock() else { return current() };
        if current()?.token.is_due()
            && let Ok(token) = self.resolve(call, tokens).await
        {
            self.access.renew(token);
        }
        current()
    }

    async fn resolve(&self, call: &Call, tokens: &dyn TokenSource) -> Result<Secret, Error> {
        let target = ConnectTarget {
            organization: self.organization(),
            project: &self.requested,
            scheme: self.scheme,
        };
        resolve(call, tokens, &self.credential, target).await
    }

    /// Finds out why a pass was refused: nothing means a missing scope, a pass is to be tried next
    pub(super) async fn settle_refusal(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        refused: &CurrentToken,
    ) -> Result<Option<CurrentToken>, Error> {
        let _asking = self.ask_first(call).await?;
        match self.access.standing(refused) {
            TokenStatus::Stale => return Err(self.place.not_accepted()),
            TokenStatus::Good => return Ok(None),
            TokenStatus::Renewed(pass) => return Ok(Some(pass)),
            TokenStatus::Unknown => {}
        }
        if self.who(call, &refused.token).await?.is_some() {
            self.access.confirm();
            return Ok(None);
        }
        self.renew(call, tokens, refused).await?;
        Ok(self.access.pass())
    }

    /// Waits until nobody else asks about the token
    pub(super) async fn ask_first(&self, call: &Call) -> Result<MutexGuard<'_, ()>, Error> {
        tokio::time::timeout_at(call.deadline(), self.access.question.lock())
            .await
            .map_err(|_| out_of_time("find out whether the token is still good"))
    }

    /// Who a token's user is; nothing if the token is not accepted
    pub(super) async fn who(&self, call: &Call, token: &Secret) -> Result<Option<Identity>, Error> {
        let request = identity::request();
        let url = request.url(&self.transport.base, "", &[])?;
        let answer = self.transport.ask(call, &request, &url, token).await?;
        let heard = SignInResponse::identity(answer);
        if heard.meaning == ResponseClass::NotSignedIn {
            return Ok(None);
        }
        let identity = heard.into_value(&request, &self.place, token)?.identity();
        if let Some(identity) = &identity {
            self.transport.user.identify(&identity.id);
        }
        Ok(identity)
    }

    /// Resolves the credential once more; a token that differs and works takes the old one's place
    pub(super) async fn renew(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        refused: &CurrentToken,
    ) -> Result<Identity, Error> {
        tokens.refused(&refused.token);
        let token = match self.resolve(call, tokens).await {
            Ok(token) => token,
            // A store that took too long or was not reached says nothing about the token; the next action
            // asks again.
            Err(error)
                if matches!(
                    error.code(),
                    ErrorCode::DeadlineExceeded
                        | ErrorCode::CredentialTimeout
                        | ErrorCode::NetworkFailed
                        | ErrorCode::NetworkTls
                ) =>
            {
                return Err(error);
            }
            Err(error) => {
                self.access.give_up();
                return Err(self.place.not_accepted().caused_by(error));
            }
        };
        if token.expose() != refused.token.expose()
            && let Some(identity) = self.who(call, &token).await?
        {
            self.access.renew(token);
            return Ok(identity);
        }
        self.access.give_up();
        Err(self.place.not_accepted())
    }
}

/// The token of a credential, within the call's time
pub(super) async fn resolve(
    call: &Call,
    tokens: &dyn TokenSource,
    credential: &Credential,
    target: ConnectTarget<'_>,
) -> Result<Secret, Error> {
    let token = tokio::time::timeout_at(call.deadline(), tokens.token(credential, target))
        .await
        .unwrap_or_else(|_| Err(out_of_time("resolve the credential")))?;
    Ok(if target.scheme == Scheme::Bearer { token.as_bearer() } else { token })
}

fn out_of_time(words: &str) -> Error {
    Error::new(ErrorCode::DeadlineExceeded, format!("Could not {words}: the action's time limit is reached"))
}
