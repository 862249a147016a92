"""Projects, teams and identities, and the errors that belong to no area."""

import unittest

from support import PROJECT, Case, Failed, Server


class Core(Case):
    def test_projects_are_listed_over_several_pages(self):
        names = {project["name"] for project in self.call("core_list_projects", top=3)}
        names |= {project["name"] for project in self.call("core_list_projects", top=3, skip=3)}
        self.assertEqual(names, {PROJECT, "Archive", "Two Words", "Ärger"})

    def test_projects_are_found_by_a_part_of_their_name(self):
        [project] = self.call("core_list_projects", projectNameFilter="words")
        self.assertEqual((project["name"], project["state"]), ("Two Words", "wellFormed"))

    def test_the_team_of_a_project(self):
        [team] = self.call("core_list_project_teams", project=PROJECT)
        self.assertEqual((team["name"], team["projectName"]), ("Fabrikam Team", PROJECT))

    def test_the_teams_of_the_caller(self):
        [team] = self.call("core_list_project_teams", project=PROJECT, mine=True)
        self.assertEqual(team["name"], "Fabrikam Team")

    def test_teams_of_a_missing_project(self):
        with self.assertRaisesRegex(Failed, "No teams found|TF200016"):
            self.call("core_list_project_teams", project="nobodys")

    def test_an_identity_by_its_address_and_by_its_name(self):
        for wanted in ("ann.lee@fabrikam.example", "Ann Lee"):
            [found] = self.call("core_get_identity_ids", searchFilter=wanted)
            self.assertEqual(found["displayName"], "Ann Lee", wanted)

    def test_an_identity_that_nobody_has(self):
        with self.assertRaisesRegex(Failed, "No identities found"):
            self.call("core_get_identity_ids", searchFilter="nobody")

    def test_a_token_that_is_not_accepted(self):
        server = Server("simulator-revoked-token")
        self.addCleanup(server.stop)
        with self.assertRaises(Failed):
            server.call("core_list_projects")

    def test_a_token_without_the_scope(self):
        server = Server("simulator-token-with-scopes.vso.project")
        self.addCleanup(server.stop)
        self.assertTrue(server.call("core_list_projects"))
        with self.assertRaises(Failed):
            server.call("repo_repository", action="list", project=PROJECT)


if __name__ == "__main__":
    unittest.main()
