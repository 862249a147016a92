//! Tests of the operator's file: its settings, and the message of each mistake.

use super::*;
use crate::contract::LockerCredential;
use crate::credentials::EntraProof;
use crate::credentials::Protocol;
use crate::credentials::SignIn;

fn parse(text: &str) -> Result<OperatorFile, Error> {
    OperatorFile::parse("azdo-bot.toml", text)
}

fn locker_named(key: &str) -> LockerCredential {
    let mut parts = key.split('/').map(str::to_owned);
    let mut part = || parts.next().expect("three parts");
    LockerCredential { locker_name: part(), name: part(), attribute_name: part() }
}

#[cfg_attr(not(unix), ignore = "operators copy from these pages, whose paths are those of Unix")]
#[test]
fn the_examples_of_the_documentation_are_read() {
    let page =
        concat!(include_str!("../../../docs/connect.md"), include_str!("../../../docs/command-line.md"));
    let examples: Vec<&str> =
        page.split("```toml").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 3);
    for example in examples {
        OperatorFile::parse("azdo-bot.toml", example).unwrap_or_else(|error| panic!("{error}\n{example}"));
    }
}

#[test]
fn an_empty_file_has_the_defaults() {
    let file = parse("").unwrap();
    assert!(file.network.proxy.is_none() && !file.network.allow_loopback_http);
    assert!(file.network.allowed_hosts.is_empty() && file.folders.write.is_empty());
    assert!(file.audit.destination.is_none());
    assert_eq!(file.session_limits(), SessionLimits::default());
}

