"""Users, teams, permissions, and changes of projects."""

import time
import unittest

from azure.devops.exceptions import AzureDevOpsServiceError
from azure.devops.v7_1.core.models import TeamProject, WebApiTeam
from support import PROJECT, Case

GIT = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87"
BASIC = "b8a3a935-7e91-48b8-a94c-606d37c3e9f2"


class Access(Case):
    def test_a_user_is_found_in_every_area(self):
        graph = self.clients.get_graph_client()
        identity = self.clients.get_identity_client()
        [found] = identity.read_identities(search_filter="General", filter_value="Ann Lee")
        descriptor = graph.get_descriptor(found.id).value
        self.assertEqual(graph.get_user(descriptor).display_name, "Ann Lee")
        self.assertEqual(graph.get_storage_key(descriptor).value, found.id)
        self.assertIn(descriptor, [user.descriptor for user in graph.list_users().graph_users])
        self.assertEqual(identity.read_identity(found.id).subject_descriptor, descriptor)

    def test_lists_of_access_control_are_read(self):
        security = self.clients.get_security_client()
        project = self.core.get_project(PROJECT)
        token = f"repoV2/{project.id}"
        [one] = security.query_access_control_lists(GIT, token=token, include_extended_info=True)
        self.assertEqual(one.token, token)
        self.assertTrue(all(entry.deny == 0 for entry in one.aces_dictionary.values()))
        names = [namespace.name for namespace in security.query_security_namespaces()]
        self.assertIn("Git Repositories", names)

    def test_a_team_is_created_changed_and_deleted(self):
        made = self.core.create_team(WebApiTeam(name="Python"), PROJECT)
        self.assertEqual(made.project_name, PROJECT)
        self.assertEqual(self.core.update_team(WebApiTeam(description="d"), PROJECT, made.id).description, "d")
        self.core.delete_team(PROJECT, made.id)
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.core.get_team(PROJECT, made.id)
        self.assertEqual(caught.exception.type_key, "TeamNotFoundException")

    def finished(self, operation):
        operations = self.clients.get_operations_client()
        for _ in range(100):
            seen = operations.get_operation(operation.id)
            if seen.status == "succeeded":
                return
            time.sleep(0.01)
        self.fail("the operation does not end")

    def test_a_project_is_created_changed_and_deleted(self):
        capabilities = {
            "versioncontrol": {"sourceControlType": "Git"},
            "processTemplate": {"templateTypeId": BASIC},
        }
        self.finished(self.core.queue_create_project(TeamProject(name="Python", capabilities=capabilities)))
        project = self.core.get_project("Python")
        self.finished(self.core.update_project(TeamProject(description="d"), project.id))
        self.assertEqual(self.core.get_project("Python").description, "d")
        self.finished(self.core.queue_delete_project(project.id))
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.core.get_project("Python")
        self.assertEqual(caught.exception.type_key, "ProjectDoesNotExistWithNameException")


if __name__ == "__main__":
    unittest.main()
