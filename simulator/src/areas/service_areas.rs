//! The areas of the service: their names, and the identifiers by which clients look them up.

use crate::route::Area;

pub(super) const LOCATION: Area = Area { ids: &[], name: "Location" };
pub(super) const CORE: Area = Area { ids: &["79134c72-4a58-4b42-976c-04e7115f32bf"], name: "core" };
pub(super) const SERVICE_ENDPOINT: Area =
    Area { ids: &["1814ab31-2f4f-4a9f-8761-f4d77dc5a5d7"], name: "serviceendpoint" };
pub(super) const DISTRIBUTED_TASK: Area =
    Area { ids: &["a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd"], name: "distributedtask" };
pub(super) const PIPELINES_CHECKS: Area =
    Area { ids: &["4a933897-0488-45af-bd82-6fd3ad33f46a"], name: "PipelinesChecks" };
pub(super) const OPERATIONS: Area = Area { ids: &[], name: "operations" };
pub(super) const SECURITY: Area = Area { ids: &[], name: "Security" };
pub(super) const IDENTITIES: Area = Area { ids: &["8a3d49b8-91f0-46ef-b33d-dda338c25db3"], name: "IMS" };
pub(super) const GIT: Area = Area { ids: &["4e080c62-fa21-4fbc-8fef-2a10a2b38049"], name: "git" };
pub(super) const BUILD: Area = Area {
    ids: &["965220d5-5bb9-42cf-8d67-9b146df2a5a4", "5d6898bb-45ec-463f-95f9-54d49c71752e"],
    name: "build",
};
pub(super) const PIPELINES: Area = Area { ids: &["2e0bf237-8973-4ec9-a581-9c3d679d1776"], name: "pipelines" };
pub(super) const CONTAINER: Area = Area { ids: &[], name: "Container" };
pub(super) const RELEASE: Area = Area { ids: &["efc2f575-36ef-48e9-b672-0c6fb4a48ac5"], name: "Release" };
pub(super) const APPROVAL: Area = Area { ids: &["5b55a9b6-2e0f-40d7-829d-3741d2b8c4e4"], name: "approval" };
pub(super) const PIPELINE_PERMISSIONS: Area =
    Area { ids: &["a81a0441-de52-4000-aa15-ff0e07bfbbaa"], name: "pipelinePermissions" };
pub(super) const POLICY: Area = Area { ids: &["fb13a388-40dd-4a04-b530-013a739c72ef"], name: "policy" };
pub(super) const TEST: Area = Area { ids: &["c2aa639c-3ccc-4740-b3b6-ce2a1e1d984e"], name: "Test" };
pub(super) const WIT: Area = Area { ids: &["5264459e-e5e0-4bd8-b118-0985e68a4ec5"], name: "wit" };

/// All areas, in the order in which the service lists them.
pub(super) const ALL: &[&Area] = &[
    &LOCATION,
    &CORE,
    &SERVICE_ENDPOINT,
    &DISTRIBUTED_TASK,
    &OPERATIONS,
    &SECURITY,
    &IDENTITIES,
    &GIT,
    &BUILD,
    &PIPELINES,
    &CONTAINER,
    &RELEASE,
    &APPROVAL,
    &PIPELINE_PERMISSIONS,
    &PIPELINES_CHECKS,
    &POLICY,
    &WIT,
    &TEST,
];
