"""Documentation in the format of Robot Framework, from the description of the package."""

from __future__ import annotations

import re
from typing import Any

from .arguments import Argument

LIBRARY = """{description}.

`Connect` opens an authenticated session on an organization and a project; every other keyword uses one:

| ***** Settings *****
| Library        AzureDevOps
| Suite Setup    Connect    env:AZDO_PAT    https://dev.azure.com/contoso    Fabrikam
|
| ***** Tasks *****
| Ship it
|     ${{run}}=    Run Pipeline    release    branch=main
|     Wait For Pipeline Run    ${{run}}[id]    time_limit=20 min

= Sessions =

The execution of ``robot`` is the root bot run, and each suite in it is a bot run under the suite that holds it. A
session's scope determines where it is visible:

| =scope= | =visible to= | =closed at the end of= |
| Local | the suite that opened it: its setup, its tests or tasks, its teardown | that suite |
| Global | every suite of the execution | the execution |
| Variable | every user of the handle that `Connect` returns | the execution |

``session`` takes a name or a handle. A suite that looks for a name finds its own local session before a global one.
A suite folder's ``__init__`` file is a separate suite: for the suites in the folder its setup opens a Global session.
The end of the execution, a crash and Ctrl-C close everything. Each process under pabot is an execution of its own.

= Tokens =

A token is given as a reference, such as ``env:NAME`` or ``file:PATH``, or as a
[https://robotframework.org/robotframework/latest/RobotFrameworkUserGuide.html#secret-variables|Secret]. Both stay out
of every log. A token in an ordinary string is accepted with a warning: Robot Framework itself logs it at level TRACE.

= Failures =

The message of a failure begins with its code, on which a suite can branch, and ends with the help:

| TRY
|     Create Repository    site
| EXCEPT    resource.conflict:    type=START
|     Log    It is there already.
| END
"""

IMPORT = """``simulate`` uses a simulator of Azure DevOps: nothing leaves the machine, and any token works. All imports of an execution need the same value.
"""


def of_library(description: str) -> str:
    """The introduction"""
    return LIBRARY.format(description=description)


def of_keyword(action: dict[str, Any], arguments: list[Argument]) -> str:
    """The summary, the arguments, the result and the needs"""
    # Lists of keywords show the first paragraph.
    parts = [_text(f"{action['summary']}."), *(_text(paragraph) for paragraph in action["details"])]
    if arguments:
        rows = [f"| ``{one.name}`` | {_text(one.description)} |" for one in arguments]
        parts.append("\n".join(["| =Argument= | =What it is= |", *rows]))
    parts.append(_returns(action["returns"], action["outputs"]))
    parts += _needs(action["needs"])
    return "\n\n".join(parts)


def _returns(returns: dict[str, Any], outputs: list[dict[str, Any]]) -> str:
    if returns["kind"] == "SESSION":
        return "Returns the session's handle, which ``session`` of the other keywords takes in place of its name."
    what = "a dictionary"
    if returns["kind"] == "LIST":
        what = "a list of dictionaries"
        outputs = next(one for one in outputs if one["name"] == returns["list"])["entries"]
    rows = [f"| ``{one['name']}`` | {_text(one['description'])}{_empty(one)} |" for one in outputs]
    return "\n".join([f"Returns {what}:\n", "| =Key= | =Value= |", *rows])


def _empty(output: dict[str, Any]) -> str:
    return "; may be ``None``" if output["mayBeEmpty"] else ""


def _needs(needs: dict[str, Any]) -> list[str]:
    """The permissions and the token scope; nothing for an action that needs neither"""
    permissions, scope = needs["permissions"], needs["scope"]
    said = [f"{one['namespace']}: {one['name']}" for one in permissions]
    parts = []
    if said:
        parts.append(f"permission {', '.join(said)}")
    if scope:
        parts.append(f"token scope {scope['label']}")
    return [f"Needs {'; '.join(parts)}."] if parts else []


def _text(words: str) -> str:
    """Converts a text of the package: its code is in single backticks, here in double ones"""
    return re.sub(r"`([^`]+)`", r"``\1``", words.replace("\n", " "))
