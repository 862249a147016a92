//! The JSON-RPC server: reads lines, keeps calls in flight, and writes responses in the order in which they are
//! ready.

use std::collections::HashMap;
use std::collections::HashSet;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use serde::de::DeserializeOwned;
use tokio::time::Interval;
use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Invocation;
use crate::contract::decode;
use crate::contract::printable;
use crate::dispatch::Dispatcher;
use crate::hosts::json_rpc::call::call;
use crate::hosts::json_rpc::host::Host;
use crate::hosts::json_rpc::messages::Incoming;
use crate::hosts::json_rpc::messages::InvalidLine;
use crate::hosts::json_rpc::messages::Params;
use crate::hosts::json_rpc::messages::RpcError;
use crate::hosts::json_rpc::messages::error_response;
use crate::hosts::json_rpc::messages::read_line;
use crate::hosts::json_rpc::messages::response;
use crate::hosts::json_rpc::protocol::BotRunEnded;
use crate::hosts::json_rpc::protocol::BotRunStarted;
use crate::hosts::json_rpc::protocol::Cancel;
use crate::hosts::json_rpc::protocol::CheckInput;
use crate::hosts::json_rpc::protocol::EndBotRun;
use crate::hosts::json_rpc::protocol::Initialize;
use crate::hosts::json_rpc::protocol::Initialized;
use crate::hosts::json_rpc::protocol::InputAccepted;
use crate::hosts::json_rpc::protocol::PROTOCOL;
use crate::hosts::json_rpc::protocol::RequestId;
use crate::hosts::json_rpc::protocol::StartBotRun;
use crate::hosts::json_rpc::stdio::Line;
use crate::hosts::json_rpc::stdio::LineReader;
use crate::hosts::json_rpc::stdio::MAX_LINE;
use crate::package;

/// The maximum number of pending responses; at this number, no line is read until one is written
///
/// It is twice the number of actions that the dispatcher runs at once, so that it is reached only by a host that does not read.
const MAX_PENDING: usize = 8192;

/// The maximum size of the lines of all calls in flight; at this size, no line is read until a call is answered
const MAX_BYTES: usize = 64 << 20;

/// The time for cancelled calls to end and for their responses to be written
const SHUTDOWN_TIME: Duration = Duration::from_millis(600);

/// How often idle sessions are looked for within the limit
const CHECKS_IN_LIMIT: u32 = 10;

/// A method that the server offers
#[derive(Debug, Clone, Copy)]
enum Method {
    Initialize,
    StartBotRun,
    EndBotRun,
    Execute,
    CheckAction,
    ShutDown,
}

/// The methods by their names
const METHODS: &[(&str, Method)] = &[
    ("initialize", Method::Initialize),
    ("botRun/start", Method::StartBotRun),
    ("botRun/end", Method::EndBotRun),
    ("action/execute", Method::Execute),
    ("action/check", Method::CheckAction),
    ("shutdown", Method::ShutDown),
];

/// Serves the host until the input ends, the host no longer reads, or `interrupted` resolves
///
/// With an idle limit, a session that no action has used for this time is closed, at the latest a tenth later.
///
/// While there is no room for another line, the end of the input cannot be read; `closed` resolves when the host has
/// closed it.
///
/// Then every bot run ends and every call in flight is answered, which takes less
/// than a second even if the host does not read. Returns whether every response was written.
pub async fn serve(
    dispatcher: &Dispatcher,
    host: &Host,
    mut input: LineReader,
    idle_limit: Option<Duration>,
    interrupted: impl Future<Output = ()>,
    closed: impl Future<Output = ()>,
) -> bool {
    let mut server = Server::new(dispatcher, host);
    let mut idle_check = idle_limit.map(|limit| (limit, tokio::time::interval(limit / CHECKS_IN_LIMIT)));
    let over = async {
        tokio::select! {
            () = host.outbox().closed() => {}
            () = interrupted => {}
        }
    };
    let mut over = std::pin::pin!(over);
    let mut closed = std::pin::pin!(closed);
    loop {
        tokio::select! {
            // A call that can go on does so before another line is read, so that a burst of short calls does not pile up.
            biased;
            () = &mut over => break,
            Some(call) = server.work.next() => server.done(call),
            limit = next_check(&mut idle_check) => {
                dispatcher.close_idle_sessions(limit);
            }
            line = input.next(), if server.has_room() => match line {
                Some(line) => server.take(line),
                None => break,
            },
            () = &mut closed, if !server.has_room() => break,
        }
    }
    dispatcher.end_soon();
    server.end_bot_runs();
    let shutdown = async {
        while let Some(call) = server.work.next().await {
            server.done(call);
        }
        host.outbox().flush().await;
    };
    let (all_written, _) = tokio::join!(
        tokio::time::timeout(SHUTDOWN_TIME, shutdown),
        // Without it, other processes learn the end of a run tree when its lease runs out.
        tokio::time::timeout(SHUTDOWN_TIME, dispatcher.flush_sessions()),
    );
    all_written.is_ok()
}

