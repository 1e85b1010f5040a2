//! The audit log: who asked for what and what came of it, as much of it as a policy says.

mod log;
mod policy;

use std::sync::Arc;

use api::ApiError;
use axum::body::Body;
use http::header::{HeaderValue, USER_AGENT};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Map, Value, json};

use crate::context::UserInfo;
use crate::notes::Notes;
use crate::request::{Query, RequestInfo};
use crate::respond;
use crate::serve::ClientAddress;

pub use log::{Log, LogConfig};
use policy::{Level, Stage, Verdict};
pub use policy::{Policy, PolicyError};

const AUDIT_ID: &str = "audit-id";
/// Characters of an id that a client may bring along.
const ID_LENGTH: usize = 64;

/// A policy and the log that it fills.
pub struct Audit {
    policy: Policy,
    log: Log,
}

/// Who a request is from, and as whom it acts.
pub struct Author {
    pub user: Arc<UserInfo>,
    pub acting: Arc<UserInfo>,
}

/// One request's event as far as it is known.
struct Event {
    verdict: Verdict,
    base: Map<String, Value>,
}

impl Audit {
    pub fn new(policy: Policy, log: Log) -> Self {
        Self { policy, log }
    }
    /// Works on a request and writes down what the policy wants of it.
    pub async fn around<F>(
        &self,
        request: Request<Body>,
        info: &RequestInfo,
        author: &Author,
        notes: &Notes,
        work: impl FnOnce(Request<Body>) -> F,
    ) -> Result<Response<Body>, ApiError>
    where
        F: Future<Output = Result<Response<Body>, ApiError>>,
    {
        let verdict = self.policy.verdict(&author.acting, info);
        let id = id(request.headers());
        if verdict.level == Level::None {
            return work(request).await.map(|response| with_id(response, &id));
        }
        let received = jiff::Timestamp::now();
        let mut event = Event::new(verdict, &id, &request, info, author, received);
        self.write(&event, Stage::RequestReceived, &[]).await;
        let long = is_long(info, &Query::parse(request.uri().query()));
        let request = event.note_body(request, long).await?;
        let response = match work(request).await {
            Ok(response) => response,
            Err(error) => respond::failure(&error),
        };
        event.base.insert("annotations".to_owned(), json!(notes.annotations()));
        let stage = if long && response.status().is_success() || response.status() == StatusCode::SWITCHING_PROTOCOLS {
            Stage::ResponseStarted
        } else {
            Stage::ResponseComplete
        };
        let (response, object) = event.note_answer(response, long).await?;
        self.write(&event, stage, &object).await;
        if stage == Stage::ResponseStarted {
            // what streams is complete when it ends, which nobody waits for here
            self.write(&event, Stage::ResponseComplete, &[]).await;
        }
        Ok(with_id(response, &id))
    }
    async fn write(&self, event: &Event, stage: Stage, more: &[(&str, Value)]) {
        if event.verdict.omit_stages.contains(&stage) {
            return;
        }
        let mut line = event.base.clone();
        line.insert("stage".to_owned(), stage.name().into());
        line.insert("stageTimestamp".to_owned(), time(&jiff::Timestamp::now()));
        line.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        self.log.write(Value::Object(line).to_string()).await;
    }
}

fn time(time: &jiff::Timestamp) -> Value {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string().into()
}

fn id(headers: &HeaderMap) -> String {
    let given = headers.get(AUDIT_ID).and_then(|id| id.to_str().ok()).filter(|id| !id.is_empty() && id.len() <= ID_LENGTH);
    given.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned)
}

fn with_id(mut response: Response<Body>, id: &str) -> Response<Body> {
    if let Ok(value) = HeaderValue::from_str(id) {
        response.headers_mut().insert(AUDIT_ID, value);
    }
    response
}

fn is_long(info: &RequestInfo, query: &Query) -> bool {
    info.verb == "watch"
        || matches!(info.subresource.as_str(), "exec" | "attach" | "portforward" | "proxy")
        || info.subresource == "log" && query.flag("follow")
}

