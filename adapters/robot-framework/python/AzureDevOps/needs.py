"""Listener for `robot --dryrun`: lists the scopes and permissions that a suite needs, and what the operator's policy
denies, as `check` does for a bot.

robot --dryrun --listener AzureDevOps.Needs suites/
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from robot.api import logger

from .binary import run_json
from .keywords import package

LIBRARY = "AzureDevOps"


class Needs:
    """Collects the actions that a suite calls, and shows what they need when the run ends"""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self._places: list[str] = []
        self._actions: list[str] = []
        self._unseen: list[str] = []
        self._started = 0
        self._open: list[int] = []

    def start_user_keyword(self, _data: Any, _implementation: Any, _result: Any) -> None:
        self._started += 1

    def start_library_keyword(self, data: Any, implementation: Any, _result: Any) -> None:
        self._started += 1
        self._open.append(self._started)
        if implementation.owner.real_name == LIBRARY:
            self._places.append(_place(data))
            self._actions.append(package().keywords[implementation.name].action)

    def end_library_keyword(self, data: Any, implementation: Any, _result: Any) -> None:
        # A dry run cannot resolve a keyword's name from a variable, so its calls are not counted.
        nothing_inside = self._open.pop() == self._started
        runs_others = implementation.owner.real_name == "BuiltIn" and implementation.name.startswith("Run Keyword")
        if runs_others and nothing_inside:
            self._unseen.append(_place(data))

    def close(self) -> None:
        lines = report(self._places, needs_of(self._actions)) if self._actions else []
        lines += refused(self._places, self._actions)
        lines += [
            f"{place}: not counted, the name of the keyword comes from a variable" for place in dict.fromkeys(self._unseen)
        ]
        if lines:
            logger.console("\n".join(lines))


def _place(data: Any) -> str:
    # A keyword called by `Run Keyword` has a line but no file; the file is that of its parent.
    holder = data
    while holder.source is None and holder.parent:
        holder = holder.parent
    source = Path(holder.source or "?")
    name = f"{source.name}/__init__.robot" if source.is_dir() else source.name
    return f"{name}:{data.lineno}"


def refused(places: list[str], actions: list[str]) -> list[str]:
    """A line for each call that the operator's policy denies, with the error of the keyword"""
    if not actions:
        return []
    config = os.environ.get("AZDO_BOT_CONFIG")
    policy = run_json("policy", "show", "--json", *(["--config", config] if config else []))
    denied = {one["action"]: one["message"] for one in policy["actions"] if not one["allowed"]}
    return [
        f"{place}: policy.denied: {denied[action]}" for place, action in zip(places, actions) if action in denied
    ]


def needs_of(actions: list[str]) -> dict[str, Any]:
    """The needs of each of these actions and of all; the program resolves which scope contains another"""
    each = list(dict.fromkeys(actions))
    needs = run_json("needs", *each, "--json")
    by_action = dict(zip(each, needs["needs"]))
    return {**needs, "needs": [by_action[action] for action in actions]}


def report(places: list[str], needs: dict[str, Any]) -> list[str]:
    """The lines to show: each call with its needs, then the scopes of the token and the permissions of its user"""
    titles = {keyword.action: name for name, keyword in package().keywords.items()}
    rows = [("place", "keyword", "permission", "token scope")]
    for place, node in zip(places, needs["needs"]):
        permissions = ", ".join(f"{one['namespace']}: {one['name']}" for one in node["permissions"])
        rows.append((place, titles[node["action"]], permissions, (node["scope"] or {}).get("label", "")))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["", *("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows), ""]
    if needs["token"]:
        lines.append(f"Create a token with: {'; '.join(scope['label'] for scope in needs['token'])}")
        lines.append("  at <organization URL>/_usersSettings/tokens")
    by_place: dict[str, list[str]] = {}
    for permission in needs["permissions"]:
        by_place.setdefault(permission["place"], []).append(permission["name"])
    for place, names in by_place.items():
        lines += [f"Its user needs: {', '.join(names)}", f"  at {place}"]
    return lines
