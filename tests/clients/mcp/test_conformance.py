"""The protocol's conformance suite: every check that conformance-skipped.toml does not list, in each revision that has it."""

import os
import re
import subprocess
import tomllib
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support import WithToken, serving

NODE = os.environ.get("MCP_NODE")
SUITE = [NODE, os.path.join(os.environ.get("MCP_NODE_MODULES", ""), ".bin", "conformance")]
REVISIONS = ("2025-11-25", "2026-07-28")


@unittest.skipUnless(NODE, "scripts/test-clients sets MCP_NODE")
class Conformance(unittest.TestCase):
    def test_every_check_that_applies(self) -> None:
        skipped = tomllib.loads((Path(__file__).parent / "conformance-skipped.toml").read_text())
        scenarios, checks = skipped["scenarios"], skipped["checks"]
        listed = subprocess.run([*SUITE, "list"], capture_output=True, text=True, check=True).stdout
        section = listed.split("Server scenarios")[1].split("Client scenarios")[0]
        known = dict(re.findall(r"- (\S+) \[(.*)\]", section))
        self.assertEqual((set(scenarios) | set(checks)) - set(known), set(), "scenarios that the suite does not have")
        runs = []
        for scenario, revisions in known.items():
            if scenario not in scenarios:
                in_both = [revision for revision in REVISIONS if revision in revisions]
                runs += [(scenario, revision) for revision in in_both or [None]]
        with serving("--allow-destructive") as (url, token):
            way = WithToken(url, token)
            with ThreadPoolExecutor(2) as pool:
                results = list(pool.map(lambda run: self.run_one(way.url, *run), runs))
            way.close()
        passed: Counter[str] = Counter()
        for (scenario, revision), (successes, failures, output) in zip(runs, results):
            with self.subTest(scenario=scenario, revision=revision):
                self.assertEqual(failures, set(checks.get(scenario, {})), output)
            passed[scenario] += successes
        self.assertEqual({scenario for scenario, count in passed.items() if not count}, set(), "scenarios that check nothing")
        print(f"{passed.total()} checks of {len(known) - len(scenarios)} scenarios passed; {len(scenarios)} scenarios skipped")

    def run_one(self, url: str, scenario: str, revision: str | None) -> tuple[int, set[str], str]:
        """Runs a scenario, and returns how many checks passed, which failed, and what it wrote"""
        command = [*SUITE, "server", "--url", url, "--scenario", scenario]
        command += ["--spec-version", revision] if revision else []
        ended = subprocess.run(command, capture_output=True, text=True, timeout=300)
        output = re.sub(r"\x1b\[\d+m", "", ended.stdout + ended.stderr)
        failures = set(re.findall(r"\[([\w-]+) *\] FAILURE", output))
        # A scenario that ends without its checks has failed, too.
        if ended.returncode != 0 and not failures:
            failures = {"the scenario itself"}
        return output.count("] SUCCESS") + output.count("] SKIPPED"), failures, output


if __name__ == "__main__":
    unittest.main()
