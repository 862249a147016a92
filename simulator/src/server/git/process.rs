//! Running the installed git.

use std::io;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;

/// The response of a CGI program.
#[derive(Debug)]
pub(super) struct CgiResponse {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

impl CgiResponse {
    /// Reads the headers and the body of a CGI program's output.
    pub(super) fn of(output: &[u8]) -> io::Result<CgiResponse> {
        let end = output.windows(4).position(|part| part == b"\r\n\r\n");
        let end = end.ok_or_else(|| io::Error::other("its response has no headers"))?;
        let head = String::from_utf8_lossy(&output[..end]);
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(':'));
            lines
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim().to_owned())
        };
        let status = header("status").and_then(|status| status.split(' ').next()?.parse().ok());
        Ok(CgiResponse {
            status: status.unwrap_or(200),
            content_type: header("content-type").unwrap_or_default(),
            body: output[end + 4..].to_vec(),
        })
    }
}

/// git in a repository, without the settings of the machine and of the user.
pub(super) fn git(repository: &Path) -> Command {
    let mut git = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            git.env_remove(name);
        }
    }
    git.current_dir(repository)
        .env("GIT_DIR", repository)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        // A file that does not exist.
        .env("GIT_CONFIG_GLOBAL", repository.join("no-settings"))
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C");
    git
}

/// What a command left.
struct Ended {
    status: ExitStatus,
    written: Vec<u8>,
    errors: String,
}

impl Ended {
    fn error(&self) -> io::Error {
        io::Error::other(format!("{}: {}", self.status, self.errors.trim()))
    }
}

/// Runs a command with this input and returns its output.
pub(super) fn output(command: &mut Command, input: &[u8]) -> io::Result<Vec<u8>> {
    let ended = run(command, input)?;
    if ended.status.success() { Ok(ended.written) } else { Err(ended.error()) }
}

/// Runs a CGI program with this input. One that fails after its headers has written the error for the client.
pub(super) fn respond(command: &mut Command, input: &[u8]) -> io::Result<CgiResponse> {
    let ended = run(command, input)?;
    CgiResponse::of(&ended.written)
        .map_err(|error| if ended.status.success() { error } else { ended.error() })
}

fn run(command: &mut Command, input: &[u8]) -> io::Result<Ended> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (mut stdin, mut stderr) = (child.stdin.take(), child.stderr.take());
    let mut stdout = child.stdout.take();
    let (mut written, mut errors) = (Vec::new(), String::new());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // A command that does not read its whole input ends with its own error.
            let _ = stdin.take().map(|mut stdin| stdin.write_all(input));
        });
        scope.spawn(|| {
            let _ = stderr.as_mut().map(|stderr| stderr.read_to_string(&mut errors));
        });
        stdout.as_mut().map_or(Ok(0), |stdout| stdout.read_to_end(&mut written))
    })?;
    Ok(Ended { status: child.wait()?, written, errors })
}

#[cfg(test)]
mod tests {
    use super::CgiResponse;

    #[test]
    fn a_cgi_response_is_read() {
        let response =
            CgiResponse::of(b"Status: 403 Forbidden\r\nContent-Type: text/plain\r\n\r\nno\r\n\r\n").unwrap();
        assert_eq!((response.status, response.content_type.as_str()), (403, "text/plain"));
        assert_eq!(response.body, b"no\r\n\r\n");
        assert_eq!(CgiResponse::of(b"Expires: 0\r\n\r\n").unwrap().status, 200);
        assert!(CgiResponse::of(b"nothing").is_err());
    }
}
