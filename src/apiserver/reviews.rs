//! Kinds that are answered and not kept: reviews of tokens and of access, and component statuses.

use std::sync::Arc;

use api::{ApiError, Object};
use axum::body::Body;
use http::{Response, StatusCode};
use k8s_openapi::api::authentication::v1::{SelfSubjectReview, SelfSubjectReviewStatus, TokenReview, TokenReviewStatus, UserInfo as Wire};
use k8s_openapi::api::authorization::v1::{
    LocalSubjectAccessReview, NonResourceRule, ResourceRule, SelfSubjectAccessReview, SelfSubjectRulesReview, SubjectAccessReview,
    SubjectAccessReviewSpec, SubjectAccessReviewStatus, SubjectRulesReviewStatus,
};
use kinds::Verb;

use crate::authz::{Ask, Decision};
use crate::context::{Context, UserInfo, WriteOptions};
use crate::registry::{Endpoint, body_document};
use crate::render;
use crate::server::Inner;

/// Answers a request for one of them.
pub async fn answer(inner: &Arc<Inner>, context: &mut Context, endpoint: &Endpoint, verb: Verb) -> Result<Response<Body>, ApiError> {
    let kind = &*endpoint.stored;
    if kind.plural == "componentstatuses" {
        let list = serde_json::json!({"kind": "ComponentStatusList", "apiVersion": "v1", "metadata": {}, "items": []});
        return match verb {
            Verb::List => render::encoded(StatusCode::OK, list.to_string().into(), context.answer),
            _ => Err(kind.not_found(&context.info.name)),
        };
    }
    let options = WriteOptions::parse(&context.query, "CreateOptions")?;
    let document = body_document(context)?;
    let mut object = inner.registry.incoming(endpoint, document, options, &mut context.warnings)?;
    if kind.plural == "bindings" {
        let name = object.meta().name.clone().unwrap_or_default();
        return crate::subresource::bind(inner, context, &name, object.as_ref(), options).await;
    }
    review(inner, context, object.as_mut()).await?;
    render::encoded(StatusCode::CREATED, endpoint.shown(object.as_ref())?, context.answer)
}

async fn review(inner: &Inner, context: &Context, object: &mut dyn Object) -> Result<(), ApiError> {
    if let Some(review) = object.downcast_mut::<SelfSubjectReview>() {
        review.metadata.creation_timestamp = Some(crate::registry::now());
        review.status = Some(SelfSubjectReviewStatus { user_info: Some(wire(&context.user)) });
    } else if let Some(review) = object.downcast_mut::<TokenReview>() {
        review.status = Some(token(inner, review).await);
    } else if let Some(review) = object.downcast_mut::<SelfSubjectAccessReview>() {
        let spec = SubjectAccessReviewSpec {
            resource_attributes: review.spec.resource_attributes.clone(),
            non_resource_attributes: review.spec.non_resource_attributes.clone(),
            ..Default::default()
        };
        review.status = Some(access(inner, &context.user, &spec)?);
    } else if let Some(review) = object.downcast_mut::<SubjectAccessReview>() {
        review.status = Some(access(inner, &subject(&review.spec)?, &review.spec)?);
    } else if let Some(review) = object.downcast_mut::<LocalSubjectAccessReview>() {
        let namespace = review.spec.resource_attributes.as_ref().and_then(|attributes| attributes.namespace.as_deref());
        if namespace != Some(context.info.namespace.as_str()) {
            return Err(ApiError::bad_request(format!(
                "spec.resourceAttributes.namespace must match namespace: {}",
                context.info.namespace
            )));
        }
        review.status = Some(access(inner, &subject(&review.spec)?, &review.spec)?);
    } else if let Some(review) = object.downcast_mut::<SelfSubjectRulesReview>() {
        let namespace = review.spec.namespace.clone().unwrap_or_default();
        if namespace.is_empty() {
            return Err(ApiError::bad_request("no namespace on request"));
        }
        review.status = Some(rules(inner, &context.user, &namespace));
    } else {
        return Err(ApiError::method_not_allowed());
    }
    Ok(())
}

