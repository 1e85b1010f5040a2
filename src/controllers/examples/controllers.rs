//! Runs the controllers against the server of `$KUBECONFIG`: `cargo run -p controllers --example controllers`. For trying them out with real clients.

use runtime::Informers;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).with_writer(std::io::stderr).init();
    let client = client::from_kubeconfig(None, client::Overrides::default()).await?;
    let config = controllers::Config {
        root_ca_pem: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".to_owned(),
        ..controllers::Config::default()
    };
    let stop = CancellationToken::new();
    let stop_on_signal = stop.clone();
    tokio::spawn(async move {
        // Without the signal's handler there is nothing to wait for.
        let _ = tokio::signal::ctrl_c().await;
        stop_on_signal.cancel();
    });
    controllers::run(Informers::new(client), config, stop).await;
    Ok(())
}
