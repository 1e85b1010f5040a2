//! The server: one request path from the HTTP request to the answer, whoever asks and whatever for.

use std::sync::Arc;
use std::time::Duration;

use api::ApiError;
use axum::body::Body;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Status, StatusDetails};
use kinds::{Part, Verb};
use tokio::time::Instant;

use crate::admission::Admission;
use crate::aggregation::{self, Aggregation, Extension};
use crate::audit::{Audit, Author};
use crate::authn::oidc::Oidc;
use crate::authn::signing::{KeyError, SigningKey};
use crate::authn::{Peer, TokenAuthority, authenticate, impersonate};
use crate::authz::Authorizer;
use crate::cache::{Cache, StoredError};
use crate::callout::Caller;
use crate::config::{Address, Config};
use crate::context::{Context, UserInfo};
use crate::encryption::{Encryption, EncryptionError};
use crate::flow::{self, Classified, Flow};
use crate::metrics::{self, Observed};
use crate::negotiate;
use crate::node::NodeDialer;
use crate::notes::Notes;
use crate::registry::delete::Deletion;
use crate::registry::watch::WatchOptions;
use crate::registry::{DeleteOptions, Endpoint, ListOptions, Registry};
use crate::request::{Query, RequestInfo};
use crate::service_reference::ServiceResolver;
use crate::special::{AddressRange, Allocator, Claims, PortRange, Special};
use crate::storage::SealedStore;
use crate::{bootstrap, custom, discovery, health, openapi, render, respond, reviews, subresource, told};