#[cfg(unix)]
#[test]
fn every_setting_is_read() {
    let file = parse(
        r#"
        [network]
        proxy = "http://proxy.example:8080"
        certificate_authorities = ["/etc/ssl/company.pem"]
        allowed_hosts = ["azdo.example.com", "azdo.example.com:8443", "[::1]:8080"]
        allow_loopback_http = true

        [stores.env]
        names = ["CI_TOKEN"]

        [stores.file]
        folders = ["/srv/tokens"]

        [stores.exec.pass]
        program = "/usr/bin/pass"
        arguments = ["show", "{attribute}"]
        environment = ["PASSWORD_STORE_DIR"]
        bots = ["azdo/ci"]

        [stores.exec.git]
        program = "/usr/bin/git"
        arguments = ["credential-store", "get"]
        protocol = "git"
        url = "https://dev.azure.com/contoso"

        [stores.vault]
        address = "https://bao.example.com:8200"
        mount = "kv"
        approle = { role_id = "bots", secret_id = "file:/run/secrets/bao" }
        bots = ["azdo/bots/"]

        [stores.entra.bot]
        tenant = "contoso.onmicrosoft.com"
        client_id = "9d0c"
        client_secret = "file:/run/secrets/entra"
        bots = true

        [stores.entra.abroad]
        tenant = "5f1b"
        client_id = "9d0c"
        assertion = "file:/run/secrets/identity-token"
        authority = "https://login.partner.microsoftonline.cn"

        [stores.keyvault.team]
        address = "https://team.vault.azure.net"
        entra = "bot"
        bots = ["azdo-pat"]

        [lockers."devops/azdo/pat"]            # locker/name/attribute
        reference = "file:/run/secrets/azdo-pat"
        organization = "https://dev.azure.com/contoso"
        expires = 2027-03-01
        scopes = ["Code (read and write)", "vso.build_execute"]

        [lockers]
        "dev ops.eu/azdo/pat" = { reference = "env:AZDO_PAT", expires = "2027-03-01" }

        [folders]
        write = ["/srv/out"]
        read = ["/srv/in"]

        [limits]
        sessions_per_run_tree = 10
        sessions_per_process = 1_000

        [audit]
        file = "/var/log/azdo-bot.jsonl"
        "#,
    )
    .unwrap();
    assert_eq!(file.network.proxy.as_deref(), Some("http://proxy.example:8080"));
    assert_eq!(file.network.certificate_authorities, [PathBuf::from("/etc/ssl/company.pem")]);
    assert_eq!(file.network.allowed_hosts.len(), 3);
    assert!(file.network.allow_loopback_http);
    assert_eq!(file.folders.write, [PathBuf::from("/srv/out")]);
    assert_eq!(file.folders.read, [PathBuf::from("/srv/in")]);
    assert_eq!(file.session_limits(), SessionLimits { per_tree: 10, per_process: 1_000, per_run: None });
    assert_eq!(file.audit.file(), Some(Path::new("/var/log/azdo-bot.jsonl")));

    let locker = file.lockers.get(&locker_named("devops/azdo/pat")).unwrap();
    assert_eq!(locker.reference.to_string(), "file:/run/secrets/azdo-pat");
    assert_eq!(locker.organization.as_ref().unwrap().organization(), "contoso");
    assert_eq!(locker.expires.unwrap().to_string(), "2027-03-01");
    assert_eq!(locker.scopes, [Scope::CodeWrite, Scope::BuildExecute]);
    let other = file.lockers.get(&locker_named("dev ops.eu/azdo/pat")).unwrap();
    assert_eq!((other.expires, other.organization.is_none()), (locker.expires, true));

    let policy = file.store_policy(Some(PathBuf::from("/run/credentials/bots")));
    assert_eq!(policy.env_names, ["CI_TOKEN"]);
    assert_eq!(policy.file_folders, [PathBuf::from("/srv/tokens")]);
    assert!(policy.credentials_directory.is_some());
    let vault = policy.vault.as_ref().unwrap();
    assert_eq!((vault.address.as_str(), &*vault.mount), ("https://bao.example.com:8200/", "kv"));
    assert!(matches!(&vault.sign_in, SignIn::AppRole { mount, .. } if mount == "approle"));
    let (bot, abroad) = (&policy.entra["bot"], &policy.entra["abroad"]);
    assert_eq!((bot.authority.as_str(), bot.bots), ("https://login.microsoftonline.com/", true));
    assert!(
        matches!(&bot.proof, EntraProof::Secret(place) if place.to_string() == "file:/run/secrets/entra")
    );
    assert_eq!(
        (abroad.authority.as_str(), abroad.bots),
        ("https://login.partner.microsoftonline.cn/", false)
    );
    assert!(matches!(abroad.proof, EntraProof::Assertion(_)));
    let team = &policy.key_vaults["team"];
    assert_eq!((team.address.as_str(), &*team.entra), ("https://team.vault.azure.net/", "bot"));
    let pass = &policy.helpers["pass"];
    assert_eq!((pass.program.as_path(), pass.arguments.len()), (Path::new("/usr/bin/pass"), 2));
    assert_eq!(
        (&*pass.environment, &*pass.bots),
        (&["PASSWORD_STORE_DIR".to_owned()][..], &["azdo/ci".to_owned()][..])
    );
    assert!(matches!(pass.protocol, Protocol::Plain));
    let git = &policy.helpers["git"].protocol;
    assert!(matches!(git, Protocol::Git { url } if url.as_str() == "https://dev.azure.com/contoso"));
}

