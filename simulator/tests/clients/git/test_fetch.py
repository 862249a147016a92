"""Listing refs, cloning and fetching."""

import base64
import unittest

from support import TOKEN, Case


class Fetch(Case):
    def test_refs_are_listed(self):
        listed = self.git("ls-remote", self.url("site")).ok()
        self.assertIn(f"{self.tip('site')}\trefs/heads/main", listed)
        self.assertIn("HEAD", listed)

    def test_a_clone_has_the_files_of_the_rest_api(self):
        self.clone("site")
        self.assertEqual((self.folder / "clone/README.md").read_text(), "# Site\n")
        self.assertEqual(self.git("rev-parse", "HEAD", place="clone").ok(), self.tip("site"))

    def test_a_project_with_a_space_and_one_with_an_umlaut(self):
        for project in ("Two%20Words", "%C3%84rger"):
            name = project.lower().replace("%", "")
            self.rest("repositories", {"name": name}, project=project)
            self.clone(name, project=project, name=name)

    def test_every_version_of_the_protocol(self):
        for version in ("0", "1", "2"):
            self.git("-c", f"protocol.version={version}", "clone", "--quiet", self.url("site"), f"v{version}").ok()

    def test_the_token_in_a_header(self):
        basic = base64.b64encode(f":{TOKEN}".encode()).decode()
        header = f"http.extraHeader=Authorization: Basic {basic}"
        self.git("-c", header, "clone", "--quiet", self.url("site", token=None), "clone").ok()

    def test_without_a_token_the_challenge_is_seen(self):
        said = self.git("clone", self.url("site", token=None), "clone").failed()
        self.assertIn("could not read Username", said)

    def test_a_token_that_is_not_accepted(self):
        said = self.git("clone", self.url("site", token="simulator-revoked-token"), "clone").failed()
        self.assertIn("Authentication failed", said)

    def test_a_token_without_the_scope(self):
        token = "simulator-token-with-scopes.vso.build"
        self.assertIn("Authentication failed", self.git("ls-remote", self.url("site", token=token)).failed())

    def test_a_missing_repository(self):
        self.assertIn("not found", self.git("clone", self.url("nobodys"), "clone").failed())

    def test_a_push_over_rest_is_fetched_at_once(self):
        first = self.create("git-fetched")
        change = {"changeType": "add", "item": {"path": "/b"}, "newContent": {"content": "b", "contentType": "rawtext"}}
        update = {"name": "refs/heads/main", "oldObjectId": first}
        pushed = self.rest("repositories/git-fetched/pushes", {"refUpdates": [update], "commits": [{"comment": "b", "changes": [change]}]})
        self.git("pull", "--quiet", place="clone").ok()
        self.assertEqual(self.git("rev-parse", "HEAD", place="clone").ok(), pushed["commits"][0]["commitId"])

    def test_a_shallow_clone_is_deepened(self):
        self.create("git-shallow")
        for number in range(3):
            self.commit("README.md", f"{number}\n")
        self.git("push", "--quiet", place="clone").ok()
        count = lambda place: self.git("rev-list", "--count", "HEAD", place=place).ok()
        self.clone("git-shallow", "--depth", "1", name="shallow")
        self.assertEqual(count("shallow"), "1")
        self.git("fetch", "--quiet", "--deepen", "2", place="shallow").ok()
        self.assertEqual(count("shallow"), "3")
        self.git("fetch", "--quiet", "--unshallow", place="shallow").ok()
        self.assertEqual(count("shallow"), "4")

    def test_a_partial_clone_fetches_files_later(self):
        self.clone("site", "--filter=blob:none", "--no-checkout", name="partial")
        missing = self.git("rev-list", "--objects", "--all", "--missing=print", place="partial").ok()
        self.assertIn("\n?", missing)
        self.git("checkout", "--quiet", "main", place="partial").ok()
        self.assertEqual((self.folder / "partial/README.md").read_text(), "# Site\n")

    def test_a_fetch_of_one_commit(self):
        tip = self.tip("site")
        self.git("init", "--quiet", "one").ok()
        self.git("fetch", "--quiet", "--depth", "1", self.url("site"), tip, place="one").ok()
        self.assertEqual(self.git("rev-parse", "FETCH_HEAD", place="one").ok(), tip)
        said = self.git("fetch", self.url("site"), "1" * 40, place="one").failed()
        self.assertIn("not our ref", said)

    def test_an_empty_repository(self):
        self.rest("repositories", {"name": "git-empty"})
        self.clone("git-empty")
        self.assertEqual(self.git("ls-remote", self.url("git-empty")).ok(), "")


if __name__ == "__main__":
    unittest.main()
