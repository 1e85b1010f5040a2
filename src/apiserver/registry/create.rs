//! Create.

use std::sync::Arc;

use api::{ApiError, Object};
use bytes::Bytes;
use store::{Expect, Write, WriteError};

use super::commit::CommitError;
use super::ownership::Ownership;
use super::{Endpoint, Registry, Tracking, decode_object, meta, object_document};
use crate::admission::{Attributes, Operation, Rounds};
use crate::cache::Item;
use crate::context::{Context, UserInfo, WriteOptions};
use crate::special::Clashes;
use crate::strict::Document;

/// Attempts at a generated name that nobody has.
const GENERATE_ATTEMPTS: usize = 8;
/// Attempts at an address that nobody has. Each lost one means that somebody else got it.
const CLAIM_ATTEMPTS: usize = 64;

impl Registry {
    /// Creates what the body describes.
    pub async fn create(&self, context: &mut Context, endpoint: &Endpoint) -> Result<Arc<Item>, ApiError> {
        let options = WriteOptions::parse(&context.query, "CreateOptions")?;
        let document = object_document(context, &endpoint.kind)?;
        let namespace = if endpoint.kind.namespaced { context.info.namespace.clone() } else { String::new() };
        let object = self.incoming(endpoint, document, options, &mut context.warnings)?;
        let user = context.user.clone();
        let manager = context.field_manager();
        self.create_object(endpoint, &namespace, object, &user, options, Tracking::Update(&manager), &mut context.warnings).await
    }

    /// Decodes and defaults at the version asked for, and turns it into the version that is stored.
    pub(crate) fn incoming(
        &self,
        endpoint: &Endpoint,
        document: Document,
        options: WriteOptions,
        warnings: &mut Vec<String>,
    ) -> Result<Box<dyn Object>, ApiError> {
        let object = decode_object(&endpoint.kind, document, options.validation, warnings)?;
        self.settled(endpoint, object)
    }

    /// Defaults an object at the version asked for, and turns it into the version that is stored.
    pub(super) fn settled(&self, endpoint: &Endpoint, mut object: Box<dyn Object>) -> Result<Box<dyn Object>, ApiError> {
        endpoint.kind.behaviour.default(&mut *object);
        let Some(conversion) = &endpoint.kind.conversion else { return Ok(object) };
        let mut value = object.to_value();
        (conversion.to_stored)(&mut value);
        let mut object =
            endpoint.stored.behaviour.decode(value, &mut Vec::new()).map_err(|error| ApiError::bad_request(error.to_string()))?;
        endpoint.stored.behaviour.default(&mut *object);
        Ok(object)
    }

