//! What a command has at hand: the terminal, the global flags, the kubeconfig and the connection, each opened when first needed.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use kube::client::Body;
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::Value;

use crate::commands::version;
use crate::error::{CommandError, Result};
use crate::globals::GlobalFlags;
use crate::ui::Ui;

const INVALID_TIMEOUT: &str = "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)";

/// Who asks: kubectl, whose name servers put beside the fields that a request sets.
fn user_agent() -> HeaderValue {
    let agent = format!("kubectl/{} ({}) k/{}", version::KUBERNETES, version::platform(), env!("CARGO_PKG_VERSION"));
    HeaderValue::from_str(&agent).unwrap_or(HeaderValue::from_static("kubectl"))
}

/// A command's surroundings.
pub struct Session<'a> {
    /// The name that the program was started under, for hints that name it.
    pub program: String,
    pub globals: GlobalFlags,
    pub ui: &'a mut Ui,
    kubeconfig: Option<Kubeconfig>,
    connection: Option<Connection>,
    warned: Vec<String>,
}

#[derive(Clone)]
struct Connection {
    client: kube::Client,
    config: kube::Config,
    /// `host:port` for messages.
    host: String,
    timeout: Option<Duration>,
}

/// A whole answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    /// The body as a tree.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).map_err(|error| CommandError::message(format!("the server's answer is no JSON: {error}")))
    }
}

/// A request about to be sent: path and query, with headers and body where they matter.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub accept: String,
    pub content_type: String,
    pub body: Vec<u8>,
}

impl Call {
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            accept: "application/json".to_owned(),
            content_type: "application/json".to_owned(),
            body: Vec::new(),
        }
    }
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }
    /// Adds a query parameter where `value` is not empty.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.query.push((name.to_owned(), value));
        }
        self
    }
    #[must_use]
    pub fn accept(mut self, accept: &str) -> Self {
        accept.clone_into(&mut self.accept);
        self
    }
    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self
    }
    /// A body of another media type, such as a patch.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        content_type.clone_into(&mut self.content_type);
        self.body = body;
        self
    }
    fn uri(&self) -> String {
        let mut uri = self.path.clone();
        for (index, (name, value)) in self.query.iter().enumerate() {
            uri.push(if index == 0 && !self.path.contains('?') { '?' } else { '&' });
            uri.push_str(&percent_encode(name));
            uri.push('=');
            uri.push_str(&percent_encode(value));
        }
        uri
    }
}

/// Everything but RFC 3986's unreserved characters as `%XX`.
pub fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

impl<'a> Session<'a> {
    pub fn new(program: String, globals: GlobalFlags, ui: &'a mut Ui) -> Self {
        Self { program, globals, ui, kubeconfig: None, connection: None, warned: Vec::new() }
    }

    /// The kubeconfig with the global flags applied to it. An absent file is an empty one, as for kubectl.
    pub fn kubeconfig(&mut self) -> Result<&Kubeconfig> {
        if self.kubeconfig.is_none() {
            self.kubeconfig = Some(crate::globals::load_kubeconfig(&self.globals)?);
        }
        Ok(self.kubeconfig.as_ref().expect("it was loaded above"))
    }

    /// The namespace that requests go to, and whether a flag named it.
    pub fn namespace(&mut self) -> Result<(String, bool)> {
        if let Some(namespace) = self.globals.namespace.clone().filter(|namespace| !namespace.is_empty()) {
            return Ok((namespace, true));
        }
        let config = self.kubeconfig()?;
        let namespace = config
            .current_context
            .as_ref()
            .and_then(|current| config.contexts.iter().find(|context| &context.name == current))
            .and_then(|context| context.context.as_ref()?.namespace.clone())
            .filter(|namespace| !namespace.is_empty());
        Ok((namespace.unwrap_or_else(|| "default".to_owned()), false))
    }

