//! TaskBot.runTask: runs a child bot with inputs, and assigns its outputs.

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::SessionName;
use crate::contract::SessionReference;
use crate::contract::TextKind as _;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::ChildCall;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::check::Origin;
use crate::hosts::bot::format::RUN_TASK;
use crate::hosts::bot::format::RawEntry;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::format::child_path;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::task_bot::repetition::Repetition;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::Flow;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::session_flow::ChildRun;
use crate::hosts::bot::session_flow::FlowStep;
use crate::hosts::bot::session_flow::SessionEffect;
use crate::hosts::bot::session_flow::SessionInput;
use crate::hosts::bot::values::Declaration;
use crate::hosts::bot::values::Declarations;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::Named;
use crate::hosts::bot::values::TargetVariable;
use crate::hosts::bot::values::VariableKind;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::check_nesting;
use crate::hosts::bot::values::expression_error;
use crate::hosts::bot::values::named;

/// Runs a child bot
#[derive(Debug)]
pub(crate) struct RunTask {
    child: usize,
    inputs: Vec<(String, Input)>,
    whole: Option<TargetVariable>,
    outputs: Vec<(String, TargetVariable)>,
    repetition: Repetition,
    continue_on_error: Option<Expr>,
    place: Location,
}

#[derive(Debug)]
enum Input {
    /// A value
    Value(Expr),
    /// A variable of the parent that the child shares: a session, list, dictionary or file
    Variable(String),
}

impl NodeType for RunTask {
    const PACKAGE: &'static str = RUN_TASK.0;
    const COMMAND: Option<&'static str> = Some(RUN_TASK.1);
    const EXAMPLE: &'static str = r#"{ "commandName": "runTask", "packageName": "TaskBot", "attributes": [
    { "name": "taskbot", "value": { "type": "TASKBOT",
        "taskbotFile": { "type": "FILE", "string": "repository:///Automation%20Anywhere/Bots/Release/child" },
        "taskbotInput": { "type": "DICTIONARY", "dictionary": [
            { "key": "repository", "value": { "type": "STRING", "expression": "$text$" } } ] } } },
    { "name": "repeatOption", "value": { "type": "STRING", "string": "REPEAT_N_TIMES" } },
    { "name": "times", "value": { "type": "NUMBER", "number": "2" } },
    { "name": "delayNextRepetition", "value": { "type": "BOOLEAN", "boolean": false } },
    { "name": "continueOnError", "value": { "type": "BOOLEAN", "boolean": false } } ],
  "returnTo": { "type": "DICTIONARY", "dictionary": [
    { "key": "result", "value": { "type": "VARIABLE", "variableName": "text" } } ] } }"#;
    const USES_SESSIONS: bool = true;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let child = child(checker, raw);
        let repetition = Repetition::read(checker, raw);
        let continue_on_error = checker.optional(raw, "continueOnError", Expected::Boolean);
        let child = child?;
        let inputs = read_inputs(checker, raw, child);
        let origin = |input: &Input| match input {
            Input::Variable(variable) => Origin::Variable(variable.clone()),
            Input::Value(value) => Origin::of(value),
        };
        let origins = inputs.iter().map(|(name, input)| (name.clone(), origin(input))).collect();
        checker.calls.push(ChildCall { parent: checker.number, child, inputs: origins });
        let whole = match raw.return_to.kind.as_str() {
            "VARIABLE" => checker.target("returnTo", &raw.return_to, Expected::Dictionary),
            _ => None,
        };
        let outputs =
            raw.return_to.dictionary.iter().filter_map(|entry| read_output(checker, entry, child)).collect();
        Some(RunTask {
            child,
            inputs,
            whole,
            outputs,
            repetition: repetition?,
            continue_on_error: continue_on_error?,
            place: checker.place.clone(),
        })
    }
}

