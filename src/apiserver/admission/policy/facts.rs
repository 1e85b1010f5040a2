//! What a request is about, as the expressions of policies and webhooks see it.

use cel::policy::Inputs;
use cel::{Question, Verdict};
use serde_json::Value as Json;

use crate::admission::Attributes;
use crate::authz::{Ask, Authorizer, Decision};
use crate::context::UserInfo;

/// What a request is about, as expressions see it.
#[derive(Default)]
pub struct Facts<'f> {
    pub object: Json,
    pub old_object: Json,
    pub request: Json,
    pub params: Json,
    pub namespace: Json,
    /// Whom expressions may ask what the author may do.
    pub authorizer: Option<Asking<'f>>,
}

impl Facts<'_> {
    pub fn inputs(&self) -> Inputs<'_> {
        Inputs {
            object: Some(&self.object),
            old_object: Some(&self.old_object),
            params: Some(&self.params),
            request: &self.request,
            namespace: Some(&self.namespace),
            authorizer: self.authorizer.as_ref().map(|asking| (asking as &dyn cel::Authorizer, &asking.resource)),
        }
    }
}

/// The author of a request before the authorizer.
pub struct Asking<'f> {
    authorizer: &'f Authorizer,
    user: &'f UserInfo,
    /// The resource of the request.
    resource: Question,
}

impl<'f> Asking<'f> {
    pub fn new(authorizer: &'f Authorizer, attributes: &Attributes<'f>) -> Self {
        let kind = attributes.requested;
        let resource = Question {
            group: kind.group.to_string(),
            resource: kind.plural.to_string(),
            subresource: attributes.subresource.to_owned(),
            namespace: attributes.namespace.to_owned(),
            name: attributes.name.to_owned(),
            ..Question::default()
        };
        Self { authorizer, user: attributes.user, resource }
    }
}

impl cel::Authorizer for Asking<'_> {
    fn authorize(&self, question: &Question) -> Verdict {
        let account = question.service_account.as_ref().map(|(namespace, name)| {
            let groups = ["system:serviceaccounts", &format!("system:serviceaccounts:{namespace}")];
            UserInfo::new(&format!("system:serviceaccount:{namespace}:{name}"), &groups)
        });
        let ask = Ask {
            user: account.as_ref().unwrap_or(self.user),
            verb: &question.verb,
            path: question.path.as_deref(),
            group: &question.group,
            resource: &question.resource,
            subresource: &question.subresource,
            namespace: &question.namespace,
            name: &question.name,
            node: None,
        };
        match self.authorizer.decide(&ask) {
            Decision::Allow(reason) => Verdict { allowed: true, reason, error: None },
            Decision::Deny(reason) => Verdict { allowed: false, reason, error: None },
        }
    }
}
