//! The supported versions of Azure DevOps Server, and what differs from the hosted service.

use std::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use super::error::WorldError;

/// A version of Azure DevOps Server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// Azure DevOps Server 2022.1, with version 7.1 of the REST API.
    V2022_1,
    /// Azure DevOps Server 2022, with version 7.0.
    V2022,
    /// Azure DevOps Server 2020, with version 6.0.
    V2020,
}

impl Server {
    /// All versions, newest first.
    pub const ALL: [Server; 3] = [Server::V2022_1, Server::V2022, Server::V2020];

    /// The path prefix of its collections.
    pub(crate) const PREFIX: &str = "/tfs";

    /// Its name, and the highest version of the REST API that it supports.
    pub(crate) fn names(self) -> (&'static str, &'static str) {
        match self {
            Server::V2022_1 => ("2022.1", "7.1"),
            Server::V2022 => ("2022", "7.0"),
            Server::V2020 => ("2020", "6.0"),
        }
    }
}

impl FromStr for Server {
    type Err = WorldError;

    /// Parses the name of a server, or the version of the REST API that it supports.
    fn from_str(text: &str) -> Result<Self, WorldError> {
        Server::ALL
            .into_iter()
            .find(|server| [server.names().0, server.names().1].contains(&text))
            .ok_or_else(|| {
                WorldError(
                    "unknown server: use \"2022.1\", \"2022\" or \"2020\", or its API version 7.1, 7.0 or 6.0".to_owned(),
                )
            })
    }
}

impl Serialize for Server {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.names().0)
    }
}

impl<'de> Deserialize<'de> for Server {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
