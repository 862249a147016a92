"""Runs of pipelines: logs, timeline, tags, leases, folders, artifacts and tests."""

import unittest

from azure.devops.v7_1.build.models import Folder, NewRetentionLease, UpdateStageParameters
from azure.devops.v7_1.pipelines.models import CreatePipelineParameters, RunPipelineParameters
from steps import does_not_pass
from support import PROJECT, Case


class Runs(Case):
    def setUp(self):
        self.pipelines = self.clients.get_pipelines_client()
        [definition] = self.build.get_definitions(PROJECT, name="site")
        self.pipeline = definition.id

    def finished(self):
        """The number of a run after its end."""
        run = self.pipelines.run_pipeline(RunPipelineParameters(), PROJECT, self.pipeline).id
        states = [self.build.get_build(PROJECT, run).status for _ in range(5)]
        self.assertEqual(states[-1], "completed", states)
        return run

    def test_logs_and_timeline(self):
        run = self.finished()
        [log] = self.build.get_build_logs(PROJECT, run)
        lines = self.build.get_build_log_lines(PROJECT, run, log.id)
        self.assertEqual(len(lines), log.line_count)
        self.assertEqual(self.build.get_build_log_lines(PROJECT, run, log.id, start_line=1, end_line=1), lines[1:2])
        text = b"".join(self.build.get_build_log(PROJECT, run, log.id)).decode()
        self.assertEqual(text.splitlines(), lines)
        self.assertEqual(b"".join(self.build.get_build_logs_zip(PROJECT, run))[:2], b"PK")
        records = self.build.get_build_timeline(PROJECT, run).records
        self.assertTrue({"Stage", "Job", "Task"} <= {record.type for record in records})

    def test_changes_report_work_items_and_artifacts(self):
        [main] = self.git.get_refs("site", PROJECT, filter="heads/main")
        commit = self.push(self.git.get_repository("site", PROJECT).id, "main", main.object_id, "/python.txt", "x")
        run = self.finished()
        [change] = self.build.get_build_changes(PROJECT, run)
        self.assertEqual((change.id, change.type), (commit, "TfsGit"))
        self.assertEqual(self.build.get_build_report(PROJECT, run).build_id, run)
        self.assertEqual(self.build.get_build_work_items_refs(PROJECT, run), [])
        self.assertEqual(self.build.get_artifacts(PROJECT, run), [])
        with self.refused("ArtifactNotFoundException"):
            self.build.get_artifact(PROJECT, run, "drop")

    def test_tags(self):
        run = self.finished()
        self.build.add_build_tags(["python", "second"], PROJECT, run)
        self.build.add_build_tag(PROJECT, run, "third")
        self.assertEqual(self.build.delete_build_tag(PROJECT, run, "second"), ["python", "third"])
        self.assertEqual(self.build.get_build_tags(PROJECT, run), ["python", "third"])
        self.assertEqual([one.id for one in self.build.get_builds(PROJECT, tag_filters=["third"])], [run])

    def test_leases(self):
        run = self.finished()
        lease = NewRetentionLease(days_valid=7, definition_id=self.pipeline, owner_id="python", protect_pipeline=False, run_id=run)
        [made] = self.build.add_retention_leases([lease], PROJECT)
        [held] = self.build.get_retention_leases_for_build(PROJECT, run)
        self.assertEqual((held.lease_id, held.owner_id), (made.lease_id, "python"))

    def test_folders(self):
        made = self.build.create_folder(Folder(path="\\python", description="d"), PROJECT, "python")
        self.assertEqual((made.path, made.created_by.display_name), ("\\python", "Ann Lee"))
        self.build.update_folder(Folder(path="\\python", description="e"), PROJECT, "python")
        self.assertEqual([one.description for one in self.build.get_folders(PROJECT, "python")], ["e"])
        self.build.delete_folder(PROJECT, "python")
        self.assertNotIn("\\python", [one.path for one in self.build.get_folders(PROJECT)])

    def test_revisions_and_a_deleted_definition_that_comes_back(self):
        definition = self.build.get_definition(PROJECT, self.pipeline)
        definition.name = "python-restored"
        made = self.build.create_definition(definition, PROJECT)
        [revision] = self.build.get_definition_revisions(PROJECT, made.id)
        self.assertEqual((revision.revision, revision.change_type), (1, "add"))
        self.build.delete_definition(PROJECT, made.id)
        self.assertEqual(self.build.restore_definition(PROJECT, made.id, False).name, "python-restored")

    def test_a_stage_that_did_not_fail_is_not_retried(self):
        with self.refused("StageUpdateInvalidException"):
            self.build.update_stage(UpdateStageParameters(state="retry"), self.finished(), "__default", PROJECT)

    @does_not_pass("the client sends the configuration without its path and repository, to every service", "Value cannot be null")
    def test_a_pipeline_is_created(self):
        repository = self.git.get_repository("site", PROJECT).id
        configuration = {"type": "yaml", "path": "/azure-pipelines.yml", "repository": {"id": repository, "type": "azureReposGit"}}
        self.pipelines.create_pipeline(CreatePipelineParameters(name="python-made", configuration=configuration), PROJECT)

    def test_a_pipeline_and_its_runs(self):
        self.assertEqual(self.pipelines.get_pipeline(PROJECT, self.pipeline).name, "site")
        run = self.pipelines.run_pipeline(RunPipelineParameters(), PROJECT, self.pipeline)
        self.assertEqual(self.pipelines.get_run(PROJECT, self.pipeline, run.id).id, run.id)
        self.assertIn(run.id, [one.id for one in self.pipelines.list_runs(PROJECT, self.pipeline)])
        with self.refused("PipelineNotFoundException"):
            self.pipelines.get_pipeline(PROJECT, 9999)

    def test_a_preview(self):
        yaml = "steps: [{script: echo}]"
        parameters = RunPipelineParameters(preview_run=True, yaml_override=yaml)
        self.assertEqual(self.pipelines.preview(parameters, PROJECT, self.pipeline).final_yaml, yaml)

    def test_runs_of_tests(self):
        tests = self.clients.get_test_client()
        self.assertEqual(tests.get_test_runs(PROJECT, build_uri=f"vstfs:///Build/Build/{self.finished()}"), [])


if __name__ == "__main__":
    unittest.main()
