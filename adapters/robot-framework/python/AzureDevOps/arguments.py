"""An attribute of an action as an argument of a keyword: its name, its type, its default, and its value on the wire."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, Union

from robot.api.types import Secret
from robot.utils import secs_to_timestr

REQUIRED = object()


@dataclass(frozen=True)
class Argument:
    """An argument of a keyword"""

    name: str
    """As Robot Framework spells it: `organization_url`"""
    wire: str
    """The attribute's name in the invocation: `organizationUrl`; for where a session goes, a part of the target"""
    type: Any
    """What Robot Framework converts to before the call"""
    description: str
    default: Any = REQUIRED
    target: bool = False
    """Whether it is a part of the invocation's target and not an input"""
    choices: dict[str, str] = field(default_factory=dict)
    """For a choice: what is written in a suite, and the value on the wire"""
    takes_secret: bool = False

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    def encode(self, value: Any) -> Any:
        """The value on the wire; refuses what has no place in JSON, naming the argument and never the value"""
        if isinstance(value, Secret):
            if not self.takes_secret:
                raise ValueError(
                    f"Argument '{self.name}' takes no Secret: Azure DevOps shows its value to every reader."
                )
            return {"insecure": value.value}
        if isinstance(value, timedelta):
            return math.ceil(value.total_seconds())
        if self.choices:
            return self.choices.get(value, value)
        self._check(value)
        return value

    def _check(self, value: Any) -> None:
        if isinstance(value, dict):
            for one in value.values():
                self._check(one)
        elif isinstance(value, (list, tuple)):
            for one in value:
                self._check(one)
        elif isinstance(value, Secret):
            raise ValueError(f"Argument '{self.name}' takes no Secret: Azure DevOps shows its value to every reader.")
        elif isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"Argument '{self.name}' has a number that is not finite.")
        elif value is not None and not isinstance(value, (str, bool, int, float)):
            raise ValueError(
                f"Argument '{self.name}' has a value of type {type(value).__name__}, which cannot be sent."
            )


def of_action(command: dict[str, Any], schema: dict[str, Any]) -> list[Argument]:
    """The arguments of an action's keyword in their order: the required ones first, the session last"""
    attributes = [_argument(attribute, schema["input"]) for attribute in _flat(command["attributes"])]
    if command["returnType"] == "SESSION":
        attributes += _target(command)
    # Sorting keeps the form's order among equals.
    return sorted(attributes, key=lambda one: (not one.required, one.name == "session"))


def snake_case(name: str) -> str:
    """`organizationUrl` as `organization_url`"""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _inside_default(wire: str, schema: dict[str, Any]) -> str | None:
    """The choice that an attribute has to be given with, if it is for the option that counts when none is chosen"""
    attribute = schema["properties"][wire]
    chooser, _, option = attribute.get("x-inside", "").partition("=")
    needed = attribute.get("x-required", False) and schema["properties"][chooser].get("default") == option
    return chooser if needed else None


def _flat(attributes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Attributes with those that stand inside an option behind the one that has the option"""
    flat = []
    for attribute in attributes:
        flat.append(attribute)
        for option in attribute.get("options", []):
            flat += _flat(option.get("attributes", []))
    return flat


def _argument(attribute: dict[str, Any], schema: dict[str, Any]) -> Argument:
    wire = attribute["name"]
    kind = attribute["type"]
    duration = schema["properties"][wire].get("x-unit") == "seconds"
    options = attribute.get("options", [])
    choices = {option["value"]: option["value"] for option in options}
    default = schema["properties"][wire].get("default")
    with_option = _inside_default(wire, schema)
    if wire in schema.get("required", []) or with_option:
        default = REQUIRED
    elif duration and default is not None:
        default = secs_to_timestr(default)
    a_type = _type(kind, duration, choices)
    description = attribute["description"]
    if duration:
        # Robot Framework's durations bring their own unit.
        description = description.removesuffix(", in seconds")
    if options:
        labels = "; ".join(f"`{option['value']}`: {option['label']}" for option in options)
        description = f"{description}. {labels}"
    if with_option:
        description = f"{description}; `${{NONE}}` with another `{snake_case(with_option)}`"
    return Argument(
        name=snake_case(wire),
        wire=wire,
        type=Union[a_type, None] if default is None or with_option else a_type,
        description=description,
        default=default,
        choices=choices,
        takes_secret=kind == "CREDENTIAL",
    )


def _type(kind: str, duration: bool, choices: dict[str, str]) -> Any:
    if duration:
        return timedelta
    if choices:
        return Literal[tuple(choices)]
    return {
        "TEXT": str,
        "FILE": str,
        "NUMBER": int,
        "CHECKBOX": bool,
        "LIST": list[Any],
        "DICTIONARY": dict[str, Any],
        "CREDENTIAL": Union[Secret, str],
        "SESSION": str,
    }[kind]


def _target(command: dict[str, Any]) -> list[Argument]:
    """Where the session goes that an action returns"""
    default = command["returnDefaultValue"]
    scopes = {mode.title(): mode for mode in command["modes"]}
    return [
        Argument(
            name="scope",
            wire="scope",
            type=Literal[tuple(scopes)],
            description=command["returnDescription"],
            default=default["sessionTarget"].title(),
            target=True,
            choices=scopes,
        ),
        Argument(
            name="session",
            wire="name",
            type=str,
            description="The name it gets; a session in a variable has none",
            default=default["sessionName"]["string"],
            target=True,
        ),
    ]
