//! Packets of git's protocol, as far as the simulator reads and writes them: the commands of a push and its report.

use std::collections::BTreeMap;

use crate::state::git::ObjectId;

/// The most data of a packet with a band.
const LONGEST: usize = 65_515;

/// A packet with its length.
pub(super) fn packet(data: &[u8]) -> Vec<u8> {
    let mut packet = format!("{:04x}", data.len() + 4).into_bytes();
    packet.extend_from_slice(data);
    packet
}

/// Reads packets up to the end or to a flush packet. Returns `None` for what is not packets.
struct Packets<'a>(&'a [u8]);

impl<'a> Packets<'a> {
    /// The next packet; `Some(None)` for a flush packet.
    fn next(&mut self) -> Option<Option<&'a [u8]>> {
        let length = std::str::from_utf8(self.0.get(..4)?).ok()?;
        let length = usize::from_str_radix(length, 16).ok()?;
        if length < 4 {
            self.0 = &self.0[4..];
            return Some(None);
        }
        let data = self.0.get(4..length)?;
        self.0 = &self.0[length..];
        Some(Some(data))
    }
}

/// A change of a ref that a push asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) old: ObjectId,
    pub(super) new: ObjectId,
    pub(super) name: String,
}

/// The commands of a push, and what the client understands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Commands {
    pub(super) all: Vec<Command>,
    pub(super) is_atomic: bool,
    has_bands: bool,
}

impl Commands {
    /// Reads the start of a push. What follows it is for git.
    pub(super) fn of(body: &[u8]) -> Commands {
        let mut commands = Commands::default();
        let mut packets = Packets(body);
        while let Some(Some(data)) = packets.next() {
            let text = String::from_utf8_lossy(data);
            let (command, capabilities) = text.split_once('\0').unwrap_or((&text, ""));
            for capability in capabilities.split_whitespace() {
                commands.is_atomic |= capability == "atomic";
                commands.has_bands |= capability == "side-band-64k";
            }
            let parts: Vec<&str> = command.trim_end().splitn(3, ' ').collect();
            if let [old, new, name] = parts[..]
                && let (Ok(old), Ok(new)) = (old.parse(), new.parse())
            {
                commands.all.push(Command { old, new, name: name.to_owned() });
            }
        }
        commands
    }

    /// Returns the refs that git's report calls updated.
    pub(super) fn accepted(&self, response: &[u8]) -> Vec<&Command> {
        let (report, _) = self.report(response);
        let lines = lines(&report);
        let is_updated = |command: &&Command| lines.contains(&format!("ok {}", command.name));
        self.all.iter().filter(is_updated).collect()
    }

    /// Separates the report from what git says besides.
    fn report(&self, response: &[u8]) -> (Vec<u8>, Vec<u8>) {
        if !self.has_bands {
            return (response.to_vec(), Vec::new());
        }
        let (mut report, mut rest) = (Vec::new(), Vec::new());
        let mut packets = Packets(response);
        while let Some(Some(data)) = packets.next() {
            match data.split_first() {
                Some((1, data)) => report.extend_from_slice(data),
                _ => rest.extend(packet(data)),
            }
        }
        (report, rest)
    }

    /// Returns git's response with other refs refused, each with its reason.
    pub(super) fn refused(&self, response: &[u8], refused: &BTreeMap<String, String>) -> Vec<u8> {
        let (report, rest) = self.report(response);
        let mut written = Vec::new();
        for line in lines(&report) {
            let reason = line.strip_prefix("ok ").and_then(|name| Some((name, refused.get(name)?)));
            let line = reason.map_or(line.clone(), |(name, reason)| format!("ng {name} {reason}"));
            written.extend(packet(format!("{line}\n").as_bytes()));
        }
        written.extend_from_slice(b"0000");
        if !self.has_bands {
            return written;
        }
        let mut response = rest;
        for part in written.chunks(LONGEST) {
            let mut data = vec![1];
            data.extend_from_slice(part);
            response.extend(packet(&data));
        }
        response.extend_from_slice(b"0000");
        response
    }
}

/// The lines of a report.
fn lines(report: &[u8]) -> Vec<String> {
    let mut packets = Packets(report);
    let mut lines = Vec::new();
    while let Some(Some(data)) = packets.next() {
        lines.push(String::from_utf8_lossy(data).trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(capabilities: &str) -> Vec<u8> {
        let zero = "0".repeat(40);
        let one = "1".repeat(40);
        let mut body =
            packet(format!("{zero} {one} refs/heads/a\0 report-status {capabilities}\n").as_bytes());
        body.extend(packet(format!("{one} {zero} refs/heads/b b\n").as_bytes()));
        body.extend_from_slice(b"0000PACK");
        body
    }

    #[test]
    fn the_commands_of_a_push_are_read() {
        let commands = Commands::of(&push("side-band-64k atomic"));
        let names: Vec<&str> = commands.all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["refs/heads/a", "refs/heads/b b"]);
        assert_eq!(commands.all[1].new, ObjectId::ZERO);
        assert!(commands.is_atomic && commands.has_bands);
        assert_eq!(Commands::of(b"0000"), Commands::default(), "a client probes with an empty push");
    }

    #[test]
    fn a_report_gets_a_refusal_with_and_without_bands() {
        let mut report = packet(b"unpack ok\n");
        report.extend(packet(b"ok refs/heads/a\n"));
        report.extend_from_slice(b"0000");
        let refused = BTreeMap::from([("refs/heads/a".to_owned(), "TF402455: No.".to_owned())]);
        for bands in [false, true] {
            let commands = Commands::of(&push(if bands { "side-band-64k" } else { "" }));
            let mut response = report.clone();
            if bands {
                let mut data = vec![1];
                data.extend_from_slice(&report);
                response = packet(b"\x02remote says\n");
                response.extend(packet(&data));
                response.extend_from_slice(b"0000");
            }
            assert_eq!(commands.accepted(&response).len(), 1);
            let response = commands.refused(&response, &refused);
            assert_eq!(commands.accepted(&response), Vec::<&Command>::new());
            let text = String::from_utf8_lossy(&response);
            assert!(text.contains("ng refs/heads/a TF402455: No."), "{text}");
            assert_eq!(text.contains("remote says"), bands);
        }
    }
}
