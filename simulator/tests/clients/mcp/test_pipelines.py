"""Pipelines, their runs, logs and artifacts."""

import unittest

from support import Case

# The values of enumerations in the client below the server.
COMPLETED_RUN = 4
SUCCEEDED_RUN = 1


class Pipelines(Case):
    def pipeline(self, name="site"):
        [definition] = self.on("pipelines_definition", "list", name=name)
        return definition["id"]

    def finished(self):
        """The number of a new run, after its end"""
        pipeline = self.pipeline()
        run = self.on("pipelines_write", "run_pipeline", pipelineId=pipeline)
        for _ in range(6):
            seen = self.on("pipelines_run", "get", pipelineId=pipeline, runId=run["id"])
            if seen["state"] == COMPLETED_RUN:
                self.assertEqual(seen["result"], SUCCEEDED_RUN)
                return run["id"]
        raise AssertionError(f"the run goes on: {seen}")

    def test_definitions_and_their_revisions(self):
        [revision] = self.on("pipelines_definition", "list_revisions", definitionId=self.pipeline())
        self.assertEqual((revision["revision"], revision["changedBy"]["displayName"]), (1, "Ann Lee"))
        self.assertEqual(self.on("pipelines_definition", "list", name="nobodys"), [])

    def test_definitions_of_a_repository_by_its_name(self):
        names = [one["name"] for one in self.on("pipelines_definition", "list", repositoryId="site")]
        self.assertIn("site", names)

    def test_a_run_with_its_log_changes_report_and_artifacts(self):
        run = self.finished()
        self.assertIn(run, [build["id"] for build in self.on("pipelines_build", "list", resultFilter=2)])
        self.assertIn(run, [one["id"] for one in self.on("pipelines_run", "list", pipelineId=self.pipeline())])
        [log] = self.on("pipelines_build_log", "list", buildId=run)
        content = self.on("pipelines_build_log", "get_content", buildId=run, logId=log["id"])
        self.assertEqual(len(content), log["lineCount"])
        for change in self.on("pipelines_build", "get_changes", buildId=run):
            self.assertEqual(change["type"], "TfsGit")
        self.assertEqual(self.on("pipelines_build", "get_status", buildId=run)["buildId"], run)
        self.assertEqual(self.on("pipelines_artifact", "list", buildId=run), [])

    def test_a_parameter_that_the_file_does_not_have(self):
        parameters = {"environment": "test"}
        message = "Unexpected parameter 'environment'"
        self.refused(message, "pipelines_write", "run_pipeline", pipelineId=self.pipeline(), templateParameters=parameters)

    def test_a_run_of_a_missing_pipeline(self):
        self.refused("The pipeline '999' does not exist", "pipelines_write", "run_pipeline", pipelineId=999)

    def test_a_preview_shows_the_given_yaml(self):
        yaml = "steps: [{script: echo}]"
        shown = self.on("pipelines_write", "run_pipeline", pipelineId=self.pipeline(), previewRun=True, yamlOverride=yaml)
        self.assertEqual(shown["finalYaml"], yaml)

    def test_a_pipeline_is_created_and_renamed(self):
        repository = self.on("repo_repository", "get", repositoryNameOrId="site")["id"]
        source = {"repositoryType": "AzureReposGit", "repositoryName": "site", "repositoryId": repository}
        made = self.on("pipelines_write", "create_pipeline", name="made", yamlPath="/azure-pipelines.yml", **source)
        self.assertEqual((made["name"], made["configuration"]["type"]), ("made", 1))
        renamed = self.on("pipelines_write", "rename_pipeline", pipelineId=made["id"], name="renamed")
        self.assertEqual((renamed["name"], renamed["revision"]), ("renamed", 2))
        self.assertEqual(self.pipeline("renamed"), made["id"])

    def test_a_pipeline_without_a_repository(self):
        source = {"repositoryType": "AzureReposGit", "repositoryName": "site"}
        self.refused("repository.id", "pipelines_write", "create_pipeline", name="x", yamlPath="/a.yml", **source)

    def test_a_stage_that_did_not_fail_is_not_retried(self):
        run = self.finished()
        self.refused("cannot be retried", "pipelines_write", "update_build_stage", buildId=run, stageName="__default", status="Retry")


if __name__ == "__main__":
    unittest.main()
