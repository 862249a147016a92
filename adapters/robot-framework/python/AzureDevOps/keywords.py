"""The actions of the package as keywords, from the description of the program."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache, cached_property
from typing import Any, Iterable

from . import documentation
from .arguments import Argument, of_action
from .binary import run_json
from .outputs import Outputs

NAMED = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_ -]*)=")
"""The beginning of a named argument; an escaped equals sign has a backslash before it"""

DESCRIBED = re.compile(r"Correct the field; `azdo-bot actions (?P<action>[a-z-]+)` describes the fields\.")
"""What the program advises for a wrong field; in a suite, a field is an argument, and libdoc describes it"""

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
    outputs: Outputs
    meanings: dict[str, list[str]] = field(default_factory=dict)
    """Words of other tools, each with the names that mean it here"""

    @property
    def summary(self) -> str:
        """The first paragraph of the documentation"""
        return self.documentation.partition("\n\n")[0]

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
        outputs = self.outputs.returned(success["outputs"])
        if self.returns == "LIST":
            # A list may have `more` beside it: whether it was cut.
            return next(value for value in outputs.values() if isinstance(value, list))
        return outputs

    def misspelled(self, texts: Iterable[Any]) -> str | None:
        """The error for a text in a suite that was meant as a named argument: `repositry=site`

        Robot Framework takes a text with an unknown name as a value.
        """
        for text in texts:
            found = NAMED.match(text) if isinstance(text, str) else None
            meant = found and self._meant(found["name"])
            if meant:
                return (
                    f"Keyword '{self.name}' has no argument '{found['name']}'. Did you mean '{meant}'? "
                    f"To give the text as a value, escape the equals sign: {found['name']}\\="
                )
        return None

    def _meant(self, name: str) -> str | None:
        """The argument that a name means or is nearly"""
        names = self._names
        if name in names.values():
            return None
        for meaning in self.meanings.get(_words(name), ()):
            if _plain(meaning) in names:
                return names[_plain(meaning)]
        near = get_close_matches(_plain(name), names, n=1, cutoff=0.75)
        return names[near[0]] if near else None

    @cached_property
    def _names(self) -> dict[str, str]:
        """The names of the arguments by their plain spelling"""
        return {_plain(one.name): one.name for one in self.arguments}


@dataclass(frozen=True)
class Package:
    """The package of the program"""

    description: str
    version: str
    keywords: dict[str, Keyword]
    """By the name of the keyword, including old names"""

    def reworded(self, text: str) -> str:
        """A message of the program with the names of arguments and keywords as they are in a suite"""
        text = DESCRIBED.sub(lambda found: _described(found["action"].replace("-", " ")), text)
        return self._wire_names.sub(lambda found: self._names[found[0]], text)

    @cached_property
    def _names(self) -> dict[str, str]:
        # A name of one word is the same here, and may be a word of the message.
        every = (one for keyword in self.keywords.values() for one in keyword.arguments)
        return {one.wire: one.name for one in every if one.wire != one.name and not one.target}

    @cached_property
    def _wire_names(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, self._names))})\b")


@cache
def package() -> Package:
    """The package of the program; read once"""
    return read(run_json("actions", "--json"))


def read(description: dict[str, Any]) -> Package:
    """The package from the description of the program"""
    keywords = [_keyword(action, description["meanings"]) for action in description["actions"]]
    by_name = {keyword.name: keyword for keyword in keywords}
    for old, new in RENAMED.items():
        now = by_name[new]
        text = f"*DEPRECATED!* Use keyword `{new}` instead."
        by_name[old] = replace(now, name=old, documentation=text)
    return Package(description["description"], description["version"], by_name)


def _keyword(action: dict[str, Any], meanings: dict[str, list[str]]) -> Keyword:
    arguments = of_action(action)
    return Keyword(
        name=action["names"]["robotFramework"],
        action=action["name"],
        arguments=arguments,
        documentation=documentation.of_keyword(action, arguments),
        tags=[action["group"], action["effect"]],
        returns=action["returns"]["kind"],
        outputs=Outputs(action["outputs"]),
        meanings=meanings,
    )


def _described(keyword: str) -> str:
    return f'Correct the argument; `libdoc AzureDevOps show "{keyword}"` describes it.'


def _words(name: str) -> str:
    """The words of a name in any spelling: `pull request` for `pullRequest` and `pull_request`"""
    return re.sub(r"[ _-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).strip().lower()


def _plain(name: str) -> str:
    """A name without what distinguishes spellings: `organizationUrl` and `Organization URL` are one"""
    return re.sub(r"[ _-]", "", name).lower()
