"""Pull requests with reviewers, threads, labels, statuses, iterations and policies."""

import unittest

from azure.devops.v7_1.git.models import (
    Comment,
    CommentPosition,
    CommentThreadContext,
    GitPullRequest,
    GitPullRequestCommentThread,
    GitPullRequestCompletionOptions,
    GitPullRequestQuery,
    GitPullRequestQueryInput,
    GitPullRequestSearchCriteria,
    GitPullRequestStatus,
    GitStatusContext,
    IdentityRefWithVote,
    ResourceRef,
    WebApiCreateTagRequestData,
)
from azure.devops.v7_1.policy.models import PolicyConfiguration, PolicyTypeRef
from azure.devops.v7_1.work_item_tracking.models import JsonPatchOperation
from support import PROJECT, Case

MINIMUM_REVIEWERS = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd"


class PullRequests(Case):
    def opened(self, name, **more):
        """A repository with an open pull request."""
        repository, first = self.repository(name)
        self.branch(repository, "topic", first)
        self.push(repository, "topic", first, "/NEWS.md", "New\n")
        return repository, self.open(repository, **more)

    def open(self, repository, **more):
        refs = {"source_ref_name": "refs/heads/topic", "target_ref_name": "refs/heads/main"}
        return self.git.create_pull_request(GitPullRequest(title="News", description="d", **refs, **more), repository)

    def read(self, repository, one):
        return self.git.get_pull_request(repository, one.pull_request_id)

    def test_one_is_opened_listed_and_found(self):
        repository, made = self.opened("python-opened")
        self.assertEqual((made.status, made.merge_status), ("active", "queued"))
        criteria = GitPullRequestSearchCriteria(source_ref_name="refs/heads/topic", repository_id=repository)
        for listed in (
            self.git.get_pull_requests(repository, criteria, project=PROJECT),
            self.git.get_pull_requests_by_project(PROJECT, criteria),
        ):
            self.assertEqual([one.pull_request_id for one in listed], [made.pull_request_id])
        found = self.git.get_pull_request_by_id(made.pull_request_id)
        self.assertEqual((found.title, found.merge_status), ("News", "succeeded"))
        with self.refused("GitPullRequestExistsException"):
            self.open(repository)

    def test_a_missing_one(self):
        with self.refused("GitPullRequestNotFoundException"):
            self.git.get_pull_request_by_id(9999)

    def test_one_is_completed_and_found_by_its_commit(self):
        repository, made = self.opened("python-completed")
        one = self.read(repository, made)
        options = GitPullRequestCompletionOptions(merge_strategy="squash", delete_source_branch=True)
        change = GitPullRequest(status="completed", last_merge_source_commit=one.last_merge_source_commit, completion_options=options)
        self.git.update_pull_request(change, repository, made.pull_request_id)
        done = [self.read(repository, made) for _ in range(3)][-1]
        self.assertEqual((done.status, done.completion_options.merge_strategy), ("completed", "squash"))
        tip = one.last_merge_source_commit.commit_id
        query = GitPullRequestQuery(queries=[GitPullRequestQueryInput(items=[tip], type="commit")])
        [answer] = self.git.get_pull_request_query(query, repository).results
        self.assertEqual([one.pull_request_id for one in answer[tip]], [made.pull_request_id])

    def test_auto_complete_waits_for_its_policies(self):
        repository, made = self.opened("python-automatic")
        change = GitPullRequest(auto_complete_set_by=made.created_by)
        changed = self.git.update_pull_request(change, repository, made.pull_request_id)
        self.assertEqual(changed.auto_complete_set_by.id, made.created_by.id)
        done = [self.read(repository, made) for _ in range(4)][-1]
        self.assertEqual(done.status, "completed")

    def test_reviewers_and_votes(self):
        repository, made = self.opened("python-reviewed")
        number, me = made.pull_request_id, made.created_by.id
        voted = self.git.create_pull_request_reviewer(IdentityRefWithVote(id=me, vote=-5), repository, number, me)
        self.assertEqual((voted.vote, voted.display_name), (-5, "Ann Lee"))
        self.assertEqual(self.git.get_pull_request_reviewer(repository, number, me).vote, -5)
        self.git.delete_pull_request_reviewer(repository, number, me)
        self.assertEqual(self.git.get_pull_request_reviewers(repository, number), [])
        [added] = self.git.create_pull_request_reviewers([IdentityRefWithVote(id=me)], repository, number)
        self.assertEqual(added.vote, 0)

    def test_a_thread_at_lines_of_a_file(self):
        repository, made = self.opened("python-threads")
        number = made.pull_request_id
        lines = {"right_file_start": CommentPosition(line=1, offset=1), "right_file_end": CommentPosition(line=1, offset=3)}
        context = CommentThreadContext(file_path="/NEWS.md", **lines)
        comment = Comment(content="Why?", comment_type=1)
        thread = GitPullRequestCommentThread(comments=[comment], status=1, thread_context=context)
        thread = self.git.create_thread(thread, repository, number)
        self.assertEqual((thread.thread_context.right_file_end.offset, thread.status), (3, "active"))
        reply = self.git.create_comment(Comment(content="So", parent_comment_id=1), repository, number, thread.id)
        self.git.update_comment(Comment(content="Because"), repository, number, thread.id, reply.id)
        self.assertEqual(self.git.get_comment(repository, number, thread.id, reply.id).content, "Because")
        self.git.delete_comment(repository, number, thread.id, reply.id)
        deleted = self.git.get_comments(repository, number, thread.id)[1]
        self.assertEqual((deleted.is_deleted, deleted.content), (True, None))
        self.git.update_thread(GitPullRequestCommentThread(status="fixed"), repository, number, thread.id)
        self.assertEqual([one.status for one in self.git.get_threads(repository, number)], ["fixed"])
        self.assertEqual(self.git.get_pull_request_thread(repository, number, thread.id).id, thread.id)
        with self.refused("GitPullRequestThreadNotFoundException"):
            self.git.get_pull_request_thread(repository, number, 9999)

    def test_labels_and_statuses(self):
        repository, made = self.opened("python-labels")
        number = made.pull_request_id
        label = self.git.create_pull_request_label(WebApiCreateTagRequestData(name="urgent"), repository, number)
        self.assertEqual(self.git.get_pull_request_label(repository, number, label.id).name, "urgent")
        self.git.delete_pull_request_labels(repository, number, "urgent")
        self.assertEqual(self.git.get_pull_request_labels(repository, number), [])
        status = GitPullRequestStatus(state="pending", context=GitStatusContext(name="python", genre="tests"))
        given = self.git.create_pull_request_status(status, repository, number)
        self.assertEqual(self.git.get_pull_request_status(repository, number, given.id).state, "pending")
        [listed] = self.git.get_pull_request_statuses(repository, number)
        self.assertEqual(listed.context.genre, "tests")

    def test_iterations_and_commits(self):
        repository, made = self.opened("python-iterations")
        number = made.pull_request_id
        tip = self.read(repository, made).last_merge_source_commit.commit_id
        second = self.push(repository, "topic", tip, "/more.md", "x")
        iterations = self.git.get_pull_request_iterations(repository, number)
        self.assertEqual([one.id for one in iterations], [1, 2])
        self.assertEqual(self.git.get_pull_request_iteration(repository, number, 2).source_ref_commit.commit_id, second)
        changes = self.git.get_pull_request_iteration_changes(repository, number, 2)
        self.assertEqual([one.additional_properties["item"]["path"] for one in changes.change_entries], ["/NEWS.md", "/more.md"])
        commits = self.git.get_pull_request_iteration_commits(repository, number, 1)
        self.assertEqual([one.comment for one in commits], ["add /NEWS.md"])
        self.assertEqual(len(self.git.get_pull_request_commits(repository, number)), 2)

    def test_work_items_are_linked_both_ways(self):
        work = self.clients.get_work_item_tracking_client()
        title = JsonPatchOperation(op="add", path="/fields/System.Title", value="linked")
        item = work.create_work_item([title], PROJECT, "Task")
        repository, made = self.opened("python-linked", work_item_refs=[ResourceRef(id=str(item.id))])
        [reference] = self.git.get_pull_request_work_item_refs(repository, made.pull_request_id)
        self.assertEqual(reference.id, str(item.id))
        [relation] = work.get_work_item(item.id, expand="relations").relations
        self.assertEqual(relation.attributes["name"], "Pull Request")

    def test_a_policy_blocks_the_completion(self):
        repository, made = self.opened("python-guarded")
        policy = self.clients.get_policy_client()
        scope = [{"repositoryId": repository, "refName": "refs/heads/main", "matchKind": "exact"}]
        settings = {"minimumApproverCount": 1, "creatorVoteCounts": False, "scope": scope}
        rule = PolicyConfiguration(is_blocking=True, is_enabled=True, settings=settings, type=PolicyTypeRef(id=MINIMUM_REVIEWERS))
        rule = policy.create_policy_configuration(rule, PROJECT)
        self.assertIn(rule.id, [one.id for one in policy.get_policy_configurations(PROJECT)])
        one = self.read(repository, made)
        change = GitPullRequest(status="completed", last_merge_source_commit=one.last_merge_source_commit)
        with self.refused("GitPullRequestUpdateRejectedByPolicyException"):
            self.git.update_pull_request(change, repository, made.pull_request_id)
        project = one.repository.project.id
        [state] = policy.get_policy_evaluations(PROJECT, f"vstfs:///CodeReview/CodeReviewId/{project}/{made.pull_request_id}")
        self.assertEqual((state.status, state.configuration.id), ("running", rule.id))
        rule.is_blocking = False
        changed = policy.update_policy_configuration(rule, PROJECT, rule.id)
        self.assertEqual((changed.is_blocking, policy.get_policy_configuration(PROJECT, rule.id).revision), (False, changed.revision))
        policy.delete_policy_configuration(PROJECT, rule.id)
        with self.refused("PolicyConfigurationNotFoundException"):
            policy.get_policy_configuration(PROJECT, rule.id)
        self.assertEqual(policy.get_policy_type(PROJECT, MINIMUM_REVIEWERS).display_name, "Minimum number of reviewers")
        self.assertIn(MINIMUM_REVIEWERS, [kind.id for kind in policy.get_policy_types(PROJECT)])


if __name__ == "__main__":
    unittest.main()
