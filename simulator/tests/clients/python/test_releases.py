"""Release definitions, releases and their approvals."""

import unittest

from azure.devops.exceptions import AzureDevOpsServiceError
from azure.devops.v7_1.release.models import (
    Artifact,
    ArtifactMetadata,
    ArtifactSourceReference,
    BuildVersion,
    Condition,
    EnvironmentRetentionPolicy,
    IdentityRef,
    ReleaseApproval,
    ReleaseDefinition,
    ReleaseDefinitionApprovals,
    ReleaseDefinitionApprovalStep,
    ReleaseDefinitionEnvironment,
    ReleaseEnvironmentUpdateMetadata,
    ReleaseStartMetadata,
)
from azure.devops.v7_1.pipelines.models import RunPipelineParameters
from support import PROJECT, Case, with_scopes


class Releases(Case):
    def setUp(self):
        self.release = self.clients.get_release_client()
        [self.site] = self.build.get_definitions(PROJECT, name="site")

    def stage(self, name, conditions=(), approver=None):
        step = ReleaseDefinitionApprovalStep(rank=1, is_automated=approver is None)
        if approver:
            step.approver = IdentityRef(id=approver)
        return ReleaseDefinitionEnvironment(
            name=name,
            conditions=list(conditions),
            pre_deploy_approvals=ReleaseDefinitionApprovals(approvals=[step]),
            retention_policy=EnvironmentRetentionPolicy(days_to_keep=30, releases_to_keep=3, retain_build=True),
        )

    def definition(self, name, *stages):
        source = ArtifactSourceReference(id=str(self.site.id), name="site")
        artifact = Artifact(alias="site", type="Build", is_primary=True, definition_reference={"definition": source})
        return self.release.create_release_definition(
            ReleaseDefinition(name=name, artifacts=[artifact], environments=list(stages)), PROJECT
        )

    def start(self, definition):
        run = self.clients.get_pipelines_client().run_pipeline(RunPipelineParameters(), PROJECT, self.site.id)
        version = ArtifactMetadata(alias="site", instance_reference=BuildVersion(id=str(run.id)))
        return self.release.create_release(ReleaseStartMetadata(definition_id=definition.id, artifacts=[version]), PROJECT)

    def test_a_definition_is_created_changed_and_deleted(self):
        made = self.definition("python", self.stage("Test"))
        made.name = "python-2"
        changed = self.release.update_release_definition(made, PROJECT)
        self.assertEqual((changed.name, changed.revision), ("python-2", 2))
        self.release.delete_release_definition(PROJECT, made.id)
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.release.get_release_definition(PROJECT, made.id)
        self.assertEqual(caught.exception.type_key, "ReleaseDefinitionNotFoundException")

    def test_a_stage_is_deployed_manually(self):
        definition = self.definition("python-hand", self.stage("Production"))
        release = self.start(definition)
        [stage] = release.environments
        self.assertEqual(stage.status, "notStarted")
        update = ReleaseEnvironmentUpdateMetadata(status="inProgress")
        self.assertEqual(self.release.update_release_environment(update, PROJECT, release.id, stage.id).status, "queued")
        seen = [self.release.get_release(PROJECT, release.id).environments[0].status for _ in range(4)]
        self.assertEqual(seen[-1], "succeeded", seen)

    def test_an_approver_gives_an_approval(self):
        release_start = Condition(condition_type="event", name="ReleaseStarted", value="")
        own = self.clients.get_location_client().get_connection_data().authenticated_user.id
        definition = self.definition("python-approval", self.stage("Test", [release_start], approver=own))
        release = self.start(definition)
        [approval] = self.release.get_approvals(PROJECT, release_ids_filter=[release.id])
        approved = self.release.update_release_approval(ReleaseApproval(status="approved"), PROJECT, approval.id)
        self.assertEqual(approved.status, "approved")
        self.assertEqual(self.release.get_approvals(PROJECT, release_ids_filter=[release.id]), [])

    def test_a_token_without_the_scope_is_rejected(self):
        release = with_scopes("vso.release").clients_v7_1.get_release_client()
        release.get_releases(PROJECT)
        with self.assertRaises(Exception):
            release.create_release(ReleaseStartMetadata(definition_id=1), PROJECT)


if __name__ == "__main__":
    unittest.main()
