#!/usr/bin/env python3
"""Replaces `azdo-bot serve` and misbehaves on request: the method selects the response.

Writes every line that it reads to the file in STAND_IN_LOG.
"""

import json
import os
import sys
import time


def say(message: object) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def answer(request: dict, waiting: list) -> None:
    number = request.get("id")
    match request["method"]:
        case "test/echo":
            say({"id": number, "result": request["params"]})
        case "test/progress":
            say({"method": "$/progress", "params": {"id": number - 1, "message": "of another"}})
            say({"method": "$/progress", "params": {"id": number, "message": "half way"}})
            say({"method": "$/unknown", "params": {}})
            say({"id": number, "result": "done"})
        case "test/garbage":
            sys.stdout.write('not JSON\n[1, 2]\n"text"\ne": 1}}\n')
            say({"id": number - 1, "result": "of an abandoned request"})
            say({"id": number, "result": "after garbage"})
        case "test/unread":
            say({"id": None, "error": {"code": -32700, "message": "Parse error: the line is too long"}})
        case "test/fail":
            data = {"code": "resource.conflict", "message": "There is one.", "help": "Take it.", "retry": "never"}
            say({"id": number, "error": {"code": -32000, "message": "x", "data": {**data, "context": {"a": "b"}}}})
        case "test/wait":
            waiting.append(number)
        case "test/die":
            sys.exit(3)
        case "action/execute":
            say({"id": number, "result": {"outputs": {}, "session": "azdo-session:0", "requests": 0}})
        case "$/cancel":
            data = {"code": "service.outcome_unknown", "message": "A run may have been started.", "help": "Look."}
            say({"id": request["params"]["id"], "error": {"code": -32000, "message": "x", "data": data}})
        case _:
            say({"id": number, "result": {}})


def main() -> None:
    waiting: list = []
    with open(os.environ["STAND_IN_LOG"], "a", encoding="utf-8") as log:
        for line in sys.stdin:
            log.write(line)
            log.flush()
            answer(json.loads(line), waiting)
        log.write("end of input\n")
    # The process does not end at the end of its input, so that it must be killed.
    if os.environ.get("STAND_IN_STUBBORN"):
        time.sleep(3600)


main()