    async fn connection(&mut self) -> Result<Connection> {
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let timeout = crate::flags::duration(&self.globals.request_timeout)
            .map_err(|_| CommandError::message(INVALID_TIMEOUT))?
            .filter(|timeout| !timeout.is_zero());
        let kubeconfig = self.kubeconfig()?.clone();
        let mut config = if kubeconfig.clusters.is_empty() {
            match kube::Config::incluster() {
                Ok(config) => config,
                Err(_) => return Err(CommandError::Refused("localhost:8080".to_owned())),
            }
        } else {
            kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default())
                .await
                .map_err(|error| CommandError::message(error.to_string()))?
        };
        config.connect_timeout = Some(Duration::from_secs(30));
        config.read_timeout = None;
        config.write_timeout = None;
        config.disable_compression = true;
        config.headers.push((http::header::USER_AGENT, user_agent()));
        let host = config.cluster_url.authority().map(ToString::to_string).unwrap_or_default();
        // Chosen before: then that choice stands.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = kube::Client::try_from(config.clone()).map_err(|error| CommandError::message(error.to_string()))?;
        let connection = Connection { client, config, host, timeout };
        self.connection = Some(connection.clone());
        Ok(connection)
    }

    /// The kube client over this connection.
    pub async fn client(&mut self) -> Result<kube::Client> {
        Ok(self.connection().await?.client)
    }

    /// `host:port` of the server.
    pub async fn server_host(&mut self) -> Result<String> {
        Ok(self.connection().await?.host)
    }

    /// Sends `call` and hands out the answer as it streams in. Failures become errors; warnings of the server are printed.
    pub async fn open(&mut self, call: &Call) -> Result<Response<Body>> {
        let connection = self.connection().await?;
        let mut request = Request::builder().method(&call.method).uri(call.uri()).header(http::header::ACCEPT, &call.accept);
        if !call.body.is_empty() {
            request = request.header(http::header::CONTENT_TYPE, &call.content_type);
        }
        let request =
            request.body(Body::from(call.body.clone())).map_err(|error| CommandError::message(format!("bad request: {error}")))?;
        self.send(&connection, request).await
    }

    /// A connection of its own to the server, for a protocol that is no longer HTTP: the bytes, the headers that say who asks, and the `Host`.
    pub async fn dial(&mut self) -> Result<(Box<dyn streams::Connection>, HeaderMap, String)> {
        let connection = self.connection().await?;
        crate::dial::dial(&connection.config, &connection.host).await
    }

    /// As [`Self::open`], for a request with headers of its own.
    pub async fn send_request(&mut self, request: Request<Body>) -> Result<Response<Body>> {
        let connection = self.connection().await?;
        self.send(&connection, request).await
    }

    async fn send(&mut self, connection: &Connection, request: Request<Body>) -> Result<Response<Body>> {
        let sent = connection.client.send(request);
        let response = match connection.timeout {
            Some(timeout) => tokio::time::timeout(timeout, sent).await.map_err(|_| {
                CommandError::Unreachable("net/http: request canceled (Client.Timeout exceeded while awaiting headers)".to_owned())
            })?,
            None => sent.await,
        };
        let response = response.map_err(|error| connection_failure(&error, &connection.host))?;
        self.print_warnings(response.headers())?;
        let status = response.status();
        if status.is_success() || status == http::StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        let body = response.into_body().collect_bytes().await.map_err(|error| connection_failure(&error, &connection.host))?;
        Err(client::status_error(status.as_u16(), &body).into())
    }

    /// Sends `call` and reads the whole answer.
    pub async fn call(&mut self, call: &Call) -> Result<Reply> {
        let response = self.open(call).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let host = self.server_host().await?;
        let body = response.into_body().collect_bytes().await.map_err(|error| connection_failure(&error, &host))?;
        Ok(Reply { status, headers, body })
    }

    /// Sends `call` and decodes the answer.
    pub async fn call_json(&mut self, call: &Call) -> Result<Value> {
        self.call(call).await?.json()
    }

    /// `Warning: ...` a line each, every text once.
    fn print_warnings(&mut self, headers: &HeaderMap) -> Result<()> {
        for header in headers.get_all(http::header::WARNING) {
            let Some(text) = header.to_str().ok().and_then(warning_text) else { continue };
            if !self.warned.contains(&text) {
                self.warn(&text);
                self.warned.push(text);
            }
        }
        Ok(())
    }

    /// Prints `Warning: text` on standard error, in colour where it is a terminal, as kubectl does.
    pub fn warn(&mut self, text: &str) {
        let word =
            if self.ui.error_is_terminal && std::env::var_os("NO_COLOR").is_none() { "\u{1b}[33;1mWarning:\u{1b}[0m" } else { "Warning:" };
        self.ui.error_line(&format!("{word} {text}"));
    }

    /// With `--warnings-as-errors`, warnings make the command fail after its work.
    pub fn finish(&self) -> Result<()> {
        match self.warned.len() {
            0 => Ok(()),
            _ if !self.globals.warnings_as_errors => Ok(()),
            1 => Err(CommandError::message("1 warning received")),
            count => Err(CommandError::message(format!("{count} warnings received"))),
        }
    }
}

/// The text of a `299 - "text"` header.
fn warning_text(header: &str) -> Option<String> {
    let quoted = header.split_once('"')?.1;
    let mut text = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            '"' => return Some(text),
            other => text.push(other),
        }
    }
    None
}

pub(crate) fn connection_failure(error: &(dyn std::error::Error + 'static), host: &str) -> CommandError {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    let mut deepest = error.to_string();
    while let Some(current) = cause {
        if let Some(io) = current.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            return CommandError::Refused(host.to_owned());
        }
        deepest = current.to_string();
        cause = current.source();
    }
    CommandError::Unreachable(deepest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_unquoted() {
        assert_eq!(warning_text(r#"299 - "a \"b\" c""#).as_deref(), Some(r#"a "b" c"#));
        assert_eq!(warning_text("299 - nothing"), None);
    }

    #[test]
    fn queries_are_encoded() {
        let call = Call::get("/api/v1/pods").query("labelSelector", "a in (b,c)").query("fieldSelector", "").query("limit", "500");
        assert_eq!(call.uri(), "/api/v1/pods?labelSelector=a%20in%20%28b%2Cc%29&limit=500");
    }
}
