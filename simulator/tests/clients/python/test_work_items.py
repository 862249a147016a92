"""Work items: created, changed, found and read, with files."""

import unittest
from io import BytesIO

from azure.devops.exceptions import AzureDevOpsAuthenticationError, AzureDevOpsServiceError
from azure.devops.v7_1.work_item_tracking.models import JsonPatchOperation, TeamContext, Wiql, WorkItemBatchGetRequest
from support import PROJECT, Case, with_scopes


def add(path, value):
    return JsonPatchOperation(op="add", path=path, value=value)


class WorkItems(Case):
    def setUp(self):
        self.work = self.clients.get_work_item_tracking_client()

    def bug(self, title):
        document = [add("/fields/System.Title", title), add("/fields/System.Tags", "python")]
        return self.work.create_work_item(document, PROJECT, "Bug")

    def test_a_work_item_is_created_changed_and_read(self):
        made = self.bug("It fails")
        self.assertEqual((made.rev, made.fields["System.State"]), (1, "New"))
        changes = [
            JsonPatchOperation(op="test", path="/rev", value=made.rev),
            add("/fields/System.State", "Active"),
            add("/fields/System.AssignedTo", "Ann Lee"),
        ]
        changed = self.work.update_work_item(changes, made.id)
        self.assertEqual((changed.rev, changed.fields["System.State"]), (2, "Active"))
        read = self.work.get_work_item(made.id, project=PROJECT)
        self.assertEqual(read.fields["System.AssignedTo"]["displayName"], "Ann Lee")
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.work.update_work_item(changes, made.id)
        self.assertEqual(caught.exception.type_key, "TestPatchOperationFailedException")

    def test_several_are_read_at_once(self):
        ids = [self.bug(title).id for title in ("one", "two")]
        listed = self.work.get_work_items(ids, project=PROJECT, fields=["System.Title"])
        self.assertEqual([item.fields for item in listed], [{"System.Title": "one"}, {"System.Title": "two"}])
        wanted = WorkItemBatchGetRequest(ids=[*ids, 9999], fields=["System.Title"], error_policy="omit")
        batch = self.work.get_work_items_batch(wanted, project=PROJECT)
        self.assertEqual([item and item.id for item in batch], [*ids, None])
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.work.get_work_item(9999)
        self.assertEqual(caught.exception.type_key, "WorkItemUnauthorizedAccessException")

    def test_a_query_finds_work_items(self):
        made = self.bug("only this one")
        text = "SELECT [System.Id] FROM WorkItems WHERE [System.Title] = 'only this one' AND [System.TeamProject] = @project"
        found = self.work.query_by_wiql(Wiql(query=text), team_context=TeamContext(project=PROJECT))
        self.assertEqual([item.id for item in found.work_items], [made.id])
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.work.query_by_wiql(Wiql(query="SELECT nothing"), team_context=TeamContext(project=PROJECT))
        self.assertEqual(caught.exception.type_key, "WorkItemTrackingQueryException")

    def test_a_file_is_attached_and_read_again(self):
        content = b"\xff\x00 the log"
        file = self.work.create_attachment(BytesIO(content), project=PROJECT, file_name="run 1.log")
        made = self.bug("with a file")
        relation = {"rel": "AttachedFile", "url": file.url, "attributes": {"comment": "the log"}}
        self.work.update_work_item([add("/relations/-", relation)], made.id)
        [tied] = self.work.get_work_item(made.id, expand="relations").relations
        self.assertEqual((tied.rel, tied.url), ("AttachedFile", file.url))
        self.assertEqual(b"".join(self.work.get_attachment_content(file.id)), content)

    def test_a_token_with_only_the_read_scope(self):
        work = with_scopes("vso.work").clients_v7_1.get_work_item_tracking_client()
        with self.assertRaises(AzureDevOpsAuthenticationError):
            work.create_work_item([add("/fields/System.Title", "no")], PROJECT, "Bug")


if __name__ == "__main__":
    unittest.main()
