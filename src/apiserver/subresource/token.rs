//! `serviceaccounts/token`: makes a token for an account, bound to a pod or a secret where asked.

use std::sync::Arc;

use api::{ApiError, FieldError, Object, Path};
use axum::body::Body;
use http::{Response, StatusCode};
use k8s_openapi::api::authentication::v1::{TokenRequest, TokenRequestStatus};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use crate::authn::service_account::{Bound, TokenRequest as Make, uid_of};
use crate::context::{Context, WriteOptions};
use crate::registry::{body_document, decode_object};
use crate::render;
use crate::server::Inner;

const HOUR_SECONDS: i64 = 3600;
const LEAST_SECONDS: i64 = 600;
const MOST_SECONDS: i64 = 1 << 32;

pub async fn answer(inner: &Arc<Inner>, context: &mut Context) -> Result<Response<Body>, ApiError> {
    let options = WriteOptions::parse(&context.query, "CreateOptions")?;
    let mut object = decode_object(&kinds::TOKEN_REQUEST, body_document(context)?, options.validation, &mut context.warnings)?;
    super::review(&inner.registry, context, &kinds::SERVICE_ACCOUNT, options.dry_run, &mut object).await?;
    let request: &mut TokenRequest = object.downcast_mut().ok_or_else(ApiError::no_such_resource)?;
    let registry = &inner.registry;
    let (namespace, name) = (context.info.namespace.clone(), context.info.name.clone());
    let account = registry.get(registry.of(&kinds::SERVICE_ACCOUNT), &namespace, &name)?;
    let account_uid = uid_of(&account);

    let spec = request.spec.get_or_insert_default();
    let lasts = spec.expiration_seconds.unwrap_or(HOUR_SECONDS);
    let path = Path::new("spec").child("expirationSeconds");
    let fault = if lasts < LEAST_SECONDS {
        Some("may not specify a duration less than 10 minutes")
    } else if lasts > MOST_SECONDS {
        Some("may not specify a duration larger than 2^32 seconds")
    } else {
        None
    };
    if let Some(fault) = fault {
        return Err(ApiError::invalid("authentication.k8s.io", "TokenRequest", "", &vec![FieldError::invalid(&path, lasts, fault)]));
    }
    let audiences = spec.audiences.take().filter(|audiences| !audiences.is_empty()).unwrap_or_else(|| inner.tokens.audiences().to_vec());
    spec.audiences = Some(audiences.clone());
    let mut node = None;
    let mut runs_on = None;
    let bound = match &mut spec.bound_object_ref {
        None => None,
        Some(reference) => {
            let (kind, bound_name) = (reference.kind.clone().unwrap_or_default(), reference.name.clone().unwrap_or_default());
            let row = match kind.as_str() {
                "Pod" => &kinds::POD,
                "Secret" => &kinds::SECRET,
                "Node" => &kinds::NODE,
                _ => {
                    return Err(ApiError::bad_request(format!("cannot bind token for serviceaccount {name:?} to object of kind {kind:?}")));
                }
            };
            let item = registry.get(registry.of(row), if row.namespaced { &namespace } else { "" }, &bound_name)?;
            let uid = uid_of(&item);
            if let Some(given) = reference.uid.as_deref().filter(|given| !given.is_empty() && *given != uid) {
                let why = format!(
                    "the UID in the bound object reference ({given}) does not match the UID in record. The object might have been deleted and then recreated"
                );
                return Err(ApiError::conflict("", &row.plural, &bound_name, &why));
            }
            if kind == "Pod" {
                let pod = item.object(&kinds::POD).map_err(ApiError::internal)?;
                let pod_spec = pod.downcast_ref::<Pod>().and_then(|pod| pod.spec.as_ref());
                let runs_as = pod_spec.and_then(|spec| spec.service_account_name.as_deref()).unwrap_or_default();
                if runs_as != name {
                    return Err(ApiError::bad_request(format!(
                        "cannot bind token for serviceaccount {name:?} to pod running with different serviceaccount name."
                    )));
                }
                let on = pod_spec.and_then(|spec| spec.node_name.clone()).unwrap_or_default();
                node = registry.get(registry.of(&kinds::NODE), "", &on).ok().map(|item| (on.clone(), uid_of(&item)));
                runs_on = Some(on);
            }
            reference.uid = Some(uid.clone());
            Some(Bound { kind, name: bound_name, uid })
        }
    };
    // a node gets tokens for pods that it runs, and for nothing else
    if let Some(own) = context.user.node_name()
        && !(bound.as_ref().is_some_and(|bound| bound.kind == "Pod") && runs_on.as_deref() == Some(own))
    {
        return Err(ApiError::forbidden("", "serviceaccounts", &name, "node requested token not bound to a pod that it runs"));
    }
    spec.expiration_seconds = Some(lasts);
    let make = Make { namespace: &namespace, account: &name, account_uid: &account_uid, audiences, lasts_seconds: lasts, bound, node };
    let (token, end) = inner.tokens.issue(&make).map_err(ApiError::internal)?;
    let end = jiff::Timestamp::from_second(end).map_err(ApiError::internal)?;
    request.status = Some(TokenRequestStatus { token: Some(token), expiration_timestamp: Some(Time(end)) });
    request.metadata.name = Some(name);
    request.metadata.namespace = Some(namespace);
    request.metadata.creation_timestamp = Some(crate::registry::now());
    render::encoded(StatusCode::CREATED, Object::to_json(request).into(), context.answer)
}