fn wire(user: &UserInfo) -> Wire {
    Wire {
        username: Some(user.name.clone()),
        uid: Some(user.uid.clone()).filter(|uid| !uid.is_empty()),
        groups: Some(user.groups.clone()),
        extra: Some(user.extra.clone()).filter(|extra| !extra.is_empty()),
    }
}

async fn token(inner: &Inner, review: &TokenReview) -> TokenReviewStatus {
    let audiences = review.spec.audiences.as_deref().filter(|audiences| !audiences.is_empty());
    let token = review.spec.token.as_str();
    match crate::authn::verify(token, audiences, inner).await {
        Ok(verified) => TokenReviewStatus {
            authenticated: Some(true),
            user: Some(wire(&verified.user)),
            audiences: Some(verified.audiences),
            error: None,
        },
        Err(error) => {
            TokenReviewStatus { authenticated: Some(false), error: Some(error.to_string()), user: Some(Wire::default()), audiences: None }
        }
    }
}

fn subject(spec: &SubjectAccessReviewSpec) -> Result<UserInfo, ApiError> {
    let name = spec.user.clone().unwrap_or_default();
    let groups = spec.groups.clone().unwrap_or_default();
    if name.is_empty() && groups.is_empty() {
        return Err(ApiError::bad_request("at least one of user or group must be specified"));
    }
    Ok(UserInfo { name, groups, uid: spec.uid.clone().unwrap_or_default(), extra: spec.extra.clone().unwrap_or_default() })
}

fn access(inner: &Inner, user: &UserInfo, spec: &SubjectAccessReviewSpec) -> Result<SubjectAccessReviewStatus, ApiError> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let decision = match (&spec.resource_attributes, &spec.non_resource_attributes) {
        (Some(attributes), None) => inner.authorizer.decide(&Ask {
            user,
            verb: &text(&attributes.verb),
            path: None,
            group: &text(&attributes.group),
            resource: &text(&attributes.resource),
            subresource: &text(&attributes.subresource),
            namespace: &text(&attributes.namespace),
            name: &text(&attributes.name),
            node: None,
        }),
        (None, Some(attributes)) => inner.authorizer.decide(&Ask {
            user,
            verb: &text(&attributes.verb),
            path: Some(&text(&attributes.path)),
            group: "",
            resource: "",
            subresource: "",
            namespace: "",
            name: "",
            node: None,
        }),
        _ => return Err(ApiError::bad_request("exactly one of nonResourceAttributes or resourceAttributes must be specified")),
    };
    let some = |reason: String| Some(reason).filter(|reason| !reason.is_empty());
    Ok(match decision {
        Decision::Allow(reason) => SubjectAccessReviewStatus { allowed: true, reason: some(reason), ..Default::default() },
        Decision::Deny(reason) => SubjectAccessReviewStatus { allowed: false, reason: some(reason), ..Default::default() },
    })
}

fn rules(inner: &Inner, user: &UserInfo, namespace: &str) -> SubjectRulesReviewStatus {
    let mut status = SubjectRulesReviewStatus { incomplete: false, ..Default::default() };
    for rule in inner.authorizer.rules_for(user, namespace) {
        let rule = rule.rule;
        if rule.non_resource_urls.as_ref().is_some_and(|urls| !urls.is_empty()) {
            status
                .non_resource_rules
                .push(NonResourceRule { verbs: rule.verbs.clone(), non_resource_urls: rule.non_resource_urls.clone() });
        } else {
            status.resource_rules.push(ResourceRule {
                verbs: rule.verbs.clone(),
                api_groups: rule.api_groups.clone(),
                resources: rule.resources.clone(),
                resource_names: rule.resource_names.clone(),
            });
        }
    }
    status
}
