//! HTTPS with the simulator's own authority, and hosted names that a client resolves to this machine.

use std::net::SocketAddr;

use azdo_simulator::Simulator;
use azdo_simulator::World;
use reqwest::Certificate;
use reqwest::Client;
use serde_json::Value;
use tokio::net::TcpStream;

/// A client that trusts these authorities only, and looks for the hosts at this address.
fn client(authorities: Vec<Certificate>, address: SocketAddr) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().no_proxy().tls_certs_only(authorities);
    ["dev.azure.com", "vssps.dev.azure.com", "example.com"]
        .into_iter()
        .fold(builder, |builder, host| builder.resolve(host, address))
        .build()
        .unwrap()
}

fn authority(simulator: &Simulator) -> Vec<Certificate> {
    let pem = std::fs::read(simulator.authority().unwrap()).unwrap();
    vec![Certificate::from_pem(&pem).unwrap()]
}

#[tokio::test]
async fn hosted_names_are_answered_over_tls_and_are_in_the_addresses_of_records() {
    let simulator = Simulator::start_with_tls(World::hard(), 0, &["dev.azure.com"]).await.unwrap();
    let port = simulator.address().port();
    assert_eq!(simulator.organization_url("fabrikam"), format!("https://dev.azure.com:{port}/fabrikam"));
    let client = client(authority(&simulator), simulator.address());
    let token = simulator.token("fabrikam").unwrap();
    for host in ["dev.azure.com", "vssps.dev.azure.com", "127.0.0.1", "localhost"] {
        let url = format!("https://{host}:{port}/fabrikam/_apis/projects/Fabrikam");
        let response = client.get(url).basic_auth("", Some(&token)).send().await.unwrap();
        let project: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        let start = format!("https://dev.azure.com:{port}/fabrikam/_apis/projects/");
        assert!(project["url"].as_str().unwrap().starts_with(&start), "{host}: {project}");
    }
    let other = client.get(format!("https://example.com:{port}/")).send().await;
    assert!(other.unwrap_err().is_connect(), "the certificate is not for other names");
}

#[tokio::test]
async fn the_authority_is_of_one_simulator_and_gone_with_it() {
    let simulator = Simulator::start_with_tls(World::hard(), 0, &[]).await.unwrap();
    let other = Simulator::start_with_tls(World::hard(), 0, &[]).await.unwrap();
    let url = format!("{}/_apis/projects", simulator.organization_url("fabrikam"));
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let trusts_other = client(authority(&other), simulator.address());
    assert!(trusts_other.get(&url).send().await.unwrap_err().is_connect());
    let file = simulator.authority().unwrap().to_owned();
    assert!(!std::fs::read_to_string(&file).unwrap().contains("PRIVATE"), "the key is not in the file");
    drop(simulator);
    assert!(!file.exists());
    assert!(Simulator::start_with_tls(World::hard(), 0, &["not a name"]).await.is_err());
}

#[tokio::test]
async fn a_client_that_does_not_finish_the_handshake_delays_no_other() {
    let simulator = Simulator::start_with_tls(World::hard(), 0, &[]).await.unwrap();
    let _silent = TcpStream::connect(simulator.address()).await.unwrap();
    let client = client(authority(&simulator), simulator.address());
    let url = format!("{}/_apis/projects", simulator.organization_url("fabrikam"));
    let token = simulator.token("fabrikam").unwrap();
    assert_eq!(client.get(url).basic_auth("", Some(token)).send().await.unwrap().status(), 200);
}
