//! What pods ask for and may use: sums over their containers, and the quality of service that follows.

use std::collections::BTreeMap;

use api::quantity::Quantity;
use serde_json::Value;

use super::tree::{Tree, quantity};

/// Amounts by the name of the resource.
pub type Amounts = BTreeMap<String, Quantity>;

/// The two lists of a resources field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Requests,
    Limits,
}

impl Of {
    fn field(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Limits => "limits",
        }
    }
}

fn amounts(value: &Value) -> Amounts {
    value.members("").into_iter().map(|(name, value)| (name.to_owned(), quantity(value))).collect()
}

/// Adds amounts to others.
pub fn add(to: &mut Amounts, other: &Amounts) {
    for (name, amount) in other {
        let sum = to.get(name).map_or_else(|| amount.clone(), |own| own.add(amount));
        to.insert(name.clone(), sum);
    }
}

fn raise(to: &mut Amounts, other: &Amounts) {
    for (name, amount) in other {
        if to.get(name).is_none_or(|own| amount > own) {
            to.insert(name.clone(), amount.clone());
        }
    }
}

/// The amounts of a whole pod: what its spec wants, or with `by_status` the most of what is wanted, allocated and in effect.
pub fn of_pod(pod: &Value, of: Of, by_status: bool) -> Amounts {
    let spec = pod.at("spec");
    let infeasible = by_status && resize_is_infeasible(pod);
    let mut sum = if infeasible { Amounts::new() } else { containers(pod, |container| amounts(container.at("resources").at(of.field()))) };
    if by_status {
        raise(&mut sum, &containers(pod, |container| in_effect(pod, container, of, infeasible)));
        if of == Of::Requests {
            raise(&mut sum, &containers(pod, |container| allocated(pod, container, infeasible)));
        }
    }
    let own = spec.at("resources");
    for (name, amount) in amounts(own.at(of.field())) {
        if is_pod_level(&name) {
            sum.insert(name, amount);
        }
    }
    let overhead = amounts(spec.at("overhead"));
    match of {
        Of::Requests => add(&mut sum, &overhead),
        Of::Limits => {
            let limited: Amounts = overhead.into_iter().filter(|(name, _)| sum.get(name).is_some_and(|limit| !limit.is_zero())).collect();
            add(&mut sum, &limited);
        }
    }
    sum
}

fn is_pod_level(name: &str) -> bool {
    matches!(name, "cpu" | "memory") || name.starts_with("hugepages-")
}

fn resize_is_infeasible(pod: &Value) -> bool {
    let pending = pod.list("status.conditions").iter().find(|condition| condition.text("type") == "PodResizePending");
    pending.is_some_and(|condition| condition.text("reason") == "Infeasible")
}

fn status<'a>(pod: &'a Value, container: &Value) -> Option<&'a Value> {
    let lists = pod.list("status.containerStatuses").iter().chain(pod.list("status.initContainerStatuses"));
    lists.into_iter().find(|status| status.text("name") == container.text("name"))
}

fn in_effect(pod: &Value, container: &Value, of: Of, infeasible: bool) -> Amounts {
    let status = status(pod, container);
    if let Some(own) = status.map(|status| status.at("resources").at(of.field())).filter(|own| !own.is_null()) {
        return amounts(own);
    }
    match of {
        Of::Requests => allocated(pod, container, infeasible),
        Of::Limits if infeasible => Amounts::new(),
        Of::Limits => amounts(container.at("resources.limits")),
    }
}

fn allocated(pod: &Value, container: &Value, infeasible: bool) -> Amounts {
    match status(pod, container).map(|status| status.at("allocatedResources")).filter(|own| !own.is_null()) {
        Some(own) => amounts(own),
        None if infeasible => Amounts::new(),
        None => amounts(container.at("resources.requests")),
    }
}

