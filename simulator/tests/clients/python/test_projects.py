"""Projects: list in pages, get, and missing projects."""

import unittest

from azure.devops.exceptions import AzureDevOpsAuthenticationError, AzureDevOpsServiceError
from support import Case, with_scopes


class Projects(Case):
    def test_pages_form_the_whole_list(self):
        # The client drops the continuation token, so its users count the entries.
        pages, skip = [], 0
        while page := self.core.get_projects(top=2, skip=skip):
            pages.append(len(page))
            skip += len(page)
        self.assertTrue(all(length <= 2 for length in pages), pages)
        self.assertGreaterEqual(sum(pages), 4)
        self.assertEqual(len(self.core.get_projects()), 3, "the page of the world file")

    def test_names_of_every_kind_are_found_by_name_and_by_identifier(self):
        for name in ("Fabrikam", "Two Words", "Ärger"):
            project = self.core.get_project(name, include_capabilities=True)
            self.assertEqual((project.name, project.state), (name, "wellFormed"))
            self.assertEqual(self.core.get_project(project.id).name, name)
            self.assertEqual(project.capabilities["versioncontrol"]["sourceControlType"], "Git")

    def test_a_missing_project(self):
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.core.get_project("Nobodys")
        self.assertEqual(caught.exception.type_key, "ProjectDoesNotExistWithNameException")
        self.assertIn("TF200016", str(caught.exception))

    def test_a_token_without_the_scope(self):
        core = with_scopes("vso.agentpools").clients_v7_1.get_core_client()
        with self.assertRaises(AzureDevOpsAuthenticationError):
            core.get_projects()


if __name__ == "__main__":
    unittest.main()
