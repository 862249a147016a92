//! A broker and a process of different users: each of them refuses the other one.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use crate::sessions::broker::RECENT;
use crate::sessions::broker::store_in;
use crate::sessions::broker_thread::Threaded;
use crate::sessions::machine::Machine;
use crate::sessions::machines::connect;
use crate::sessions::support::global;
use crate::sessions::support::run;

/// Runs a Python program as another user; nothing if this test may not do that
fn as_another_user(program: &str, socket: &Path) -> Option<Command> {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "python3", "-c", program]);
    // The system's Python: one below the home folder of this user cannot be run by the other one.
    command.arg(socket).env("PATH", "/usr/bin:/bin").stdout(Stdio::piped());
    let is_installed = ["setpriv", "python3"].iter().all(|name| Path::new("/usr/bin").join(name).exists());
    (is_installed && rustix::process::geteuid().is_root()).then_some(command)
}

#[tokio::test]
async fn another_user_is_refused_by_either_side() {
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    let own = tempfile::tempdir().expect("a temporary folder");
    let _broker = Threaded::start(own.path());
    let socket = own.path().join("broker.sock");
    assert_eq!(std::fs::metadata(&socket).expect("it is there").permissions().mode() & 0o777, 0o600);
    // The modes of folder and socket keep other users out; this is what is behind them.
    mode(own.path(), 0o755);
    mode(&socket, 0o666);
    let program =
        "import socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\nprint(s.recv(100))";
    let Some(mut command) = as_another_user(program, &socket) else { return };
    let output = command.output().expect("it is installed");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "b''", "it is greeted with nothing: {errors}");

    let folder = tempfile::tempdir().expect("a temporary folder");
    mode(folder.path(), 0o777);
    let program = "import socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.bind(sys.argv[1])\ns.listen()\nprint('listens', flush=True)\n\
                   while True: s.accept()[0].send(b'{\"hello\":{\"protocol\":1,\"version\":\"\"}}\\n')";
    let mut command = as_another_user(program, &folder.path().join("broker.sock")).expect("we are root");
    let mut other = command.spawn().expect("it is installed");
    other.stdout.as_mut().expect("it is piped").read_exact(&mut [0; 8]).expect("it says that it listens");
    let machine = Machine::sharing(store_in(folder.path()), RECENT);
    machine.room.start(&run("root"), None).expect("it was never started");
    let error = connect(&machine, "root", &global("Default"), 1).await.expect_err("it is of another user");
    other.kill().and_then(|()| other.wait()).expect("it was started here");
    assert_eq!(error.message(), "The session store is a broker that another user runs");
}
