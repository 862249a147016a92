//! The areas of the imitated resources.

use crate::route::Area;

pub(super) const LOCATION: Area = Area { name: "Location" };
pub(super) const CORE: Area = Area { name: "core" };
pub(super) const SERVICE_ENDPOINT: Area = Area { name: "serviceendpoint" };
pub(super) const DISTRIBUTED_TASK: Area = Area { name: "distributedtask" };
pub(super) const PIPELINES_CHECKS: Area = Area { name: "PipelinesChecks" };
pub(super) const OPERATIONS: Area = Area { name: "operations" };
pub(super) const SECURITY: Area = Area { name: "Security" };
pub(super) const IDENTITIES: Area = Area { name: "IMS" };
pub(super) const ENVIRONMENTS: Area = Area { name: "environments" };
pub(super) const GRAPH: Area = Area { name: "Graph" };
pub(super) const GIT: Area = Area { name: "git" };
pub(super) const BUILD: Area = Area { name: "build" };
pub(super) const PIPELINES: Area = Area { name: "pipelines" };
pub(super) const CONTAINER: Area = Area { name: "Container" };
pub(super) const RELEASE: Area = Area { name: "Release" };
pub(super) const APPROVAL: Area = Area { name: "approval" };
pub(super) const PIPELINE_PERMISSIONS: Area = Area { name: "pipelinePermissions" };
pub(super) const POLICY: Area = Area { name: "policy" };
pub(super) const TEST: Area = Area { name: "Test" };
pub(super) const WIT: Area = Area { name: "wit" };
