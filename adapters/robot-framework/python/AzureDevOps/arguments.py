"""A field of an action as an argument of a keyword: its name, type, default, and value in JSON."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, Union

from robot.api.types import Secret
from robot.utils import secs_to_timestr

REQUIRED = object()

TOKEN = (
    "The token, for the method PAT: a reference such as `env:NAME` or `file:PATH`, or a `Secret` variable. An ordinary "
    "string works too, with a warning: Robot Framework writes it to its log at level TRACE"
)
"""The description of the token; the program's own speaks of the credentials of a designer"""


@dataclass(frozen=True)
class Argument:
    """An argument of a keyword"""

    name: str
    """The name in Robot Framework: `organization_url`"""
    wire: str
    """The name of the field in the invocation: `organizationUrl`; for the target, the name of its member"""
    type: Any
    """The type to which Robot Framework converts the value"""
    description: str
    default: Any = REQUIRED
    target: bool = False
    """Whether it is a member of the target and not an input"""
    choices: dict[str, str] = field(default_factory=dict)
    """For a choice: the text in a suite, and the value in JSON"""
    takes_secret: bool = False

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    def encode(self, value: Any) -> Any:
        """The value in JSON; the error for a value without a JSON form names the argument and never quotes the value"""
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


def of_action(action: dict[str, Any]) -> list[Argument]:
    """The arguments of a keyword in order: the required ones first, the session last"""
    arguments = [_argument(field, action["fields"]) for field in action["fields"]]
    if action["returns"]["kind"] == "SESSION":
        arguments += _target(action["returns"])
    # Sorting keeps the order of the fields among equals.
    return sorted(arguments, key=lambda one: (not one.required, one.name == "session"))


def _argument(field: dict[str, Any], fields: list[dict[str, Any]]) -> Argument:
    duration = field["unit"] == "seconds"
    is_list = field["kind"] == "LIST"
    choices = {choice["value"]: choice["value"] for choice in field["choices"]}
    default = field["default"]
    inside = field["inside"]
    # A field of the default option is required; with another option its value is none.
    with_option = inside["field"] if inside and inside["byDefault"] and field["required"] else None
    if with_option or (field["required"] and not inside):
        default = REQUIRED
    elif duration and default is not None:
        default = secs_to_timestr(default)
    a_type = _type(field["kind"], duration, choices)
    description = TOKEN if field["name"] == "personalAccessToken" else field["description"]
    if duration:
        # Durations in Robot Framework have their own unit.
        description = description.removesuffix(", in seconds")
    if choices:
        labels = "; ".join(f"`{choice['value']}`: {choice['label']}" for choice in field["choices"])
        description = f"{description}. {'Each is one of ' if is_list else ''}{labels}"
    if with_option:
        chooser = next(one for one in fields if one["name"] == with_option)
        description = f"{description}; `${{NONE}}` with another `{_name(chooser)}`"
    return Argument(
        name=_name(field),
        wire=field["name"],
        type=Union[a_type, None] if default is None or with_option else a_type,
        description=description,
        default=default,
        choices={} if is_list else choices,
        takes_secret=field["kind"] == "CREDENTIAL",
    )


def _name(field: dict[str, Any]) -> str:
    return field["names"]["robotFramework"]


def _type(kind: str, duration: bool, choices: dict[str, str]) -> Any:
    if duration:
        return timedelta
    if choices:
        one = Literal[tuple(choices)]
        return list[one] if kind == "LIST" else one
    return {
        "TEXT": str,
        "TEXTAREA": str,
        "FILE": str,
        "NUMBER": int,
        "CHECKBOX": bool,
        "LIST": list[Any],
        "DICTIONARY": dict[str, Any],
        "CREDENTIAL": Union[Secret, str],
        "SESSION": str,
    }[kind]


def _target(returns: dict[str, Any]) -> list[Argument]:
    """The target of the session that an action returns"""
    scopes = {scope.title(): scope for scope in returns["scopes"]}
    return [
        Argument(
            name="scope",
            wire="scope",
            type=Literal[tuple(scopes)],
            description=returns["description"],
            default=returns["defaultScope"].title(),
            target=True,
            choices=scopes,
        ),
        Argument(
            name="session",
            wire="name",
            type=str,
            description="The name it gets; a session in a variable has none",
            default=returns["defaultName"],
            target=True,
        ),
    ]
