"""Repositories, pushes, branches, commits and files."""

import unittest

from azure.devops.exceptions import AzureDevOpsAuthenticationError, AzureDevOpsServiceError
from azure.devops.v7_1.git.models import (
    Change,
    GitCommitRef,
    GitPush,
    GitRefUpdate,
    GitRepositoryCreateOptions,
    GitVersionDescriptor,
    ItemContent,
    TeamProjectReference,
)
from support import PROJECT, Case, with_scopes

NOTHING = "0" * 40


def push(branch, old, path, text, kind="add"):
    """One commit that adds or edits one file."""
    change = Change(
        change_type=kind, item={"path": path}, new_content=ItemContent(content=text, content_type="rawtext")
    )
    commit = GitCommitRef(comment=f"{kind} {path}", changes=[change])
    return GitPush(ref_updates=[GitRefUpdate(name=branch, old_object_id=old)], commits=[commit])


class Git(Case):
    def create(self, name):
        project = self.core.get_project(PROJECT)
        options = GitRepositoryCreateOptions(name=name, project=TeamProjectReference(id=project.id))
        return self.git.create_repository(options, project=PROJECT)

    def test_a_repository_is_created_listed_and_found(self):
        created = self.create("python-created")
        self.assertEqual((created.name, created.default_branch, created.size), ("python-created", None, 0))
        names = [repository.name for repository in self.git.get_repositories(project=PROJECT)]
        self.assertIn("python-created", names)
        self.assertEqual(self.git.get_repository(created.id).name, "python-created", "without its project")

    def test_a_name_in_use(self):
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.create("site")
        self.assertEqual(caught.exception.type_key, "GitRepositoryNameAlreadyExistsException")

    def test_a_missing_repository(self):
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.git.get_repository("nobodys", project=PROJECT)
        self.assertEqual(caught.exception.type_key, "GitRepositoryNotFoundException")

    def test_pushes_branches_commits_and_files(self):
        repository = self.create("python-pushed").id
        pushed = self.git.create_push(push("refs/heads/main", NOTHING, "/README.md", "# Hello\n"), repository)
        first = pushed.commits[0].commit_id
        [main] = self.git.get_refs(repository, filter="heads/")
        self.assertEqual((main.name, main.object_id), ("refs/heads/main", first))

        [update] = self.git.update_refs(
            [GitRefUpdate(name="refs/heads/topic", old_object_id=NOTHING, new_object_id=first)], repository
        )
        self.assertEqual((update.success, update.update_status), (True, "succeeded"))
        self.git.create_push(push("refs/heads/topic", first, "/NEWS.md", "New\n"), repository)

        topic = GitVersionDescriptor(version="topic", version_type="branch")
        text = b"".join(self.git.get_item_text(repository, path="/NEWS.md", version_descriptor=topic))
        self.assertEqual(text, b"New\n")
        commits = [commit.comment for commit in self.git.get_commits(repository, search_criteria=None)]
        self.assertEqual(commits, ["add /README.md"], "the default branch")
        stats = {branch.name: branch.ahead_count for branch in self.git.get_branches(repository)}
        self.assertEqual(stats, {"main": 0, "topic": 1})

    def test_a_push_from_an_old_commit(self):
        repository = self.git.get_repository("site", project=PROJECT).id
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.git.create_push(push("refs/heads/main", "1" * 40, "/x", "x"), repository)
        self.assertEqual(caught.exception.type_key, "GitReferenceStaleException")

    def test_a_refused_update_of_a_ref_is_a_response(self):
        repository = self.git.get_repository("site", project=PROJECT).id
        update = GitRefUpdate(name="refs/heads/main", old_object_id="1" * 40, new_object_id=NOTHING)
        [refused] = self.git.update_refs([update], repository)
        self.assertEqual((refused.success, refused.update_status), (False, "staleOldObjectId"))

    def test_a_token_with_only_the_read_scope(self):
        git = with_scopes("vso.code").clients_v7_1.get_git_client()
        repository = git.get_repository("site", project=PROJECT)
        self.assertEqual(repository.default_branch, "refs/heads/main")
        with self.assertRaises(AzureDevOpsAuthenticationError):
            git.create_push(push("refs/heads/main", "1" * 40, "/x", "x"), repository.id)


if __name__ == "__main__":
    unittest.main()
