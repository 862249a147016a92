"""Areas of the client that the simulator does not have: the client says so, and nothing is invented."""

import unittest

from azure.devops.v7_1.git.models import GitAsyncRefOperationParameters
from azure.devops.v7_1.work.models import TeamContext
from azure.devops.v7_1.work_item_tracking.models import WorkItemClassificationNode
from steps import does_not_pass
from support import PROJECT, Case

NO_LOCATION = "cannot be found"


class NotImitated(Case):
    @does_not_pass("the `work` area (boards, backlogs, sprints) is not imitated", NO_LOCATION)
    def test_iterations_of_a_team(self):
        self.clients.get_work_client().get_team_iterations(TeamContext(project=PROJECT))

    @does_not_pass("areas and iterations cannot be changed", NO_LOCATION + "|405|http method")
    def test_a_new_area(self):
        work = self.clients.get_work_item_tracking_client()
        work.create_or_update_classification_node(WorkItemClassificationNode(name="Web"), PROJECT, "areas")

    @does_not_pass("cherry-picks and reverts are not imitated", NO_LOCATION)
    def test_a_cherry_pick(self):
        self.git.create_cherry_pick(GitAsyncRefOperationParameters(), PROJECT, "site")

    @does_not_pass("graph groups and memberships are not imitated", NO_LOCATION)
    def test_groups(self):
        self.clients.get_graph_client().list_groups()

    @does_not_pass("wikis are not imitated", NO_LOCATION)
    def test_wikis(self):
        self.clients.get_wiki_client().get_all_wikis(PROJECT)

    @does_not_pass("test plans are not imitated", NO_LOCATION)
    def test_test_plans(self):
        self.clients.get_test_plan_client().get_test_plans(PROJECT)

    @does_not_pass("service hooks are not imitated", NO_LOCATION)
    def test_service_hooks(self):
        self.clients.get_service_hooks_client().list_subscriptions()

    @does_not_pass("feeds are not imitated", NO_LOCATION)
    def test_feeds(self):
        self.clients.get_feed_client().get_feeds()


if __name__ == "__main__":
    unittest.main()
