"""Where the simulator is, and connections to it; `scripts/test-clients` starts it and says so."""

import os
import unittest

from azure.devops.connection import Connection
from msrest.authentication import BasicAuthentication

URL = os.environ["CLIENTS_URL"]
TOKEN = os.environ["CLIENTS_TOKEN"]
PROJECT = "Fabrikam"


def connect(token=TOKEN, url=URL):
    """A connection as the client's own manual makes one."""
    return Connection(base_url=url, creds=BasicAuthentication("", token))


def with_scopes(*scopes):
    """A connection whose token has these scopes only."""
    return connect("simulator-token-with-scopes." + "+".join(scopes))


class Case(unittest.TestCase):
    """A test with the newest clients of a connection that may do everything."""

    @classmethod
    def setUpClass(cls):
        cls.clients = connect().clients_v7_1
        cls.core = cls.clients.get_core_client()
        cls.git = cls.clients.get_git_client()
        cls.build = cls.clients.get_build_client()
