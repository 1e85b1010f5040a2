//! What lies below objects: scale, binding, eviction, token and so on here, streams to kubelets and proxies in [`connect`].

mod binding;
mod connect;
mod eviction;
mod pod;
pub(crate) mod scale;
mod token;

use std::sync::Arc;

use api::{ApiError, Object, Path};
use axum::body::Body;
use http::{Method, Request, Response, StatusCode};
use k8s_openapi::api::certificates::v1::CertificateSigningRequest;
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Status};
use kinds::Part;
use serde_json::Value;

use crate::admission::{Attributes, Operation, Rounds};
use crate::cache::Item;
use crate::context::{Context, UserInfo, WriteOptions};
use crate::protobuf::encode;
use crate::registry::{Change, Endpoint, Patch, Patched, Registry, Strategy, Tracking, body_document, decode_object};
use crate::request::{Query, RequestInfo};
use crate::server::Inner;
use crate::{render, respond};

pub use binding::bind;

/// True for those whose bytes go through to somewhere else.
pub fn streams(info: &RequestInfo) -> bool {
    matches!(info.subresource.as_str(), "log" | "exec" | "attach" | "portforward" | "proxy")
}

/// Whether what is shown at a kind, or below it, has a form in protobuf.
pub fn in_protobuf(kind: &kinds::Kind, info: &RequestInfo) -> bool {
    match kind.subresource(&info.subresource).and_then(|below| below.kind) {
        Some((group, version, name)) => encode::knows_type(&api::Gvk::new(group, version, name).api_version(), name),
        None => encode::knows(kind),
    }
}

/// Connects a request with a kubelet, a pod or a service.
pub async fn stream(
    inner: &Arc<Inner>,
    endpoint: &Endpoint,
    user: Arc<UserInfo>,
    info: RequestInfo,
    query: Query,
    request: Request<Body>,
) -> Result<Response<Body>, ApiError> {
    if endpoint.kind.subresource(&info.subresource).is_none() {
        return Err(ApiError::no_such_resource());
    }
    review_connection(inner, endpoint, &user, &info, &query).await?;
    connect::answer(inner, endpoint, &user, &info, &query, request).await
}

/// Takes the body of a subresource that is none of the object itself through admission.
async fn review(
    registry: &Registry,
    context: &Context,
    kind: &kinds::Kind,
    dry_run: bool,
    body: &mut Box<dyn Object>,
) -> Result<(), ApiError> {
    let info = &context.info;
    let attributes = Attributes {
        registry,
        operation: Operation::Create,
        kind,
        requested: kind,
        subresource: &info.subresource,
        namespace: &info.namespace,
        name: &info.name,
        user: &context.user,
        dry_run,
        old: None,
        rounds: &Rounds::default(),
    };
    registry.admission.review(&attributes, body).await
}

/// Takes the options of a connection through admission: `exec` and its like. Reading a log connects nothing.
async fn review_connection(inner: &Inner, endpoint: &Endpoint, user: &UserInfo, info: &RequestInfo, query: &Query) -> Result<(), ApiError> {
    let kind = match (&*endpoint.kind.plural, info.subresource.as_str()) {
        (_, "log") => return Ok(()),
        ("pods", "exec") => "PodExecOptions",
        ("pods", "attach") => "PodAttachOptions",
        ("pods", "portforward") => "PodPortForwardOptions",
        ("pods", _) => "PodProxyOptions",
        ("services", _) => "ServiceProxyOptions",
        _ => "NodeProxyOptions",
    };
    let mut options = connect::options(kind, info, query);
    let attributes = Attributes {
        registry: &inner.registry,
        operation: Operation::Connect,
        kind: &endpoint.kind,
        requested: &endpoint.kind,
        subresource: &info.subresource,
        namespace: &info.namespace,
        name: &info.name,
        user,
        dry_run: false,
        old: None,
        rounds: &Rounds::default(),
    };
    inner.registry.admission.review(&attributes, &mut options).await
}

