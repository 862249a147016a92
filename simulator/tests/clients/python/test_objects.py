"""Commits, trees, files, tags, statuses, pushes and imports, and repositories that are changed and deleted."""

import unittest

from azure.devops.v7_1.git.models import (
    GitAnnotatedTag,
    GitBaseVersionDescriptor,
    GitImportGitSource,
    GitImportRequest,
    GitImportRequestParameters,
    GitObject,
    GitPushSearchCriteria,
    GitQueryCommitsCriteria,
    GitRecycleBinRepositoryDetails,
    GitRepository,
    GitRepositoryCreateOptions,
    GitStatus,
    GitStatusContext,
    GitTargetVersionDescriptor,
)
from support import PROJECT, Case


class Objects(Case):
    def test_a_commit_its_changes_its_tree_and_a_file(self):
        repository, first = self.repository("python-objects")
        second = self.push(repository, "main", first, "/src/b.txt", "b\n")
        commit = self.git.get_commit(second, repository)
        self.assertEqual((commit.comment, commit.parents), ("add /src/b.txt", [first]))
        changes = self.git.get_changes(second, repository)
        self.assertEqual([one["item"]["path"] for one in changes.changes], ["/src", "/src/b.txt"])
        tree = self.git.get_tree(repository, commit.tree_id)
        self.assertEqual([one.relative_path for one in tree.tree_entries], ["README.md", "src"])
        blob = self.git.get_blob(repository, tree.tree_entries[0].object_id)
        self.assertEqual(blob.size, len("# Python\n"))

    def test_differences_between_commits(self):
        repository, first = self.repository("python-diffs")
        second = self.push(repository, "main", first, "/b.txt", "b\n")
        base = GitBaseVersionDescriptor(base_version=first, base_version_type="commit")
        target = GitTargetVersionDescriptor(target_version=second, target_version_type="commit")
        diff = self.git.get_commit_diffs(repository, PROJECT, base_version_descriptor=base, target_version_descriptor=target)
        self.assertEqual((diff.ahead_count, diff.behind_count), (1, 0))
        self.assertEqual([one["item"]["path"] for one in diff.changes], ["/b.txt"])

    def test_commits_by_path_and_author(self):
        repository, first = self.repository("python-history")
        self.push(repository, "main", first, "/b.txt", "b\n")
        by_path = self.git.get_commits(repository, GitQueryCommitsCriteria(item_path="/b.txt"))
        self.assertEqual([one.comment for one in by_path], ["add /b.txt"])
        self.assertEqual(self.git.get_commits(repository, GitQueryCommitsCriteria(author="nobody")), [])

    def test_a_missing_commit(self):
        with self.refused("GitUnresolvableToCommitException"):
            self.git.get_commit("1" * 40, "site", PROJECT)

    def test_pushes(self):
        repository, first = self.repository("python-pushes")
        criteria = GitPushSearchCriteria(include_ref_updates=True, ref_name="refs/heads/main")
        [push] = self.git.get_pushes(repository, search_criteria=criteria)
        self.assertEqual(push.ref_updates[0].new_object_id, first)
        self.assertEqual((push.pushed_by.display_name, push.repository.id), ("Ann Lee", repository))
        alone = self.git.get_push(repository, push.push_id, include_ref_updates=True)
        self.assertEqual([commit.commit_id for commit in alone.commits], [first])
        with self.refused("GitPushNotFoundException"):
            self.git.get_push(repository, 9999)

    def test_an_annotated_tag(self):
        repository, first = self.repository("python-tagged")
        tag = GitAnnotatedTag(name="v1", message="One", tagged_object=GitObject(object_id=first))
        made = self.git.create_annotated_tag(tag, PROJECT, repository)
        found = self.git.get_annotated_tag(PROJECT, repository, made.object_id)
        self.assertEqual((found.name, found.message, found.tagged_object.object_id), ("refs/tags/v1", "One", first))

    def test_statuses_of_a_commit(self):
        repository, first = self.repository("python-statuses")
        for state in ("pending", "succeeded"):
            status = GitStatus(state=state, context=GitStatusContext(name="python"))
            self.git.create_commit_status(status, first, repository)
        states = [one.state for one in self.git.get_statuses(first, repository)]
        self.assertEqual(sorted(states), ["pending", "succeeded"])
        [latest] = self.git.get_statuses(first, repository, latest_only=True)
        self.assertEqual(latest.state, "succeeded")

    def test_an_import(self):
        made = self.git.create_repository(GitRepositoryCreateOptions(name="python-imported"), project=PROJECT)
        source = GitImportGitSource(url="https://example.com/fabrikam/_git/site", overwrite=False)
        request = GitImportRequest(parameters=GitImportRequestParameters(git_source=source))
        begun = self.git.create_import_request(request, PROJECT, made.id)
        self.assertEqual(begun.status, "queued")
        states = [self.git.get_import_request(PROJECT, made.id, begun.import_request_id).status for _ in range(3)]
        self.assertEqual(states[-1], "completed", states)
        [listed] = self.git.query_import_requests(PROJECT, made.id, include_abandoned=True)
        self.assertEqual(listed.import_request_id, begun.import_request_id)
        with self.refused("GitImportForbiddenOnNonEmptyRepository"):
            self.git.create_import_request(request, PROJECT, made.id)

    def test_a_repository_is_renamed_deleted_restored_and_destroyed(self):
        repository, _ = self.repository("python-renamed")
        changed = self.git.update_repository(GitRepository(name="python-renamed-2"), repository)
        self.assertEqual(changed.name, "python-renamed-2")
        self.git.delete_repository(repository)
        with self.refused("GitRepositoryNotFoundException"):
            self.git.get_repository(repository)
        self.assertIn("python-renamed-2", [one.name for one in self.git.get_recycle_bin_repositories(PROJECT)])
        back = self.git.restore_repository_from_recycle_bin(GitRecycleBinRepositoryDetails(deleted=False), PROJECT, repository)
        self.assertEqual(back.id, repository)
        self.git.delete_repository(repository)
        self.git.delete_repository_from_recycle_bin(PROJECT, repository)
        self.assertNotIn("python-renamed-2", [one.name for one in self.git.get_recycle_bin_repositories(PROJECT)])

    def test_a_file_as_text_as_json_and_in_an_archive(self):
        repository, _ = self.repository("python-forms")
        item = self.git.get_item(repository, "/README.md", include_content=True)
        self.assertEqual(item.content, "# Python\n")
        text = b"".join(self.git.get_item_content(repository, "/README.md", download=True))
        self.assertEqual(text, b"# Python\n")
        archive = b"".join(self.git.get_item_zip(repository, "/"))
        self.assertEqual(archive[:2], b"PK")
        with self.refused("GitItemNotFoundException"):
            self.git.get_item(repository, "/nothing")


if __name__ == "__main__":
    unittest.main()
