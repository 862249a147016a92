"""The dynamic library: lists the keywords for Robot Framework and runs them."""

from __future__ import annotations

import atexit
import uuid
from typing import Any

import robot.version
from robot.api import logger
from robot.api.types import Secret
from robot.running.context import EXECUTION_CONTEXTS

from . import documentation
from .binary import BinaryError, installed_version
from .keywords import Keyword, package
from .serve import ActionError, Serve, ServeEnded


INSECURE_STRING = "credential.insecure_string"
INSECURE_TOKEN = (
    "The token is an ordinary string: Robot Framework writes it to its log at level TRACE. Give it as a Secret, "
    "as in '${TOKEN: Secret}    %{AZDO_PAT}' in the section Variables, or as a reference such as 'env:AZDO_PAT'."
)
"""The warning about a token in a suite; that of the program speaks of insecure strings"""


SHOWN_OF_NAME = 64
"""The most characters of a suite's name in the id of its bot run, which has 128"""


class MisspelledArgument(Exception):
    """A named argument has a name that the keyword does not have"""

    ROBOT_SUPPRESS_NAME = True


class Execution:
    """The process that serves this execution, and the bot runs that were started in it

    The execution is the root bot run; every suite that uses the library is a child of the bot run of its parent suite.
    """

    def __init__(self, simulate: bool):
        self.simulate = simulate
        context = EXECUTION_CONTEXTS.current
        # The output directory of `robot`.
        folder = context.variables["${OUTPUT_DIR}"] if context else None
        self.serve = Serve(version=robot.version.VERSION, simulate=simulate, folder=folder)
        self._root = uuid.uuid4().hex
        self._started: set[str] = set()
        self._insecure: set[tuple[Any, Any]] = set()
        try:
            self._start(self._root, None)
        except BaseException:
            self.serve.end()
            raise

    def bot_run(self) -> str:
        """The bot run of the current suite"""
        # The context knows the current suite even if its start was not reported.
        context = EXECUTION_CONTEXTS.current
        return self._of_suite(context.suite) if context else self._root

    def place(self) -> dict[str, Any]:
        """The suite's file, the line and the test, for the audit trail"""
        context = EXECUTION_CONTEXTS.current
        if not context:
            return {}
        step = context.steps[-1][0] if context.steps else None
        place = {"bot": str(getattr(step, "source", None) or context.suite.source or context.suite.longname)}
        # A member without a value is left out.
        if line := getattr(step, "lineno", None):
            place["line"] = line
        if context.test:
            place["node"] = context.test.name
        return {"place": place}

    def is_new_insecure_place(self) -> bool:
        """Whether the current line of the suite has had no warning yet; it may be in a loop"""
        context = EXECUTION_CONTEXTS.current
        step = context.steps[-1][0] if context and context.steps else None
        place = (step.source, step.lineno) if step else (None, None)
        known = place in self._insecure
        self._insecure.add(place)
        return not known

    def end_suite(self, suite: Any) -> None:
        """Ends a suite's bot run, which closes its local sessions"""
        bot_run = self._id(suite)
        if bot_run in self._started and not self.serve.ended:
            self._started.remove(bot_run)
            self.serve.call("botRun/end", {"id": bot_run})

    def _of_suite(self, suite: Any) -> str:
        bot_run = self._id(suite)
        if bot_run not in self._started:
            self._start(bot_run, self._of_suite(suite.parent) if suite.parent else self._root)
        return bot_run

    def _id(self, suite: Any) -> str:
        """The id of a suite's bot run, which begins with the suite's name: messages and the audit trail show it"""
        name = "".join(char if char.isprintable() else " " for char in suite.longname)
        return f"{name[-SHOWN_OF_NAME:]} ({suite.id} of {self._root})"

    def _start(self, bot_run: str, parent: str | None) -> None:
        self.serve.call("botRun/start", {"id": bot_run} | ({"parent": parent} if parent else {}))
        self._started.add(bot_run)


# One for the whole Python process: suites share global sessions, even if each imports the library separately.
_execution: Execution | None = None


def execution(simulate: bool) -> Execution:
    """The current execution, started at its first keyword"""
    global _execution
    if _execution is None:
        _execution = Execution(simulate)
    elif _execution.simulate != simulate:
        raise ValueError(
            "This execution is simulated, and this suite's import of AzureDevOps is not, or the other way round. "
            "Give every import the same 'simulate'."
        )
    return _execution


