"""The tasks of compare.py, as the calls of each server: every method is one task."""

import json
import os
import re

from mcp import Client


class Server:
    """A server of the protocol under test"""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.calls = 0
        self.bytes = 0

    async def call(self, tool: str, **arguments: object) -> object:
        """Calls a tool, and returns its structured content, or its text; raises if it fails"""
        self.calls += 1
        result = await self._client.call_tool(tool, arguments)
        text = "".join(part.text for part in result.content if part.type == "text")
        self.bytes += len(json.dumps(arguments, ensure_ascii=False).encode()) + len(text.encode())
        if result.is_error:
            raise Failed(text)
        return result.structured_content or text


class Failed(Exception):
    """A tool has failed"""


class Missing(Exception):
    """No tool does this"""


class Partly(Exception):
    """A tool does this in another way"""


class Bot(Server):
    """The tasks as calls of `azdo-bot mcp`"""

    def __init__(self, client: Client, base: str) -> None:
        super().__init__(client)
        self._base = base
        self._session = ""
        self._pull_request = self._run = self._item = 0

    async def connect(self, base: str, reference: str) -> str:
        where = {"organizationUrl": f"{base}/fabrikam", "projectName": "Fabrikam"}
        return (await self.call("connect", personalAccessToken=reference, **where))["session"]

    async def begin(self) -> None:
        self._session = await self.connect(self._base, "env:AZDO_PAT")

    async def on(self, tool: str, **arguments: object) -> dict:
        return await self.call(tool, session=self._session, **arguments)

    async def run(self, action: str, **inputs: object) -> dict:
        return await self.call("run_action", action=action, session=self._session, inputs=inputs)

    async def list_projects(self) -> None:
        await self.run("list_projects")

    async def list_repositories(self) -> None:
        await self.on("list_repositories")

    async def read_file(self) -> None:
        read = await self.on("get_repository_file", repository="site", path="/README.md")
        assert "Site" in read["content"]

    async def create_repository(self) -> None:
        await self.run("create_repository", name="shop")

    async def create_branch(self) -> None:
        await self.on("create_branch", repository="site", branch="topic", fromBranch="main")

    async def commit_file(self) -> None:
        files = {"/CHANGES.md": "One change\n"}
        await self.on("commit_files", repository="site", branch="topic", message="A change", files=files)

    async def create_pull_request(self) -> None:
        created = await self.on("create_pull_request", repository="site", sourceBranch="topic", targetBranch="main", title="A change")
        self._pull_request = created["id"]

    async def comment(self) -> None:
        await self.on("comment_on_pull_request", id=self._pull_request, text="Looks good")

    async def complete_pull_request(self) -> None:
        await self.run("complete_pull_request", id=self._pull_request)

    async def list_pipelines(self) -> None:
        await self.on("list_pipelines")

    async def run_and_wait(self) -> None:
        run = await self.on("run_pipeline", pipeline="site")
        self._run = run["id"]
        done = await self.on("wait_for_pipeline_run", id=run["id"], timeLimit=60)
        assert done["result"] == "succeeded"

    async def read_log(self) -> None:
        read = await self.on("read_pipeline_run_logs", id=self._run)
        assert read["text"]

    async def approve(self) -> None:
        run = await self.on("run_pipeline", pipeline="release")
        # Each request brings the run a step further.
        for _ in range(20):
            if (await self.run("list_pipeline_approvals", run=run["id"]))["approvals"]:
                break
        await self.run("decide_pipeline_approval", run=run["id"], decision="APPROVE")
        await self.on("wait_for_pipeline_run", id=run["id"], timeLimit=60)

    async def create_work_item(self) -> None:
        self._item = (await self.on("create_work_item", type="Bug", title="A fault"))["id"]

    async def update_work_item(self) -> None:
        await self.on("update_work_item", id=self._item, title="A fault, seen")

    async def query_work_items(self) -> None:
        found = await self.on("query_work_items", query="SELECT [System.Id], [System.Title] FROM WorkItems")
        assert "A fault" in json.dumps(found)

    async def second_organization(self) -> None:
        session = await self.connect(os.environ["SECOND_ORGANIZATION"], "env:AZDO_SECOND_PAT")
        await self.call("list_repositories", session=session)

    async def lost_response(self) -> None:
        await self.on("run_pipeline", pipeline="site")

    async def delete_repository(self) -> None:
        await self.run("delete_repository", repository="shop")


