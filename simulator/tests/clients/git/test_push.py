"""Pushes, and their refusals in git's own report."""

import unittest

from steps import does_not_pass
from support import Case


class Push(Case):
    def test_a_push_is_seen_by_the_rest_api_at_once(self):
        self.create("git-pushed")
        commit = self.commit("src.txt", "a\n")
        self.git("push", "--quiet", place="clone").ok()
        self.assertEqual(self.tip("git-pushed"), commit)
        item = self.rest("repositories/git-pushed/items?path=/src.txt&includeContent=true&$format=json")
        self.assertEqual((item["content"], item["commitId"]), ("a\n", commit))
        one = self.rest(f"repositories/git-pushed/commits/{commit}")
        self.assertEqual((one["author"]["name"], one["comment"].strip()), ("Ann", "Change src.txt"))
        [newest, *_] = self.rest("repositories/git-pushed/pushes?searchCriteria.includeRefUpdates=true")["value"]
        self.assertEqual(newest["refUpdates"][0]["newObjectId"], commit)

    def test_branches_and_tags_are_pushed_and_deleted(self):
        first = self.create("git-refs")
        self.git("tag", "--annotate", "--message", "One", "v1", place="clone").ok()
        self.git("push", "--quiet", "origin", "main:topic", "v1", place="clone").ok()
        self.assertEqual(self.tip("git-refs", "topic"), first)
        tag = self.git("rev-parse", "v1", place="clone").ok()
        found = self.rest(f"repositories/git-refs/annotatedTags/{tag}")
        self.assertEqual((found["message"].strip(), found["taggedObject"]["objectId"]), ("One", first))
        self.git("push", "--quiet", "origin", "--delete", "topic", place="clone").ok()
        self.assertIsNone(self.tip("git-refs", "topic"))

    def test_several_branches_at_once_and_all_or_none(self):
        first = self.create("git-several")
        self.git("push", "--quiet", "--atomic", "origin", "main:one", "main:two", place="clone").ok()
        self.assertEqual((self.tip("git-several", "one"), self.tip("git-several", "two")), (first, first))

    def test_a_push_that_is_not_fast_forward(self):
        self.create("git-forced")
        self.commit("a", "1\n")
        self.git("push", "--quiet", place="clone").ok()
        self.git("reset", "--quiet", "--hard", "HEAD~1", place="clone").ok()
        other = self.commit("a", "2\n")
        said = self.git("push", place="clone").failed()
        self.assertIn("rejected", said)
        self.git("push", "--quiet", "--force", place="clone").ok()
        self.assertEqual(self.tip("git-forced"), other)

    def test_a_lease_that_another_push_has_taken(self):
        first = self.create("git-leased")
        update = {"name": "refs/heads/main", "oldObjectId": first}
        change = {"changeType": "add", "item": {"path": "/b"}, "newContent": {"content": "b", "contentType": "rawtext"}}
        self.rest("repositories/git-leased/pushes", {"refUpdates": [update], "commits": [{"comment": "b", "changes": [change]}]})
        self.commit("a", "1\n")
        said = self.git("push", "--force-with-lease=main:" + first, place="clone").failed()
        self.assertIn("stale info", said)

    def test_a_branch_with_a_policy(self):
        self.clone("guarded", project="Two%20Words")
        before = self.tip("guarded", project="Two%20Words")
        self.commit("a", "1\n")
        said = self.git("push", "origin", "main", place="clone").failed()
        self.assertIn("TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.", said)
        self.assertEqual(self.tip("guarded", project="Two%20Words"), before)
        self.git("push", "--quiet", "origin", "main:topic", place="clone").ok()

    def test_a_token_with_only_the_read_scope(self):
        self.create("git-read")
        self.commit("a", "1\n")
        url = self.url("git-read", token="simulator-token-with-scopes.vso.code")
        self.git("ls-remote", url).ok()
        self.assertIn("Authentication failed", self.git("push", url, "main", place="clone").failed())

    def test_a_pull_request_of_pushed_commits(self):
        self.create("git-reviewed")
        self.git("checkout", "--quiet", "-b", "topic", place="clone").ok()
        commit = self.commit("a", "1\n")
        self.git("push", "--quiet", "origin", "topic", place="clone").ok()
        body = {"title": "t", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main"}
        made = self.rest("repositories/git-reviewed/pullrequests", body)
        self.assertEqual(made["lastMergeSourceCommit"]["commitId"], commit)
        commits = self.rest(f"repositories/git-reviewed/pullrequests/{made['pullRequestId']}/commits")["value"]
        self.assertEqual([one["commitId"] for one in commits], [commit])

    def test_large_files_and_modes(self):
        self.create("git-large")
        (self.folder / "clone/run.sh").write_text("#!/bin/sh\n")
        (self.folder / "clone/run.sh").chmod(0o755)
        commit = self.commit("large.bin", "x" * 3_000_000)
        self.git("push", "--quiet", place="clone").ok()
        self.clone("git-large", name="again")
        self.assertEqual(self.git("ls-tree", "HEAD", "run.sh", place="again").ok()[:6], "100755")
        self.assertEqual(self.git("rev-parse", "HEAD", place="again").ok(), commit)

    @does_not_pass("the refs of pull requests are not imitated", "find remote ref")
    def test_the_merge_ref_of_a_pull_request(self):
        self.create("git-merge-ref")
        self.git("checkout", "--quiet", "-b", "topic", place="clone").ok()
        self.commit("a", "1\n")
        self.git("push", "--quiet", "origin", "topic", place="clone").ok()
        body = {"title": "t", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main"}
        number = self.rest("repositories/git-merge-ref/pullrequests", body)["pullRequestId"]
        self.git("fetch", "--quiet", "origin", f"refs/pull/{number}/merge", place="clone").ok()


if __name__ == "__main__":
    unittest.main()
