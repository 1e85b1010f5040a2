//! Whether the priority level that a FlowSchema names is there: told in its status, as those who set both up wait for it.

use k8s_openapi::api::flowcontrol::v1::{FlowSchema, FlowSchemaCondition};
use kinds::PRIORITY_LEVEL_CONFIGURATION;

use crate::registry::{Registry, now};

const DANGLING: &str = "Dangling";

/// What is to change of a schema of which that is not told yet.
pub fn due(registry: &Registry, schema: &FlowSchema) -> Option<impl Fn(&mut FlowSchema) + Send + Sync + use<>> {
    let levels = &registry.of(&PRIORITY_LEVEL_CONFIGURATION).resource;
    let level = schema.spec.priority_level_configuration.name.as_str();
    let due = condition(level, levels.get(&levels.key("", level)).is_some());
    let told = schema.status.iter().flat_map(|status| status.conditions.iter().flatten()).any(|told| says(told, &due));
    (!told).then_some(move |schema: &mut FlowSchema| {
        let conditions = schema.status.get_or_insert_default().conditions.get_or_insert_default();
        conditions.retain(|condition| condition.type_ != due.type_);
        conditions.push(FlowSchemaCondition { last_transition_time: Some(now()), ..due.clone() });
    })
}

fn condition(level: &str, there: bool) -> FlowSchemaCondition {
    let (status, reason, end) = if there { ("False", "Found", "it exists") } else { ("True", "NotFound", "there is no such object") };
    let joint = if there { "and" } else { "but" };
    FlowSchemaCondition {
        type_: DANGLING.to_owned(),
        status: Some(status.to_owned()),
        reason: Some(reason.to_owned()),
        message: Some(format!("This FlowSchema references the PriorityLevelConfiguration object named {level:?} {joint} {end}")),
        last_transition_time: None,
    }
}

fn says(told: &FlowSchemaCondition, due: &FlowSchemaCondition) -> bool {
    (&told.type_, &told.status, &told.reason, &told.message) == (&due.type_, &due.status, &due.reason, &due.message)
}