    /// Creates an object that has been decoded and defaulted.
    #[expect(clippy::too_many_arguments, reason = "each is a different thing, and all callers have them apart")]
    pub async fn create_object(
        &self,
        endpoint: &Endpoint,
        namespace: &str,
        mut object: Box<dyn Object>,
        user: &UserInfo,
        options: WriteOptions,
        tracking: Tracking<'_>,
        warnings: &mut Vec<String>,
    ) -> Result<Arc<Item>, ApiError> {
        let kind = &*endpoint.stored;
        if kind.behaviour.custom().is_some_and(|custom| custom.terminating) {
            let name = object.meta().name.clone().unwrap_or_default();
            let why = "create not allowed while custom resource definition is terminating";
            return Err(ApiError::forbidden(&kind.group, &kind.plural, &name, why));
        }
        match_namespace(object.as_mut(), namespace)?;
        if let Tracking::Update(manager) = tracking {
            Ownership { kind: &endpoint.kind, subresource: "" }.track(None, object.as_mut(), manager);
        }
        let generated = object.meta().name.as_deref().unwrap_or_default().is_empty();
        let prefix = object.meta().generate_name.clone().filter(|prefix| generated && !prefix.is_empty());
        if let Some(prefix) = &prefix {
            object.meta_mut().name = Some(meta::generate_name(prefix));
        }
        if object.meta().resource_version.as_deref().is_some_and(|version| !version.is_empty()) {
            return Err(ApiError::bad_request("resourceVersion should not be set on objects to be created"));
        }
        let name = object.meta().name.clone().unwrap_or_default();
        let attributes = Attributes {
            registry: self,
            operation: Operation::Create,
            kind,
            requested: &endpoint.kind,
            subresource: "",
            namespace,
            name: &name,
            user,
            dry_run: options.dry_run,
            old: None,
            rounds: &Rounds::default(),
        };
        self.admission.mutate(&attributes, Some(&mut object)).await?;

        meta::stamp(kind, object.meta_mut());
        kind.behaviour.prepare_create(object.as_mut());
        self.special.prepare_create(kind, object.as_mut());
        let asked = self.special.fills(kind).then(|| object.boxed_clone());
        let mut clashes = Clashes::new();
        self.special.fill(object.as_mut(), None, &clashes)?;
        let mut errors = meta::validate(kind, object.as_ref());
        errors.extend(kind.behaviour.validate(object.as_ref()));
        if !errors.is_empty() {
            return Err(ApiError::invalid(&kind.group, &kind.kind, &name, &errors));
        }
        self.admission.validate(&attributes, Some(object.as_ref())).await?;
        warnings.extend(kind.behaviour.warnings(object.as_ref(), None));

        let prefix_len = endpoint.resource.prefix().len();
        for attempt in 1.. {
            let name = object.meta().name.clone().unwrap_or_default();
            let key = endpoint.resource.key(namespace, &name);
            let value = endpoint.encode(object.as_mut()).await?;
            if options.dry_run {
                self.admission.bill(&attributes, Some(object.as_ref())).await?;
                if endpoint.resource.get(&key).is_some() {
                    return Err(ApiError::already_exists(&kind.group, &kind.plural, &name));
                }
                return Item::new(key, prefix_len, 0, value).map(Arc::new).map_err(ApiError::internal);
            }
            let write = Write::Put { key: key.clone(), value: value.clone(), expect: Expect::Absent };
            match self.commit(&attributes, write, Some(object.as_ref())).await {
                Ok(revision) => return self.written(endpoint, &key, revision, value),
                Err(CommitError::Write(WriteError::Exists { .. })) => match &prefix {
                    Some(prefix) if attempt < GENERATE_ATTEMPTS => object.meta_mut().name = Some(meta::generate_name(prefix)),
                    _ => return Err(ApiError::already_exists(&kind.group, &kind.plural, &name)),
                },
                // another of the kind, unless it was asked for: then there is none
                Err(CommitError::Claimed(claim)) if attempt < CLAIM_ATTEMPTS => {
                    clashes.insert(claim);
                    object = asked.as_ref().ok_or_else(|| ApiError::internal("a claim of what claims nothing"))?.boxed_clone();
                    object.meta_mut().name = Some(name);
                    self.special.fill(object.as_mut(), None, &clashes)?;
                }
                // better no owners than no object
                Err(CommitError::Write(WriteError::TooLarge { .. })) if attempt == 1 && object.meta().managed_fields.is_some() => {
                    object.meta_mut().managed_fields = None;
                }
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("the loop ends by returning")
    }

    /// What has just been written, from the cache where nothing newer stands there yet.
    pub(super) fn written(
        &self,
        endpoint: &Endpoint,
        key: &Arc<str>,
        revision: store::Revision,
        value: Bytes,
    ) -> Result<Arc<Item>, ApiError> {
        if let Some(item) = endpoint.resource.get(key).filter(|item| item.revision() == revision) {
            return Ok(item);
        }
        Item::new(key.clone(), endpoint.resource.prefix().len(), revision, value).map(Arc::new).map_err(ApiError::internal)
    }
}

/// The namespace of the path goes into the object; another one in it is the author's mistake.
pub(super) fn match_namespace(object: &mut dyn Object, namespace: &str) -> Result<(), ApiError> {
    let meta = object.meta_mut();
    match meta.namespace.as_deref() {
        None | Some("") => meta.namespace = Some(namespace.to_owned()).filter(|namespace| !namespace.is_empty()),
        Some(given) if given == namespace => {}
        Some(given) => {
            return Err(ApiError::bad_request(if namespace.is_empty() {
                format!("namespace {given:?} may not be set on this type")
            } else {
                "the namespace of the provided object does not match the namespace sent on the request".to_owned()
            }));
        }
    }
    Ok(())
}