@atexit.register
def end_execution() -> None:
    """Ends the process and every bot run; does nothing without a process"""
    global _execution
    if _execution is not None:
        ending, _execution = _execution, None
        ending.serve.end()


def _version() -> str:
    """The version of the wheel, or of the program if the library runs from its source"""
    try:
        return installed_version() or package().version
    except BinaryError:
        # The import of the library reports it.
        return ""


class AzureDevOps:
    """Work on Azure DevOps through one authenticated session"""

    ROBOT_LIBRARY_SCOPE = "GLOBAL"
    ROBOT_LIBRARY_DOC_FORMAT = "ROBOT"
    ROBOT_LIBRARY_VERSION = _version()
    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self, simulate: bool = False):
        self.ROBOT_LIBRARY_LISTENER = self
        self._simulate = simulate

    def get_keyword_names(self) -> list[str]:
        return list(package().keywords)

    def get_keyword_arguments(self, name: str) -> list[str | tuple[str, Any]]:
        return [one.name if one.required else (one.name, one.default) for one in _keyword(name).arguments]

    def get_keyword_types(self, name: str) -> dict[str, Any]:
        return {one.name: one.type for one in _keyword(name).arguments}

    def get_keyword_tags(self, name: str) -> list[str]:
        return _keyword(name).tags

    def get_keyword_documentation(self, name: str) -> str:
        if name == "__intro__":
            return documentation.of_library(package().description)
        if name == "__init__":
            return documentation.IMPORT
        keyword = _keyword(name)
        # A run shows the summary only, and would search the whole text for tags in each call.
        return keyword.summary if EXECUTION_CONTEXTS.current else keyword.documentation

    def run_keyword(self, name: str, positional: list[Any], named: dict[str, Any]) -> Any:
        """Runs an action for the current suite"""
        keyword = _keyword(name)
        misspelled = keyword.misspelled(_written_arguments(name))
        if misspelled:
            raise MisspelledArgument(misspelled)
        running = execution(self._simulate)
        try:
            call = keyword.invocation(running.bot_run(), positional, named) | running.place()
            success = running.serve.call(
                "action/execute", call, on_progress=logger.info, on_interrupted=_warn_interrupted
            )
        except ServeEnded:
            # Reported once; the next keyword starts the program again, without the earlier sessions.
            end_execution()
            raise
        except ActionError as error:
            if error.context or error.operation:
                facts = {"operation": error.operation, **error.context}
                logger.info(", ".join(f"{name}: {value}" for name, value in facts.items() if value))
            # What a policy denies has the same words in every host.
            if error.code != "policy.denied":
                error.args = (package().reworded(str(error)),)
            raise
        for warning in success.get("warnings", ()):
            self._warn(running, warning, [*positional, *named.values()])
        if keyword.returns == "SESSION":
            logger.info(", ".join(f"{name}: {value}" for name, value in success["outputs"].items()))
        return keyword.result(success)

    @staticmethod
    def _warn(running: Execution, warning: dict[str, str], arguments: list[Any]) -> None:
        log = logger.warn
        if warning["code"] == INSECURE_STRING:
            # A Secret is sent as an insecure string, but it is in no log, so it needs no warning.
            safe = any(isinstance(one, Secret) for one in arguments)
            log = logger.warn if not safe and running.is_new_insecure_place() else logger.info
            log(INSECURE_TOKEN)
            return
        log(package().reworded(warning["message"]))

    def end_suite(self, _data: Any, result: Any) -> None:
        if _execution is not None:
            _execution.end_suite(result)

    def close(self) -> None:
        """Called when the whole execution ends"""
        end_execution()


def _keyword(name: str) -> Keyword:
    return package().keywords[name]


def _written_arguments(name: str) -> list[Any]:
    """The arguments of the current call as its suite has them, before variables are replaced and escapes removed"""
    context = EXECUTION_CONTEXTS.current
    step = context.steps[-1][0] if context and context.steps else None
    called = str(getattr(step, "name", "")).rpartition(".")[2]
    # Another keyword, such as one that runs this one from Python, has arguments of its own.
    is_this = called.replace("_", " ").lower().replace(" ", "") == name.lower().replace(" ", "")
    return list(step.args) if is_this else []


def _warn_interrupted(outcome: str) -> None:
    logger.warn(f"The action was interrupted: {outcome}")
