//! Whether the priority level that a FlowSchema names is there: told in its status, as those who set both up wait for it.

use api::ApiError;
use k8s_openapi::api::flowcontrol::v1::{FlowSchema, FlowSchemaCondition};
use kinds::{FLOW_SCHEMA, PRIORITY_LEVEL_CONFIGURATION};

use crate::context::UserInfo;
use crate::registry::{Registry, now};

const DANGLING: &str = "Dangling";

/// Tells it of all schemas of which it is not told yet; false where something is left to do.
pub async fn tell_all(registry: &Registry) -> bool {
    let levels = &registry.of(&PRIORITY_LEVEL_CONFIGURATION).resource;
    let mut done = true;
    for item in registry.of(&FLOW_SCHEMA).resource.list("", || 0).0 {
        let Ok(object) = item.object(&FLOW_SCHEMA) else { continue };
        let Some(schema) = object.downcast_ref::<FlowSchema>() else { continue };
        let level = schema.spec.priority_level_configuration.name.as_str();
        let due = condition(level, levels.get(&levels.key("", level)).is_some());
        let told = schema.status.iter().flat_map(|status| status.conditions.iter().flatten()).any(|told| says(told, &due));
        if told {
            continue;
        }
        if let Err(error) = tell(registry, item.name(), &due).await
            && error.code() != 404
        {
            tracing::warn!(name = item.name(), %error, "the state of a flow schema can not be told");
            done = false;
        }
    }
    done
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

async fn tell(registry: &Registry, name: &str, due: &FlowSchemaCondition) -> Result<(), ApiError> {
    let user = UserInfo::server();
    let change = |schema: &mut FlowSchema| {
        let conditions = schema.status.get_or_insert_default().conditions.get_or_insert_default();
        conditions.retain(|condition| condition.type_ != due.type_);
        conditions.push(FlowSchemaCondition { last_transition_time: Some(now()), ..due.clone() });
    };
    registry.change_status(&FLOW_SCHEMA, name, &user, change).await
}
