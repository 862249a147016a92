"""Types of work items with their fields and states, areas, comments, history and links."""

import unittest

from azure.devops.v7_1.work_item_tracking.models import (
    ArtifactUriQuery,
    CommentCreate,
    CommentUpdate,
    JsonPatchOperation,
)
from support import PROJECT, Case


class Process(Case):
    def setUp(self):
        self.work = self.clients.get_work_item_tracking_client()

    def item(self, title, kind="Task"):
        document = [JsonPatchOperation(op="add", path="/fields/System.Title", value=title)]
        return self.work.create_work_item(document, PROJECT, kind)

    def test_processes(self):
        [agile] = [one for one in self.core.get_processes() if one.is_default]
        self.assertEqual(self.core.get_process_by_id(agile.id).name, agile.name)

    def test_types_with_their_states(self):
        names = [kind.name for kind in self.work.get_work_item_types(PROJECT)]
        self.assertTrue({"Bug", "Task", "User Story", "Feature", "Epic", "Issue", "Test Case"} <= set(names), names)
        bug = self.work.get_work_item_type(PROJECT, "Bug")
        self.assertEqual(bug.reference_name, "Microsoft.VSTS.WorkItemTypes.Bug")
        states = [(state.name, state.category) for state in self.work.get_work_item_type_states(PROJECT, "Bug")]
        self.assertEqual(states[0], ("New", "Proposed"))
        self.assertEqual(states[-1], ("Closed", "Completed"))

    def test_fields(self):
        fields = {field.reference_name: field.type for field in self.work.get_work_item_fields(PROJECT)}
        self.assertEqual((fields["System.Title"], fields["Microsoft.VSTS.Scheduling.StoryPoints"]), ("string", "double"))
        field = self.work.get_work_item_field("System.Description")
        self.assertEqual((field.type, field.read_only), ("html", False))

    def test_fields_of_planning(self):
        made = self.item("planned", "User Story")
        values = {"Microsoft.VSTS.Scheduling.StoryPoints": 5, "Microsoft.VSTS.Common.AcceptanceCriteria": "<p>a</p>"}
        document = [JsonPatchOperation(op="add", path=f"/fields/{name}", value=value) for name, value in values.items()]
        changed = self.work.update_work_item(document, made.id)
        self.assertEqual({name: changed.fields[name] for name in values}, values)

    def test_areas_and_iterations(self):
        roots = self.work.get_root_nodes(PROJECT, depth=2)
        self.assertEqual([node.structure_type for node in roots], ["area", "iteration"])
        self.assertEqual(self.work.get_classification_node(PROJECT, "areas").name, PROJECT)

    def test_comments(self):
        made = self.item("comments")
        comment = self.work.add_comment(CommentCreate(text="first"), PROJECT, made.id)
        self.work.update_comment(CommentUpdate(text="changed"), PROJECT, made.id, comment.id)
        self.assertEqual(self.work.get_comment(PROJECT, made.id, comment.id).text, "changed")
        self.assertEqual(self.work.get_comments(PROJECT, made.id).total_count, 1)
        self.work.delete_comment(PROJECT, made.id, comment.id)
        self.assertEqual(self.work.get_comments(PROJECT, made.id).comments, [])

    def test_revisions_and_updates(self):
        made = self.item("before")
        change = JsonPatchOperation(op="replace", path="/fields/System.Title", value="after")
        self.work.update_work_item([change], made.id)
        titles = [one.fields["System.Title"] for one in self.work.get_revisions(made.id)]
        self.assertEqual(titles, ["before", "after"])
        title = self.work.get_updates(made.id)[1].fields["System.Title"]
        self.assertEqual((title.old_value, title.new_value), ("before", "after"))
        self.assertEqual(self.work.get_update(made.id, 2).fields["System.Title"].new_value, "after")

    def test_links_and_their_types(self):
        names = [kind.reference_name for kind in self.work.get_relation_types()]
        self.assertIn("System.LinkTypes.Hierarchy-Forward", names)
        self.assertEqual(self.work.get_relation_type("System.LinkTypes.Related").name, "Related")
        made = self.item("linked")
        uri = "vstfs:///Build/Build/1"
        value = {"rel": "ArtifactLink", "url": uri, "attributes": {"name": "Build"}}
        self.work.update_work_item([JsonPatchOperation(op="add", path="/relations/-", value=value)], made.id)
        found = self.work.query_work_items_for_artifact_uris(ArtifactUriQuery(artifact_uris=[uri]), PROJECT)
        self.assertIn(made.id, [one.id for one in found.artifact_uris_query_result[uri]])

    def test_a_template_with_its_first_values(self):
        template = self.work.get_work_item_template(PROJECT, "Bug")
        self.assertEqual(template.fields["System.State"], "New")

    def test_a_type_that_the_process_does_not_have(self):
        with self.refused("WorkItemTypeNotFoundException"):
            self.work.get_work_item_type(PROJECT, "Nothing")


if __name__ == "__main__":
    unittest.main()
