"""What pipelines use: variable groups, queues, pools, environments and service connections."""

import unittest

from azure.devops.v7_1.build.models import DefinitionResourceReference
from azure.devops.v7_1.task_agent.models import (
    ProjectReference,
    VariableGroupParameters,
    VariableGroupProjectReference,
)
from support import PROJECT, Case


class Resources(Case):
    def setUp(self):
        self.agents = self.clients.get_task_agent_client()

    def group(self, name, **variables):
        project = ProjectReference(id=self.core.get_project(PROJECT).id, name=PROJECT)
        reference = VariableGroupProjectReference(name=name, project_reference=project)
        return VariableGroupParameters(
            name=name, type="Vsts", variables=variables, variable_group_project_references=[reference]
        )

    def test_a_variable_group_is_created_changed_and_deleted(self):
        secret = {"value": "hidden", "isSecret": True}
        made = self.agents.add_variable_group(self.group("python", a={"value": "b"}, k=secret))
        self.assertEqual(made.variables["k"].value, None, "a secret is not read")
        changed = self.agents.update_variable_group(self.group("python-2", a={"value": "c"}), made.id)
        self.assertEqual((changed.name, changed.variables["a"].value), ("python-2", "c"))
        [found] = self.agents.get_variable_groups(PROJECT, group_name="python-2")
        self.assertEqual(self.agents.get_variable_group(PROJECT, made.id).name, found.name)
        self.agents.delete_variable_group(made.id, [self.core.get_project(PROJECT).id])
        self.assertEqual(self.agents.get_variable_groups(PROJECT, group_name="python-2"), [])

    def test_queues_and_pools(self):
        queues = self.agents.get_agent_queues(PROJECT)
        self.assertEqual(self.agents.get_agent_queue(queues[0].id, PROJECT).name, queues[0].name)
        pools = self.agents.get_agent_pools()
        self.assertEqual(self.agents.get_agent_pool(pools[0].id).name, pools[0].name)

    def test_environments_and_service_connections(self):
        [production] = self.agents.get_environments(PROJECT)
        self.assertEqual(self.agents.get_environment_by_id(PROJECT, production.id).name, "production")
        endpoints = self.clients.get_service_endpoint_client()
        [azure] = endpoints.get_service_endpoints(PROJECT)
        self.assertEqual(endpoints.get_service_endpoint_details(PROJECT, azure.id).name, "azure")

    def test_a_queue_is_authorized_for_all_pipelines(self):
        [queue, *_] = self.agents.get_agent_queues(PROJECT)
        resource = DefinitionResourceReference(type="queue", id=str(queue.id), authorized=True)
        [authorized] = self.build.authorize_project_resources([resource], PROJECT)
        self.assertTrue(authorized.authorized)
        listed = self.build.get_project_resources(PROJECT, type="queue", id=str(queue.id))
        self.assertEqual([(one.id, one.authorized) for one in listed], [(str(queue.id), True)])


if __name__ == "__main__":
    unittest.main()
