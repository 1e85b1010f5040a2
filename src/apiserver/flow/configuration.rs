//! What FlowSchemas and PriorityLevelConfigurations say, in the order in which they are asked.

use std::collections::HashMap;
use std::sync::Arc;

use k8s_openapi::api::flowcontrol::v1::{
    FlowSchema, NonResourcePolicyRule, PolicyRulesWithSubjects, PriorityLevelConfiguration, ResourcePolicyRule, Subject,
};
use store::Revision;

use super::Classified;
use crate::cache::Resource;
use crate::context::UserInfo;
use crate::request::RequestInfo;

/// Where a request goes that no schema matches.
const CATCH_ALL: &str = "catch-all";

/// All schemas and levels at one state of the store.
#[derive(Default)]
pub struct Configuration {
    pub at: Option<(Revision, Revision)>,
    schemas: Vec<Schema>,
    pub levels: HashMap<Arc<str>, Level>,
}

struct Schema {
    name: Arc<str>,
    uid: Arc<str>,
    level: Arc<str>,
    precedence: i32,
    distinguishes: Distinguishes,
    rules: Vec<PolicyRulesWithSubjects>,
}

#[derive(Clone, Copy)]
enum Distinguishes {
    Nothing,
    Users,
    Namespaces,
}

/// A priority level.
#[derive(Clone, Debug)]
pub struct Level {
    pub uid: Arc<str>,
    /// Its requests wait for nobody.
    pub exempt: bool,
    pub shares: usize,
    /// Percent of its seats that others may use.
    pub lendable_percent: usize,
    /// Percent of its seats that it may use of others'; `None`: as many as there are.
    pub borrowing_percent: Option<usize>,
    /// Zero: nobody waits, whoever finds no seat is refused.
    pub queues: usize,
    pub queue_length: usize,
}

impl Configuration {
    pub fn of(at: (Revision, Revision), schemas: &Resource, levels: &Resource) -> Self {
        let mut configuration = Self { at: Some(at), ..Self::default() };
        for item in levels.list("", || 0).0 {
            match item.object(&kinds::PRIORITY_LEVEL_CONFIGURATION) {
                Ok(object) => {
                    object.downcast_ref().into_iter().for_each(|level: &PriorityLevelConfiguration| {
                        configuration.levels.insert(item.name().into(), Level::of(level));
                    });
                }
                Err(error) => tracing::error!(key = %item.key(), %error, "a stored priority level can not be decoded"),
            }
        }
        for item in schemas.list("", || 0).0 {
            match item.object(&kinds::FLOW_SCHEMA) {
                Ok(object) => object.downcast_ref().into_iter().for_each(|schema| configuration.schemas.push(Schema::of(schema))),
                Err(error) => tracing::error!(key = %item.key(), %error, "a stored flow schema can not be decoded"),
            }
        }
        configuration.schemas.retain(|schema| configuration.levels.contains_key(&schema.level));
        configuration.schemas.sort_by(|one, other| (one.precedence, &one.name).cmp(&(other.precedence, &other.name)));
        configuration
    }

    pub fn classify(&self, user: &UserInfo, info: &RequestInfo) -> Classified {
        let Some(schema) = self.schemas.iter().find(|schema| schema.rules.iter().any(|rules| matches(rules, user, info))) else {
            return Classified {
                schema: CATCH_ALL.into(),
                level: CATCH_ALL.into(),
                distinguisher: user.name.clone(),
                schema_uid: "".into(),
                level_uid: "".into(),
            };
        };
        let distinguisher = match schema.distinguishes {
            Distinguishes::Nothing => String::new(),
            Distinguishes::Users => user.name.clone(),
            Distinguishes::Namespaces => info.namespace.clone(),
        };
        let level_uid = self.levels.get(&schema.level).map_or_else(|| "".into(), |level| level.uid.clone());
        Classified { schema: schema.name.clone(), level: schema.level.clone(), distinguisher, schema_uid: schema.uid.clone(), level_uid }
    }
}