fn told(user: &UserInfo) -> Value {
    let mut told = json!({"username": user.name, "groups": user.groups});
    if !user.uid.is_empty() {
        told["uid"] = user.uid.as_str().into();
    }
    if !user.extra.is_empty() {
        told["extra"] = json!(user.extra);
    }
    told
}

impl Event {
    fn new(verdict: Verdict, id: &str, request: &Request<Body>, info: &RequestInfo, author: &Author, received: jiff::Timestamp) -> Self {
        let uri = request.uri();
        let mut event = json!({
            "kind": "Event",
            "apiVersion": "audit.k8s.io/v1",
            "level": verdict.level.name(),
            "auditID": id,
            "requestURI": uri.path_and_query().map_or(uri.path(), |uri| uri.as_str()),
            "verb": info.verb,
            "user": told(&author.user),
            "requestReceivedTimestamp": time(&received),
        });
        if author.user != author.acting {
            event["impersonatedUser"] = told(&author.acting);
        }
        if let Some(agent) = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok()) {
            event["userAgent"] = agent.into();
        }
        if let Some(ClientAddress(address)) = request.extensions().get::<ClientAddress>() {
            event["sourceIPs"] = json!([address.ip()]);
        }
        if info.is_resource {
            let parts = [
                ("resource", &info.resource),
                ("namespace", &info.namespace),
                ("name", &info.name),
                ("apiGroup", &info.group),
                ("apiVersion", &info.version),
                ("subresource", &info.subresource),
            ];
            let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
            event["objectRef"] = parts.map(|(name, text)| (name.to_owned(), Value::from(text.as_str()))).collect::<Map<_, _>>().into();
        }
        let Value::Object(base) = event else { unreachable!("it is made as a map") };
        Self { verdict, base }
    }
    /// Writes down the object of a request, where the policy wants it. The request goes on whole.
    async fn note_body(&mut self, request: Request<Body>, long: bool) -> Result<Request<Body>, ApiError> {
        if self.verdict.level < Level::Request || long {
            return Ok(request);
        }
        let (parts, body) = request.into_parts();
        let body = crate::server::read(body).await?;
        if let Some(object) = self.object(&body) {
            self.base.insert("requestObject".to_owned(), object);
        }
        Ok(Request::from_parts(parts, Body::from(body)))
    }
    /// The status of an answer, and its object where the policy wants it. The answer goes on whole.
    async fn note_answer(&self, response: Response<Body>, long: bool) -> Result<(Response<Body>, Vec<(&'static str, Value)>), ApiError> {
        let code = response.status();
        let mut status = json!({"metadata": {}, "code": code.as_u16()});
        let failed = code.is_client_error() || code.is_server_error();
        if !failed && (self.verdict.level < Level::RequestResponse || long || code == StatusCode::SWITCHING_PROTOCOLS) {
            return Ok((response, vec![("responseStatus", status)]));
        }
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| ApiError::internal(error.to_string()))?.to_bytes();
        let object = self.object(&body);
        if let Some(answer) = object.as_ref().filter(|_| failed) {
            for name in ["status", "message", "reason", "details"] {
                if !answer[name].is_null() {
                    status[name] = answer[name].clone();
                }
            }
        }
        let mut more = vec![("responseStatus", status)];
        more.extend(object.filter(|_| self.verdict.level == Level::RequestResponse).map(|object| ("responseObject", object)));
        Ok((Response::from_parts(parts, Body::from(body)), more))
    }
    fn object(&self, body: &[u8]) -> Option<Value> {
        let mut value: Value = serde_json::from_slice(body).ok()?;
        if self.verdict.omit_managed_fields {
            let strip = |object: &mut Value| {
                if let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut) {
                    meta.remove("managedFields");
                }
            };
            strip(&mut value);
            value.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten().for_each(strip);
        }
        Some(value)
    }
}
