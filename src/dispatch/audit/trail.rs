//! What the records of a call say: collected while it runs, masked and cut when a record is made.

use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::actions::AuditedObject;
use crate::actions::Entry;
use crate::actions::Notes;
use crate::contract::AUDIT_FORMAT;
use crate::contract::AuditHost;
use crate::contract::AuditIdentity;
use crate::contract::AuditObject;
use crate::contract::AuditOutcome;
use crate::contract::AuditPhase;
use crate::contract::AuditRecord;
use crate::contract::BotRunId;
use crate::contract::Call;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::FlowPlace;
use crate::contract::Masker;
use crate::contract::SessionTarget;
use crate::contract::utc_now;
use crate::dispatch::audit::phrase::phrase;

/// The maximum length of a name or an id, in characters
const MOST: usize = 256;

/// The maximum length of a phrase or a path, in characters
const MOST_WORDS: usize = 500;

/// Where this process runs, for its audit records
#[derive(Debug, Clone, Default)]
pub struct ProcessOrigin {
    /// The name of the machine
    pub machine: Option<String>,
    /// The operating system's user
    pub user: Option<String>,
}

/// What is known of a call for its records
pub(in crate::dispatch) struct CallTrail {
    call: Uuid,
    bot_run: BotRunId,
    place: Option<FlowPlace>,
    root: Option<BotRunId>,
    object: Option<(AuditedObject, Option<String>, Option<String>)>,
    what: Option<String>,
}

/// What a record has beside the trail
pub(in crate::dispatch) struct RecordParts<'a> {
    pub(in crate::dispatch) origin: &'a ProcessOrigin,
    pub(in crate::dispatch) host: &'a AuditHost,
    pub(in crate::dispatch) name: &'a str,
    pub(in crate::dispatch) call: &'a Call,
    pub(in crate::dispatch) notes: &'a Notes,
    pub(in crate::dispatch) masker: &'a Masker,
}

impl CallTrail {
    /// Begins the trail of a call
    pub(in crate::dispatch) fn new(bot_run: &BotRunId, place: Option<FlowPlace>) -> Self {
        CallTrail {
            call: Uuid::new_v4(),
            bot_run: bot_run.clone(),
            place,
            root: None,
            object: None,
            what: None,
        }
    }

    /// Adds the root of the run tree
    pub(in crate::dispatch) fn enter(&mut self, root: &BotRunId) {
        self.root = Some(root.clone());
    }

    /// Adds what the action does
    pub(in crate::dispatch) fn describe(
        &mut self,
        entry: &Entry,
        inputs: &Dictionary,
        target: Option<&SessionTarget>,
    ) {
        self.what = Some(phrase(entry, inputs, target));
        self.object = entry.object.map(|object| {
            let (id, name) = object.of_inputs(inputs);
            (object, id, name)
        });
    }

    /// Returns the record for the time before the first change
    pub(in crate::dispatch) fn started(&self, parts: &RecordParts<'_>) -> AuditRecord {
        self.record(parts, AuditPhase::Started, None)
    }

    /// Returns the record for the end of the action
    pub(in crate::dispatch) fn finished(
        &self,
        parts: &RecordParts<'_>,
        result: &Result<Dictionary, Error>,
    ) -> AuditRecord {
        let error = result.as_ref().err().map(Error::code);
        let mut record = self.record(parts, AuditPhase::Finished, result.as_ref().ok());
        record.outcome = Some(AuditOutcome::of(error));
        record.error = error;
        record
    }

    fn record(
        &self,
        parts: &RecordParts<'_>,
        phase: AuditPhase,
        outputs: Option<&Dictionary>,
    ) -> AuditRecord {
        let RecordParts { origin, host, name, call, notes, masker } = parts;
        let short = |text: &str| masker.mask(text).excerpt(MOST);
        let words = |text: &str| masker.mask(text).excerpt(MOST_WORDS);
        let session = notes.session();
        let connection = session.map(|session| session.connection());
        let connecting = notes.connecting();
        let stated =
            |text: &Option<String>| text.as_ref().filter(|text| !text.is_empty()).map(|text| words(text));
        let place = self.place.as_ref().map(|place| FlowPlace {
            bot: stated(&place.bot),
            line: place.line,
            node: stated(&place.node),
        });
        let place = place.filter(|place| *place != FlowPlace::default());
        let object = self.object.as_ref().map(|(object, id, name)| {
            let known = outputs.map(|outputs| object.of_outputs(outputs)).unwrap_or_default();
            AuditObject {
                kind: object.kind.to_owned(),
                id: known.0.as_ref().or(id.as_ref()).map(|id| short(id)),
                name: known.1.as_ref().or(name.as_ref()).map(|name| short(name)),
            }
        });
        AuditRecord {
            version: AUDIT_FORMAT,
            time: utc_now().format(&Rfc3339).expect("the years of a clock have four digits"),
            phase,
            call: self.call.to_string(),
            host: AuditHost { name: short(&host.name), version: short(&host.version) },
            package: env!("CARGO_PKG_VERSION").to_owned(),
            process: std::process::id(),
            machine: origin.machine.as_deref().map(short),
            user: origin.user.as_deref().map(short),
            place,
            bot_run: short(self.bot_run.as_str()),
            root: self.root.as_ref().map(|root| short(root.as_str())),
            session: session.map(|session| session.audit_id()),
            organization: connection
                .map(|connection| short(&connection.organization().to_string()))
                .or_else(|| connecting.map(|connecting| short(&connecting.organization))),
            project: connection
                .map(|connection| short(&connection.project().name))
                .or_else(|| connecting.map(|connecting| short(&connecting.project))),
            identity: connection.map(|connection| AuditIdentity {
                id: short(&connection.identity().id),
                name: short(&connection.identity().name),
            }),
            credential: connection
                .map(|connection| short(&connection.credential()))
                .or_else(|| connecting.map(|connecting| short(&connecting.credential))),
            action: short(name),
            object,
            what: self.what.as_deref().map(words),
            outcome: None,
            error: None,
            activity_id: call.activity().map(|activity| short(&activity)),
            requests: call.requests(),
        }
    }
}
