"""Repositories, branches and files."""

import unittest

from support import Case, Failed


class Repositories(Case):
    def test_repositories_are_listed(self):
        names = [repository["name"] for repository in self.on("repo_repository", "list")]
        self.assertEqual(names, ["site"])
        self.assertEqual(self.on("repo_repository", "list", repoNameFilter="nobodys"), [])

    def test_a_repository_by_name_and_by_identifier(self):
        named = self.on("repo_repository", "get", repositoryNameOrId="site")
        again = self.on("repo_repository", "get", repositoryNameOrId=named["id"])
        self.assertEqual((again["name"], again["defaultBranch"]), ("site", "refs/heads/main"))

    def test_a_missing_repository(self):
        self.refused("Repository nobodys not found", "repo_repository", "get", repositoryNameOrId="nobodys")

    def test_a_branch_is_created_listed_and_found(self):
        created = self.call("repo_create_branch", project="Fabrikam", repositoryId="site", branchName="branch", sourceBranchName="main")
        self.assertIn("'branch' created successfully from 'main'", created)
        self.assertIn("branch", self.on("repo_branch", "list", repositoryId="site"))
        self.assertEqual(self.on("repo_branch", "list", repositoryId="site", filterContains="bran"), ["branch"])
        self.assertIn("branch", self.on("repo_branch", "list_mine", repositoryId="site"))
        found = self.on("repo_branch", "get", repositoryId="site", branchName="branch")
        self.assertEqual((found["name"], found["creator"]["displayName"]), ("refs/heads/branch", "Ann Lee"))

    def test_a_branch_from_a_missing_one(self):
        with self.assertRaisesRegex(Failed, "Source branch 'nothing' not found"):
            self.call("repo_create_branch", project="Fabrikam", repositoryId="site", branchName="x", sourceBranchName="nothing")

    def test_a_branch_that_exists(self):
        # The server shows `customMessage`, which the service sends for some refusals only.
        with self.assertRaisesRegex(Failed, "Error creating branch 'main'"):
            self.call("repo_create_branch", project="Fabrikam", repositoryId="site", branchName="main", sourceBranchName="main")

    def test_a_missing_branch(self):
        self.refused("nothing not found", "repo_branch", "get", repositoryId="site", branchName="nothing")

    def test_the_text_of_a_file(self):
        self.assertEqual(self.on("repo_file", "get_content", repositoryId="site", path="/README.md"), "# Site")
        again = self.on("repo_file", "get_content", repositoryId="site", path="/README.md", version="main", versionType="Branch")
        self.assertEqual(again, "# Site")

    def test_a_missing_file(self):
        self.refused("TF401174|not found", "repo_file", "get_content", repositoryId="site", path="/nothing")

    def test_a_folder(self):
        listed = self.on("repo_file", "list_directory", repositoryId="site", path="/", recursive=True)
        self.assertEqual([item["path"] for item in listed["items"]], ["/", "/README.md", "/azure-pipelines.yml"])


if __name__ == "__main__":
    unittest.main()