/// Waits until idle sessions are to be closed, and returns their limit; waits forever without one
async fn next_check(check: &mut Option<(Duration, Interval)>) -> Duration {
    match check {
        Some((limit, interval)) => {
            interval.tick().await;
            *limit
        }
        None => std::future::pending().await,
    }
}

/// The state of the connection
#[derive(PartialEq, Eq)]
enum Stage {
    New,
    Open,
    ShutDown,
}

/// A call that is not answered yet
struct Flight {
    cancel: CancellationToken,
    bytes: usize,
}

struct Server<'a> {
    dispatcher: &'a Dispatcher,
    host: &'a Host,
    stage: Stage,
    /// The root bot runs, whose end ends all others
    roots: HashSet<BotRunId>,
    flights: HashMap<RequestId, Flight>,
    bytes: usize,
    /// Pending responses: calls, with their IDs, and lines that wait to be written
    work: FuturesUnordered<BoxFuture<'a, Option<RequestId>>>,
}

impl<'a> Server<'a> {
    fn new(dispatcher: &'a Dispatcher, host: &'a Host) -> Self {
        Server {
            dispatcher,
            host,
            stage: Stage::New,
            roots: HashSet::new(),
            flights: HashMap::new(),
            bytes: 0,
            work: FuturesUnordered::new(),
        }
    }

    fn has_room(&self) -> bool {
        self.work.len() < MAX_PENDING && self.bytes < MAX_BYTES
    }

    fn take(&mut self, line: Line) {
        let line = match line {
            Line::Text(line) => line,
            Line::TooLong => return self.send(error_response(None, RpcError::line_too_long(MAX_LINE))),
        };
        match read_line(&line) {
            Ok(None) => {}
            Ok(Some(Incoming::Request { id, method, params })) => {
                self.request(id, &method, params, line.len())
            }
            Ok(Some(Incoming::Notification { method, params })) => self.notification(&method, params),
            Ok(Some(Incoming::Response { id, result })) => self.host.complete(&id, result),
            Err(InvalidLine { id, error }) => self.send(error_response(id.as_ref(), error)),
        }
    }

    fn request(&mut self, id: RequestId, method: &str, params: Params, bytes: usize) {
        if self.flights.contains_key(&id) {
            // With this ID, the host would take the error for the response to the request in flight.
            return self.send(error_response(
                None,
                RpcError::invalid_request("a request with this id is in flight"),
            ));
        }
        let called = METHODS.iter().find(|(name, _)| *name == method).map(|(_, called)| *called);
        let unknown = || RpcError::unknown_method(method, METHODS.iter().map(|(name, _)| *name));
        let out_of_turn = match (&self.stage, called) {
            (Stage::New, Some(Method::Initialize)) | (Stage::Open, _) => None,
            (Stage::New, _) => Some("initialize has to come first"),
            (Stage::ShutDown, _) => Some("the package is shut down"),
        };
        if let Some(reason) = out_of_turn {
            let error = RpcError::invalid_request(reason);
            let error = if called.is_some() { error } else { error.followed_by(&unknown()) };
            return self.send(error_response(Some(&id), error));
        }
        let Some(called) = called else { return self.send(error_response(Some(&id), unknown())) };
        let line = match called {
            Method::Initialize => self.initialize(params).map(|result| response(&id, result)),
            Method::StartBotRun => self.start(params).map(|result| response(&id, result)),
            Method::EndBotRun => self.end(params).map(|result| response(&id, result)),
            Method::Execute => match decoded::<Invocation>(method, params) {
                Ok(invocation) => return self.execute(id, invocation, bytes),
                Err(error) => Err(error.into()),
            },
            Method::CheckAction => check(params).map(|result| response(&id, result)),
            Method::ShutDown => {
                self.end_bot_runs();
                self.stage = Stage::ShutDown;
                Ok(response(&id, ()))
            }
        };
        self.send(line.unwrap_or_else(|error| error_response(Some(&id), error)));
    }

