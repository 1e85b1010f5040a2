//! ServiceCIDRs: each gets a finalizer and is Ready; one that is to go waits until no address of a service would be left without a range.

use std::net::IpAddr;
use std::sync::Arc;

use api::addresses::Cidr;
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::networking::v1::{IPAddress, ServiceCIDR};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use runtime::{Action, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;

/// As upstream's controller of the same name.
const WORKERS: usize = 5;
const FINALIZER: &str = "networking.k8s.io/service-cidr-finalizer";
/// After the mark of its deletion a range stays for this long, so that all servers know of it before the last look.
const GRACE: SignedDuration = SignedDuration::from_secs(10);
const READY: &str = "Kubernetes Service CIDR is ready";
const IN_USE: &str = "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR";

struct Ranges {
    ranges: Informer<ServiceCIDR>,
    addresses: Informer<IPAddress>,
}

#[derive(Clone, Debug)]
struct Snapshot {
    range: Arc<ServiceCIDR>,
    /// What the other ranges hold.
    others: Vec<Cidr>,
    /// Those of services; only looked up for a range that is to go.
    addresses: Vec<IpAddr>,
}

/// | change | keys |
/// |---|---|
/// | ServiceCIDR | every ServiceCIDR |
/// | IPAddress | every ServiceCIDR that is to go |
pub(crate) async fn run(house: House) {
    let ranges = house.informers.of::<ServiceCIDR>();
    let addresses = house.informers.of::<IPAddress>();
    let reconciler = Ranges { ranges: ranges.clone(), addresses: addresses.clone() };
    let (all, going) = (ranges.clone(), ranges.clone());
    Controller::new(house, "service-cidr-controller", WORKERS, reconciler)
        .on(&ranges, move |_| all.list().iter().map(|range| Key::of(&range.metadata)).collect())
        .on(&addresses, move |_| {
            let all = going.list();
            all.iter().filter(|range| range.metadata.deletion_timestamp.is_some()).map(|range| Key::of(&range.metadata)).collect()
        })
        .run()
        .await;
}

impl Reconciler for Ranges {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "service-cidr-controller"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let range = self.ranges.get("", &key.name)?;
        let others = self.ranges.list();
        let others = others.iter().filter(|other| other.metadata.name != range.metadata.name).flat_map(|other| cidrs(other)).collect();
        let addresses = if range.metadata.deletion_timestamp.is_some() { self.of_services() } else { Vec::new() };
        Some(Snapshot { range, others, addresses })
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        plan(snapshot, now)
    }
}

impl Ranges {
    fn of_services(&self) -> Vec<IpAddr> {
        let managed = |object: &IPAddress| {
            let labels = object.metadata.labels.as_ref();
            labels.and_then(|labels| labels.get("ipaddress.kubernetes.io/managed-by")).is_some_and(|by| by == "ipallocator.k8s.io")
        };
        let all = self.addresses.list();
        all.iter().filter(|object| managed(object)).filter_map(|object| object.metadata.name.as_ref()?.parse().ok()).collect()
    }
}

fn cidrs(range: &ServiceCIDR) -> Vec<Cidr> {
    let texts = range.spec.iter().flat_map(|spec| spec.cidrs.iter().flatten());
    texts.filter_map(|text| Cidr::parse(text)).collect()
}

fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let range = &*snapshot.range;
    let has_finalizer = range.metadata.finalizers.iter().flatten().any(|finalizer| finalizer == FINALIZER);
    let write = |action: Action| Plan { actions: vec![action], requeue_at: None };
    let Some(marked) = &range.metadata.deletion_timestamp else {
        if !has_finalizer {
            let mut range = range.clone();
            range.metadata.finalizers.get_or_insert_default().push(FINALIZER.to_owned());
            return write(Action::update(range));
        }
        return with_condition(range, "True", "", READY, now).map(write).unwrap_or_default();
    };
    if !has_finalizer {
        return Plan::default();
    }
    if is_needed(snapshot) {
        return with_condition(range, "False", "Terminating", IN_USE, now).map(write).unwrap_or_default();
    }
    let over = marked.0.saturating_add(GRACE).unwrap_or(Timestamp::MAX);
    if now < over {
        return Plan { actions: Vec::new(), requeue_at: Some(over) };
    }
    let mut range = range.clone();
    range.metadata.finalizers.iter_mut().for_each(|finalizers| finalizers.retain(|finalizer| finalizer != FINALIZER));
    write(Action::update(range))
}

