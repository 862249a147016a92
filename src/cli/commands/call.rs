//! `azdo-bot call ACTION`: connects, runs one action and disconnects.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::output::stderr;
use crate::cli::output::table::table;
use crate::cli::process::ending::Ending;
use crate::cli::setup::flags::ConnectFlags;
use crate::cli::setup::values::credential;
use crate::cli::setup::values::name_and_value;
use crate::cli::setup::values::plain;
use crate::cli::setup::values::read_at;
use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::Failure;
use crate::contract::Invocation;
use crate::contract::Masker;
use crate::contract::Progress;
use crate::contract::SessionTarget;
use crate::contract::Success;
use crate::contract::Value;
use crate::contract::read_json;
use crate::credentials::CredentialResolver;
use crate::dispatch::Dispatcher;
use crate::package;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::package::Returns;
use crate::setup::Configuration;
use crate::setup::Lookup;

/// The largest list or dictionary that is accepted as a value, in bytes
const MAX_VALUE: usize = 1 << 20;

/// The arguments of `call`
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// The action in any spelling, such as list-repositories
    action: String,
    /// The inputs of the action; @env:NAME and @file:PATH read the value, @@ is an @
    #[arg(value_name = "NAME=VALUE", value_parser = name_and_value)]
    inputs: Vec<(String, String)>,
    /// The organization: https://dev.azure.com/<organization>
    #[arg(long, value_name = "URL")]
    organization_url: String,
    /// The project
    #[arg(long, value_name = "NAME")]
    project: String,
    /// A reference to the token: env:NAME or file:PATH
    #[arg(long, value_name = "REFERENCE")]
    credential: String,
    #[command(flatten)]
    connect: ConnectFlags,
}

pub(in crate::cli) async fn call(
    arguments: Arguments,
    json: bool,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let card = package::action(&arguments.action)
        .ok_or_else(|| Fail::new(package::unknown_action(&arguments.action), USAGE))?;
    if card.returns == Returns::Session {
        return Err(Fail::usage("call connects by itself; name another action"));
    }
    let reference = credential(&arguments.credential)?;
    let configuration = Configuration::new(arguments.connect.into(), lookup.clone())?;
    let resolver = configuration.credential_resolver()?.trusting(reference.clone());
    let inputs = ending.or_done(inputs(card, &arguments.inputs, &lookup, &resolver)).await??;
    card.check(inputs.clone()).map_err(|error| Fail::new(error, USAGE))?;

    let dispatcher = configuration.dispatcher(
        Some(Path::new(".")),
        configuration.network_options()?,
        Box::new(resolver),
    )?;
    dispatcher.called_by("azdo-bot call", env!("CARGO_PKG_VERSION"));
    let run = BotRunId::mint();
    dispatcher.start(&run, None).map_err(|error| Fail::new(error, FAILED))?;
    let connect = Dictionary::from_iter([
        ("personalAccessToken".to_owned(), Value::from(reference.to_string())),
        ("organizationUrl".to_owned(), Value::from(arguments.organization_url)),
        ("projectName".to_owned(), Value::from(arguments.project)),
    ]);
    let result = connect_and_run(&dispatcher, &run, connect, card, inputs, &ending).await;
    let masker = dispatcher.masker(&run);
    let ended = dispatcher.end(&run);
    let success = result?;
    ended.map_err(|error| Fail::new(error, FAILED))?;
    print(card, success, &masker.unwrap_or_default(), json)?;
    Ok(ExitCode::SUCCESS)
}

async fn connect_and_run(
    dispatcher: &Dispatcher,
    run: &BotRunId,
    connect: Dictionary,
    card: &ActionCard,
    inputs: Dictionary,
    ending: &Ending,
) -> Result<Success, Fail> {
    let connect = Invocation::new(run.clone(), "connect", connect).target(Some(SessionTarget::default()));
    let action = Invocation::new(run.clone(), card.name.clone(), inputs);
    let failed = |failure: Failure| Fail::new(failure.error, FAILED).exiting(ending.exit_code());
    let signalled = || async {
        ending.signalled().await;
        dispatcher.end_soon();
    };
    // A denied action needs no session: it is called only to be refused and recorded.
    let is_denied = dispatcher.policy().denies(&action.action, &action.inputs);
    let mut requests = 0;
    if !is_denied {
        requests = dispatcher.execute_until(connect, &Lines, signalled()).await.map_err(failed)?.requests;
    }
    let mut success = dispatcher.execute_until(action, &Lines, signalled()).await.map_err(failed)?;
    success.requests += requests;
    Ok(success)
}

