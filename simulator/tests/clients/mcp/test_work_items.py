"""Work items: fields, links, comments, history and queries."""

import unittest

from support import Case


class WorkItems(Case):
    def create(self, title, kind="Bug", **fields):
        values = {"System.Title": title, **fields}
        given = [{"name": name, "value": value} for name, value in values.items()]
        return self.on("wit_work_item_write", "create", workItemType=kind, fields=given)["id"]

    def read(self, number, **more):
        return self.on("wit_work_item", "get", id=number, **more)

    def test_one_is_created_read_and_changed(self):
        number = self.create("A fault")
        self.assertEqual(self.read(number)["fields"]["System.State"], "New")
        updates = [{"op": "add", "path": "/fields/System.State", "value": "Active"}]
        changed = self.on("wit_work_item_write", "update", id=number, updates=updates)
        self.assertEqual((changed["rev"], changed["fields"]["System.State"]), (2, "Active"))

    def test_markdown_stays_markdown(self):
        text = {"name": "System.Description", "value": "*a*", "format": "Markdown"}
        fields = [{"name": "System.Title", "value": "m"}, text]
        made = self.on("wit_work_item_write", "create", workItemType="Task", fields=fields)
        self.assertEqual(made["multilineFieldsFormat"], {"System.Description": "markdown"})
        self.assertEqual(made["fields"]["System.Description"], "*a*")

    def test_a_missing_one(self):
        # The client below the server makes null of the service's 404.
        self.assertIsNone(self.read(9999))

    def test_a_state_that_the_type_does_not_have(self):
        number = self.create("state")
        updates = [{"op": "add", "path": "/fields/System.State", "value": "Nowhere"}]
        self.refused("State", "wit_work_item_write", "update", id=number, updates=updates)

    def test_a_type_that_the_process_does_not_have(self):
        fields = [{"name": "System.Title", "value": "x"}]
        # The client below the server makes null of the service's 404.
        self.refused("Work item was not created", "wit_work_item_write", "create", workItemType="Nothing", fields=fields)

    def test_several_with_named_fields(self):
        numbers = [self.create("one"), self.create("two")]
        found = self.on("wit_work_item", "get_batch", ids=numbers, fields=["System.Title"])
        self.assertEqual([one["fields"]["System.Title"] for one in found], ["one", "two"])

    def test_children_are_linked_both_ways(self):
        parent = self.create("parent", "User Story")
        items = [{"title": "child", "description": "d"}]
        self.on("wit_work_item_write", "add_child", parentId=parent, workItemType="Task", items=items)
        [down] = self.read(parent, expand="Relations")["relations"]
        child = int(down["url"].rsplit("/", 1)[1])
        self.assertEqual(down["rel"], "System.LinkTypes.Hierarchy-Forward")
        [up] = self.read(child, expand="Relations")["relations"]
        self.assertEqual((up["rel"], int(up["url"].rsplit("/", 1)[1])), ("System.LinkTypes.Hierarchy-Reverse", parent))

    def test_links_are_added_and_removed(self):
        one, two = self.create("one"), self.create("two")
        self.on("wit_work_item_link_write", "link", updates=[{"id": one, "linkToId": two, "type": "related"}])
        [link] = self.read(two, expand="Relations")["relations"]
        self.assertEqual(link["rel"], "System.LinkTypes.Related")
        self.assertIn("Removed 1 link", self.on("wit_work_item_link_write", "unlink", id=one, type="related"))
        self.assertFalse(self.read(two, expand="Relations").get("relations"))

    def test_a_link_to_a_run(self):
        number = self.create("run")
        [site] = self.on("pipelines_definition", "list", name="site")
        run = self.on("pipelines_write", "run_pipeline", pipelineId=site["id"])["id"]
        linked = self.on("wit_work_item_link_write", "add_artifact_link", workItemId=number, buildId=run, linkType="Build")
        self.assertEqual(linked["artifactUri"], f"vstfs:///Build/Build/{run}")

    def test_several_changes_at_once(self):
        one, two = self.create("one"), self.create("two")
        updates = [{"op": "Replace", "id": number, "path": "/fields/System.Title", "value": "both"} for number in (one, two)]
        done = self.on("wit_work_item_write", "update_batch", batchUpdates=updates)
        self.assertEqual([part["code"] for part in done["value"]], [200, 200])
        self.assertEqual(self.read(two)["fields"]["System.Title"], "both")

    def test_comments_and_their_changes(self):
        number = self.create("comments")
        made = self.on("wit_work_item_comment_write", "add", workItemId=number, text="first", format="Markdown")
        self.on("wit_work_item_comment_write", "update", workItemId=number, commentId=made["id"], text="changed", format="Markdown")
        listed = self.on("wit_work_item", "list_comments", workItemId=number)
        self.assertEqual([comment["text"] for comment in listed["comments"]], ["changed"])

    def test_revisions(self):
        number = self.create("before")
        updates = [{"op": "add", "path": "/fields/System.Title", "value": "after"}]
        self.on("wit_work_item_write", "update", id=number, updates=updates)
        revisions = self.on("wit_work_item", "list_revisions", workItemId=number)
        self.assertEqual([one["fields"]["System.Title"] for one in revisions], ["before", "after"])

    def test_a_type_with_its_states(self):
        bug = self.on("wit_work_item", "get_type", workItemType="Bug")
        self.assertEqual([state["name"] for state in bug["states"]], ["New", "Active", "Resolved", "Closed"])

    def test_a_query(self):
        number = self.create("to be found")
        wiql = "SELECT [System.Id] FROM WorkItems WHERE [System.Title] CONTAINS 'to be found'"
        found = self.on("wit_query", "wiql", wiql=wiql)
        self.assertEqual([item["id"] for item in found["workItems"]], [number])

    def test_a_query_with_an_error(self):
        self.refused("TF51005|TF51006|WIQL|Expecting", "wit_query", "wiql", wiql="SELECT [System.Nothing] FROM WorkItems")

    def test_a_folder_of_queries(self):
        self.assertTrue(self.on("wit_query", "get", query="Shared Queries")["isFolder"])

    def test_a_test_case_with_steps(self):
        made = self.on("testplan_test_case_write", "create", title="case", steps="1. Do|Done")
        self.assertEqual(made["fields"]["System.WorkItemType"], "Test Case")
        self.assertIn("<steps", made["fields"]["Microsoft.VSTS.TCM.Steps"])

    def test_iterations_of_the_project(self):
        [root] = self.on("work", "list_iterations")
        self.assertEqual((root["name"], root["path"]), ("Fabrikam", "\\Fabrikam\\Iteration"))


if __name__ == "__main__":
    unittest.main()
