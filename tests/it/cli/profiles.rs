//! Profiles of the operator's file, and the simulator without flags.

use std::path::Path;

use crate::cli::support::Folder;
use crate::cli::support::Ran;
use crate::cli::support::Simulated;
use crate::cli::support::azdo_bot;
use crate::cli::support::ran;
use crate::cli::support::run;

/// An operator's file with two profiles of a simulator
fn operator_file(folder: &Folder, simulated: &Simulated) -> std::path::PathBuf {
    let profile = |name: &str, project: &str| {
        format!(
            "[profiles.{name}]\norganization_url = \"{}\"\nproject = \"{project}\"\ncredential = \"env:MY_PAT\"\n",
            simulated.url
        )
    };
    let network = "[network]\nallow_loopback_http = true\n";
    folder.file(
        "azdo-bot.toml",
        &[&profile("default", "Fabrikam"), &profile("old", "Archive"), network].concat(),
    )
}

fn with(config: &Path, simulated: &Simulated, arguments: &[&str]) -> Ran {
    let mut command = azdo_bot();
    ran(command.env("MY_PAT", &simulated.token).args(arguments).arg("--config").arg(config))
}

#[test]
fn a_profile_gives_organization_project_and_credential() {
    let (folder, simulated) = (Folder::new(), Simulated::start());
    let config = operator_file(&folder, &simulated);
    for (arguments, project) in [
        (&["call", "get-project", "--json=name"][..], "Fabrikam"),
        (&["call", "get-project", "--json=name", "--profile", "old"], "Archive"),
        (&["call", "get-project", "--json=name", "--project", "Archive"], "Archive"),
        (&["doctor", "--json=project.name", "--intended-usage", "repositories.read"], "Fabrikam"),
        (
            &["doctor", "--json=project.name", "--intended-usage", "repositories.read", "--profile", "old"],
            "Archive",
        ),
    ] {
        let shown = with(&config, &simulated, arguments);
        assert_eq!(shown.code, 0, "{arguments:?}: {}", shown.stderr);
        assert!(shown.stdout.contains(&format!("\"{project}\"")), "{arguments:?}: {}", shown.stdout);
    }
    let bot = "examples/bots/release-day.bot.json";
    let compared = with(&config, &simulated, &["check", bot, "--profile", "old"]).stdout;
    assert!(compared.contains("in project Archive of "), "{compared}");
    let alone = with(&config, &simulated, &["check", bot]).stdout;
    assert!(!alone.contains("in project "), "a default profile sends nothing: {alone}");
}

#[test]
fn a_profile_is_named_by_the_command_line_alone_and_its_credential_is_bound() {
    let (folder, simulated) = (Folder::new(), Simulated::start());
    let config = operator_file(&folder, &simulated);
    let shown = with(&config, &simulated, &["call", "get-project", "--profile", "odl"]);
    assert_eq!(shown.code, 2);
    assert!(shown.stderr.contains("has no profile \"odl\"; did you mean \"old\"?"), "{}", shown.stderr);
    assert!(shown.stderr.contains("Its profiles are: default, old."), "{}", shown.stderr);

    // Neither the credential of a profile nor the same reference goes to another organization.
    for credential in [&[][..], &["--credential", "env:MY_PAT"]] {
        let other = ["call", "get-project", "--organization-url", "https://dev.azure.com/contoso"];
        let shown = with(&config, &simulated, &[&other[..], credential].concat());
        assert_eq!(shown.code, 1, "{credential:?}: {}", shown.stderr);
        assert!(shown.stderr.contains("credential.organization_mismatch"), "{}", shown.stderr);
    }

    // No variable names a profile or the file.
    let mut command = azdo_bot();
    for name in
        ["AZDO_PROFILE", "AZDO_BOT_PROFILE", "AZDO_CONFIG", "AZDO_BOT_CONFIG", "XDG_CONFIG_HOME", "HOME"]
    {
        command.env(name, &config);
    }
    let shown = ran(command.args(["call", "get-project"]));
    assert_eq!(shown.code, 2);
    let missing = "error: input.invalid: --organization-url, --project, --credential are missing\n";
    assert!(shown.stderr.starts_with(missing) && shown.stderr.contains("--profile NAME"), "{}", shown.stderr);
}

#[test]
fn the_simulator_needs_no_flags_and_no_default_profile() {
    let (folder, simulated) = (Folder::new(), Simulated::start());
    let config = operator_file(&folder, &simulated);
    for arguments in
        [&["call", "list-repositories", "--simulate", "--json=name"][..], &["doctor", "--simulate"]]
    {
        assert_eq!(run(arguments).code, 0, "{arguments:?}");
        let shown = with(&config, &simulated, arguments);
        assert_eq!(shown.code, 0, "{arguments:?}: {}", shown.stderr);
    }
    let named = ["call", "get-project", "--simulate", "--json=name", "--organization-url"];
    let shown = run(&[&named[..], &["https://dev.azure.com/contoso", "--project", "Web"]].concat());
    assert_eq!((shown.code, shown.stdout.trim()), (0, "{\"name\":\"Web\"}"), "{}", shown.stderr);
    let vault = run(&["call", "create-repository", "--simulate", "name=@vault:a#b"]);
    assert_eq!(
        (vault.code, vault.stderr.contains("would leave this machine")),
        (2, true),
        "{}",
        vault.stderr
    );
}

#[test]
fn a_profile_is_checked_like_the_rest_of_the_file() {
    let folder = Folder::new();
    for (text, expected) in [
        ("[profiles.x]\nproject = \"Web\"\n", "the field \"profiles.x.organization_url\" is missing"),
        ("[profiles.x]\norganization_url = \"contoso\"\n", "line 2, column 1"),
        (
            "[profiles.x]\norganization_url = \"https://dev.azure.com/contoso\"\ncredential = \"evn:X\"\n",
            "line 3, column 1: \"profiles.x.credential\" is not a reference such as env:NAME or file:PATH: the \
             reference names no known store; did you mean \"env:\"?",
        ),
        ("[profiles.x]\norganisation_url = \"a\"\n", "did you mean \"organization_url\"?"),
    ] {
        let config = folder.file("azdo-bot.toml", text);
        let shown = run(&["call", "list-projects", "--config", config.to_str().expect("a plain path")]);
        assert_eq!(shown.code, 2, "{text}");
        assert!(shown.stderr.contains(expected), "{text}: {}", shown.stderr);
    }
}
