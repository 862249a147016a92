"""The official Python client with `azdo-bot mcp`: both revisions of the protocol, on both transports."""

import unittest

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from support import CONNECTION, PROGRAM, serving

REVISIONS = {"auto": "2026-07-28", "legacy": "2025-11-25"}


class Calls(unittest.IsolatedAsyncioTestCase):
    async def use(self, client: Client, revision: str) -> None:
        """Lists tools, and calls some; the client itself checks structured content with the output schemas"""
        self.assertEqual(client.protocol_version, revision)
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        self.assertIn("run_action", tools)
        self.assertTrue(tools["list_repositories"].annotations.read_only_hint)
        connected = await client.call_tool("connect", CONNECTION)
        self.assertFalse(connected.is_error, connected)
        session = connected.structured_content["session"]
        listed = await client.call_tool("list_repositories", {"session": session})
        self.assertTrue(listed.structured_content["repositories"])
        found = await client.call_tool("find_action", {"query": "list branches"})
        action = found.structured_content["actions"][0]["action"]
        inputs = {"action": action, "session": session, "inputs": {"repository": "site"}}
        ran = await client.call_tool("run_action", inputs)
        self.assertFalse(ran.is_error, ran)
        resources = (await client.list_resources()).resources
        self.assertIn(f"azure-devops://sessions/{session}/access", [str(resource.uri) for resource in resources])
        prompts = (await client.list_prompts()).prompts
        self.assertIn("show_access", [prompt.name for prompt in prompts])
        shown = await client.get_prompt("show_access", {"session": session})
        self.assertIn("repositories.read", shown.messages[0].content.resource.text)
        refused = await client.call_tool("run_pipeline", {"session": session, "pipeline": "missing"})
        self.assertTrue(refused.is_error)
        self.assertEqual(refused.meta["azdo-bot/error"]["code"], "resource.not_found")
        closed = await client.call_tool("disconnect", {"session": session})
        self.assertFalse(closed.is_error, closed)

    async def test_standard_input_and_output(self) -> None:
        for mode, revision in REVISIONS.items():
            with self.subTest(mode):
                server = StdioServerParameters(command=PROGRAM, args=["mcp", "--simulate"])
                async with Client(server, mode=mode) as client:
                    await self.use(client, revision)

    async def test_streamable_http(self) -> None:
        with serving() as (url, token):
            for mode, revision in REVISIONS.items():
                with self.subTest(mode):
                    headers = {"Authorization": f"Bearer {token}"}
                    async with httpx2.AsyncClient(headers=headers) as http:
                        async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
                            await self.use(client, revision)


if __name__ == "__main__":
    unittest.main()
