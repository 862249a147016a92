"""Inspector's command line with `azdo-bot mcp`, on both transports."""

import json
import os
import subprocess
import unittest

from support import CONNECTION, PROGRAM, serving

NODE = os.environ.get("MCP_NODE")
INSPECTOR = [NODE, os.path.join(os.environ.get("MCP_NODE_MODULES", ""), ".bin", "mcp-inspector"), "--cli"]


@unittest.skipUnless(NODE, "scripts/test-clients sets MCP_NODE")
class Inspector(unittest.TestCase):
    def run_it(self, *arguments: str) -> dict:
        """Runs one method and returns its result"""
        ended = subprocess.run([*INSPECTOR, *arguments], capture_output=True, text=True, timeout=60)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        return json.loads(ended.stdout)

    def test_standard_input_and_output(self) -> None:
        server = [PROGRAM, "mcp", "--simulate"]
        listed = self.run_it(*server, "--method", "tools/list", "--strict")
        self.assertIn("run_action", [tool["name"] for tool in listed["tools"]])
        values = [f"{name}={value}" for name, value in CONNECTION.items()]
        call = ["--method", "tools/call", "--tool-name", "connect", "--tool-arg", *values]
        connected = self.run_it(*server, *call)
        self.assertEqual(connected["structuredContent"]["projectName"], "Fabrikam")

    def test_every_schema_is_portable(self) -> None:
        described = subprocess.run([PROGRAM, "actions", "--json"], capture_output=True, check=True).stdout
        groups = ",".join({action["group"].lower().replace(" ", "-") for action in json.loads(described)["actions"]})
        server = [PROGRAM, "mcp", "--simulate", "--allow-destructive", "--groups", groups]
        listed = self.run_it(*server, "--method", "tools/list", "--strict")
        self.assertGreater(len(listed["tools"]), 80)

    def test_streamable_http(self) -> None:
        with serving() as (url, token):
            header = ["--header", f"Authorization: Bearer {token}"]
            listed = self.run_it(url, "--transport", "http", *header, "--method", "resources/list")
            self.assertEqual(listed["resources"][0]["uri"], "azure-devops://sessions")
            listed = self.run_it(url, "--transport", "http", *header, "--method", "prompts/list")
            self.assertIn("explain_run", [prompt["name"] for prompt in listed["prompts"]])


if __name__ == "__main__":
    unittest.main()
