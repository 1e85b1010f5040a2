//! An HTTP request: 200 to 399 is well. Redirects are followed on the same host only; certificates are not checked, as upstream does not.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::{Container, HTTPGetAction};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Answer, port, tcp};

/// Most redirects that are followed.
const REDIRECTS: usize = 10;
/// Most bytes of an answer that are read.
const BODY_LIMIT: usize = 10 << 10;
const USER_AGENT: &str = "kube-probe/1.37";

/// Makes single requests, each on its own connection.
pub struct HttpClient {
    tls: TlsConnector,
}

/// URL and headers of an action.
pub fn target(action: &HTTPGetAction, container: &Container, address: Option<&str>) -> Result<(Uri, HeaderMap), String> {
    let scheme = action.scheme.as_deref().unwrap_or("HTTP").to_lowercase();
    let host = action.host.as_deref().filter(|host| !host.is_empty()).or(address).ok_or("the pod has no address")?;
    let port = port(&action.port, container)?;
    let path = action.path.as_deref().unwrap_or("/");
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let url: Uri =
        format!("{scheme}://{}{path}", tcp::join(host, port)).parse().map_err(|error: http::uri::InvalidUri| error.to_string())?;
    let mut headers = HeaderMap::new();
    for header in action.http_headers.iter().flatten() {
        let name: HeaderName = header.name.parse().map_err(|_| format!("invalid header name {:?}", header.name))?;
        let value: HeaderValue = header.value.parse().map_err(|_| format!("invalid header value {:?}", header.value))?;
        headers.append(name, value);
    }
    headers.entry(http::header::USER_AGENT).or_insert(HeaderValue::from_static(USER_AGENT));
    headers.entry(http::header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    // An empty Accept asks for none.
    if headers.get(http::header::ACCEPT).is_some_and(HeaderValue::is_empty) {
        headers.remove(http::header::ACCEPT);
    }
    headers.insert(http::header::CONNECTION, HeaderValue::from_static("close"));
    if !headers.contains_key(http::header::HOST)
        && let Some(authority) = url.authority()
    {
        headers.insert(http::header::HOST, authority.as_str().parse().map_err(|_| "invalid host".to_owned())?);
    }
    Ok((url, headers))
}

/// One attempt.
pub async fn probe(client: &HttpClient, url: &Uri, headers: HeaderMap, limit: Duration) -> Answer {
    match client.get(url, headers, limit).await {
        Ok(code) if (200..400).contains(&code) => Answer::Success,
        Ok(code) => Answer::Failure(format!("HTTP probe failed with statuscode: {code}")),
        Err(error) => Answer::Failure(error),
    }
}

impl HttpClient {
    pub fn new() -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("ring supports the default versions of TLS")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
            .with_no_client_auth();
        Self { tls: TlsConnector::from(Arc::new(config)) }
    }
    /// The status code of a GET; errors worded as Go's client words them.
    pub async fn get(&self, url: &Uri, headers: HeaderMap, limit: Duration) -> Result<u16, String> {
        match tokio::time::timeout(limit, self.follow(url, headers)).await {
            Ok(outcome) => outcome.map_err(|error| format!("Get \"{url}\": {error}")),
            Err(_) => Err(format!("Get \"{url}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)")),
        }
    }
    async fn follow(&self, url: &Uri, headers: HeaderMap) -> Result<u16, String> {
        let mut url = url.clone();
        for _ in 0..REDIRECTS {
            let (code, location) = self.one(&url, &headers).await?;
            let Some(next) = location.filter(|_| (301..=308).contains(&code)).and_then(|location| resolve(&url, &location)) else {
                return Ok(code);
            };
            // Elsewhere is not this container's business: that it redirects is well.
            if next.host() != url.host() {
                return Ok(code);
            }
            url = next;
        }
        Err(format!("stopped after {REDIRECTS} redirects"))
    }
    async fn one(&self, url: &Uri, headers: &HeaderMap) -> Result<(u16, Option<String>), String> {
        let host = url.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let secure = url.scheme_str() == Some("https");
        let port = url.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let shown = tcp::join(&host, port);
        let stream =
            TcpStream::connect((host.as_str(), port)).await.map_err(|error| format!("dial tcp {shown}: {}", tcp::words(&error)))?;
        if secure {
            let name = rustls_pki_types::ServerName::try_from(host).map_err(|error| error.to_string())?;
            let stream = self.tls.connect(name, stream).await.map_err(|error| error.to_string())?;
            exchange(TokioIo::new(stream), url, headers).await
        } else {
            exchange(TokioIo::new(stream), url, headers).await
        }
    }
}

