"""Microsoft's MCP server, unmodified and at its own address, called by the client of the protocol."""

import asyncio
import base64
import json
import os
import re
import threading
import unittest

from mcp import Client, StdioServerParameters

PROJECT = "Fabrikam"


class Failed(Exception):
    """A tool has returned an error"""


class Server:
    """A server that answers until `stop`, in a thread with its own event loop"""

    def __init__(self, token, organization="fabrikam"):
        # The server takes the form of a user name and a password.
        basic = base64.b64encode(f"bot:{token}".encode()).decode()
        environment = {**os.environ, "PERSONAL_ACCESS_TOKEN": basic, "LOG_LEVEL": "error"}
        arguments = [os.environ["MCP_SERVER"], organization, "--authentication", "pat", "--tenant", "none"]
        self._parameters = StdioServerParameters(command="node", args=arguments, env=environment)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._error = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(60)
        if self._error:
            raise self._error

    def _run(self):
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self):
        self._end = asyncio.Event()
        try:
            async with Client(self._parameters, mode="legacy") as self._client:
                self._ready.set()
                await self._end.wait()
        except Exception as error:
            self._error = error
            self._ready.set()

    def stop(self):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def call(self, tool, **arguments):
        """Calls a tool, and returns the JSON in its text, or the text; raises `Failed` if it returns an error"""
        called = asyncio.run_coroutine_threadsafe(self._client.call_tool(tool, arguments), self._loop)
        result = called.result(60)
        parts = (part for part in result.content if part.type in ("text", "resource"))
        text = "\n".join(part.text if part.type == "text" else part.resource.model_dump_json() for part in parts)
        # Text of Azure DevOps is between marks for the model.
        text = re.sub(r"<</?\w+>>|\[UNTRUSTED [^\]]*\]", "", text).strip()
        if result.is_error:
            raise Failed(text)
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            return text


class Case(unittest.TestCase):
    """A test with a server for the organization of the simulator"""

    _server = None

    @classmethod
    def setUpClass(cls):
        if Case._server is None:
            Case._server = Server(os.environ["CLIENTS_TOKEN"])
            unittest.addModuleCleanup(Case._close)

    @staticmethod
    def _close():
        Case._server.stop()
        Case._server = None

    def call(self, tool, **arguments):
        return Case._server.call(tool, **arguments)

    def on(self, tool, action, **arguments):
        """Calls an action of a tool in the project"""
        return self.call(tool, action=action, project=PROJECT, **arguments)

    def refused(self, message, tool, action, **arguments):
        """Calls an action that fails, and compares its message"""
        with self.assertRaisesRegex(Failed, message):
            self.on(tool, action, **arguments)
