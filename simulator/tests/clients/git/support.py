"""The installed git, with its own home, and the REST API to compare with."""

import base64
import json
import os
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

URL = os.environ["CLIENTS_URL"]
TOKEN = os.environ["CLIENTS_TOKEN"]


class Ran:
    """A git command that has ended"""

    def __init__(self, process):
        self.worked = process.returncode == 0
        self.said = process.stdout + process.stderr

    def ok(self):
        """What it wrote, if it succeeded"""
        assert self.worked, self.said
        return self.said.strip()

    def failed(self):
        """What it wrote, if it failed"""
        assert not self.worked, self.said
        return self.said


class Case(unittest.TestCase):
    """A test with a folder, which is the home of git too"""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clients-git-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def git(self, *arguments, place="."):
        """Runs git, which never asks"""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Ann",
            "GIT_AUTHOR_EMAIL": "ann@example.com",
            "GIT_COMMITTER_NAME": "Ann",
            "GIT_COMMITTER_EMAIL": "ann@example.com",
            "NO_PROXY": "*",
            "LC_ALL": "C",
        }
        command = ["git", *arguments]
        return Ran(subprocess.run(command, cwd=self.folder / place, env=environment, capture_output=True, text=True, check=False))

    def url(self, repository, project="Fabrikam", token=TOKEN):
        """The address of a repository, with the token as the password"""
        address = urlsplit(URL)
        login = f"bot:{token}@" if token else ""
        return f"{address.scheme}://{login}{address.netloc}{address.path}/{project}/_git/{repository}"

    def clone(self, repository, *more, name="clone", **where):
        self.git("clone", "--quiet", *more, self.url(repository, **where), name).ok()

    def commit(self, path, text, place="clone"):
        """Commits a file and returns the identifier of the commit"""
        (self.folder / place / path).write_text(text)
        self.git("add", "--all", place=place).ok()
        self.git("commit", "--quiet", "--message", f"Change {path}", place=place).ok()
        return self.git("rev-parse", "HEAD", place=place).ok()

    def rest(self, path, body=None, project="Fabrikam"):
        """The JSON of a response below the Git API of a project"""
        request = urllib.request.Request(f"{URL}/{project}/_apis/git/{path}{'&' if '?' in path else '?'}api-version=7.1")
        request.add_header("Authorization", "Basic " + base64.b64encode(f":{TOKEN}".encode()).decode())
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
            return json.load(response)

    def create(self, name):
        """Creates a repository with one commit, and a clone of it"""
        self.rest("repositories", {"name": name})
        self.git("clone", "--quiet", self.url(name), "clone").ok()
        self.git("checkout", "--quiet", "-B", "main", place="clone").ok()
        first = self.commit("README.md", "# Git\n")
        self.git("push", "--quiet", "origin", "main", place="clone").ok()
        return first

    def tip(self, repository, branch="main", project="Fabrikam"):
        """The commit of a branch, as the REST API sees it"""
        refs = self.rest(f"repositories/{repository}/refs?filter=heads/{branch}", project=project)["value"]
        return refs[0]["objectId"] if refs else None
