"""The address of the simulator, which `scripts/test-clients` starts, and connections to it."""

import contextlib
import os
import unittest

from azure.devops.connection import Connection
from azure.devops.exceptions import AzureDevOpsServiceError
from azure.devops.v7_1.git.models import (
    Change,
    GitCommitRef,
    GitPush,
    GitRefUpdate,
    GitRepositoryCreateOptions,
    ItemContent,
)
from msrest.authentication import BasicAuthentication

URL = os.environ["CLIENTS_URL"]
TOKEN = os.environ["CLIENTS_TOKEN"]
PROJECT = "Fabrikam"


def connect(token=TOKEN, url=URL):
    """A connection like in the manual of the client."""
    return Connection(base_url=url, creds=BasicAuthentication("", token))


def with_scopes(*scopes):
    """A connection whose token has these scopes only."""
    return connect("simulator-token-with-scopes." + "+".join(scopes))


class Case(unittest.TestCase):
    """A test with the newest clients and a token with all scopes."""

    NOTHING = "0" * 40

    @classmethod
    def setUpClass(cls):
        cls.clients = connect().clients_v7_1
        cls.core = cls.clients.get_core_client()
        cls.git = cls.clients.get_git_client()
        cls.build = cls.clients.get_build_client()

    @contextlib.contextmanager
    def refused(self, type_key):
        """The service refuses what happens inside, with this name of the error."""
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            yield
        self.assertEqual(caught.exception.type_key, type_key)

    def repository(self, name):
        """Creates a repository with one commit, and returns both identifiers."""
        made = self.git.create_repository(GitRepositoryCreateOptions(name=name), project=PROJECT)
        return made.id, self.push(made.id, "main", self.NOTHING, "/README.md", "# Python\n")

    def push(self, repository, branch, old, path, text, kind="add"):
        """Pushes one commit that adds or edits one file, and returns its identifier."""
        content = ItemContent(content=text, content_type="rawtext")
        change = Change(change_type=kind, item={"path": path}, new_content=content)
        commit = GitCommitRef(comment=f"{kind} {path}", changes=[change])
        update = GitRefUpdate(name=f"refs/heads/{branch}", old_object_id=old)
        return self.git.create_push(GitPush(ref_updates=[update], commits=[commit]), repository).commits[0].commit_id

    def branch(self, repository, name, commit):
        """Creates a branch at a commit."""
        update = GitRefUpdate(name=f"refs/heads/{name}", old_object_id=self.NOTHING, new_object_id=commit)
        [done] = self.git.update_refs([update], repository)
        self.assertTrue(done.success)