impl Schema {
    fn of(schema: &FlowSchema) -> Self {
        let spec = &schema.spec;
        Self {
            name: schema.metadata.name.as_deref().unwrap_or_default().into(),
            uid: schema.metadata.uid.as_deref().unwrap_or_default().into(),
            level: spec.priority_level_configuration.name.as_str().into(),
            precedence: spec.matching_precedence.unwrap_or_default(),
            distinguishes: match spec.distinguisher_method.as_ref().map(|method| method.type_.as_str()) {
                Some("ByUser") => Distinguishes::Users,
                Some("ByNamespace") => Distinguishes::Namespaces,
                _ => Distinguishes::Nothing,
            },
            rules: spec.rules.clone().unwrap_or_default(),
        }
    }
}

impl Level {
    fn of(level: &PriorityLevelConfiguration) -> Self {
        let whole = |number: Option<i32>| usize::try_from(number.unwrap_or_default()).unwrap_or_default();
        let limited = level.spec.limited.as_ref();
        let queuing = limited.and_then(|limited| limited.limit_response.queuing.as_ref());
        Self {
            uid: level.metadata.uid.as_deref().unwrap_or_default().into(),
            exempt: level.spec.type_ == "Exempt",
            shares: whole(limited.and_then(|limited| limited.nominal_concurrency_shares)),
            lendable_percent: whole(limited.and_then(|limited| limited.lendable_percent)).min(100),
            borrowing_percent: limited.and_then(|limited| limited.borrowing_limit_percent).map(|percent| whole(Some(percent))),
            queues: whole(queuing.and_then(|queuing| queuing.queues)),
            queue_length: whole(queuing.and_then(|queuing| queuing.queue_length_limit)),
        }
    }
}

fn matches(rules: &PolicyRulesWithSubjects, user: &UserInfo, info: &RequestInfo) -> bool {
    rules.subjects.iter().any(|subject| is(subject, user))
        && if info.is_resource {
            rules.resource_rules.iter().flatten().any(|rule| resource(rule, info))
        } else {
            rules.non_resource_rules.iter().flatten().any(|rule| path(rule, info))
        }
}

fn is(subject: &Subject, user: &UserInfo) -> bool {
    let (who, group, account) = (&subject.user, &subject.group, &subject.service_account);
    who.as_ref().is_some_and(|who| who.name == "*" || who.name == user.name)
        || group.as_ref().is_some_and(|group| group.name == "*" || user.in_group(&group.name))
        || account.as_ref().is_some_and(|account| {
            let own = user.name.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'));
            own.is_some_and(|(namespace, name)| namespace == account.namespace && (account.name == "*" || account.name == name))
        })
}

fn has(list: &[String], wanted: &str) -> bool {
    list.iter().any(|one| one == "*" || one == wanted)
}

fn resource(rule: &ResourcePolicyRule, info: &RequestInfo) -> bool {
    let in_scope = if info.namespace.is_empty() {
        rule.cluster_scope == Some(true)
    } else {
        has(rule.namespaces.as_deref().unwrap_or_default(), &info.namespace)
    };
    let named = |resource: &String| match resource.split_once('/') {
        _ if resource == "*" => true,
        Some((plural, below)) => plural == info.resource && below == info.subresource,
        None => *resource == info.resource && info.subresource.is_empty(),
    };
    in_scope && has(&rule.verbs, info.verb) && has(&rule.api_groups, &info.group) && rule.resources.iter().any(named)
}

fn path(rule: &NonResourcePolicyRule, info: &RequestInfo) -> bool {
    let under = |pattern: &String| pattern.strip_suffix('*').map_or(*pattern == info.path, |start| info.path.starts_with(start));
    has(&rule.verbs, info.verb) && rule.non_resource_urls.iter().any(under)
}
