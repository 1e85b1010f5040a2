//! The numbers of a rolling update: how many pods may be too many, how many may be missing, and how sets share a change of size.

use api::int_or_string::{Rounding, scaled};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};

use super::revision::{desired_replicas, max_replicas};

pub(super) fn replicas_of(deployment: &Deployment) -> i32 {
    deployment.spec.replicas.unwrap_or(1)
}

pub(super) fn size(set: &ReplicaSet) -> i32 {
    set.spec.replicas.unwrap_or(1)
}

pub(super) fn available(set: &ReplicaSet) -> i32 {
    set.status.as_ref().and_then(|status| status.available_replicas).unwrap_or_default()
}

/// Pods that are available and stay so: a set that was just made smaller still reports those that are about to go.
pub(super) fn serving(set: &ReplicaSet) -> i32 {
    available(set).min(size(set))
}

pub(super) fn is_rolling(deployment: &Deployment) -> bool {
    let strategy = deployment.spec.strategy.as_ref();
    strategy.and_then(|strategy| strategy.type_.as_deref()) != Some("Recreate")
}

/// Surge (rounded up) and unavailable (rounded down) in pods; where both come to nothing, one may be unavailable.
fn fenceposts(deployment: &Deployment) -> (i32, i32) {
    let strategy = deployment.spec.strategy.as_ref().and_then(|strategy| strategy.rolling_update.as_ref());
    let desired = replicas_of(deployment);
    // What does not parse was refused by validation.
    let surge = strategy.and_then(|strategy| scaled(strategy.max_surge.as_ref()?, desired, Rounding::Up).ok()).unwrap_or_default();
    let unavailable =
        strategy.and_then(|strategy| scaled(strategy.max_unavailable.as_ref()?, desired, Rounding::Down).ok()).unwrap_or_default();
    if surge == 0 && unavailable == 0 { (0, 1) } else { (surge, unavailable) }
}

/// How many pods there may be above the wanted number.
pub(super) fn max_surge(deployment: &Deployment) -> i32 {
    if is_rolling(deployment) { fenceposts(deployment).0 } else { 0 }
}

/// How many of the wanted pods may be missing.
pub(super) fn max_unavailable(deployment: &Deployment) -> i32 {
    let desired = replicas_of(deployment);
    if !is_rolling(deployment) || desired == 0 { 0 } else { fenceposts(deployment).1.min(desired) }
}

/// The size of the new set: as large as the surge lets it be.
pub(super) fn new_set_size(deployment: &Deployment, total: i32, new_size: i32) -> i32 {
    let desired = replicas_of(deployment);
    if !is_rolling(deployment) {
        return desired;
    }
    let room = desired + max_surge(deployment) - total;
    if room <= 0 { new_size } else { new_size + room.min(desired - new_size) }
}

/// Shares a change of the deployment's size among its sets, each by its weight; the first gets what rounding leaves over. `sets` are in the order in which
/// upstream serves them: the largest first, of equals the newer when growing and the older when shrinking.
pub(super) fn proportional_sizes(deployment: &Deployment, sets: &[&ReplicaSet]) -> Vec<i32> {
    let desired = replicas_of(deployment);
    let allowed = if desired > 0 { desired + max_surge(deployment) } else { 0 };
    let to_add = allowed - sets.iter().map(|set| size(set)).sum::<i32>();
    let mut added = 0;
    let mut sizes = Vec::with_capacity(sets.len());
    for set in sets {
        let share = share(deployment, set, to_add, added);
        added += share;
        sizes.push(size(set) + share);
    }
    if let Some(first) = sizes.first_mut().filter(|_| to_add != 0) {
        *first = (*first + to_add - added).max(0);
    }
    sizes
}

fn share(deployment: &Deployment, set: &ReplicaSet, to_add: i32, added: i32) -> i32 {
    if size(set) == 0 || to_add == 0 || to_add == added {
        return 0;
    }
    let fraction = fraction(deployment, set);
    let left = to_add - added;
    if to_add > 0 { fraction.min(left) } else { fraction.max(left) }
}

/// How much the set grows when it keeps its share of a deployment that has another size now.
fn fraction(deployment: &Deployment, set: &ReplicaSet) -> i32 {
    let desired = replicas_of(deployment);
    if desired == 0 {
        return -size(set);
    }
    let now_at_most = i64::from(desired + max_surge(deployment));
    let noted = max_replicas(set).filter(|max| *max != 0);
    let then_at_most = noted.or_else(|| deployment.status.as_ref().and_then(|status| status.replicas)).unwrap_or_default();
    if then_at_most == 0 {
        return 0;
    }
    // Rounded half up, as all numbers here are positive.
    let then_at_most = i64::from(then_at_most);
    let grown = (2 * i64::from(size(set)) * now_at_most + then_at_most).div_euclid(2 * then_at_most);
    i32::try_from(grown).unwrap_or(i32::MAX) - size(set)
}

/// True where the new set alone is what the deployment wants.
pub(super) fn is_saturated(deployment: &Deployment, new: Option<&ReplicaSet>) -> bool {
    let desired = replicas_of(deployment);
    new.is_some_and(|set| size(set) == desired && desired_replicas(set) == Some(desired) && available(set) == desired)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn deployment(replicas: i32, surge: Value, unavailable: Value) -> Deployment {
        serde_json::from_value(json!({"spec": {"replicas": replicas, "selector": {}, "template": {},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}}}))
        .unwrap()
    }

    fn check_bounds(replicas: i32, surge: Value, unavailable: Value, expected: (i32, i32)) {
        let deployment = deployment(replicas, surge, unavailable);
        assert_eq!((max_surge(&deployment), max_unavailable(&deployment)), expected);
    }

    #[test]
    fn surge_rounds_up_and_unavailable_down() {
        check_bounds(3, json!("25%"), json!("25%"), (1, 0));
        check_bounds(10, json!("25%"), json!("25%"), (3, 2));
        check_bounds(1, json!("0%"), json!("25%"), (0, 1));
        check_bounds(4, json!(0), json!(0), (0, 1));
        check_bounds(2, json!(1), json!(5), (1, 2));
        check_bounds(0, json!("25%"), json!("25%"), (0, 0));
    }

    /// Rows of upstream's TestScale, whose sets were sized for `before`.
    fn check_shares(before: i32, after: i32, surge: i32, sizes: &[i32], expected: &[i32]) {
        let deployment = deployment(after, json!(surge), json!(0));
        let sets: Vec<ReplicaSet> = sizes
            .iter()
            .map(|size| {
                serde_json::from_value(
                    json!({"metadata": {"annotations": {"deployment.kubernetes.io/max-replicas": (before + surge).to_string()}},
                    "spec": {"replicas": size, "selector": {}}}),
                )
                .unwrap()
            })
            .collect();
        assert_eq!(proportional_sizes(&deployment, &sets.iter().collect::<Vec<_>>()), expected, "{before} to {after}: {sizes:?}");
    }

    #[test]
    fn changes_are_shared() {
        check_shares(10, 12, 0, &[5, 5], &[6, 6]);
        check_shares(10, 20, 0, &[5, 3, 2], &[10, 6, 4]);
        check_shares(10, 6, 0, &[8, 2], &[5, 1]);
        check_shares(10, 5, 0, &[5, 3, 2], &[2, 2, 1]);
        check_shares(4, 4, 2, &[2, 2], &[4, 2]);
        check_shares(10, 20, 3, &[10, 3], &[18, 5]);
        check_shares(10, 0, 0, &[7, 3], &[0, 0]);
        check_shares(5, 50, 0, &[3, 2], &[30, 20]);
    }
}