/// Writes progress to standard error if that is a terminal
struct Lines;

impl Progress for Lines {
    fn report(&self, message: &str) {
        if stderr::is_terminal() {
            stderr::line(message);
        }
    }
}

/// Converts the inputs of the command line to the types of their fields
async fn inputs(
    card: &ActionCard,
    given: &[(String, String)],
    lookup: &Lookup,
    resolver: &CredentialResolver,
) -> Result<Dictionary, Fail> {
    let mut inputs = Dictionary::new();
    for (name, text) in given {
        let attribute = card.attributes.iter().find(|one| same(&one.name, name));
        let field = attribute.map_or(name.as_str(), |one| one.name.as_str()).to_owned();
        let secret = attribute.is_some_and(|one| one.kind == AttributeType::Credential);
        let value = match (secret, text.strip_prefix('@')) {
            // Only a credential is checked like one.
            (true, Some(reference)) => Value::from(read_at(resolver, reference).await?.expose().to_owned()),
            (true, None) => {
                return Err(Fail::usage(format!(
                    "{field} is a secret: write {field}=@env:NAME or {field}=@file:PATH"
                )));
            }
            (false, _) => {
                let text = plain(text, lookup, resolver).await?;
                typed(attribute, &field, &text)?
            }
        };
        if inputs.insert(field, value).is_some() {
            return Err(Fail::usage(format!("{name} is given twice")));
        }
    }
    Ok(inputs)
}

/// `time-limit`, `time_limit` and `timeLimit` are one field
fn same(field: &str, name: &str) -> bool {
    let plain = |text: &str| text.replace(['-', '_'], "").to_lowercase();
    plain(field) == plain(name)
}

fn typed(attribute: Option<&Attribute>, field: &str, text: &str) -> Result<Value, Fail> {
    let wrong = |expected: &str| Fail::usage(format!("{field} takes {expected}"));
    match attribute.map(|one| one.kind) {
        Some(AttributeType::Number) => {
            text.trim().parse::<i64>().map(Value::from).map_err(|_| wrong("a whole number"))
        }
        Some(AttributeType::Checkbox) => {
            text.trim().parse::<bool>().map(Value::from).map_err(|_| wrong("true or false"))
        }
        Some(AttributeType::List | AttributeType::Dictionary) => {
            read_json(text.as_bytes(), MAX_VALUE).map_err(|error| wrong(&format!("JSON: {error}")))
        }
        _ => Ok(Value::from(text)),
    }
}

fn print(card: &ActionCard, success: Success, masker: &Masker, json: bool) -> Result<(), Fail> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::json!(success))?;
        return Ok(());
    }
    let items = match &card.returns {
        Returns::List(name) => success.outputs.get(name),
        _ => None,
    };
    match items {
        Some(Value::List(items)) => {
            for line in list(items, masker) {
                writeln!(out, "{line}")?;
            }
        }
        _ => {
            let width = success.outputs.keys().map(|name| name.chars().count()).max().unwrap_or(0);
            for (name, value) in &success.outputs {
                writeln!(out, "{name:width$}  {}", cell(value, masker))?;
            }
        }
    }
    for warning in &success.warnings {
        stderr::report(&format!("warning: {warning}"));
    }
    Ok(())
}

/// A list as a table with the members of its first entry
fn list(items: &[Value], masker: &Masker) -> Vec<String> {
    let Some(Value::Dictionary(first)) = items.first() else { return vec!["(none)".to_owned()] };
    let head: Vec<&str> = first.keys().collect();
    let rows: Vec<Vec<String>> = items
        .iter()
        .filter_map(Value::as_dictionary)
        .map(|item| {
            head.iter()
                .map(|name| item.get(name).map(|value| cell(value, masker)).unwrap_or_default())
                .collect()
        })
        .collect();
    table(&head, &rows)
}

/// A value on one line, masked and without control characters
fn cell(value: &Value, masker: &Masker) -> String {
    match value {
        Value::Text(text) => masker.mask(text).excerpt(4000),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}