class Other(Server):
    """The tasks as calls of `@azure-devops/mcp`"""

    PROJECT = "Fabrikam"

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._pull_request = self._run = self._item = 0
        self._pipelines: dict[str, int] = {}

    async def begin(self) -> None:
        pass

    async def on(self, tool: str, **arguments: object) -> object:
        """Calls a tool, and returns the JSON in its text"""
        text = await self.call(tool, project=self.PROJECT, **arguments)
        found = re.search(r"[\[{].*[\]}]", re.sub(r"<</?\w+>>|\[UNTRUSTED [^\]]*\]", "", text), re.DOTALL)
        return json.loads(found[0]) if found else text

    async def list_projects(self) -> None:
        await self.call("core_list_projects")

    async def list_repositories(self) -> None:
        await self.on("repo_repository", action="list")

    async def read_file(self) -> None:
        text = await self.call("repo_file", action="get_content", project=self.PROJECT, repositoryId="site", path="/README.md")
        assert "Site" in text

    async def create_repository(self) -> None:
        raise Missing

    async def create_branch(self) -> None:
        await self.on("repo_create_branch", repositoryId="site", branchName="topic", sourceBranchName="main")

    async def commit_file(self) -> None:
        raise Missing

    async def create_pull_request(self) -> None:
        refs = {"sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main"}
        created = await self.on("repo_pull_request_write", action="create", repositoryId="site", title="A change", **refs)
        self._pull_request = created["pullRequestId"]

    async def comment(self) -> None:
        where = {"repositoryId": "site", "pullRequestId": self._pull_request}
        await self.on("repo_pull_request_thread_write", action="create", content="Looks good", **where)

    async def complete_pull_request(self) -> None:
        # It sets no other status than Active and Abandoned; the service completes it when its policies allow that.
        where = {"repositoryId": "site", "pullRequestId": self._pull_request}
        await self.on("repo_pull_request_write", action="update", autoComplete=True, **where)
        raise Partly("auto-complete only")

    async def list_pipelines(self) -> None:
        self._pipelines = {one["name"]: one["id"] for one in await self.on("pipelines_definition", action="list")}

    async def run_and_wait(self) -> None:
        pipeline = self._pipelines["site"]
        run = await self.on("pipelines_write", action="run_pipeline", pipelineId=pipeline)
        self._run = run["id"]
        # The state is a number: 4 is completed.
        for _ in range(60):
            if run.get("state") == 4:
                return
            run = await self.on("pipelines_run", action="get", pipelineId=pipeline, runId=self._run)
        raise Failed("the run does not end")

    async def read_log(self) -> None:
        for log in await self.on("pipelines_build_log", action="list", buildId=self._run):
            await self.on("pipelines_build_log", action="get_content", buildId=self._run, logId=log["id"])

    async def approve(self) -> None:
        raise Missing

    async def create_work_item(self) -> None:
        fields = [{"name": "System.Title", "value": "A fault"}]
        self._item = (await self.on("wit_work_item_write", action="create", workItemType="Bug", fields=fields))["id"]

    async def update_work_item(self) -> None:
        updates = [{"op": "add", "path": "/fields/System.Title", "value": "A fault, seen"}]
        await self.on("wit_work_item_write", action="update", id=self._item, updates=updates)

    async def query_work_items(self) -> None:
        query = "SELECT [System.Id], [System.Title] FROM WorkItems"
        found = await self.on("wit_query", action="wiql", wiql=query)
        assert str(self._item) in json.dumps(found)

    async def second_organization(self) -> None:
        # The organization is an argument of its command line.
        raise Missing

    async def lost_response(self) -> None:
        await self.on("pipelines_write", action="run_pipeline", pipelineId=self._pipelines["site"])

    async def delete_repository(self) -> None:
        raise Missing


# The tasks in their order, with their titles
TASKS = {
    "begin": "Connect",
    "list_projects": "List the projects",
    "list_repositories": "List the repositories",
    "read_file": "Read a file",
    "create_repository": "Create a repository",
    "create_branch": "Create a branch",
    "commit_file": "Commit a file",
    "create_pull_request": "Open a pull request",
    "comment": "Comment on it",
    "complete_pull_request": "Complete it",
    "list_pipelines": "List the pipelines",
    "run_and_wait": "Run a pipeline and wait for its end",
    "read_log": "Read the log of the run",
    "approve": "Approve a stage that waits",
    "create_work_item": "Create a work item",
    "update_work_item": "Change it",
    "query_work_items": "Query work items",
    "second_organization": "Work in a second organization, too",
    "lost_response": "Run a pipeline once, though the response is lost",
    "delete_repository": "Delete a repository",
}