impl RunNode for RunTask {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        Box::pin(run(self, place, frame))
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        let inputs = self.inputs.iter().map(|(name, input)| {
            let given = match input {
                Input::Variable(variable) => SessionInput::Variable(variable),
                Input::Value(Expr::Constant(Value::Text(text))) => {
                    SessionName::parse(text).map_or(SessionInput::Computed, SessionInput::Name)
                }
                Input::Value(_) => SessionInput::Computed,
            };
            (name.as_str(), given)
        });
        let outputs = self.outputs.iter().map(|(name, target)| (name.as_str(), target.name.as_str()));
        let continues_on_error = match &self.continue_on_error {
            None | Some(Expr::Constant(Value::Boolean(false))) => false,
            Some(_) => true,
        };
        let run = SessionEffect::Run(ChildRun {
            child: self.child,
            inputs: inputs.collect(),
            outputs: outputs.collect(),
            continues_on_error,
        });
        match self.repetition.iterations() {
            None => run,
            Some(iterations) => {
                SessionEffect::Loop { iterations, body: vec![FlowStep { place: &self.place, effect: run }] }
            }
        }
    }
}

fn child(checker: &mut Checker<'_>, raw: &RawNode) -> Option<usize> {
    let bot = raw.attribute("taskbot").map(|found| &found.value);
    if bot.is_some_and(|bot| bot.taskbot_self == "true") {
        return checker.fault(Error::new(ErrorCode::BotChildCycle, "the bot runs itself"));
    }
    let Some(path) = child_path(raw) else {
        let computed =
            bot.and_then(|bot| bot.taskbot_file.as_deref()).is_some_and(|file| !file.expression.is_empty());
        return match computed {
            true => {
                checker.unsupported("the child bot's path is computed, so what it needs cannot be checked")
            }
            false => checker.missing(&raw.attributes, "taskbot"),
        };
    };
    match checker.around.children.get(path) {
        Some(Ok(child)) => Some(*child),
        Some(Err((code, message))) => checker.fault(Error::new(*code, message.as_str())),
        None => unreachable!("every path of an enabled node was looked up"),
    }
}

fn read_inputs(checker: &mut Checker<'_>, raw: &RawNode, child: usize) -> Vec<(String, Input)> {
    let given = raw.attribute("taskbot").and_then(|found| found.value.taskbot_input.as_deref());
    if given.is_some_and(|given| !given.expression.is_empty()) {
        checker.unsupported::<()>(
            "this host does not support the inputs of a child bot as one variable; set each input",
        );
    }
    let entries = given.map(|given| given.dictionary.as_slice()).unwrap_or_default();
    let entries: Vec<&RawEntry> = entries.iter().filter(|entry| entry.value.is_given()).collect();
    let declarations = &checker.around.declarations[child];
    for missing in declarations.values().filter(|declared| declared.required) {
        if !entries.iter().any(|entry| is_named(declarations, &entry.key, missing)) {
            let bot = &checker.around.names[child];
            checker
                .invalid::<()>(&missing.name, format!("is missing, and the child bot \"{bot}\" requires it"));
        }
    }
    entries.into_iter().filter_map(|entry| read_input(checker, entry, child)).collect()
}

/// Returns whether a name in the flow refers to a variable
fn is_named(declarations: &Declarations, name: &str, wanted: &Declaration) -> bool {
    match named(declarations, name) {
        Named::One(found) | Named::Several(found, _) => found.name == wanted.name,
        Named::None => false,
    }
}

/// Reads an input, with the name that the child bot declares
fn read_input(checker: &mut Checker<'_>, entry: &RawEntry, child: usize) -> Option<(String, Input)> {
    let declaration = declared(checker, &entry.key, child, "input", |declared| declared.input)?;
    match &declaration.kind {
        VariableKind::Unknown(_) => {
            return checker.invalid(&entry.key, "has an unsupported type");
        }
        VariableKind::Session(_) if !declaration.kind.is_own_session() => {
            return checker.session_expected(&entry.key, "a session variable of another package");
        }
        _ => {}
    }
    let value = checker.value(&entry.key, &entry.value, Expected::of(&declaration.kind))?;
    if let Some(constant) = value.constant() {
        check_constant(checker, &entry.key, declaration, constant)?;
    }
    let shared = value.whole_variable().filter(|name| {
        let own = checker.around.declarations[checker.number].get(*name);
        declaration.kind.is_by_reference() && own.is_some_and(|own| own.kind.is_by_reference())
    });
    let input = match shared {
        Some(name) => Input::Variable(name.to_owned()),
        None => Input::Value(value),
    };
    Some((declaration.name.clone(), input))
}