#[cfg(unix)]
#[test]
fn a_mistake_is_reported_with_location_and_key_but_not_its_value() {
    let rows = [
        (
            "[netwrok]\nproxy = \"hidden\"",
            r#"input.invalid: line 1, column 2: there is no field "netwrok"; did you mean "network"?"#,
        ),
        (
            "[network]\n\n  allowed_host = [\"hidden\"]",
            r#"input.invalid: line 3, column 3: there is no field "network.allowed_host"; did you mean "allowed_hosts"?"#,
        ),
        (
            "network.proxi = \"hidden\"",
            r#"input.invalid: line 1, column 9: there is no field "network.proxi"; did you mean "proxy"?"#,
        ),
        (
            "[network]\nallow_loopback_http = \"hidden\"",
            r#"input.invalid: line 2, column 1: "network.allow_loopback_http" expected a boolean, got a text"#,
        ),
        (
            "[network]\nproxy = \"socks5://hidden:1\"",
            r#"input.invalid: line 2, column 1: "network.proxy" is not the URL of a proxy, such as http://HOST:PORT"#,
        ),
        (
            "[network]\nno_proxy = [\"tfs.example\", \"https://hidden\"]",
            r#"input.invalid: line 2, column 28: "network.no_proxy.1" must be HOST, .SUFFIX, ADDRESS or ADDRESS/BITS, each with an optional :PORT, or <local> or *"#,
        ),
        (
            "[network]\nplain_http_hosts = [\"http://hidden\"]",
            r#"input.invalid: line 2, column 21: "network.plain_http_hosts.0" must be HOST or HOST:PORT"#,
        ),
        (
            "[network]\nproxy = \"http://me:hidden@proxy.example\"",
            r#"input.invalid: line 2, column 1: "network.proxy" contains a user or a password: keep the URL in a file or variable and write file:PATH or env:NAME"#,
        ),
        (
            "[network]\nallowed_hosts = [\"a.example\", \"https://hidden\"]",
            r#"input.invalid: line 2, column 31: "network.allowed_hosts.1" must be HOST or HOST:PORT"#,
        ),
        (
            "[network]\ncertificate_authorities = [\"/a.pem\",\n  \"hidden.pem\"]",
            r#"input.invalid: line 3, column 3: "network.certificate_authorities.1" must be an absolute path"#,
        ),
        (
            "[stores]\nvaults.x = 1",
            r#"input.invalid: line 2, column 1: there is no field "stores.vaults"; did you mean "vault"?"#,
        ),
        (
            "[stores.vault]\naddress = \"https://a.example\"",
            r#"input.invalid: line 1, column 9: "stores.vault" must have either token or approle"#,
        ),
        (
            "[stores.vault]\naddress = \"https://a.example\"\ntoken = \"hidden\"",
            r#"input.invalid: line 3, column 1: "stores.vault.token" is not a reference such as env:NAME or file:PATH: the reference names no known store"#,
        ),
        (
            "[stores.vault]\naddress = \"https://a.example/hidden\"\ntoken = \"env:T\"",
            r#"input.invalid: line 2, column 1: "stores.vault.address" is not a URL such as https://HOST:PORT"#,
        ),
        (
            "[stores.vault]\naddress = \"https://me:hidden@a.example\"\ntoken = \"env:T\"",
            r#"input.invalid: line 2, column 1: "stores.vault.address" must not contain a user or a password"#,
        ),
        (
            "[stores.entra.bot]\ntenant = \"a\"\nclient_id = \"b\"",
            r#"input.invalid: line 1, column 15: "stores.entra.bot" must have either client_secret or assertion"#,
        ),
        (
            "[stores.entra.bot]\ntenant = \"hidden/..\"\nclient_id = \"b\"\nassertion = \"env:T\"",
            r#"input.invalid: line 2, column 1: "stores.entra.bot.tenant" is not the id or domain of a tenant"#,
        ),
        (
            "[stores.entra.bot]\ntenant = \"a\"\nclient_id = \"b\"\nclient_secret = \"hidden\"",
            r#"input.invalid: line 4, column 1: "stores.entra.bot.client_secret" is not a reference such as env:NAME or file:PATH: the reference names no known store"#,
        ),
        (
            "[stores.keyvault.team]\naddress = \"https://t.vault.azure.net\"\nentra = \"hidden\"",
            r#"input.invalid: line 3, column 1: "stores.keyvault.team.entra" does not name an application of stores.entra"#,
        ),
        (
            "[stores.keyvault.team]\naddress = \"https://10.0.0.1\"\nentra = \"hidden\"",
            r#"input.invalid: line 2, column 1: "stores.keyvault.team.address" is not a URL such as https://NAME.vault.azure.net"#,
        ),
        (
            "[stores.file]\nfolders = [\"hidden\"]",
            r#"input.invalid: line 2, column 12: "stores.file.folders.0" must be an absolute path"#,
        ),
        (
            "[stores.exec.pass]\narguments = [\"hidden\"]",
            r#"input.invalid: line 1, column 14: the field "stores.exec.pass.program" is missing"#,
        ),
        (
            "[stores.exec.pass]\nprogram = \"hidden\"",
            r#"input.invalid: line 2, column 1: "stores.exec.pass.program" must be an absolute path"#,
        ),
        (
            "[stores.exec.pass]\nprogram = \"/p\"\nprotocol = \"hidden\"",
            r#"input.invalid: line 3, column 1: "stores.exec.pass.protocol" is not one of plain, git"#,
        ),
        (
            "[stores.exec.pass]\nprogram = \"/p\"\nprotocol = \"git\"",
            r#"input.invalid: line 1, column 14: "stores.exec.pass" needs a url for the protocol git"#,
        ),
        (
            "[stores.exec.pass]\nprogram = \"/p\"\nurl = \"hidden\"",
            r#"input.invalid: line 3, column 1: "stores.exec.pass.url" is allowed with the protocol git only"#,
        ),
        (
            "[stores.exec.pass]\nprogram = \"/p\"\nprotocol = \"git\"\nurl = \"https://me:hidden@a.example\"",
            r#"input.invalid: line 4, column 1: "stores.exec.pass.url" must not contain a user or a password"#,
        ),
        (
            "[stores.exec.pass]\nprogram = \"/p\"\nprotocol = \"git\"\nurl = \"hidden\"",
            r#"input.invalid: line 4, column 1: "stores.exec.pass.url" is not a URL such as https://dev.azure.com/contoso"#,
        ),
        (
            "[stores.exec.\"a b\"]\nprogram = \"/hidden\"",
            r#"input.invalid: line 1, column 14: "stores.exec.a b" must be a name of letters, digits, - and _"#,
        ),
        (
            "[folders]\nread = [\"hidden\"]",
            r#"input.invalid: line 2, column 9: "folders.read.0" must be an absolute path"#,
        ),
        (
            "[folders]\nwrite = \"/hidden\"",
            r#"input.invalid: line 2, column 1: "folders.write" expected a list, got a text"#,
        ),
        (
            "[audit]\nfile = \"hidden\"",
            r#"input.invalid: line 2, column 1: "audit.file" must be an absolute path"#,
        ),
        (
            "[limits]\nsessions_per_run_tree = 0",
            r#"input.invalid: line 2, column 1: "limits.sessions_per_run_tree" must be at least 1"#,
        ),
        (
            "[limits]\nsessions_per_process = -1",
            r#"input.invalid: line 2, column 1: "limits.sessions_per_process" expected a whole number, got a negative number"#,
        ),
        (
            "[limits]\nsessions_per_process = 99999999999999999999",
            r#"input.invalid: line 2, column 1: "limits.sessions_per_process" expected a whole number, got a number that is out of range"#,
        ),
        (
            "[lockers.devops]\nreference = \"env:AZDO_PAT\"",
            r#"input.invalid: line 1, column 10: "lockers.devops" must have the form "locker/name/attribute""#,
        ),
        (
            "[lockers.\"a/b/\"]\nreference = \"env:AZDO_PAT\"",
            r#"input.invalid: line 1, column 10: "lockers.a/b/" must have the form "locker/name/attribute""#,
        ),
        (
            "[lockers.\"a/b/c\"]\norganization = \"https://dev.azure.com/contoso\"",
            r#"input.invalid: line 1, column 10: the field "lockers.a/b/c.reference" is missing"#,
        ),
        (
            "[lockers.\"a/b/c\"]\nreference = \"hidden\"",
            r#"input.invalid: line 2, column 1: "lockers.a/b/c.reference" is not a reference such as env:NAME or file:PATH: the reference names no known store"#,
        ),
        (
            "[lockers.\"a.b/b/c\"]\nreference = \"env:AZDO_PAT\"\ntoken = \"hidden\"",
            r#"input.invalid: line 3, column 1: there is no field "lockers.a.b/b/c.token""#,
        ),
        (
            "[lockers.\"a/b/c\"]\nreference = \"env:AZDO_PAT\"\norganization = \"http://hidden\"",
            r#"organization.invalid_url: line 3, column 1: "lockers.a/b/c.organization": the collection is missing after the host"#,
        ),
        (
            "[lockers.\"a/b/c\"]\nreference = \"env:AZDO_PAT\"\nexpires = \"hidden\"",
            r#"input.invalid: line 3, column 1: "lockers.a/b/c.expires" is not a date such as 2027-03-01"#,
        ),
        (
            "[lockers.\"a/b/c\"]\nreference = \"env:AZDO_PAT\"\nexpires = 2027-03-01T12:00:00Z",
            r#"input.invalid: line 3, column 1: "lockers.a/b/c.expires" is not a date such as 2027-03-01"#,
        ),
        (
            "[lockers.\"a/b/c\"]\nreference = \"env:AZDO_PAT\"\nscopes = [\n  \"vso.code\", \"hidden\"]",
            r#"input.invalid: line 4, column 15: "lockers.a/b/c.scopes.1" is not a scope of the token page"#,
        ),
        (
            "[lockers.\"a/b/c\"]\nreference = { hidden = \"hidden\" }",
            r#"input.invalid: line 2, column 1: "lockers.a/b/c.reference" expected a text, got a dictionary"#,
        ),
        (
            "\"ä\" = { }\n[network] # ä\nproxy = hidden",
            r#"input.invalid: line 3, column 9: this is not valid TOML, or a key occurs twice"#,
        ),
        (
            "audit = { \"ä\" = 1, fyle = 1 }",
            r#"input.invalid: line 1, column 20: there is no field "audit.fyle"; did you mean "file"?"#,
        ),
        (
            "audit = { file = \"ä\" }",
            r#"input.invalid: line 1, column 11: "audit.file" must be an absolute path"#,
        ),
        (
            "[audit]\nfile = \"/hidden\"\nfile = \"/hidden\"",
            r#"input.invalid: line 3, column 1: this is not valid TOML, or a key occurs twice"#,
        ),
        ("# ok\n\"\\u001b[2J\" = 1", r#"input.invalid: line 2, column 1: there is no field "\u001b[2J""#),
    ];
    for (text, expected) in rows {
        let error = parse(text).expect_err(text);
        assert!(!format!("{error:?}").contains("hidden"), "{text}\n{error:?}");
        assert_eq!(error.to_string().replacen("azdo-bot.toml, ", "", 1), expected, "{text}");
        assert!(error.message().starts_with("azdo-bot.toml, "), "{error}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("azdo-bot.toml");
    let error = OperatorFile::read(&path).unwrap_err();
    assert!(error.message().contains("azdo-bot.toml cannot be read: it does not exist"), "{error}");
    std::fs::write(&path, "[network]\nallow_loopback_http = true\n").unwrap();
    assert!(OperatorFile::read(&path).unwrap().network.allow_loopback_http);
    std::fs::write(&path, "#".repeat((1 << 20) + 1)).unwrap();
    assert!(OperatorFile::read(&path).unwrap_err().message().contains("larger than 1 MiB"));
    std::fs::write(&path, [b'#', 0xff]).unwrap();
    assert!(OperatorFile::read(&path).is_err());
}

#[test]
fn a_mount_of_a_vault_may_have_slashes_around_it() {
    let vault = |mount: &str, approle: &str| {
        let text = format!(
            "[stores.vault]\naddress = \"https://bao.example\"\nmount = \"{mount}\"\n\
             approle = {{ role_id = \"r\", secret_id = \"env:X\", mount = \"{approle}\" }}\n"
        );
        parse(&text).map(|file| file.stores.vault.expect("it is given"))
    };
    let own = vault("/team/kv/", "auth/bots/").expect("it is valid");
    assert_eq!(own.mount, "team/kv");
    assert!(matches!(own.sign_in, SignIn::AppRole { mount, .. } if mount == "bots"));
    let error = vault("/", "approle").map(drop).expect_err("it names no mount");
    assert!(error.message().contains("\"stores.vault.mount\" must be the path of a mount"), "{error}");
}
