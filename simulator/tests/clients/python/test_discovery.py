"""The first requests of the client: locations, areas, its user, versions."""

import os
import unittest

from azure.devops.exceptions import AzureDevOpsAuthenticationError, AzureDevOpsClientRequestError
from azure.devops.v7_1.security.models import PermissionEvaluation, PermissionEvaluationBatch
from support import PROJECT, TOKEN, URL, Case, connect

GIT = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87"


class Discovery(Case):
    def test_areas_are_at_the_organization(self):
        areas = self.clients.get_location_client().get_resource_areas()
        self.assertIn("git", [area.name for area in areas])
        self.assertEqual({area.location_url for area in areas}, {URL + "/"})

    def test_an_area_is_found_by_its_identifier(self):
        git = self.git.resource_area_identifier
        self.assertEqual(self.clients.get_location_client().get_resource_area(git).name, "git")

    def test_the_client_gets_its_user(self):
        data = self.clients.get_location_client().get_connection_data(connect_options="includeServices")
        self.assertTrue(data.authenticated_user.id)
        self.assertEqual(data.location_service_data.access_mappings[0].access_point, URL + "/")

    def test_older_clients_find_the_same(self):
        connection = connect()
        for clients in (connection.clients, connection.clients_v7_0, connection.clients_v7_1):
            self.assertEqual(clients.get_core_client().get_project(PROJECT).name, PROJECT)

    def test_permissions_are_evaluated_one_by_one_and_in_a_batch(self):
        security = self.clients.get_security_client()
        project = self.core.get_project(PROJECT).id
        token = f"repoV2/{project}"
        self.assertEqual(security.has_permissions(GIT, 4, tokens=token), [True])
        wanted = PermissionEvaluation(security_namespace_id=GIT, token=token, permissions=4)
        batch = security.has_permissions_batch(PermissionEvaluationBatch(evaluations=[wanted]))
        self.assertEqual([one.value for one in batch.evaluations], [True])

    def test_a_project_in_the_url_is_not_found(self):
        with self.assertRaises(AzureDevOpsClientRequestError) as caught:
            connect(url=f"{URL}/{PROJECT}").clients_v7_1.get_core_client()
        self.assertIn("Page not found.", str(caught.exception))

    def test_a_missing_organization(self):
        nobodys = URL.replace("fabrikam", "nobodys")
        with self.assertRaises(AzureDevOpsClientRequestError) as caught:
            connect(url=nobodys).clients_v7_1.get_core_client()
        self.assertIn("The resource cannot be found.", str(caught.exception))

    def test_a_bad_token_is_an_authentication_error(self):
        # The client caches the locations of an organization in the process, so this requests areas.
        for token in ("nobodys", "simulator-expired-token", "simulator-revoked-token"):
            with self.assertRaises(AzureDevOpsAuthenticationError, msg=token):
                connect(token).authenticate()

    def test_no_file_is_written_outside_the_folder_of_the_tests(self):
        self.core.get_project(PROJECT)
        self.assertTrue(os.listdir(os.environ["AZURE_DEVOPS_CACHE_DIR"]))
        self.assertNotIn(TOKEN, repr(os.listdir(os.environ["AZURE_DEVOPS_CACHE_DIR"])))


if __name__ == "__main__":
    unittest.main()