    /// Handles a notification; unknown and invalid ones are ignored, since a notification has no response
    fn notification(&mut self, method: &str, params: Params) {
        if method != "$/cancel" {
            return;
        }
        if let Ok(Cancel { id }) = decoded(method, params)
            && let Some(flight) = self.flights.get(&id)
        {
            flight.cancel.cancel();
        }
    }

    fn initialize(&mut self, params: Params) -> Result<Initialized, RpcError> {
        if self.stage != Stage::New {
            return Err(RpcError::invalid_request("the package is already initialized"));
        }
        let decoded = decoded("initialize", params);
        let Initialize { protocol, host, capabilities } = decoded.map_err(explained)?;
        if !(protocol.min..=protocol.max).contains(&PROTOCOL) {
            let message = format!(
                "The host supports versions {} to {} of the protocol, and the package supports version {PROTOCOL}",
                protocol.min, protocol.max
            );
            let error = Error::new(ErrorCode::InputInvalid, message).help(
                "Use versions of the host and of the package that support the same version of the protocol.",
            );
            return Err(RpcError::no_common_version(error));
        }
        if let Some(host) = host {
            self.dispatcher.called_by(&host.name, &host.version);
            tracing::info!("the host is {} {}", printable(&host.name, 256), printable(&host.version, 256));
        }
        self.host.set_capabilities(capabilities);
        self.stage = Stage::Open;
        Ok(Initialized::under(self.dispatcher.policy()))
    }

    fn start(&mut self, params: Params) -> Result<BotRunStarted, RpcError> {
        let StartBotRun { id, parent } = decoded("botRun/start", params)?;
        self.dispatcher.start(&id, parent.as_ref())?;
        let run_tree = self.dispatcher.run_tree(&id)?.map(|tree| tree.expose());
        if parent.is_none() {
            self.roots.insert(id);
        }
        Ok(BotRunStarted { run_tree })
    }

    fn end(&mut self, params: Params) -> Result<BotRunEnded, RpcError> {
        let EndBotRun { id } = decoded("botRun/end", params)?;
        let closed = self.dispatcher.end(&id)?;
        self.roots.remove(&id);
        Ok(BotRunEnded { closed })
    }

    fn execute(&mut self, id: RequestId, invocation: Invocation, bytes: usize) {
        let cancel = CancellationToken::new();
        self.bytes += bytes;
        self.flights.insert(id.clone(), Flight { cancel: cancel.clone(), bytes });
        let (dispatcher, host) = (self.dispatcher, self.host);
        self.work.push(Box::pin(async move {
            call(dispatcher, host, &id, invocation, cancel).await;
            Some(id)
        }));
    }

    /// Sends a line; if the host does not read, only this line waits
    fn send(&mut self, line: String) {
        if let Err(line) = self.host.outbox().try_send(line) {
            let host = self.host;
            self.work.push(Box::pin(async move {
                host.outbox().send(line).await;
                None
            }));
        }
    }

    fn done(&mut self, call: Option<RequestId>) {
        if let Some(flight) = call.and_then(|id| self.flights.remove(&id)) {
            self.bytes -= flight.bytes;
        }
    }

    fn end_bot_runs(&mut self) {
        for root in self.roots.drain() {
            // Ending fails only for a bot run that was never started.
            let _ = self.dispatcher.end(&root);
        }
    }
}

/// Checks one input of an action, without a bot run: for a host that checks values while they are typed
fn check(params: Params) -> Result<InputAccepted, RpcError> {
    let CheckInput { action, field, value } = decoded("action/check", params)?;
    let card = package::action(&action).ok_or_else(|| package::unknown_action(&action))?;
    card.check_field(&field, &value)?;
    Ok(InputAccepted {})
}

/// Adds the form of the versions to an error about them, since other protocols send one version
fn explained(error: Error) -> Error {
    let is_about_versions = |field: &str| field.is_empty() || field.split('.').next() == Some("protocol");
    match error.context_value("field").is_none_or(is_about_versions) {
        true => error.help(format!(
            "Send the oldest and the newest version that the host supports: \
             \"protocol\":{{\"min\":{PROTOCOL},\"max\":{PROTOCOL}}}."
        )),
        false => error,
    }
}

fn decoded<T: DeserializeOwned>(method: &str, params: Params) -> Result<T, Error> {
    decode(method, params.named(method)?)
}
