//! The page of `doctor`: what a token can do, for the person who grants what is missing.

use maud::Markup;
use maud::html;

use crate::contract::Error;
use crate::contract::Masker;
use crate::contract::Scope;
use crate::contract::UseEvidence;
use crate::contract::Verdict;
use crate::contract::local_now;
use crate::report::amounts::moment;
use crate::report::page::link;
use crate::report::page::page;
use crate::report::page::text_with_code;

/// What the page shows
pub(crate) struct TokenReport<'a> {
    /// The project
    pub(crate) project: &'a str,
    /// The result in a sentence
    pub(crate) verdict: &'a str,
    /// What is known about the connection: a name and its value
    pub(crate) facts: &'a [(&'static str, String)],
    /// The evidence for each use
    pub(crate) uses: &'a [UseEvidence],
    /// The user that needs more permissions
    pub(crate) user: &'a str,
    /// The permissions to grant, each with the place where they are granted
    pub(crate) permissions: Vec<String>,
    /// The scopes of a token that is to be created; empty if the token has enough
    pub(crate) scopes: Vec<Scope>,
    /// The address of the page that creates tokens
    pub(crate) token_page: Option<String>,
    /// What the evidence does not show
    pub(crate) limits: &'static str,
    /// The warning about a token that expires soon
    pub(crate) warning: Option<&'a str>,
    /// The masker of the token
    pub(crate) masker: &'a Masker,
}

impl TokenReport<'_> {
    /// Returns the page of a sign-in that failed; the error is masked
    pub(crate) fn of_failed_sign_in(project: &str, error: &Error) -> String {
        let title = format!("What a token can do in the project {project}");
        let body = html! {
            main {
                h1 { (title) }
                p class="verdict bad" { "The sign-in failed." }
                p class="soft" { (moment(&local_now())) }
                div class="problem" {
                    p class="message" { (error.message()) }
                    p class="help" { (text_with_code(error.help_text())) }
                    p class="facts" { span class="code" { (error.code().as_str()) } }
                }
            }
        };
        page(&title, &body)
    }

    /// Returns the whole page
    pub(crate) fn page(&self) -> String {
        let is_denied = self.uses.iter().any(|one| one.verdict == Verdict::Denied);
        let class = if is_denied { "verdict bad" } else { "verdict good" };
        let title = format!("What a token can do in the project {}", self.shown(self.project));
        let body = html! {
            main {
                h1 { (title) }
                p class=(class) { (self.shown(self.verdict)) }
                p class="soft" { (moment(&local_now())) }
                @if let Some(warning) = self.warning { p class="warn" { (self.shown(warning)) } }
                (self.to_grant())
                h2 { "Uses" }
                (self.uses_table())
                p class="soft" { (self.limits) }
                h2 { "Connection" }
                (self.facts_table())
            }
        };
        page(&title, &body)
    }

    /// What a person who may grant it has to do
    fn to_grant(&self) -> Markup {
        html! {
            h2 { "To grant" }
            @if self.permissions.is_empty() && self.scopes.is_empty() {
                p { "Nothing that is known to be missing." }
            } @else {
                ul {
                    @for permission in &self.permissions {
                        li { (self.shown(permission)) ", to " b { (self.shown(self.user)) } }
                    }
                    @if !self.scopes.is_empty() {
                        li {
                            "A token with the scopes "
                            b { (self.scopes.iter().map(|scope| scope.label()).collect::<Vec<_>>().join("; ")) }
                            @if let Some(address) = &self.token_page {
                                ", created by the same user at " (link(address, address))
                            }
                        }
                    }
                }
            }
        }
    }

    fn uses_table(&self) -> Markup {
        html! {
            table class="uses" {
                thead { tr { th { "Use" } th { "Permission" } th { "Token scope" } th { "Result" } } }
                tbody {
                    @for one in self.uses {
                        @let class = match one.verdict {
                            Verdict::Granted => "good",
                            Verdict::Denied => "bad",
                            Verdict::Unknown => "soft",
                        };
                        tr {
                            td data-head="Use" { span class="code" { (one.usage.as_str()) } }
                            td data-head="Permission" {
                                (one.permission)
                                div class="facts" { (one.permission_place) ": " (one.permission_is.to_string()) }
                            }
                            td data-head="Token scope" {
                                (one.scope)
                                div class="facts" { (one.scope_is.to_string()) }
                            }
                            td data-head="Result" { span class=(class) { (one.verdict.to_string()) } }
                        }
                    }
                }
            }
        }
    }

    fn facts_table(&self) -> Markup {
        html! {
            table class="connection" {
                tbody {
                    @for (name, value) in self.facts {
                        tr { td { (name) } td { (self.shown(value)) } }
                    }
                }
            }
        }
    }

    fn shown(&self, text: &str) -> String {
        self.masker.mask(text).to_string()
    }
}
