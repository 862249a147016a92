"""The address of the simulator, which `scripts/test-clients` starts, and connections to it."""

import os
import unittest

from azure.devops.connection import Connection
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

    @classmethod
    def setUpClass(cls):
        cls.clients = connect().clients_v7_1
        cls.core = cls.clients.get_core_client()
        cls.git = cls.clients.get_git_client()
        cls.build = cls.clients.get_build_client()
