//! Exec, attach and port-forward: the API server's stream on one side, the runtime's streaming server (SPDY: it can close stdin) on the
//! other.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, RawQuery, Request, State};
use axum::response::{IntoResponse, Response};
use cri::v1::{AttachRequest, ExecRequest};
use streams::command::{CommandOptions, Outcome, PendingCommand, connect_spdy, relay};
use streams::forward;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{Failure, Kubelet, find};
use crate::kubelet::Shared;
use crate::observation::{Observation, Observer, State as ContainerState};
use crate::pod;

pub async fn exec(
    state: Kubelet,
    Path((namespace, name, container)): Path<(String, String, String)>,
    query: RawQuery,
    request: Request,
) -> Result<Response, Failure> {
    run(state, &namespace, &name, &container, query, request, Verb::Exec).await
}
pub async fn exec_by_uid(
    state: Kubelet,
    Path((namespace, name, _uid, container)): Path<(String, String, String, String)>,
    query: RawQuery,
    request: Request,
) -> Result<Response, Failure> {
    run(state, &namespace, &name, &container, query, request, Verb::Exec).await
}
pub async fn attach(
    state: Kubelet,
    Path((namespace, name, container)): Path<(String, String, String)>,
    query: RawQuery,
    request: Request,
) -> Result<Response, Failure> {
    run(state, &namespace, &name, &container, query, request, Verb::Attach).await
}
pub async fn attach_by_uid(
    state: Kubelet,
    Path((namespace, name, _uid, container)): Path<(String, String, String, String)>,
    query: RawQuery,
    request: Request,
) -> Result<Response, Failure> {
    run(state, &namespace, &name, &container, query, request, Verb::Attach).await
}

/// How long what a client sends is still taken when the port has ended, as containerd does it.
const FORWARD_LINGER: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Exec,
    Attach,
}

async fn observe(shared: &Shared, namespace: &str, name: &str) -> Result<Observation, Failure> {
    let pod = find(shared, namespace, name)?;
    Observer::default().observe(shared.engine.as_ref(), pod::uid(&pod)).await.map_err(Failure::internal)
}

async fn run(
    State(shared): Kubelet,
    namespace: &str,
    name: &str,
    container: &str,
    RawQuery(query): RawQuery,
    mut request: Request,
    verb: Verb,
) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let options = CommandOptions::from_query(&query).map_err(|error| Failure::bad_request(error.to_string()))?;
    let observation = observe(&shared, namespace, name).await?;
    let found = observation.latest(container).filter(|found| found.state == ContainerState::Running);
    let id = found.map(|found| found.id.clone()).ok_or_else(|| Failure::not_found(format!("container not found (\"{container}\")")))?;
    let url = match verb {
        Verb::Exec => {
            let command = form_urlencoded(&query).into_iter().filter(|(key, _)| key == "command").map(|(_, value)| value).collect();
            let CommandOptions { stdin, stdout, stderr, tty } = options;
            shared.engine.exec(ExecRequest { container_id: id, cmd: command, tty, stdin, stdout, stderr }).await
        }
        Verb::Attach => {
            let CommandOptions { stdin, stdout, stderr, tty } = options;
            shared.engine.attach(AttachRequest { container_id: id, stdin, tty, stdout, stderr }).await
        }
    };
    let url = url.map_err(|error| Failure::internal(error.description()))?;
    let (response, pending) =
        streams::command::accept(&mut request, options).map_err(|rejection| Failure(rejection.status, rejection.message))?;
    tokio::spawn(carry(pending, url, options));
    Ok(response)
}

/// Between both ends until the command has ended.
async fn carry(pending: PendingCommand, url: String, options: CommandOptions) {
    let server = match pending.connect().await {
        Ok(server) => server,
        Err(error) => {
            tracing::debug!(%error, "taking over a remote command");
            return;
        }
    };
    let client = async {
        let (stream, request) = dial(&url).await?;
        connect_spdy(stream, request, options).await.map_err(|error| error.to_string())
    };
    match client.await {
        Ok(client) => relay(server, client).await,
        Err(error) => {
            let outcome = Outcome::internal_error(&error);
            if let Err(error) = server.status.send(&outcome).await {
                tracing::debug!(%error, "telling how a remote command ended");
            }
        }
    }
}

/// A connection to the runtime's streaming server and the request for it.
async fn dial(url: &str) -> Result<(TcpStream, http::Request<()>), String> {
    let uri: http::Uri = url.parse().map_err(|_| format!("the runtime gave a wrong URL: {url}"))?;
    let host = uri.host().ok_or_else(|| format!("the runtime gave a URL without a host: {url}"))?.to_owned();
    let stream = TcpStream::connect((host.as_str(), uri.port_u16().unwrap_or(80))).await.map_err(|error| error.to_string())?;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::trace!(%error, "setting nodelay");
    }
    let authority = uri.authority().map_or(host, |authority| authority.as_str().to_owned());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = http::Request::post(path).header(http::header::HOST, authority).body(()).map_err(|error| error.to_string())?;
    Ok((stream, request))
}