/// Answers a request for any other than `status`.
pub async fn answer(inner: &Arc<Inner>, context: &mut Context, endpoint: &Endpoint, method: &Method) -> Result<Response<Body>, ApiError> {
    let name = context.info.subresource.clone();
    let subresource = endpoint.subresource(&context.info)?;
    if !subresource.verbs.iter().any(|verb| verb.name() == context.info.verb) {
        return Err(ApiError::method_not_allowed());
    }
    let registry = &inner.registry;
    match (name.as_str(), method) {
        ("scale", _) => scale::answer(registry, context, endpoint).await,
        ("binding", &Method::POST) => binding::answer(inner, context).await,
        // no other request is to carry the room that this one needs
        ("eviction", &Method::POST) => Box::pin(eviction::answer(registry, context)).await,
        ("token", &Method::POST) => token::answer(inner, context).await,
        (_, &Method::GET) => {
            let item = registry.get(endpoint, &context.info.namespace, &context.info.name)?;
            render::item(context, endpoint, StatusCode::OK, &item).await
        }
        ("finalize", _) => {
            let item = write(registry, context, endpoint, Strategy::Own, finalize).await?;
            render::item(context, endpoint, StatusCode::OK, &item).await
        }
        ("approval", _) => {
            let item = write(registry, context, endpoint, Strategy::Own, approve).await?;
            render::item(context, endpoint, StatusCode::OK, &item).await
        }
        ("ephemeralcontainers", _) => {
            let item = write(registry, context, endpoint, Strategy::Own, pod::ephemeral_containers).await?;
            render::item(context, endpoint, StatusCode::OK, &item).await
        }
        ("resize", _) => {
            let item = write(registry, context, endpoint, Strategy::Own, pod::resize).await?;
            render::item(context, endpoint, StatusCode::OK, &item).await
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Makes the object that is to be of the one that is there and of what the author wants.
type Take = fn(&dyn Object, &dyn Object) -> Result<Box<dyn Object>, ApiError>;

/// Updates or patches an object through a subresource: `take` makes the new object of the old one and what the author wants it to be.
async fn write(
    registry: &Registry,
    context: &mut Context,
    endpoint: &Endpoint,
    strategy: Strategy,
    take: Take,
) -> Result<Arc<Item>, ApiError> {
    let kind = &*endpoint.kind;
    let patching = context.info.verb == "patch";
    let (patch, options) = if patching {
        let (patch, options) = Patch::parse(context)?;
        (Some(patch), options)
    } else {
        (None, WriteOptions::parse(&context.query, "UpdateOptions")?)
    };
    let whole =
        if patching { None } else { Some(decode_object(kind, body_document(context)?, options.validation, &mut context.warnings)?) };
    let info = context.info.clone();
    let user = context.user.clone();
    let manager = context.field_manager();
    let namespace = if kind.namespaced { info.namespace.as_str() } else { "" };
    let tracking = patch.as_ref().map_or(Tracking::Update(&manager), |patch| patch.tracking(&manager));
    let change = Change { namespace, name: &info.name, subresource: &info.subresource, strategy, user: &user, options, tracking };
    registry
        .change(endpoint, &change, &mut context.warnings, |item, old, warnings| {
            let mut told = None;
            let wanted = match (&patch, &whole) {
                (Some(patch), _) => {
                    let original: Value = serde_json::from_slice(&item.json()).map_err(ApiError::internal)?;
                    let Patched { value, owners } = patch.apply(kind, &info.subresource, original, old.meta().managed_fields.as_deref())?;
                    told = owners;
                    patch.decode(kind, value, options.validation, warnings)?
                }
                (None, Some(whole)) => whole.boxed_clone(),
                (None, None) => old.boxed_clone(),
            };
            let (version, uid) = (wanted.meta().resource_version.clone(), wanted.meta().uid.clone());
            let mut new = take(old, wanted.as_ref())?;
            if let Some(entries) = told {
                new.meta_mut().managed_fields = entries;
            }
            new.meta_mut().resource_version = version;
            if uid.is_some() {
                new.meta_mut().uid = uid;
            }
            Ok(new)
        })
        .await
}

fn typed<T: 'static>(object: &dyn Object) -> Result<&T, ApiError> {
    object.downcast_ref().ok_or_else(ApiError::no_such_resource)
}

/// What may change in the metadata of an object through a subresource that leaves them open, as `status` does.
fn take_metadata(kind: &kinds::Kind, new: &mut ObjectMeta, wanted: &ObjectMeta) -> Result<(), ApiError> {
    let old = new.clone();
    new.labels.clone_from(&wanted.labels);
    new.annotations.clone_from(&wanted.annotations);
    new.finalizers.clone_from(&wanted.finalizers);
    new.owner_references.clone_from(&wanted.owner_references);
    new.managed_fields.clone_from(&wanted.managed_fields);
    let errors = api::metadata::validate_update(new, &old, &Path::new("metadata"));
    if errors.is_empty() {
        Ok(())
    } else {
        Err(ApiError::invalid(&kind.group, &kind.kind, old.name.as_deref().unwrap_or_default(), &errors))
    }
}

/// `namespaces/finalize` changes `spec.finalizers`.
fn finalize(old: &dyn Object, wanted: &dyn Object) -> Result<Box<dyn Object>, ApiError> {
    let mut new: Namespace = typed::<Namespace>(old)?.clone();
    take_metadata(&kinds::NAMESPACE, &mut new.metadata, wanted.meta())?;
    new.spec.get_or_insert_default().finalizers = typed::<Namespace>(wanted)?.spec.as_ref().and_then(|spec| spec.finalizers.clone());
    Ok(Box::new(new))
}

/// `certificatesigningrequests/approval` changes the conditions.
fn approve(old: &dyn Object, wanted: &dyn Object) -> Result<Box<dyn Object>, ApiError> {
    let kind = &kinds::CERTIFICATE_SIGNING_REQUEST;
    let old = typed::<CertificateSigningRequest>(old)?;
    let mut new = old.clone();
    take_metadata(kind, &mut new.metadata, wanted.meta())?;
    let wanted = typed::<CertificateSigningRequest>(wanted)?;
    new.status.get_or_insert_default().conditions = wanted.status.as_ref().and_then(|status| status.conditions.clone());
    let errors = kinds::approval_errors(&new, old);
    if !errors.is_empty() {
        return Err(ApiError::invalid(&kind.group, &kind.kind, old.metadata.name.as_deref().unwrap_or_default(), &errors));
    }
    Ok(Box::new(new))
}

/// A `Status` that says it went well.
fn success(code: u16) -> Response<Body> {
    let status = Status { status: Some("Success".to_owned()), code: Some(code.into()), ..Default::default() };
    respond::json(StatusCode::from_u16(code).unwrap_or(StatusCode::OK), respond::status_json(&status))
}

/// The part that a change through a subresource is of, for those that are checked as the main resource.
const MAIN: Strategy = Strategy::Part(Part::Main);
