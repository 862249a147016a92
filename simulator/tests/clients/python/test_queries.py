"""Saved queries and the recycle bin of work items."""

import unittest

from azure.devops.exceptions import AzureDevOpsServiceError
from azure.devops.v7_1.work_item_tracking.models import (
    JsonPatchOperation,
    QueryBatchGetRequest,
    QueryHierarchyItem,
    WorkItemDeleteUpdate,
)
from support import PROJECT, Case

WIQL = "SELECT [System.Id] FROM WorkItems WHERE [System.Title] = 'saved'"


class Queries(Case):
    def setUp(self):
        self.work = self.clients.get_work_item_tracking_client()

    def bug(self, title):
        document = [JsonPatchOperation(op="add", path="/fields/System.Title", value=title)]
        return self.work.create_work_item(document, PROJECT, "Bug")

    def test_a_query_is_saved_run_changed_and_deleted(self):
        folder = self.work.create_query(QueryHierarchyItem(name="Python", is_folder=True), PROJECT, "Shared Queries")
        self.assertTrue(folder.is_folder)
        made = self.work.create_query(QueryHierarchyItem(name="Saved", wiql=WIQL), PROJECT, "Shared Queries/Python")
        self.assertEqual((made.path, made.wiql), ("Shared Queries/Python/Saved", WIQL))
        bug = self.bug("saved")
        self.assertEqual([item.id for item in self.work.query_by_id(made.id).work_items], [bug.id])
        read = self.work.get_query(PROJECT, made.path, expand="wiql")
        self.assertEqual((read.id, read.wiql), (made.id, WIQL))
        renamed = self.work.update_query(QueryHierarchyItem(name="Renamed"), PROJECT, made.id)
        self.assertEqual(renamed.name, "Renamed")
        roots = self.work.get_queries(PROJECT, depth=2)
        self.assertEqual([root.name for root in roots], ["My Queries", "Shared Queries"])
        self.assertEqual(roots[1].children[0].children[0].id, made.id)
        found = self.work.search_queries(PROJECT, "rename")
        self.assertEqual([query.id for query in found.value], [made.id])
        batch = self.work.get_queries_batch(QueryBatchGetRequest(ids=[made.id]), PROJECT)
        self.assertEqual([query.name for query in batch], ["Renamed"])
        self.work.delete_query(PROJECT, folder.id)
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.work.get_query(PROJECT, made.id)
        self.assertEqual(caught.exception.type_key, "QueryItemNotFoundException")

    def test_a_deleted_work_item_is_restored_or_destroyed(self):
        bug = self.bug("deleted")
        self.assertEqual(self.work.delete_work_item(bug.id, PROJECT).name, "deleted")
        self.assertIn(bug.id, [item.id for item in self.work.get_deleted_work_item_shallow_references(PROJECT)])
        self.assertEqual(self.work.get_deleted_work_item(bug.id, PROJECT).resource.fields["System.Title"], "deleted")
        self.work.restore_work_item(WorkItemDeleteUpdate(is_deleted=False), bug.id, PROJECT)
        self.assertEqual(self.work.get_work_item(bug.id).fields["System.Title"], "deleted")
        self.work.delete_work_item(bug.id, PROJECT)
        self.work.destroy_work_item(bug.id, PROJECT)
        with self.assertRaises(AzureDevOpsServiceError) as caught:
            self.work.get_deleted_work_item(bug.id, PROJECT)
        self.assertEqual(caught.exception.type_key, "WorkItemUnauthorizedAccessException")


if __name__ == "__main__":
    unittest.main()
