//! The error codes: stable, dotted, few. Add a code only if a flow would branch on it.

use std::fmt;

use crate::contract::ServiceKind;

/// One row for each code: variant, text, meaning, advice to the bot's author, and the advice on a server if it differs.
macro_rules! codes {
    ($($variant:ident $text:literal $meaning:literal $advice:literal $(server $server:literal)?;)+) => {
        /// What went wrong, as a stable dotted code that a flow can branch on
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ErrorCode { $(#[doc = $meaning] $variant,)+ }

        impl ErrorCode {
            /// Every code, in the order of `docs/errors.md`
            pub const ALL: &[ErrorCode] = &[$(ErrorCode::$variant,)+];

            /// Returns the code's text: `session.not_found`
            pub const fn as_str(self) -> &'static str {
                match self { $(ErrorCode::$variant => $text,)+ }
            }

            /// Returns the meaning of the code, in one sentence
            pub const fn meaning(self) -> &'static str {
                match self { $(ErrorCode::$variant => $meaning,)+ }
            }

            /// Returns what the author or operator of the bot can do, in the words of the hosted service
            pub const fn advice(self) -> &'static str {
                match self { $(ErrorCode::$variant => $advice,)+ }
            }

            /// Returns what the author or operator of the bot can do, in the words of a service
            pub const fn advice_on(self, service: ServiceKind) -> &'static str {
                match (service, self) {
                    $($((ServiceKind::Server, ErrorCode::$variant) => $server,)?)+
                    _ => self.advice(),
                }
            }
        }
    };
}

