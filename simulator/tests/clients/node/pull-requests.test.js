// Pull requests with reviewers, threads, labels, statuses, iterations and policies.
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const {
  CommentThreadStatus,
  CommentType,
  GitPullRequestMergeStrategy,
  GitPullRequestQueryType,
  GitStatusState,
  PullRequestAsyncStatus,
  PullRequestStatus,
} = require("azure-devops-node-api/interfaces/GitInterfaces");
const { NOTHING, PROJECT, connect, push, repository } = require("./support.js");

const MINIMUM_REVIEWERS = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd";

/** A repository with an open pull request. */
const opened = async (git, name) => {
  const [id, first] = await repository(git, name);
  await git.updateRefs([{ name: "refs/heads/topic", oldObjectId: NOTHING, newObjectId: first }], id);
  await push(git, id, "topic", first, "/NEWS.md", "New\n");
  const refs = { sourceRefName: "refs/heads/topic", targetRefName: "refs/heads/main" };
  return [id, await git.createPullRequest({ title: "News", ...refs }, id)];
};

test("one is opened, listed and found, also without the project", async () => {
  const git = await connect().getGitApi();
  const [id, made] = await opened(git, "node-opened");
  assert.deepEqual([made.status, made.mergeStatus], [PullRequestStatus.Active, PullRequestAsyncStatus.Queued]);
  const number = made.pullRequestId;
  const listed = await git.getPullRequests(id, { status: PullRequestStatus.Active });
  assert.deepEqual(listed.map((one) => one.pullRequestId), [number]);
  const all = await git.getPullRequestsByProject(PROJECT, { sourceRefName: "refs/heads/topic", repositoryId: id });
  assert.deepEqual(all.map((one) => one.pullRequestId), [number]);
  assert.equal((await git.getPullRequest(id, number)).mergeStatus, PullRequestAsyncStatus.Succeeded);
  assert.equal((await git.getPullRequestById(number)).title, "News");
  assert.equal(await git.getPullRequestById(9999), null);
});

test("the same branches again are a conflict", async () => {
  const git = await connect().getGitApi();
  const [id, made] = await opened(git, "node-twice");
  const { sourceRefName, targetRefName } = made;
  await assert.rejects(git.createPullRequest({ title: "again", sourceRefName, targetRefName }, id), (error) => {
    assert.equal(error.statusCode, 409);
    return /^TF401179/.test(error.message);
  });
});

test("one is completed, and found by its commit", async () => {
  const git = await connect().getGitApi();
  const [id, { pullRequestId }] = await opened(git, "node-completed");
  const { lastMergeSourceCommit } = await git.getPullRequest(id, pullRequestId);
  const completionOptions = { mergeStrategy: GitPullRequestMergeStrategy.Rebase, deleteSourceBranch: true };
  await git.updatePullRequest({ status: PullRequestStatus.Completed, lastMergeSourceCommit, completionOptions }, id, pullRequestId);
  let one;
  for (let time = 0; time < 3; time += 1) one = await git.getPullRequest(id, pullRequestId);
  assert.equal(one.status, PullRequestStatus.Completed);
  assert.equal(one.completionOptions.mergeStrategy, GitPullRequestMergeStrategy.Rebase);
  const tip = lastMergeSourceCommit.commitId;
  const query = { queries: [{ items: [tip], type: GitPullRequestQueryType.Commit }] };
  const { results } = await git.getPullRequestQuery(query, id);
  assert.deepEqual(results[0][tip].map((found) => found.pullRequestId), [pullRequestId]);
});

test("a vote, and the reviewer is removed", async () => {
  const git = await connect().getGitApi();
  const [id, { pullRequestId, createdBy }] = await opened(git, "node-reviewed");
  const voted = await git.createPullRequestReviewer({ vote: 5 }, id, pullRequestId, createdBy.id);
  assert.deepEqual([voted.vote, voted.displayName], [5, "Ann Lee"]);
  assert.equal((await git.getPullRequestReviewer(id, pullRequestId, createdBy.id)).vote, 5);
  await git.deletePullRequestReviewer(id, pullRequestId, createdBy.id);
  assert.deepEqual(await git.getPullRequestReviewers(id, pullRequestId), []);
});