/// Whether an address of a service would be in no range without this one.
fn is_needed(snapshot: &Snapshot) -> bool {
    let own = cidrs(&snapshot.range);
    let within = |cidr: &Cidr| snapshot.others.iter().any(|other| other.prefix_bits <= cidr.prefix_bits && other.contains(cidr.address));
    if own.iter().all(within) {
        return false;
    }
    let in_one_of = |cidrs: &[Cidr], address: IpAddr| cidrs.iter().any(|cidr| cidr.contains(address));
    snapshot.addresses.iter().any(|address| in_one_of(&own, *address) && !in_one_of(&snapshot.others, *address))
}

/// The write that makes the condition so; none where it is.
fn with_condition(range: &ServiceCIDR, status: &str, reason: &str, message: &str, now: Timestamp) -> Option<Action> {
    let mut range = range.clone();
    let conditions = range.status.get_or_insert_default().conditions.get_or_insert_default();
    let before = conditions.iter().find(|condition| condition.type_ == "Ready");
    if before.is_some_and(|before| before.status == status && before.message == message) {
        return None;
    }
    conditions.retain(|condition| condition.type_ != "Ready");
    conditions.push(Condition {
        type_: "Ready".to_owned(),
        status: status.to_owned(),
        reason: reason.to_owned(),
        message: message.to_owned(),
        last_transition_time: Time(api::time::truncated(now)),
        observed_generation: None,
    });
    Some(Action::update_status(range))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A range marked at 00:00:00, beside others, with addresses: what is done at a time.
    fn check(range: &Value, others: &[&str], addresses: &[&str], now: &str, expected: &str) {
        let snapshot = Snapshot {
            range: Arc::new(serde_json::from_value(range.clone()).unwrap()),
            others: others.iter().map(|text| Cidr::parse(text).unwrap()).collect(),
            addresses: addresses.iter().map(|text| text.parse().unwrap()).collect(),
        };
        let planned = plan(&snapshot, now.parse().unwrap());
        let got = match (planned.actions.first(), planned.requeue_at) {
            (None, None) => "nothing".to_owned(),
            (None, Some(at)) => format!("again at {at}"),
            (Some(action), _) => {
                let written: &ServiceCIDR = action.object().unwrap();
                let conditions = written.status.iter().flat_map(|status| status.conditions.iter().flatten());
                let ready: Vec<&str> = conditions.map(|condition| condition.status.as_str()).collect();
                format!("{} {ready:?}", written.metadata.finalizers.as_ref().map_or(0, Vec::len))
            }
        };
        assert_eq!(got, expected, "{others:?} {addresses:?}");
    }

    #[test]
    fn a_range_stays_while_it_is_needed() {
        let new = json!({"metadata": {"name": "r"}, "spec": {"cidrs": ["10.0.0.0/24"]}});
        let now = "2026-01-01T00:00:05Z";
        check(&new, &[], &[], now, "1 []");
        let mut kept = new.clone();
        kept["metadata"]["finalizers"] = json!([FINALIZER]);
        check(&kept, &[], &[], now, "1 [\"True\"]");
        let mut ready = kept.clone();
        ready["status"] = json!({"conditions": [
            {"type": "Ready", "status": "True", "reason": "", "message": READY, "lastTransitionTime": "2026-01-01T00:00:00Z"},
        ]});
        check(&ready, &[], &["10.0.0.7"], now, "nothing");
        let mut going = ready.clone();
        going["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        check(&going, &[], &["10.0.0.7"], now, "1 [\"False\"]");
        check(&going, &["10.0.0.0/25"], &["10.0.0.7", "10.0.0.200"], now, "1 [\"False\"]");
        for (others, addresses) in [(&["10.0.0.0/16"][..], &["10.0.0.7"][..]), (&["10.0.0.0/25"], &["10.0.0.7"]), (&[], &["10.9.0.7"])] {
            check(&going, others, addresses, now, "again at 2026-01-01T00:00:10Z");
            check(&going, others, addresses, "2026-01-01T00:00:10Z", "0 [\"True\"]");
        }
    }
}