pub async fn port_forward(state: Kubelet, Path((namespace, name)): Path<(String, String)>, request: Request) -> Result<Response, Failure> {
    forward_ports(state, &namespace, &name, request).await
}
pub async fn port_forward_by_uid(
    state: Kubelet,
    Path((namespace, name, _uid)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Failure> {
    forward_ports(state, &namespace, &name, request).await
}

async fn forward_ports(State(shared): Kubelet, namespace: &str, name: &str, mut request: Request) -> Result<Response, Failure> {
    let observation = observe(&shared, namespace, name).await?;
    let sandbox = observation.sandbox().ok_or_else(|| Failure::not_found(format!("sandbox of pod \"{name}\" not found")))?.id.clone();
    let (response, pending) = forward::accept(&mut request).map_err(|rejection| Failure(rejection.status, rejection.message))?;
    tokio::spawn(async move {
        match pending.connect().await {
            Ok(forwarding) => serve_ports(shared, sandbox, forwarding).await,
            Err(error) => tracing::debug!(%error, "taking over a port-forward"),
        }
    });
    Ok(response.into_response())
}

/// Every connection of the user becomes one of the runtime's, inside the sandbox.
async fn serve_ports(shared: Arc<Shared>, sandbox: String, mut forwarding: forward::Forwarding) {
    while let Some(connection) = forwarding.next().await {
        let (shared, sandbox) = (shared.clone(), sandbox.clone());
        tokio::spawn(async move {
            let port = connection.port;
            let outcome = forward_one(&shared, &sandbox, port, connection.data).await;
            if let Err(message) = outcome
                && let Err(error) = connection.error.send(&message).await
            {
                tracing::debug!(%error, "telling why a port can not be forwarded");
            }
        });
    }
}

async fn forward_one(shared: &Shared, sandbox: &str, port: u16, data: streams::pipe::Duplex) -> Result<(), String> {
    let url = shared.engine.port_forward(sandbox, vec![i32::from(port)]).await.map_err(|error| error.description())?;
    let (stream, request) = dial(&url).await?;
    let runtime = forward::connect_spdy(stream, request).await.map_err(|error| error.to_string())?;
    let mut there = runtime.open(port).await.map_err(|error| error.to_string())?;
    let copied = carry_connection(data, &mut there.data).await;
    let told =
        if copied.is_ok() { tokio::time::timeout(Duration::from_millis(200), there.error.wait()).await.ok().flatten() } else { None };
    runtime.close().await;
    match told {
        Some(message) => Err(message),
        None => Ok(()),
    }
}

/// Between both ends until the port has ended. A client whose connection cannot be half closed never says that it has, too.
async fn carry_connection(client: streams::pipe::Duplex, port: &mut streams::pipe::Duplex) -> std::io::Result<()> {
    let ((mut from_client, mut to_client), (mut from_port, mut to_port)) = (tokio::io::split(client), tokio::io::split(port));
    let there = async {
        tokio::io::copy(&mut from_client, &mut to_port).await?;
        to_port.shutdown().await
    };
    let back = async {
        tokio::io::copy(&mut from_port, &mut to_client).await?;
        to_client.shutdown().await
    };
    tokio::pin!(there, back);
    tokio::select! {
        sent = &mut there => sent.and(back.await),
        received = &mut back => {
            // What is still on its way to a port that has ended is lost in the end.
            let _ = tokio::time::timeout(FORWARD_LINGER, there).await;
            received
        }
    }
}

/// Names and values of a query.
pub(super) fn form_urlencoded(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let digits = [rest.next(), rest.next()];
                    let digit = |digit: Option<u8>| {
                        digit.and_then(|digit| char::from(digit).to_digit(16)).and_then(|digit| u8::try_from(digit).ok())
                    };
                    match (digit(digits[0]), digit(digits[1])) {
                        (Some(high), Some(low)) => bytes.push(high << 4 | low),
                        _ => bytes.push(b'%'),
                    }
                }
                other => bytes.push(other),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').map_or((decode(pair), String::new()), |(key, value)| (decode(key), decode(value))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries() {
        let found = form_urlencoded("command=sh&command=-c&command=echo+a%2Bb%20c&tty=true&x");
        let values: Vec<&str> = found.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["sh", "-c", "echo a+b c", "true", ""]);
    }
}
