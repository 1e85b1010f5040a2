//! `create quota`, `create poddisruptionbudget` and `create priorityclass`.

use serde_json::{Value, json};

use super::{CommonFlags, failed, one_name};
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct QuotaArgs {
    name: Vec<String>,
    /// A comma-delimited set of resource=quantity pairs that define a hard limit.
    #[arg(long, default_value = "", hide_default_value = true)]
    hard: String,
    /// A comma-delimited set of quota scopes that must all match each object tracked by the quota.
    #[arg(long, default_value = "", hide_default_value = true)]
    scopes: String,
    #[command(flatten)]
    common: CommonFlags,
}

#[derive(clap::Args, Debug)]
pub struct BudgetArgs {
    name: Vec<String>,
    /// The maximum number or percentage of unavailable pods this budget requires.
    #[arg(long, default_value = "", hide_default_value = true)]
    max_unavailable: String,
    /// The minimum number or percentage of available pods this budget requires.
    #[arg(long, default_value = "", hide_default_value = true)]
    min_available: String,
    /// A label selector to use for this budget. Only equality-based selector requirements are supported.
    #[arg(long, default_value = "", hide_default_value = true)]
    selector: String,
    #[command(flatten)]
    common: CommonFlags,
}

#[derive(clap::Args, Debug)]
pub struct PriorityArgs {
    name: Vec<String>,
    /// description is an arbitrary string that usually provides guidelines on when this priority class should be used.
    #[arg(long, default_value = "", hide_default_value = true)]
    description: String,
    /// global-default specifies whether this PriorityClass should be considered as the default priority.
    #[arg(long)]
    global_default: bool,
    /// preemption-policy is the policy for preempting pods with lower priority.
    #[arg(long, default_value = "PreemptLowerPriority")]
    preemption_policy: String,
    /// the value of this priority class.
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    value: i32,
    #[command(flatten)]
    common: CommonFlags,
}

impl QuotaArgs {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let name = one_name(session, &self.name, "quota")?;
        let mut spec = json!({});
        if !self.hard.is_empty() {
            spec["hard"] = hard(&self.hard)?;
        }
        if !self.scopes.is_empty() {
            let scopes: Vec<&str> = self.scopes.split(',').collect();
            if scopes.contains(&"") {
                return Err(CommandError::message("invalid resource quota scope \"\""));
            }
            spec["scopes"] = json!(scopes);
        }
        let object = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name}, "spec": spec, "status": {}});
        self.common.create_described(session, object).await.map_err(failed("quota"))
    }
}

/// `cpu=1,memory=1G`.
fn hard(written: &str) -> Result<Value> {
    let mut limits = json!({});
    for pair in written.split(',') {
        let [name, value] = pair.split('=').collect::<Vec<_>>()[..] else {
            return Err(CommandError::message(format!("Invalid argument syntax {pair}, expected <resource>=<value>")));
        };
        let quantity = value.parse::<api::Quantity>().map_err(|error| CommandError::message(error.to_string()))?;
        limits[name] = json!(quantity.to_string());
    }
    Ok(limits)
}

impl BudgetArgs {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let name = one_name(session, &self.name, "poddisruptionbudget")?;
        let refuse = |why: &str| Err(CommandError::message(why));
        if self.selector.is_empty() {
            return refuse("a selector must be specified");
        }
        match (self.min_available.as_str(), self.max_unavailable.as_str()) {
            ("", "") => return refuse("one of min-available or max-unavailable must be specified"),
            (min, "") if !is_amount(min) => return refuse("invalid format specified for min-available"),
            ("", max) if !is_amount(max) => return refuse("invalid format specified for max-unavailable"),
            ("", _) | (_, "") => {}
            _ => return refuse("min-available and max-unavailable cannot be both specified"),
        }
        let mut spec = json!({"selector": label_selector(&self.selector)?});
        if self.max_unavailable.is_empty() {
            spec["minAvailable"] = amount(&self.min_available);
        } else {
            spec["maxUnavailable"] = amount(&self.max_unavailable);
        }
        let status = json!({"currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0});
        let object =
            json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": spec, "status": status});
        self.common.create_described(session, object).await.map_err(failed("poddisruptionbudgets"))
    }
}

fn is_amount(written: &str) -> bool {
    let digits = written.strip_suffix('%').unwrap_or(written);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn amount(written: &str) -> Value {
    written.parse::<i32>().map_or_else(|_| json!(written), |number| json!(number))
}

/// A selector's text as the object's field: equalities as labels, all else as expressions.
fn label_selector(written: &str) -> Result<Value> {
    let selector = api::labels::Selector::parse(written)
        .map_err(|error| CommandError::message(format!("couldn't parse the selector string \"{written}\": {error}")))?;
    let (mut labels, mut expressions) = (json!({}), Vec::new());
    for requirement in selector.requirements() {
        use api::labels::Operator;
        let values: Vec<&String> = requirement.values.iter().collect();
        let operator = match requirement.operator {
            Operator::Equals | Operator::DoubleEquals => {
                labels[requirement.key.as_str()] = json!(values.first());
                continue;
            }
            Operator::In => "In",
            Operator::NotIn | Operator::NotEquals => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
            other => return Err(CommandError::message(format!("{other:?} isn't supported in label selectors"))),
        };
        let mut expression = json!({"key": requirement.key, "operator": operator});
        if !values.is_empty() {
            expression["values"] = json!(values);
        }
        expressions.push(expression);
    }
    let mut found = json!({});
    if labels != json!({}) {
        found["matchLabels"] = labels;
    }
    if !expressions.is_empty() {
        found["matchExpressions"] = Value::Array(expressions);
    }
    Ok(found)
}

impl PriorityArgs {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let name = one_name(session, &self.name, "priorityclass")?;
        let mut object = json!({
            "apiVersion": "scheduling.k8s.io/v1",
            "kind": "PriorityClass",
            "metadata": {"name": name},
            "preemptionPolicy": self.preemption_policy,
            "value": self.value,
        });
        if self.global_default {
            object["globalDefault"] = json!(true);
        }
        if !self.description.is_empty() {
            object["description"] = json!(self.description);
        }
        self.common.create_described(session, object).await.map_err(failed("priorityclass"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_quantities() {
        assert_eq!(hard("cpu=1,memory=1G").unwrap(), json!({"cpu": "1", "memory": "1G"}));
        assert_eq!(hard("cpu").unwrap_err().to_string(), "error: Invalid argument syntax cpu, expected <resource>=<value>");
    }

    #[test]
    fn amounts_are_numbers_or_percentages() {
        assert!(is_amount("10") && is_amount("50%") && !is_amount("10Gb") && !is_amount("%"));
        assert_eq!(amount("3"), json!(3));
        assert_eq!(amount("3%"), json!("3%"));
    }

    #[test]
    fn selectors_become_fields() {
        assert_eq!(label_selector("a=b").unwrap(), json!({"matchLabels": {"a": "b"}}));
        assert_eq!(label_selector("c").unwrap(), json!({"matchExpressions": [{"key": "c", "operator": "Exists"}]}));
    }
}
