"""Areas of the server that the simulator does not have: the server says so, and nothing is invented."""

import unittest

from steps import does_not_pass
from support import Case

TEAM = "Fabrikam Team"
NO_LOCATION = "Failed to find api location for area: "
BOARDS = "the `work` area (boards, backlogs, sprints) is not imitated"
NODES = "areas and iterations cannot be changed"
WIKIS = "wikis are not imitated"
PLANS = "test plans are not imitated"
RESULTS = "results of tests by build are not imitated"
SEARCH = "the search is on a host of its own and is not imitated"
SECURITY = "Advanced Security is not imitated"


class NotImitated(Case):
    @does_not_pass(BOARDS, NO_LOCATION + "work")
    def test_iterations_of_a_team(self):
        self.on("work", "list_team_iterations", team=TEAM)

    @does_not_pass(BOARDS, NO_LOCATION + "work")
    def test_settings_of_a_team(self):
        self.on("work", "get_team_settings", team=TEAM)

    @does_not_pass(BOARDS, NO_LOCATION + "work")
    def test_capacity_of_a_team(self):
        self.on("work", "get_team_capacity", team=TEAM, iterationId="1")

    @does_not_pass(BOARDS, NO_LOCATION + "work")
    def test_capacities_of_an_iteration(self):
        self.on("work", "get_iteration_capacities", iterationId="1")

    @does_not_pass(NODES, "405|not support|not found|Failed to find")
    def test_a_new_iteration(self):
        self.on("work_iteration_write", "create", iterations=[{"iterationName": "Sprint 1"}])

    @does_not_pass(BOARDS, NO_LOCATION + "work")
    def test_backlogs(self):
        self.on("wit_backlog", "list", team=TEAM)

    @does_not_pass(BOARDS, NO_LOCATION + "work")
    def test_work_items_of_the_caller(self):
        self.on("wit_work_item", "my", type="assignedtome")

    @does_not_pass(BOARDS, NO_LOCATION + "work")
    def test_work_items_of_an_iteration(self):
        self.on("wit_work_item", "list_for_iteration", team=TEAM, iterationId="1")

    @does_not_pass(WIKIS, NO_LOCATION + "wiki")
    def test_wikis(self):
        self.on("wiki", "list_wikis")

    @does_not_pass(PLANS, "404")
    def test_test_plans(self):
        self.on("testplan", "list_plans")

    @does_not_pass(RESULTS, NO_LOCATION + "testresults")
    def test_results_of_a_build(self):
        self.call("testplan_show_test_results_from_build_id", project="Fabrikam", buildid=1)

    @does_not_pass(SEARCH, "404 Not Found")
    def test_search_in_code(self):
        self.call("search_code", searchText="x", project=["Fabrikam"])

    @does_not_pass(SEARCH, "404 Not Found")
    def test_search_in_commits(self):
        self.call("repo_search_commits", searchText="x", project=["Fabrikam"])

    @does_not_pass(SEARCH, "404 Not Found")
    def test_search_in_work_items(self):
        self.call("search_workitem", searchText="x", project=["Fabrikam"])

    @does_not_pass(SEARCH, "404 Not Found")
    def test_search_in_wikis(self):
        self.call("search_wiki", searchText="x", project=["Fabrikam"])

    @does_not_pass(SECURITY, NO_LOCATION + "Alert")
    def test_alerts(self):
        self.call("advsec_get_alerts", project="Fabrikam", repository="site")


if __name__ == "__main__":
    unittest.main()