codes! {
    InputInvalid "input.invalid"
        "An input is missing, unknown, of the wrong type, or not allowed."
        "Correct what the message names.";
    OrganizationInvalidUrl "organization.invalid_url"
        "The organization URL is not of the accepted form, or its host is not allowed."
        "Write `https://dev.azure.com/<organization>`; another server has to be allowed by the operator.";
    OrganizationNotFound "organization.not_found"
        "There is no such organization."
        "Compare the organization's name with the address in a browser that is signed in to it."
        server "Compare the collection's name with the address in a browser that is signed in to it.";
    OrganizationDisabled "organization.disabled"
        "The organization exists and has been deactivated."
        "An organization owner has to sign in and reactivate it; a retry does not help."
        server "The server's administrator has to start the collection; a retry does not help.";
    ProjectInvalidName "project.invalid_name"
        "The text cannot be the name of an Azure DevOps project."
        "Write the project's name as the project list shows it, without a path or URL.";
    ProjectNotFound "project.not_found"
        "The organization has no such project, or the token's user cannot see it."
        "Compare the name with the similar names in the message, or request access to the project.";
    CredentialNotFound "credential.not_found"
        "The referenced credential cannot be read."
        "Create it where the reference points, or correct the reference or the operator's mapping.";
    CredentialInvalidFormat "credential.invalid_format"
        "The text cannot be a personal access token."
        "Enter the token as Azure DevOps showed it: no quotes, spaces, `Basic`, user name or encoding.";
    CredentialOrganizationMismatch "credential.organization_mismatch"
        "The credential belongs to a different organization."
        "Use the credential of this organization, or correct its `organization` in the operator's file."
        server "Use the credential of this collection, or correct its `organization` in the operator's file.";
    CredentialTimeout "credential.timeout"
        "The credential store did not respond in time."
        "Check that the store is running and reachable; a later retry may help.";
    AuthFailed "auth.failed"
        "Azure DevOps does not accept the token."
        "If the message quotes a reason of Azure DevOps, remove it. Otherwise create a new token for this organization and \
         store it; the token may be wrong, expired or revoked. An application of Microsoft Entra has to be a user of the \
         organization. If the token works on another machine, a conditional access policy may exclude the address of this \
         one."
        server "If the message quotes a reason of the server, remove it. Otherwise create a new token for this collection and \
         store it; the token may be wrong, expired or revoked. A server accepts no tokens of Microsoft Entra.";
    AuthScopeMissing "auth.scope_missing"
        "The token is valid but lacks the scope that this action needs."
        "Create a token that has the named scope, or add the scope to this one.";
    PermissionDenied "permission.denied"
        "The token's user is not allowed to do this, or a policy of the organization forbids it."
        "Request the permission that the message or the help shows; if neither shows one, show the message to an \
         administrator of the organization."
        server "Request the permission that the message or the help shows; if neither shows one, show the message to an \
         administrator of the collection.";
    SessionNotFound "session.not_found"
        "No open session of this bot run or its run tree has that name or handle."
        "Connect first, or correct the name; a local session is seen only by the bot that opened it.";
    SessionClosed "session.closed"
        "The session was closed before."
        "Connect again, or move the action before the Disconnect.";
    SessionNameInUse "session.name_in_use"
        "A session of that name is open in that scope."
        "Disconnect it first, use another name, or set `ifSessionExists` to REUSE or REPLACE.";
    SessionWrongType "session.wrong_type"
        "The variable or handle is another package's session."
        "Use a session variable of the subtype Azure DevOps session.";
    StoreUnavailable "store.unavailable"
        "The store that shares the sessions of a run tree with other processes did not respond as it must."
        "Ask the operator to check the session store and the way to it; local sessions work without it. A retry may help.";
    ResourceNotFound "resource.not_found"
        "The repository, file, pipeline, pipeline run or other resource does not exist, or the token's user cannot see it."
        "Compare the name or the id with what the list action returns; a session sees its own project only.";
    ResourceConflict "resource.conflict"
        "The resource exists already, or was changed meanwhile."
        "Use another name, or read the resource again and repeat the change.";
    ServiceRateLimited "service.rate_limited"
        "Azure DevOps throttles the requests, and the wait is longer than the time left."
        "Retry after the time in `retryAfterSeconds`, if it is present, or run fewer bots as this user at the same time.";
    ServiceUnavailable "service.unavailable"
        "Azure DevOps responds that it cannot serve the request now."
        "Retry later.";
    ServiceRejected "service.rejected"
        "Azure DevOps understood the request and rejected its content; its own message is quoted."
        "Correct what the quoted message names.";
    ServiceBadResponse "service.bad_response"
        "The response does not come from Azure DevOps: it is not JSON, is cut off, or has an unexpected shape."
        "Something on the way, such as a proxy or the sign-in page of a network, may have responded; open the organization's \
         URL in a browser on that machine."
        server "Something on the way, such as a proxy or the sign-in page of a network, may have responded; open the \
         collection's URL in a browser on that machine.";
    ServiceResponseTooLarge "service.response_too_large"
        "The response is larger than the limit."
        "Request less: use a filter, a smaller list, or a single object.";
    ServiceOutcomeUnknown "service.outcome_unknown"
        "The request may have been carried out; its response was lost."
        "Check whether it was carried out before you retry; the message says where.";
    NetworkFailed "network.failed"
        "Azure DevOps could not be reached: the connection broke, or a gateway or the network itself responded."
        "Check name resolution and firewall; name a proxy with `--proxy`. A retry may help.";
    NetworkTls "network.tls"
        "The server's certificate or its TLS configuration is not trusted."
        "Pass a private certificate authority with `--ca FILE`; check the machine's clock.";
    DeadlineExceeded "deadline.exceeded"
        "The action did not finish within its time limit."
        "Raise the action's time limit, or find out why it takes long.";
    LimitExceeded "limit.exceeded"
        "A limit of this package or of the operator is reached."
        "Close what is not needed, or ask the operator to raise the limit that the message names.";
    PolicyDenied "policy.denied"
        "The operator's policy does not allow this. No request was sent."
        "Take the action out of the flow, or ask the operator to change the rule that the message names.";
    Cancelled "cancelled"
        "The bot run was cancelled or ended while the action worked."
        "No action is needed; the message says whether the service may have carried out the request.";
    ActionUnknown "action.unknown"
        "The package has no such action."
        "`azdo-bot actions` lists the actions.";
    BotRunUnknown "bot_run.unknown"
        "No such bot run was started."
        "Start the bot run before its first action.";
    BotRunEnded "bot_run.ended"
        "The bot run, or the root of its run tree, has ended."
        "Start a new bot run; a child cannot outlive its root.";
    AuditFailed "audit.failed"
        "The audit line could not be written: the action is not recorded, or was not started."
        "Check the disk and the permissions of the audit file, or the system's log. `outcome` in the context is the result \
         of the action: `ok`, `not_begun`, or the code it failed with.";
    BotUnreadable "bot.unreadable"
        "The file is not a bot file."
        "Export the bot again; the message gives line and column.";
    BotUnsupportedNode "bot.unsupported_node"
        "The flow has a node that this host does not support."
        "Remove or disable the node, or run the bot on the platform for which it was made.";
    BotChildNotFound "bot.child_not_found"
        "The file of a child bot is not in the repository folder."
        "Copy it there, or pass the right folder with `--repository DIR`.";
    BotChildCycle "bot.child_cycle"
        "Child bots call each other in a circle."
        "Break the circle that the message shows.";
    BotExpression "bot.expression"
        "An expression names an unknown variable or method, or cannot be computed."
        "Correct the expression at the place that the message names.";
    BotThrown "bot.thrown"
        "The flow itself threw an error."
        "The message comes from the flow.";
    FileNoSpace "file.no_space"
        "A file on this machine cannot be written: the disk is full, or the user's quota is used up."
        "Free disk space, or name another location, then retry.";
    FileFailed "file.failed"
        "A file on this machine cannot be read or written; the message says why."
        "Correct what the message names: the path, the permissions, the file system, or the limit of open files.";
    Internal "internal"
        "An internal error of this package."
        "Report it with the message; other bot runs are not affected.";
}

impl ErrorCode {
    /// Returns the code with this text, if there is one
    pub fn parse(text: &str) -> Option<ErrorCode> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_dotted_lower_case_unique_and_documented() {
        let mut seen = std::collections::BTreeSet::new();
        for code in ErrorCode::ALL {
            let text = code.as_str();
            assert!(seen.insert(text), "{text} is listed twice");
            assert!(text.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '_'), "{text}");
            assert!(code.meaning().ends_with('.') && code.advice().ends_with('.'), "{text}");
            assert_eq!(ErrorCode::parse(text), Some(*code));
        }
        assert_eq!(ErrorCode::parse("no.such_code"), None);
    }

    #[test]
    fn the_advice_for_a_server_speaks_of_a_collection() {
        for code in ErrorCode::ALL {
            let (hosted, server) = (code.advice_on(ServiceKind::Hosted), code.advice_on(ServiceKind::Server));
            assert_eq!(hosted, code.advice(), "{code}");
            // A key of the operator's file and the form of a URL are equal for both.
            let words =
                server.replace("`organization`", "").replace("`https://dev.azure.com/<organization>`", "");
            assert!(!words.to_lowercase().contains("organization"), "{code}: {server}");
            assert!(!hosted.contains("collection"), "{code}: {hosted}");
            assert!(server.ends_with('.'), "{code}");
        }
    }
}