/// The sum of the containers, or what starting them one by one takes where that is more.
fn containers(pod: &Value, of: impl Fn(&Value) -> Amounts) -> Amounts {
    let mut sum = Amounts::new();
    for container in pod.list("spec.containers") {
        add(&mut sum, &of(container));
    }
    let (mut sidecars, mut starting) = (Amounts::new(), Amounts::new());
    for container in pod.list("spec.initContainers") {
        let own = of(container);
        if container.text("restartPolicy") == "Always" {
            add(&mut sum, &own);
            add(&mut sidecars, &own);
            raise(&mut starting, &sidecars);
        } else {
            let mut together = own;
            add(&mut together, &sidecars);
            raise(&mut starting, &together);
        }
    }
    raise(&mut sum, &starting);
    sum
}

/// `Guaranteed`, `Burstable` or `BestEffort`: as the status says, else by the rules.
pub fn quality_of_service(pod: &Value) -> String {
    if let Some(class) = pod.filled("status.qosClass") {
        return class.to_owned();
    }
    let own = pod.at("spec.resources");
    let level = |field| own.members(field).iter().any(|(name, _)| is_pod_level(name));
    if level("requests") || level("limits") {
        return class_of(own).to_owned();
    }
    let mut classes: Vec<&str> = pod
        .list("spec.initContainers")
        .iter()
        .chain(pod.list("spec.containers"))
        .map(|container| class_of(container.at("resources")))
        .collect();
    classes.dedup();
    match classes.as_slice() {
        [] => "BestEffort".to_owned(),
        [class] => (*class).to_owned(),
        _ => "Burstable".to_owned(),
    }
}

fn class_of(resources: &Value) -> &'static str {
    let class = |name| {
        let (request, limit) = (resources.at("requests").quantity(name), resources.at("limits").quantity(name));
        match (request == limit, request.is_zero()) {
            (false, _) => "Burstable",
            (true, true) => "BestEffort",
            (true, false) => "Guaranteed",
        }
    };
    if resources.members("requests").is_empty() && resources.members("limits").is_empty() {
        "BestEffort"
    } else if class("cpu") == class("memory") {
        class("cpu")
    } else {
        "Burstable"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(yaml: &str, of: Of, by_status: bool, expected: &str) {
        let pod: Value = serde_yaml::from_str(yaml).unwrap();
        let shown: Vec<String> = of_pod(&pod, of, by_status).iter().map(|(name, amount)| format!("{name}={amount}")).collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn sums() {
        let pod = "
spec:
  overhead: {cpu: 10m}
  initContainers:
  - {name: i, resources: {requests: {cpu: '1', memory: 1Gi}}}
  - {name: s, restartPolicy: Always, resources: {requests: {cpu: 100m}, limits: {cpu: 200m}}}
  containers:
  - {name: a, resources: {requests: {cpu: 500m, memory: 64Mi}, limits: {memory: 64Mi}}}
  - {name: b, resources: {requests: {cpu: 600m}}}
status:
  containerStatuses:
  - {name: b, allocatedResources: {cpu: 900m}}
";
        check(pod, Of::Requests, false, "cpu=1210m memory=1Gi");
        check(pod, Of::Requests, true, "cpu=1510m memory=1Gi");
        check(pod, Of::Limits, true, "cpu=210m memory=64Mi");
    }

    #[test]
    fn classes() {
        let check = |yaml: &str, expected: &str| assert_eq!(quality_of_service(&serde_yaml::from_str(yaml).unwrap()), expected, "{yaml}");
        check("spec: {containers: [{name: a}]}", "BestEffort");
        check("spec: {containers: [{name: a, resources: {requests: {cpu: 1}}}]}", "Burstable");
        check("spec: {containers: [{name: a, resources: {requests: {cpu: 1, memory: 1}, limits: {cpu: 1, memory: 1}}}]}", "Guaranteed");
        check(
            "spec: {containers: [{name: a, resources: {requests: {cpu: 1, memory: 1}, limits: {cpu: 1, memory: 1}}}, {name: b}]}",
            "Burstable",
        );
        check("status: {qosClass: X}", "X");
    }
}
