//! FlowSchemas and PriorityLevelConfigurations.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::flowcontrol::v1::{FlowSchema, PriorityLevelConfiguration};

use crate::rules::one_of;

const PRECEDENCE: i32 = 1000;
const MAX_PRECEDENCE: i32 = 10_000;
const SHARES: i32 = 30;
const QUEUES: i32 = 64;
const HAND_SIZE: i32 = 8;
const QUEUE_LENGTH: i32 = 50;

pub(crate) struct FlowSchemaBehaviour;

impl crate::Behaviour<FlowSchema> for FlowSchemaBehaviour {
    fn default(&self, schema: &mut FlowSchema) {
        let precedence = &mut schema.spec.matching_precedence;
        if precedence.unwrap_or_default() == 0 {
            *precedence = Some(PRECEDENCE);
        }
        schema.status.get_or_insert_default();
    }
    crate::parts::separate_status!(FlowSchema);
    fn validate(&self, schema: &FlowSchema) -> ErrorList {
        let path = Path::new("spec");
        let mut errors = ErrorList::new();
        let precedence = schema.spec.matching_precedence.unwrap_or_default();
        if precedence <= 0 {
            errors.push(FieldError::invalid(&path.child("matchingPrecedence"), precedence, "must be a positive value"));
        }
        if precedence > MAX_PRECEDENCE {
            let detail = format!("must not be greater than {MAX_PRECEDENCE}");
            errors.push(FieldError::invalid(&path.child("matchingPrecedence"), precedence, detail));
        }
        if schema.spec.priority_level_configuration.name.is_empty() {
            errors.push(FieldError::required(&path.child("priorityLevelConfiguration").child("name"), "must reference a priority level"));
        }
        if let Some(method) = &schema.spec.distinguisher_method {
            errors.extend(one_of(&method.type_, &["ByNamespace", "ByUser"], &path.child("distinguisherMethod").child("type")));
        }
        errors
    }
    crate::parts::validate_changes_alike!(FlowSchema);
    crate::parts::generation_of!(spec, FlowSchema);
}

pub(crate) struct PriorityLevelBehaviour;

impl crate::Behaviour<PriorityLevelConfiguration> for PriorityLevelBehaviour {
    fn default(&self, level: &mut PriorityLevelConfiguration) {
        if let Some(exempt) = &mut level.spec.exempt {
            exempt.nominal_concurrency_shares.get_or_insert(0);
            exempt.lendable_percent.get_or_insert(0);
        }
        if let Some(limited) = &mut level.spec.limited {
            limited.nominal_concurrency_shares.get_or_insert(SHARES);
            limited.lendable_percent.get_or_insert(0);
            if let Some(queuing) = &mut limited.limit_response.queuing {
                for (field, value) in
                    [(&mut queuing.queues, QUEUES), (&mut queuing.hand_size, HAND_SIZE), (&mut queuing.queue_length_limit, QUEUE_LENGTH)]
                {
                    if field.unwrap_or_default() == 0 {
                        *field = Some(value);
                    }
                }
            }
        }
        level.status.get_or_insert_default();
    }
    crate::parts::separate_status!(PriorityLevelConfiguration);
    fn validate(&self, level: &PriorityLevelConfiguration) -> ErrorList {
        let (spec, path) = (&level.spec, Path::new("spec"));
        let mut errors: ErrorList = one_of(&spec.type_, &["Exempt", "Limited"], &path.child("type")).into_iter().collect();
        match (spec.type_.as_str(), &spec.limited) {
            ("Limited", None) => errors.push(FieldError::required(&path.child("limited"), "must not be empty when type is Limited")),
            ("Exempt", Some(_)) => errors.push(FieldError::forbidden(&path.child("limited"), "must be nil if the type is not Limited")),
            ("Limited", Some(limited)) => {
                let at = path.child("limited").child("limitResponse");
                errors.extend(one_of(&limited.limit_response.type_, &["Queue", "Reject"], &at.child("type")));
                match (limited.limit_response.type_.as_str(), &limited.limit_response.queuing) {
                    ("Queue", None) => {
                        errors.push(FieldError::required(&at.child("queuing"), "must not be empty if limited response is \"Queue\""));
                    }
                    ("Reject", Some(_)) => {
                        errors
                            .push(FieldError::forbidden(&at.child("queuing"), "must be nil if limited.limitResponse.type is not Limited"));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        errors
    }
    crate::parts::validate_changes_alike!(PriorityLevelConfiguration);
    crate::parts::generation_of!(spec, PriorityLevelConfiguration);
}
