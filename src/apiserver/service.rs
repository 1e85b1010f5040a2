//! The server as a `tower::Service` for what runs in the same process: the same path without sockets and TLS.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use http::header::{HeaderValue, USER_AGENT};
use http::{Request, Response};

use crate::authn::Peer;
use crate::context::UserInfo;
use crate::server::Server;

/// Who owns what parts of this process write that have no name of their own.
const INSIDE: HeaderValue = HeaderValue::from_static("k");

/// The server as somebody sees it.
#[derive(Clone)]
pub struct InProcess {
    server: Server,
    user: Arc<UserInfo>,
    manager: HeaderValue,
}

impl Server {
    /// The service that requests of this identity go through: authorized, admitted and validated as any others.
    pub fn service(&self, identity: UserInfo) -> InProcess {
        InProcess { server: self.clone(), user: Arc::new(identity), manager: INSIDE }
    }
}

impl InProcess {
    /// What it writes is owned by this manager of fields: `kube-scheduler`.
    pub fn managed_by(self, manager: &'static str) -> Self {
        Self { manager: HeaderValue::from_static(manager), ..self }
    }
}

impl<B> tower::Service<Request<B>> for InProcess
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
    fn call(&mut self, request: Request<B>) -> Self::Future {
        let server = self.server.clone();
        let peer = Peer::Internal(self.user.clone());
        let mut request = request.map(Body::new);
        request.headers_mut().entry(USER_AGENT).or_insert_with(|| self.manager.clone());
        Box::pin(async move { Ok(server.handle(request, peer).await) })
    }
}
