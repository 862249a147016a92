// Areas of the client that the simulator does not have: the client says so, and nothing is invented.
"use strict";

const { TreeStructureGroup } = require("azure-devops-node-api/interfaces/WorkItemTrackingInterfaces");
const { PROJECT, connect, doesNotPass } = require("./support.js");

const NO_LOCATION = /Failed to find api location/;

doesNotPass("iterations of a team", "the `work` area (boards, backlogs, sprints) is not imitated", NO_LOCATION, async () =>
  (await connect().getWorkApi()).getTeamIterations({ project: PROJECT }),
);

doesNotPass("a new area", "areas and iterations cannot be changed", /http method/, async () =>
  (await connect().getWorkItemTrackingApi()).createOrUpdateClassificationNode({ name: "Web" }, PROJECT, TreeStructureGroup.Areas),
);

doesNotPass("a cherry-pick", "cherry-picks and reverts are not imitated", NO_LOCATION, async () =>
  (await connect().getGitApi()).createCherryPick({}, PROJECT, "site"),
);

doesNotPass("wikis", "wikis are not imitated", NO_LOCATION, async () => (await connect().getWikiApi()).getAllWikis(PROJECT));

doesNotPass("test plans", "test plans are not imitated", NO_LOCATION, async () =>
  (await connect().getTestPlanApi()).getTestPlans(PROJECT),
);