test("a thread at lines of a file, and its comments", async () => {
  const git = await connect().getGitApi();
  const [id, { pullRequestId }] = await opened(git, "node-threads");
  const threadContext = { filePath: "/NEWS.md", rightFileStart: { line: 1, offset: 1 }, rightFileEnd: { line: 1, offset: 2 } };
  const comments = [{ content: "Why?", commentType: CommentType.Text }];
  const made = await git.createThread({ comments, status: CommentThreadStatus.Active, threadContext }, id, pullRequestId);
  assert.deepEqual(made.threadContext, threadContext);
  const reply = await git.createComment({ content: "So", parentCommentId: 1 }, id, pullRequestId, made.id);
  await git.updateComment({ content: "Because" }, id, pullRequestId, made.id, reply.id);
  const contents = (await git.getComments(id, pullRequestId, made.id)).map((comment) => comment.content);
  assert.deepEqual(contents, ["Why?", "Because"]);
  await git.updateThread({ status: CommentThreadStatus.Fixed }, id, pullRequestId, made.id);
  const [thread] = await git.getThreads(id, pullRequestId);
  assert.equal(thread.status, CommentThreadStatus.Fixed);
});

test("labels, statuses, iterations and commits", async () => {
  const git = await connect().getGitApi();
  const [id, { pullRequestId }] = await opened(git, "node-labels");
  await git.createPullRequestLabel({ name: "urgent" }, id, pullRequestId);
  assert.deepEqual((await git.getPullRequestLabels(id, pullRequestId)).map((label) => label.name), ["urgent"]);
  await git.deletePullRequestLabels(id, pullRequestId, "urgent");
  const given = await git.createPullRequestStatus({ state: GitStatusState.Failed, context: { name: "node" } }, id, pullRequestId);
  assert.equal((await git.getPullRequestStatus(id, pullRequestId, given.id)).state, GitStatusState.Failed);
  const [iteration] = await git.getPullRequestIterations(id, pullRequestId);
  const { changeEntries } = await git.getPullRequestIterationChanges(id, pullRequestId, iteration.id);
  assert.deepEqual(changeEntries.map((entry) => entry.item.path), ["/NEWS.md"]);
  assert.equal((await git.getPullRequestCommits(id, pullRequestId)).length, 1);
});

test("a policy blocks the completion", async () => {
  const git = await connect().getGitApi();
  const policy = await connect().getPolicyApi();
  const [id, { pullRequestId, repository: held }] = await opened(git, "node-guarded");
  const scope = [{ repositoryId: id, refName: "refs/heads/main", matchKind: "exact" }];
  const rule = { type: { id: MINIMUM_REVIEWERS }, isBlocking: true, isEnabled: true, settings: { minimumApproverCount: 1, scope } };
  const made = await policy.createPolicyConfiguration(rule, PROJECT);
  assert.equal((await policy.getPolicyConfiguration(PROJECT, made.id)).settings.minimumApproverCount, 1);
  const { lastMergeSourceCommit } = await git.getPullRequest(id, pullRequestId);
  const completed = git.updatePullRequest({ status: PullRequestStatus.Completed, lastMergeSourceCommit }, id, pullRequestId);
  await assert.rejects(completed, (error) => error.statusCode === 409 || error.statusCode === 403);
  const artifact = `vstfs:///CodeReview/CodeReviewId/${held.project.id}/${pullRequestId}`;
  const [evaluation] = await policy.getPolicyEvaluations(PROJECT, artifact);
  assert.equal(evaluation.configuration.id, made.id);
  await policy.deletePolicyConfiguration(PROJECT, made.id);
  assert.equal(await policy.getPolicyConfiguration(PROJECT, made.id), null);
});
