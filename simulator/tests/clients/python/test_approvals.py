"""Approvals of pipeline runs. This client has no methods for them, so its generic request to a location is used."""

import unittest

from azure.devops.client import Client
from azure.devops.exceptions import AzureDevOpsServiceError
from azure.devops.v7_1.pipelines.models import RunPipelineParameters
from support import TOKEN, URL, Case
from msrest.authentication import BasicAuthentication

PROJECT = "Archive"


class Approvals(Client):
    resource_area_identifier = "5b55a9b6-2e0f-40d7-829d-3741d2b8c4e4"
    LOCATION = "37794717-f36f-4d78-b2bf-4dc30d0cfbcd"

    def send(self, method, query=None, content=None, **places):
        return self._send(
            method, self.LOCATION, "7.1-preview.1", {"project": PROJECT, **places}, query or {}, content
        ).json()


class PipelineApprovals(Case):
    def waiting(self):
        """A waiting run of the only pipeline."""
        pipelines = self.clients.get_pipelines_client()
        [pipeline] = pipelines.list_pipelines(PROJECT)
        run = pipelines.run_pipeline(RunPipelineParameters(), PROJECT, pipeline.id)
        for _ in range(4):
            self.build.get_build(PROJECT, run.id)
        approvals = Approvals(URL, BasicAuthentication("", TOKEN))
        [pending] = [
            one
            for one in approvals.send("GET", {"state": "pending"})["value"]
            if one["pipeline"]["owner"]["id"] == run.id
        ]
        return approvals, run.id, pending

    def test_an_approval_is_given(self):
        approvals, run, pending = self.waiting()
        self.assertEqual(pending["steps"][0]["assignedApprover"]["displayName"], "Ann Lee")
        decision = [{"approvalId": pending["id"], "status": "approved", "comment": "green"}]
        [given] = approvals.send("PATCH", content=decision)["value"]
        self.assertEqual(given["status"], "approved")
        self.assertEqual(approvals.send("GET", approvalId=pending["id"])["status"], "approved")
        seen = [self.build.get_build(PROJECT, run).status for _ in range(4)]
        self.assertEqual(seen[-1], "completed", seen)
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            approvals.send("PATCH", content=decision)
        self.assertEqual(caught.exception.type_key, "ApprovalUpdateException")

    def test_an_approval_is_rejected(self):
        approvals, run, pending = self.waiting()
        [given] = approvals.send("PATCH", content=[{"approvalId": pending["id"], "status": "rejected"}])["value"]
        self.assertEqual(given["status"], "rejected")
        self.assertEqual(self.build.get_build(PROJECT, run).result, "failed")


if __name__ == "__main__":
    unittest.main()