/// Checks a constant against the type of the child's input
fn check_constant(
    checker: &mut Checker<'_>,
    input: &str,
    declaration: &Declaration,
    constant: &Value,
) -> Option<()> {
    if let (true, Some(text)) = (declaration.kind.is_own_session(), constant.as_text()) {
        let reference = SessionReference::parse(text);
        let reference = reference.map_err(|refusal| Error::new(refusal.code, refusal.reason));
        checker.parsed(input, reference)?;
    }
    match declaration.kind.keep(constant.clone()) {
        Some(_) => Some(()),
        None => checker.invalid(input, format!("has the wrong type: it is {}", declaration.kind)),
    }
}

fn read_output(
    checker: &mut Checker<'_>,
    entry: &RawEntry,
    child: usize,
) -> Option<(String, TargetVariable)> {
    let declaration = declared(checker, &entry.key, child, "output", |declared| declared.output)?;
    let target = checker.target(&entry.key, &entry.value, Expected::of(&declaration.kind))?;
    Some((declaration.name.clone(), target))
}

/// Returns an input or output of the child bot, or reports that it does not exist
fn declared<'a>(
    checker: &mut Checker<'a>,
    name: &str,
    child: usize,
    what: &str,
    is: impl Fn(&Declaration) -> bool,
) -> Option<&'a Declaration> {
    let declarations = &checker.around.declarations[child];
    if let Named::One(declaration) | Named::Several(declaration, _) = named(declarations, name)
        && is(declaration)
    {
        return Some(declaration);
    }
    let names = declarations.values().filter(|declaration| is(declaration)).map(|found| found.name.as_str());
    let near = nearest(name, names);
    let hint = did_you_mean(near);
    let bot = &checker.around.names[child];
    let message = format!("the child bot \"{bot}\" has no {what} \"{}\"{hint}", printable(name, 256));
    checker.fault(Error::new(ErrorCode::InputInvalid, message))
}

/// Runs the child bot as often as the node says; the outputs of the last run stay
async fn run(node: &RunTask, place: &Location, frame: &Frame<'_>) -> Result<Flow, Failed> {
    let at = |error| Failed::at(place, error);
    let times = node.repetition.times(frame).map_err(at)?;
    for time in 0..times {
        if time > 0 {
            node.repetition.pause(frame).await.map_err(at)?;
        }
        run_once(node, place, frame).await?;
    }
    Ok(Flow::Next)
}

async fn run_once(node: &RunTask, place: &Location, frame: &Frame<'_>) -> Result<(), Failed> {
    let at = |error| Failed::at(place, error);
    let scope = scope(node, frame).map_err(at)?;
    match frame.run_child(node.child, place, scope).await {
        Ok(outputs) => take(node, outputs, frame).map_err(at),
        Err(failed) => {
            let continues_on_error = match &node.continue_on_error {
                Some(flag) => flag.boolean(&frame.scope).map_err(at)?,
                None => false,
            };
            if !continues_on_error {
                return Err(Failed { line: place.line, ..failed });
            }
            frame
                .reporter()
                .warning(place, &format!("the child bot failed, and the flow continues: {}", failed.error));
            Ok(())
        }
    }
}

/// Returns the initial variables of the child bot
fn scope(node: &RunTask, frame: &Frame<'_>) -> Result<VariableScope, Error> {
    let bot = frame.bot(node.child);
    let scope = bot.scope();
    for (name, input) in &node.inputs {
        let kind = &bot.variables[name].kind;
        match input {
            Input::Variable(variable) => scope.share(name, frame.scope.cell(variable)),
            Input::Value(value) => {
                let value = value.value(&frame.scope)?;
                check_nesting(name, &value, 0)?;
                let got = value.kind();
                let kept = kind.keep(value).ok_or_else(|| {
                    expression_error(format!(
                        "the input \"{name}\" of \"{}\" is {kind}, which cannot hold {got}",
                        bot.name
                    ))
                })?;
                scope.set(name, kept);
            }
        }
    }
    Ok(scope)
}

fn take(node: &RunTask, mut outputs: Dictionary, frame: &Frame<'_>) -> Result<(), Error> {
    for (name, target) in &node.outputs {
        frame.assign(Some(target), outputs.get(name).cloned().unwrap_or_default())?;
    }
    if node.whole.is_some() {
        // A credential or a session in a dictionary could be written as a text.
        outputs.retain(|name, _| {
            !matches!(
                frame.bot(node.child).variables[name].kind,
                VariableKind::Credential | VariableKind::Session(_)
            )
        });
    }
    frame.assign(node.whole.as_ref(), Value::Dictionary(outputs))
}