async fn exchange<S>(stream: S, url: &Uri, headers: &HeaderMap) -> Result<(u16, Option<String>), String>
where
    S: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.map_err(|error| error.to_string())?;
    let connection = tokio::spawn(connection);
    let mut request = Request::new(Empty::<Bytes>::new());
    *request.method_mut() = Method::GET;
    let path = url.path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse().map_err(|error: http::uri::InvalidUri| error.to_string())?;
    *request.headers_mut() = headers.clone();
    let outcome = async {
        let answer = sender
            .send_request(request)
            .await
            .map_err(|error| if error.is_incomplete_message() { "EOF".to_owned() } else { error.to_string() })?;
        let code = answer.status().as_u16();
        let location = answer.headers().get(http::header::LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        // What is longer than the limit is not read.
        if let Err(error) = Limited::new(answer.into_body(), BODY_LIMIT).collect().await {
            tracing::trace!(%error, "reading the answer to a probe");
        }
        Ok((code, location))
    }
    .await;
    connection.abort();
    outcome
}

/// A Location, absolute or on the same host.
fn resolve(base: &Uri, location: &str) -> Option<Uri> {
    if location.starts_with("http://") || location.starts_with("https://") {
        return location.parse().ok();
    }
    let path = if location.starts_with('/') {
        location.to_owned()
    } else {
        let folder = base.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{folder}/{location}")
    };
    format!("{}://{}{path}", base.scheme_str()?, base.authority()?).parse().ok()
}

/// Takes whatever certificate a container has, as upstream's probes do: they ask for health, they tell no secrets.
#[derive(Debug)]
struct AnyCertificate(Arc<rustls::crypto::CryptoProvider>);

impl rustls::client::danger::ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &rustls_pki_types::CertificateDer<'_>,
        _intermediates: &[rustls_pki_types::CertificateDer<'_>],
        _server_name: &rustls_pki_types::ServerName<'_>,
        _ocsp_response: &[u8],
        _now: rustls_pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &rustls_pki_types::CertificateDer<'_>,
        _signature: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }
    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &rustls_pki_types::CertificateDer<'_>,
        _signature: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }
    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use axum::response::Redirect;
    use axum::routing::get;

    async fn server() -> u16 {
        let router = axum::Router::new()
            .route("/ok", get(|headers: HeaderMap| async move { headers["user-agent"].to_str().unwrap().to_owned() }))
            .route("/bad", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .route("/moved", get(|| async { Redirect::permanent("/bad") }))
            .route("/away", get(|| async { Redirect::permanent("http://other.invalid/") }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        port
    }

    #[tokio::test]
    async fn answers() {
        let port = server().await;
        let client = HttpClient::new();
        let check = async |path: &str, expected: Answer| {
            let action = HTTPGetAction {
                path: Some(path.to_owned()),
                port: k8s_openapi::apimachinery::pkg::util::intstr::IntOrString::Int(port.into()),
                ..Default::default()
            };
            let (url, headers) = target(&action, &Container::default(), Some("127.0.0.1")).unwrap();
            assert_eq!(headers[http::header::USER_AGENT], USER_AGENT);
            assert_eq!(probe(&client, &url, headers, Duration::from_secs(5)).await, expected, "{path}");
        };
        let failed = |code: u16| Answer::Failure(format!("HTTP probe failed with statuscode: {code}"));
        check("/ok", Answer::Success).await;
        check("/bad", failed(500)).await;
        check("/moved", failed(500)).await;
        check("/away", Answer::Success).await;
        check("none", failed(404)).await;
    }

    #[tokio::test]
    async fn refused() {
        let url: Uri = "http://127.0.0.1:1/".parse().unwrap();
        let expected = "Get \"http://127.0.0.1:1/\": dial tcp 127.0.0.1:1: connect: connection refused";
        assert_eq!(HttpClient::new().get(&url, HeaderMap::new(), Duration::from_secs(5)).await.unwrap_err(), expected);
    }
}
