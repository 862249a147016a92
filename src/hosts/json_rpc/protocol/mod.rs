//! The wire types of the protocol, and their schemas.

mod messages;
mod request_id;
mod schemas;

pub use messages::BotRunEnded;
pub use messages::BotRunStarted;
pub use messages::Cancel;
pub use messages::CheckInput;
pub use messages::EndBotRun;
pub use messages::HostCapabilities;
pub use messages::HostName;
pub use messages::Initialize;
pub use messages::Initialized;
pub use messages::InputAccepted;
pub use messages::NamedCredential;
pub use messages::PROTOCOL;
pub use messages::PackageCapabilities;
pub use messages::PackageVersion;
pub use messages::Progressed;
pub use messages::ProtocolRange;
pub use messages::ResolveCredential;
pub use messages::ResolvedCredential;
pub use messages::StartBotRun;
pub use request_id::RequestId;
pub use schemas::artefacts;
