"""Pull requests: reviewers, votes, labels, threads and auto-complete."""

import unittest

from support import Case

APPROVED = 10
ABANDONED = 2


class PullRequests(Case):
    def open(self, branch, **more):
        """A pull request of a new branch"""
        self.call("repo_create_branch", project="Fabrikam", repositoryId="site", branchName=branch, sourceBranchName="main")
        refs = {"sourceRefName": f"refs/heads/{branch}", "targetRefName": "refs/heads/main"}
        created = self.write("create", title=f"Merge {branch}", **refs, **more)
        return created["pullRequestId"]

    def write(self, action, **arguments):
        return self.on("repo_pull_request_write", action, repositoryId="site", **arguments)

    def read(self, number, **more):
        return self.on("repo_pull_request", "get", repositoryId="site", pullRequestId=number, **more)

    def thread(self, action, number, **arguments):
        return self.on("repo_pull_request_thread_write", action, repositoryId="site", pullRequestId=number, **arguments)

    def test_one_is_opened_listed_and_found(self):
        number = self.open("listed", description="Why")
        # By the name of the repository, its identifier, or the project.
        identifier = self.on("repo_repository", "get", repositoryNameOrId="site")["id"]
        for where in ({"repositoryId": "site"}, {"repositoryId": identifier}, {}):
            listed = self.on("repo_pull_request", "list", **where)
            self.assertIn(number, [one["pullRequestId"] for one in listed], where)
        mine = self.on("repo_pull_request", "list", created_by_me=True, sourceRefName="refs/heads/listed")
        self.assertEqual([one["pullRequestId"] for one in mine], [number])
        found = self.read(number)
        self.assertEqual((found["title"], found["description"]), ("Merge listed", "Why"))

    def test_one_between_the_same_branches(self):
        self.open("twice")
        refs = {"sourceRefName": "refs/heads/twice", "targetRefName": "refs/heads/main"}
        self.refused("TF401179", "repo_pull_request_write", "create", repositoryId="site", title="again", **refs)

    def test_a_missing_one(self):
        # The client below the server makes null of the service's 404, and the server makes this of it.
        self.assertEqual(self.read(9999), {})

    def test_labels_and_work_items(self):
        fields = [{"name": "System.Title", "value": "linked"}]
        item = self.on("wit_work_item_write", "create", workItemType="Task", fields=fields)["id"]
        number = self.open("labelled", labels=["urgent"], workItems=str(item))
        found = self.read(number, includeLabels=True, includeWorkItemRefs=True)
        self.assertEqual([label["name"] for label in found["labels"]], ["urgent"])
        self.assertEqual([reference["id"] for reference in found["workItemRefs"]], [str(item)])

    def test_changed_files(self):
        found = self.read(self.open("same"), includeChangedFiles=True)
        self.assertEqual(found["changedFilesSummary"]["changeEntries"], [])

    def test_the_title_is_changed_and_it_is_abandoned(self):
        number = self.open("abandoned")
        self.assertEqual(self.write("update", pullRequestId=number, title="Other")["title"], "Other")
        self.assertEqual(self.write("update", pullRequestId=number, status="Abandoned")["status"], ABANDONED)
        self.assertEqual(self.read(number)["status"], ABANDONED)

    def test_a_vote_and_a_reviewer_who_is_removed(self):
        number = self.open("reviewed")
        self.write("vote", pullRequestId=number, vote="Approved")
        [reviewer] = self.read(number)["reviewers"]
        self.assertEqual((reviewer["displayName"], reviewer["vote"]), ("Ann Lee", APPROVED))
        self.write("update_reviewers", pullRequestId=number, reviewerIds=[reviewer["id"]], reviewerAction="remove")
        self.assertEqual(self.read(number)["reviewers"], [])
        added = self.write("update_reviewers", pullRequestId=number, reviewerIds=[reviewer["id"]], reviewerAction="add")
        self.assertIn("Ann Lee", str(added))

    def test_auto_complete_completes_it(self):
        number = self.open("automatic")
        self.write("update", pullRequestId=number, autoComplete=True, mergeStrategy="Squash", deleteSourceBranch=True)
        # The service completes it a moment later; each request brings the simulator a step further.
        statuses = [self.read(number)["status"] for _ in range(4)]
        self.assertEqual(statuses[-1], 3, statuses)
        self.assertNotIn("automatic", self.on("repo_branch", "list", repositoryId="site"))

    def test_a_thread_at_lines_of_a_file(self):
        number = self.open("thread")
        lines = {"rightFileStartLine": 1, "rightFileStartOffset": 1, "rightFileEndLine": 1, "rightFileEndOffset": 2}
        thread = self.thread("create", number, content="Why?", filePath="/README.md", **lines)
        self.assertEqual(thread["threadContext"]["filePath"], "/README.md")
        self.assertEqual(thread["threadContext"]["rightFileEnd"], {"line": 1, "offset": 2})
        self.thread("reply", number, threadId=thread["id"], content="Because")
        self.thread("update", number, threadId=thread["id"], commentId=2, content="Because of it")
        where = {"repositoryId": "site", "pullRequestId": number}
        comments = self.on("repo_pull_request_thread", "list_comments", threadId=thread["id"], **where)
        self.assertEqual([comment["content"] for comment in comments], ["Why?", "Because of it"])
        self.thread("update_status", number, threadId=thread["id"], status="Fixed")
        [listed] = self.on("repo_pull_request_thread", "list", status="Fixed", **where)
        self.assertEqual(listed["id"], thread["id"])

    def test_a_comment_in_a_missing_thread(self):
        number = self.open("no-thread")
        self.refused("thread", "repo_pull_request_thread_write", "reply", repositoryId="site", pullRequestId=number, threadId=9999, content="x")

    def test_the_pull_request_of_a_merge_commit(self):
        number = self.open("by-commit")
        merged = self.read(number)["lastMergeCommit"]["commitId"]
        found = self.on("repo_pull_request", "list_by_commits", repository="site", commits=[merged], queryType="LastMergeCommit")
        [by_commit] = found["results"]
        self.assertIn(number, [one["pullRequestId"] for one in by_commit[merged]])


if __name__ == "__main__":
    unittest.main()
