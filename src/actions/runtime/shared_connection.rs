//! Connections for the sessions that other processes of the run tree opened.

use std::sync::Arc;

use crate::actions::runtime::context::Context;
use crate::contract::Credential;
use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::LockerCredential;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Scheme;
use crate::contract::SessionReference;
use crate::contract::TextKind as _;
use crate::contract::TokenSource;
use crate::contract::WarningCode;
use crate::devops::ConnectRequest;
use crate::devops::Connection;
use crate::sessions::ConnectionReference;
use crate::sessions::Reservation;
use crate::sessions::Session;
use crate::sessions::Sessions;
use crate::sessions::SharedCredential;
use crate::sessions::SharedSession;

/// Returns a connection by reference; nothing if no other process can resolve its credential, and the operator allows no
/// sealed tokens
pub(crate) fn shared_record(
    sessions: &Sessions<Connection>,
    reservation: &Reservation<Connection>,
    connection: &Connection,
    tokens: &dyn TokenSource,
) -> Result<Option<ConnectionReference>, Error> {
    let (credential, scheme) = connection.access();
    let credential = match credential {
        of_host if tokens.is_of_host(of_host) => {
            match sessions.seal_token(reservation, &*connection.token()?)? {
                Some(sealed) => sealed,
                None => return Ok(None),
            }
        }
        Credential::Reference(reference) => SharedCredential::Reference(reference.to_string()),
        Credential::Locker(locker) => SharedCredential::Locker {
            locker: locker.locker_name.clone(),
            name: locker.name.clone(),
            attribute: locker.attribute_name.clone(),
        },
        Credential::Insecure(token) => match sessions.seal_token(reservation, token)? {
            Some(sealed) => sealed,
            None => return Ok(None),
        },
    };
    Ok(Some(ConnectionReference {
        organization: connection.organization().to_string(),
        project: connection.project().id.clone(),
        user: connection.identity().id.clone(),
        bearer: scheme == Scheme::Bearer,
        credential,
    }))
}

impl Context<'_> {
    /// Opens a connection for a session that only another process of the run tree has, so that the action finds it
    ///
    /// Errors: those of Connect, and `store.unavailable`.
    pub async fn attach(&self, reference: &SessionReference) -> Result<(), Error> {
        match self.services.sessions.refresh(self.bot_run, reference).await? {
            Some(shared) => self.adopt(shared).await.map(drop),
            None => Ok(()),
        }
    }

    /// Opens a connection with this process's own rights for a session that another process opened
    ///
    /// Errors: those of Connect; `auth.failed` if the credential belongs to another user here.
    pub(crate) async fn adopt(
        &self,
        shared: SharedSession<Connection>,
    ) -> Result<Arc<Session<Connection>>, Error> {
        let record = shared.record();
        let unreadable = || {
            let message =
                format!("The record of the {} in the session store cannot be used", shared.target());
            Error::new(ErrorCode::StoreUnavailable, message)
                .help("Use the same version of azdo-bot for all processes of a run tree.")
        };
        let organization = OrganizationUrl::parse(&record.organization).map_err(|_| unreadable())?;
        let project = ProjectName::parse(&record.project).map_err(|_| unreadable())?;
        let credential = match &record.credential {
            SharedCredential::Reference(text) => {
                Credential::Reference(CredentialReference::parse(text).map_err(|_| unreadable())?)
            }
            SharedCredential::Locker { locker, name, attribute } => Credential::Locker(LockerCredential {
                locker_name: locker.clone(),
                name: name.clone(),
                attribute_name: attribute.clone(),
            }),
            SharedCredential::Sealed(sealed) => {
                Credential::Insecure(self.services.sessions.open_token(&shared, sealed)?)
            }
        };
        let scheme = if record.bearer { Scheme::Bearer } else { Scheme::Basic };
        let shown = credential.shown();
        let request = ConnectRequest { organization: &organization, project: &project, credential, scheme };
        // On the heap, the state of a Connect is not part of every call that may need one.
        let tokens = self.tokens();
        let connection = Box::pin(self.services.network.connect(request, &tokens, self.call)).await?;
        if connection.identity().id != record.user {
            let message = format!(
                "The {} was opened as another user than the one to whom {shown} belongs in this process",
                shared.target()
            );
            return Err(Error::new(ErrorCode::AuthFailed, message).help(
                "Give both machines a token of the same user under this reference, or connect to a session of this bot.",
            ));
        }
        if shared.version() != env!("CARGO_PKG_VERSION") {
            let message = format!(
                "the {} was opened by version {} of azdo-bot, and this process has version {}",
                shared.target(),
                shared.version(),
                env!("CARGO_PKG_VERSION")
            );
            self.warn(WarningCode::OtherVersion, message);
        }
        self.services.sessions.adopt(shared, connection)
    }
}
