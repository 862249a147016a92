"""The outputs of an action as the dictionaries of Robot Framework that a keyword returns."""

from __future__ import annotations

from typing import Any

from robot.utils import DotDict


class Outputs:
    """The outputs in the description of an action, or the entries of one of its lists"""

    def __init__(self, fields: list[dict[str, Any]]):
        self._empty = {field["name"]: None for field in fields}
        self._entries = {field["name"]: Outputs(field["entries"]) for field in fields if field["entries"]}

    def returned(self, value: Any) -> Any:
        """The value for a suite: `${run.id}` works as `${run}[id]` does, with None where the service has no value"""
        if isinstance(value, list):
            return [self.returned(one) for one in value]
        if not isinstance(value, dict):
            return value
        # DotDict(value) checks every value for dictionaries of any type, which takes four times as long.
        dictionary = DotDict()
        dictionary.update(self._empty)
        for name, one in value.items():
            if isinstance(one, (dict, list)):
                one = self._entries.get(name, _UNDESCRIBED).returned(one)
            dictionary[name] = one
        return dictionary


_UNDESCRIBED = Outputs([])
