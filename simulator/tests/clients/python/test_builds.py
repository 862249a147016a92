"""Build definitions, builds and pipelines."""

import unittest

from azure.devops.exceptions import AzureDevOpsServiceError
from azure.devops.v7_1.build.models import Build, BuildDefinition, BuildRepository, DefinitionReference
from azure.devops.v7_1.pipelines.models import RunPipelineParameters
from support import PROJECT, Case


class Builds(Case):
    def setUp(self):
        self.pipelines = self.clients.get_pipelines_client()

    def test_a_definition_is_found_by_name(self):
        [definition] = self.build.get_definitions(PROJECT, name="site")
        self.assertEqual(self.build.get_definition(PROJECT, definition.id).process["yamlFilename"], "/azure-pipelines.yml")
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.build.get_definition(PROJECT, 999)
        self.assertEqual(caught.exception.type_key, "DefinitionNotFoundException")

    def test_a_run_is_started_seen_as_a_build_and_cancelled(self):
        [pipeline] = self.pipelines.list_pipelines(PROJECT)
        run = self.pipelines.run_pipeline(RunPipelineParameters(), PROJECT, pipeline.id)
        self.assertEqual(self.build.get_build(PROJECT, run.id).definition.name, "site")
        cancelled = self.build.update_build(Build(status="Cancelling"), PROJECT, run.id)
        self.assertEqual(cancelled.status, "cancelling")

    def test_a_run_advances_to_its_result(self):
        [pipeline] = self.pipelines.list_pipelines(PROJECT)
        started = self.pipelines.run_pipeline(RunPipelineParameters(), PROJECT, pipeline.id)
        seen = [self.build.get_build(PROJECT, started.id).status for _ in range(4)]
        self.assertEqual(seen[-1], "completed", seen)
        self.assertEqual(self.build.get_build(PROJECT, started.id).result, "succeeded")
        self.assertIn(started.id, [build.id for build in self.build.get_builds(PROJECT, result_filter="succeeded")])

    def new_definition(self, name):
        repository = BuildRepository(id=self.git.get_repository("site", PROJECT).id, type="TfsGit")
        return BuildDefinition(name=name, repository=repository, process={"type": 2, "yamlFilename": "/azure-pipelines.yml"})

    def test_a_definition_is_created_changed_and_deleted(self):
        made = self.build.create_definition(self.new_definition("python"), PROJECT)
        self.assertEqual((made.revision, made.queue_status), (1, "enabled"))
        made.name, made.path = "python-2", "\\clients"
        changed = self.build.update_definition(made, PROJECT, made.id)
        self.assertEqual((changed.name, changed.path, changed.revision), ("python-2", "\\clients", 2))
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.build.update_definition(made, PROJECT, made.id)
        self.assertEqual(caught.exception.type_key, "InvalidDefinitionException")
        self.build.delete_definition(PROJECT, made.id)
        self.assertEqual(self.build.get_definitions(PROJECT, name="python-2"), [])

    def test_a_build_is_queued(self):
        [site] = self.build.get_definitions(PROJECT, name="site")
        build = self.build.queue_build(Build(definition=DefinitionReference(id=site.id)), PROJECT)
        self.assertEqual((build.status, build.source_branch), ("notStarted", "refs/heads/main"))

    def test_a_missing_build(self):
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.build.get_build(PROJECT, 999)
        self.assertEqual(caught.exception.type_key, "BuildNotFoundException")


if __name__ == "__main__":
    unittest.main()
