"""The actions of the package as keywords, from the description of the program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from . import documentation
from .arguments import Argument, of_action
from .binary import run_json

RENAMED: dict[str, str] = {}
"""Renamed keywords: the old and the new name"""


@dataclass(frozen=True)
class Keyword:
    """An action as a keyword"""

    name: str
    action: str
    """The name of the action in the invocation"""
    arguments: list[Argument]
    documentation: str
    tags: list[str]
    returns: str
    """DICTIONARY, LIST or SESSION"""

    def invocation(self, bot_run: str, positional: list[Any], named: dict[str, Any]) -> dict[str, Any]:
        """The invocation for the program; arguments with their default value are left out"""
        given = {argument.name: value for argument, value in zip(self.arguments, positional)} | named
        inputs: dict[str, Any] = {}
        target: dict[str, Any] = {}
        for argument in self.arguments:
            value = given.get(argument.name, argument.default)
            if value is not None and (argument.required or value != argument.default):
                (target if argument.target else inputs)[argument.wire] = argument.encode(value)
        call = {"botRun": bot_run, "action": self.action, "inputs": inputs}
        return {**call, "target": target} if target else call

    def result(self, success: dict[str, Any]) -> Any:
        """The result of the keyword: the handle of a session, the only list, or the outputs"""
        if self.returns == "SESSION":
            return success["session"]
        if self.returns == "LIST":
            # A list may have `more` beside it: whether it was cut.
            return next(value for value in success["outputs"].values() if isinstance(value, list))
        return success["outputs"]


@dataclass(frozen=True)
class Package:
    """The package of the program"""

    description: str
    keywords: dict[str, Keyword]
    """By the name of the keyword, including old names"""


@cache
def package() -> Package:
    """The package of the program; read once"""
    return read(run_json("actions", "--json"))


def read(description: dict[str, Any]) -> Package:
    """The package from the description of the program"""
    keywords = [_keyword(action) for action in description["actions"]]
    by_name = {keyword.name: keyword for keyword in keywords}
    for old, new in RENAMED.items():
        now = by_name[new]
        text = f"*DEPRECATED!* Use keyword `{new}` instead."
        by_name[old] = Keyword(old, now.action, now.arguments, text, now.tags, now.returns)
    return Package(description["description"], by_name)


def _keyword(action: dict[str, Any]) -> Keyword:
    arguments = of_action(action)
    return Keyword(
        name=action["names"]["robotFramework"],
        action=action["name"],
        arguments=arguments,
        documentation=documentation.of_keyword(action, arguments),
        tags=[action["group"], action["effect"]],
        returns=action["returns"]["kind"],
    )