/// A request's body may have this many bytes, as upstream's.
const BODY_BYTES: usize = 3 << 20;
/// A request that neither watches nor streams is answered within this time.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("opening the store: {0}")]
    Store(#[from] store::OpenError),
    #[error("reading what is stored: {0}")]
    Stored(#[from] StoredError),
    #[error("sealing what is secret: {0}")]
    Encryption(#[from] EncryptionError),
    #[error("bringing what is stored up to date: {0}")]
    Renewal(#[from] store::WriteError),
    #[error("reading the key of service-account tokens: {0}")]
    Key(#[from] KeyError),
    #[error("creating the objects that every cluster has: {0}")]
    Bootstrap(ApiError),
}

/// What a request asks for, and where that is.
struct Asked {
    info: RequestInfo,
    query: Query,
    endpoint: Option<Endpoint>,
    /// The extension API server that is to answer.
    extension: Option<Extension>,
    /// When the author has no more use for an answer.
    deadline: Instant,
}

/// An API server. Clones are handles on the same one.
#[derive(Clone)]
pub struct Server {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub registry: Registry,
    pub authorizer: Arc<Authorizer>,
    pub tokens: TokenAuthority,
    pub oidc: Option<Oidc>,
    audit: Option<Audit>,
    pub dialer: Arc<dyn NodeDialer>,
    address: Address,
    git_version: String,
    git_commit: String,
    build_date: String,
    pub stopping: tokio::sync::watch::Sender<bool>,
    flow: Flow,
    /// Definitions of custom resources whose instances are being deleted, by uid.
    pub ending: std::sync::Mutex<std::collections::HashSet<String>>,
    pub aggregation: Aggregation,
}

impl Server {
    /// Fills the cache from the store and creates what every cluster has. It answers from here on.
    pub async fn new(config: Config) -> Result<Self, StartError> {
        let (opened, snapshot) = config.store;
        let security = config.security;
        let encryption = Arc::new(Encryption::new(&security.encryption_keys)?);
        let (cache, sink) = Cache::new(encryption.clone());
        let stale = cache.seed(snapshot, &encryption)?;
        let store = SealedStore::new(opened.start(Box::new(sink))?, encryption);
        store.renew(stale).await?;
        let (first, last) = config.node_ports;
        let allocator = Allocator::new(Claims::new(&cache), AddressRange::new(config.service_cidr), PortRange::new(first, last));
        let authorizer = Arc::new(Authorizer::new(&cache));
        let keys = config.service_account_keys.iter().map(|pem| SigningKey::from_pem(pem)).collect::<Result<Vec<_>, _>>()?;
        let audiences = if config.audiences.is_empty() { vec![config.issuer.clone()] } else { config.audiences };
        let tokens = TokenAuthority::new(config.issuer, audiences, keys);
        let flow = Flow::new(&cache, flow::SEATS);
        let caller = Arc::new(Caller::new(
            ServiceResolver::new(&cache),
            security.front_proxy.as_ref().map(|front_proxy| front_proxy.certificate.clone()),
        ));
        let admission = Admission::new(&authorizer, &caller, &security.admission);
        let registry = Registry::new(store, cache, admission, Special::new(allocator), caller.clone(), config.older_versions);
        registry.renew_claims().await?;
        let address = Address { ip: config.advertise_address, port: config.advertise_port };
        bootstrap::run(&registry, address, config.service_cidr, security.front_proxy.as_ref()).await.map_err(StartError::Bootstrap)?;
        let inner = Inner {
            registry,
            authorizer,
            tokens,
            oidc: security.oidc.map(|oidc| Oidc::new(oidc, caller)),
            audit: security.audit,
            dialer: config.dialer,
            address,
            git_version: config.git_version,
            git_commit: config.git_commit,
            build_date: config.build_date,
            stopping: tokio::sync::watch::Sender::new(false),
            flow,
            ending: std::sync::Mutex::default(),
            aggregation: Aggregation::default(),
        };
        let inner = Arc::new(inner);
        custom::start(&inner).await;
        aggregation::start(&inner).await.map_err(StartError::Bootstrap)?;
        told::start(&inner).await;
        Ok(Self { inner })
    }
    /// The watch cache: for what runs in the same process and has to read much.
    pub fn cache(&self) -> &Arc<Cache> {
        &self.inner.registry.cache
    }
    /// Writes out what has been accepted and lets go of the store's directory.
    pub async fn close(&self) {
        self.inner.stopping.send_replace(true);
        self.inner.registry.store.close().await;
    }
    /// Answers one request.
    pub async fn handle(&self, request: Request<Body>, peer: Peer) -> Response<Body> {
        let query = Query::parse(request.uri().query());
        let info = RequestInfo::new(request.method(), request.uri().path(), &query);
        let inner = &self.inner;
        let extension = aggregation::route(&inner.registry, &info);
        let own = info.is_resource && extension.is_none();
        let endpoint = if own { inner.registry.endpoint(&info.group, &info.version, &info.resource) } else { None };
        let endpoint = endpoint.filter(|endpoint| endpoint.is_at(&info));
        let known = endpoint.is_some() || (extension.is_some() && info.is_resource);
        let long = known && (info.verb == "watch" || subresource::streams(&info));
        let observed = Observed::start(&info, &query, known, long);
        let lasts = info.is_resource && (info.verb == "watch" || subresource::streams(&info));
        let within = match query.timeout() {
            Err(error) if !lasts => return observed.finish(respond::failure(&error)),
            wanted => wanted.ok().flatten().map_or(ANSWERED_WITHIN, |wanted| wanted.min(ANSWERED_WITHIN)),
        };
        let mut classified = None;
        let notes = Arc::new(Notes::default());
        let asked = Asked { info, query, endpoint, extension, deadline: Instant::now() + within };
        let work = Box::pin(inner.handle(request, &peer, asked, &notes, &mut classified));
        let result = notes.clone().scope(work).await;
        let mut response = result.unwrap_or_else(|error| respond::failure(&error));
        respond::add_warnings(&mut response, &notes.take_warnings());
        if let Some(classified) = classified {
            classified.tell(response.headers_mut());
        }
        observed.finish(response)
    }
}

impl Inner {
    async fn handle(
        self: &Arc<Self>,
        request: Request<Body>,
        peer: &Peer,
        asked: Asked,
        notes: &Notes,
        classified: &mut Option<Classified>,
    ) -> Result<Response<Body>, ApiError> {
        let user = authenticate(peer, request.headers(), self).await?;
        let acting = impersonate(user.clone(), request.headers(), &self.authorizer)?;
        let Some(audit) = &self.audit else { return self.let_in(request, peer, acting, asked, classified).await };
        let (author, info) = (Author { user, acting: acting.clone() }, asked.info.clone());
        Box::pin(audit.around(request, &info, &author, notes, |request| self.let_in(request, peer, acting, asked, classified))).await
    }

    /// A request of a known author: where it may, and when it has its turn, it goes on.
    async fn let_in(
        self: &Arc<Self>,
        request: Request<Body>,
        peer: &Peer,
        user: Arc<UserInfo>,
        asked: Asked,
        classified: &mut Option<Classified>,
    ) -> Result<Response<Body>, ApiError> {
        let Asked { info, query, endpoint, extension, deadline } = asked;
        let streams = endpoint.is_some() && subresource::streams(&info);
        let watches = info.verb == "watch" && info.is_resource;
        let passes = extension.is_some() && (subresource::streams(&info) || aggregation::upgrades(request.headers()));
        let long = streams || passes || (watches && (endpoint.is_some() || extension.is_some()));
        // what runs in this process waits for nobody, and what lasts takes no seat
        let seat = if long || matches!(peer, Peer::Internal(_)) {
            None
        } else {
            let of = classified.insert(self.flow.classify(&user, &info));
            let seat = self.flow.seat(of).await?;
            metrics::dispatched(&of.level, &of.schema);
            Some(seat)
        };
        self.authorizer.check(&user, &info, &query)?;
        if let Some(extension) = extension {
            // it has a flow control of its own
            drop(seat);
            return Ok(Box::pin(aggregation::answer(&self.registry.caller, &extension, &user, &info, long, request)).await);
        }
        let _seat = seat;
        let Some(endpoint) = endpoint else {
            // discovery of one version has the shape of a resource path without a resource
            return self.path(&request, &query);
        };
        if streams {
            return Box::pin(subresource::stream(self, &endpoint, user, info, query, request)).await;
        }
        let work = Box::pin(self.resource(endpoint, user, info, query, request));
        if long {
            return work.await;
        }
        tokio::time::timeout_at(deadline, work)
            .await
            .unwrap_or_else(|_| Err(ApiError::timeout("request did not complete within the allotted timeout")))
    }

    /// A request for a resource, body and all.
    async fn resource(
        self: &Arc<Self>,
        endpoint: Endpoint,
        user: Arc<UserInfo>,
        info: RequestInfo,
        query: Query,
        request: Request<Body>,
    ) -> Result<Response<Body>, ApiError> {
        let (parts, body) = request.into_parts();
        let forms =
            negotiate::Forms { protobuf: subresource::in_protobuf(&endpoint.kind, &info), table: endpoint.kind.verbs != [Verb::Create] };
        let answer = negotiate::accept(&parts.headers, wants_pretty(&query, &parts.headers), forms)?;
        let body = read(body).await?;
        let warnings: Vec<String> = endpoint.kind.deprecation.iter().map(ToString::to_string).collect();
        if endpoint.kind.deprecation.is_some() {
            metrics::deprecated(&info, endpoint.kind.removed_in());
        }
        let mut context = Context { user, info, query, headers: parts.headers, answer, body, warnings };
        let result = self.verb(&mut context, &endpoint, &parts.method).await;
        let mut response = match result {
            Ok(response) => response,
            Err(error) => render::failure(&error, context.answer),
        };
        respond::add_warnings(&mut response, &context.warnings);
        Ok(response)
    }

    /// What changes something or lasts has a future of its own. A future is as large as all that it may ever hold, and is copied about where it is handed on: that of
    /// a plain read stays small.
    async fn verb(self: &Arc<Self>, context: &mut Context, endpoint: &Endpoint, method: &Method) -> Result<Response<Body>, ApiError> {
        let registry = &self.registry;
        let kind = &*endpoint.kind;
        if !context.info.subresource.is_empty() && context.info.subresource != "status" {
            return Box::pin(subresource::answer(self, context, endpoint, method)).await;
        }
        let part = if context.info.subresource == "status" { Part::Status } else { Part::Main };
        let verbs = if part == Part::Status { endpoint.subresource(&context.info)?.verbs } else { kind.verbs };
        let verb = verb(context.info.verb).filter(|verb| verbs.contains(verb)).ok_or_else(ApiError::method_not_allowed)?;
        if kind.namespaced
            && context.info.namespace.is_empty()
            && !matches!(verb, Verb::List | Verb::Watch | Verb::DeleteCollection)
            && kind.storage == kinds::Storage::Stored
        {
            return Err(if verb == Verb::Create { ApiError::method_not_allowed() } else { ApiError::no_such_resource() });
        }
        if kind.storage == kinds::Storage::Virtual {
            return Box::pin(reviews::answer(self, context, endpoint, verb)).await;
        }
        let namespace = if kind.namespaced { context.info.namespace.clone() } else { String::new() };
        let name = context.info.name.clone();
        match verb {
            Verb::Create => {
                if !name.is_empty() {
                    return Err(ApiError::method_not_allowed());
                }
                let item = Box::pin(registry.create(context, endpoint)).await?;
                render::item(context, endpoint, StatusCode::CREATED, &item).await
            }
            Verb::Get => {
                let item = registry.get(endpoint, &namespace, &name)?;
                render::item(context, endpoint, StatusCode::OK, &item).await
            }
            Verb::List => {
                let options = ListOptions::parse(&context.query, kind)?;
                let page = Box::pin(registry.list(endpoint, &namespace, &options)).await?;
                render::list(context, endpoint, page).await
            }
            Verb::Watch => {
                let options = WatchOptions::parse(&context.query, kind)?;
                let watch = Box::pin(registry.watch(endpoint, &namespace, options)).await?;
                render::watch(context, endpoint, watch, self.stopping.subscribe())
            }
            Verb::Update => {
                let item = Box::pin(registry.update(context, endpoint, part)).await?;
                render::item(context, endpoint, StatusCode::OK, &item).await
            }
            Verb::Patch => {
                let (item, created) = Box::pin(registry.patch(context, endpoint, part)).await?;
                render::item(context, endpoint, if created { StatusCode::CREATED } else { StatusCode::OK }, &item).await
            }
            Verb::Delete => {
                let options = DeleteOptions::parse(context)?;
                let user = context.user.clone();
                match Box::pin(registry.delete(endpoint, &namespace, &name, &user, &options)).await? {
                    Deletion::Gone(item) if registry.special.returns_deleted(kind) => {
                        render::item(context, endpoint, StatusCode::OK, &item).await
                    }
                    Deletion::Pending(item) => render::item(context, endpoint, StatusCode::OK, &item).await,
                    Deletion::Gone(item) => {
                        let status = Status {
                            status: Some("Success".to_owned()),
                            details: Some(StatusDetails {
                                name: Some(name),
                                group: Some(kind.group.to_string()).filter(|group| !group.is_empty()),
                                kind: Some(kind.plural.to_string()),
                                uid: Some(crate::authn::service_account::uid_of(&item)),
                                ..Default::default()
                            }),
                            ..Default::default()
                        };
                        render::encoded(StatusCode::OK, respond::status_json(&status).into(), context.answer)
                    }
                }
            }
            Verb::DeleteCollection => {
                let items = Box::pin(registry.delete_collection(context, endpoint)).await?;
                let page = crate::registry::list::Page { items, revision: registry.cache.revision(), next: None, remaining: None };
                render::list(context, endpoint, page).await
            }
        }
    }

    /// Everything that is no resource. As upstream's, the paths of built-in groups fail with a `Status` and others in plain text.
    fn path(&self, request: &Request<Body>, query: &Query) -> Result<Response<Body>, ApiError> {
        let typed = self.fails_typed(request.uri().path());
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        match self.document(request, query) {
            Some(document) if reads || !typed => Ok(document),
            Some(_) => Err(ApiError::method_not_allowed()),
            None if typed => Err(ApiError::no_such_resource()),
            None => Ok(respond::page_not_found()),
        }
    }

    /// Whether what is wrong with a request at this path is told as a `Status`.
    fn fails_typed(&self, path: &str) -> bool {
        let mut parts = path.trim_matches('/').split('/');
        match (parts.next().unwrap_or_default(), parts.next()) {
            ("api" | "version" | "openid" | ".well-known", _) | ("apis", None) => true,
            ("apis", Some(group)) => self.registry.has_built_in_group(group),
            _ => false,
        }
    }

    /// What stands at a path.
    fn document(&self, request: &Request<Body>, query: &Query) -> Option<Response<Body>> {
        let path = request.uri().path();
        let address = format!("{}:{}", self.address.ip, self.address.port);
        let catalog = self.registry.catalog();
        if let Some(response) = discovery::answer(&catalog, path, request.headers(), &address) {
            return Some(response);
        }
        if let Some(response) = openapi::answer(
            &self.registry.of(&kinds::CUSTOM_RESOURCE_DEFINITION).resource,
            &catalog,
            path,
            request.headers(),
            query,
            &self.git_version,
        ) {
            return Some(response);
        }
        for kind in ["healthz", "livez", "readyz"] {
            if let Some(below) = path.trim_start_matches('/').strip_prefix(kind).filter(|below| below.is_empty() || below.starts_with('/'))
            {
                return Some(health::answer(kind, below, query, &self.checks(kind)));
            }
        }
        Some(match path {
            "/metrics" => {
                let text = metrics::text(&self.registry, &self.flow, &self.git_version);
                respond::content(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text)
            }
            "/version" | "/version/" => health::version(&self.git_version, &self.git_commit, &self.build_date),
            "/.well-known/openid-configuration" => {
                let issuer = self.tokens.issuer();
                respond::value(
                    StatusCode::OK,
                    &serde_json::json!({
                        "issuer": issuer,
                        "jwks_uri": format!("https://{address}/openid/v1/jwks"),
                        "response_types_supported": ["id_token"],
                        "subject_types_supported": ["public"],
                        "id_token_signing_alg_values_supported": self.tokens.algorithms(),
                    }),
                )
            }
            "/openid/v1/jwks" => respond::content(StatusCode::OK, "application/jwk-set+json", self.tokens.key_set().to_string()),
            "/" => respond::value(StatusCode::OK, &serde_json::json!({"paths": discovery::paths(&catalog)})),
            _ => return None,
        })
    }

    fn checks(&self, kind: &str) -> Vec<health::Check> {
        let stopping = *self.stopping.borrow();
        // what a start has to do is done before the first answer
        let mut checks: Vec<_> = health::BEFORE.iter().map(|name| health::Check { name, ok: true }).collect();
        if kind == "readyz" {
            checks.extend(["etcd-readiness", "informer-sync"].map(|name| health::Check { name, ok: true }));
        }
        checks.extend(health::STARTED.iter().map(|name| health::Check { name, ok: true }));
        if kind == "readyz" {
            checks.push(health::Check { name: "shutdown", ok: !stopping });
        }
        checks
    }
}

fn verb(name: &str) -> Option<Verb> {
    Some(match name {
        "create" => Verb::Create,
        "delete" => Verb::Delete,
        "deletecollection" => Verb::DeleteCollection,
        "get" => Verb::Get,
        "list" => Verb::List,
        "patch" => Verb::Patch,
        "update" => Verb::Update,
        "watch" => Verb::Watch,
        _ => return None,
    })
}

/// Asked for, or read by a person.
fn wants_pretty(query: &Query, headers: &http::HeaderMap) -> bool {
    if query.get("pretty").is_some() {
        return query.flag("pretty");
    }
    let agent = headers.get(http::header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    ["curl", "Wget", "Mozilla/5.0"].iter().any(|reader| agent.starts_with(reader))
}

/// The whole body.
pub(crate) async fn read(body: Body) -> Result<Bytes, ApiError> {
    match Limited::new(body, BODY_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(ApiError::too_large(format!("Request entity too large: limit is {BODY_BYTES}")))
        }
        Err(error) => Err(ApiError::bad_request(format!("reading the body: {error}"))),
    }
}
