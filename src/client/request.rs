//! Requests on encoded bytes: what informers and the executor of plans send, one path for every kind.

use api::ApiError;
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Limited};

/// The most bytes of one answer: far above what a server of ours holds of one resource, and a bound for what an extension API server sends.
const ANSWER_LIMIT_BYTES: usize = 1 << 30;

/// What a request carries.
#[derive(Clone, Debug, Default)]
pub enum Body {
    #[default]
    Empty,
    Json(Vec<u8>),
    /// `application/merge-patch+json`.
    MergePatch(Vec<u8>),
    /// `application/strategic-merge-patch+json`.
    StrategicMergePatch(Vec<u8>),
    /// `application/json-patch+json`.
    JsonPatch(Vec<u8>),
}

/// Sends a request and hands back the response once its head is there: for watches. `path` has the query in it.
pub async fn send(client: &kube::Client, method: Method, path: &str, body: Body) -> Result<Response<kube::client::Body>, ApiError> {
    send_accepting(client, method, path, body, "application/json").await
}

/// As [`send`], asking for media types other than plain JSON.
pub async fn send_accepting(
    client: &kube::Client,
    method: Method,
    path: &str,
    body: Body,
    accept: &'static str,
) -> Result<Response<kube::client::Body>, ApiError> {
    let (content_type, bytes) = match body {
        Body::Empty => (None, Vec::new()),
        Body::Json(bytes) => (Some("application/json"), bytes),
        Body::MergePatch(bytes) => (Some("application/merge-patch+json"), bytes),
        Body::StrategicMergePatch(bytes) => (Some("application/strategic-merge-patch+json"), bytes),
        Body::JsonPatch(bytes) => (Some("application/json-patch+json"), bytes),
    };
    let mut request = Request::builder().method(method).uri(path).header(http::header::ACCEPT, accept);
    if let Some(content_type) = content_type {
        request = request.header(http::header::CONTENT_TYPE, content_type);
    }
    let request = request.body(kube::client::Body::from(bytes)).map_err(|error| ApiError::bad_request(error.to_string()))?;
    exchange(client, request).await
}

/// As [`send`], for a request made elsewhere.
async fn exchange(client: &kube::Client, request: Request<kube::client::Body>) -> Result<Response<kube::client::Body>, ApiError> {
    let response = client.send(request).await.map_err(|error| crate::api_error(&error))?;
    if response.status().is_success() {
        return Ok(response);
    }
    let code = response.status().as_u16();
    let body = collect(response).await?;
    Err(crate::status_error(code, &body))
}

/// As [`call`], for a document in one form.
pub async fn get_accepting(client: &kube::Client, path: &str, accept: &'static str) -> Result<Bytes, ApiError> {
    collect(send_accepting(client, Method::GET, path, Body::Empty, accept).await?).await
}

/// Sends a request and collects the answer.
pub async fn call(client: &kube::Client, method: Method, path: &str, body: Body) -> Result<Bytes, ApiError> {
    collect(send(client, method, path, body).await?).await
}

async fn collect(response: Response<kube::client::Body>) -> Result<Bytes, ApiError> {
    let collected = Limited::new(response.into_body(), ANSWER_LIMIT_BYTES).collect().await;
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| match error.downcast::<kube::Error>() {
        Ok(error) => crate::api_error(&error),
        Err(error) => ApiError::new(500, "InternalError", error.to_string()),
    };
    Ok(collected.map_err(failed)?.to_bytes())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn echo() -> kube::Client {
        crate::in_process(tower::service_fn(async |request: Request<kube::client::Body>| {
            let code = if request.uri().path() == "/missing" { 404 } else { 200 };
            let kind = request.headers().get(http::header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
            let text = format!("{} {} [{kind}] ", request.method(), request.uri());
            let body = request.into_body().collect().await.unwrap().to_bytes();
            let answer = [text.as_bytes(), &body].concat();
            Ok::<_, Infallible>(Response::builder().status(code).body(kube::client::Body::from(answer)).unwrap())
        }))
    }

    #[tokio::test]
    async fn requests_reach_the_service_as_they_are() {
        let client = echo();
        let answer = call(&client, Method::PATCH, "/api/v1/nodes/a?x=1", Body::MergePatch(b"{}".to_vec())).await.unwrap();
        assert_eq!(answer, "PATCH /api/v1/nodes/a?x=1 [application/merge-patch+json] {}");
        let failure = call(&client, Method::GET, "/missing", Body::Empty).await.unwrap_err();
        assert_eq!((failure.code(), failure.reason()), (404, "NotFound"));
    }
}
