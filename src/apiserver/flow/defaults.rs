//! The priority levels and flow schemas that upstream creates in every cluster.

use api::Object;
use k8s_openapi::api::flowcontrol::v1::{
    ExemptPriorityLevelConfiguration, FlowDistinguisherMethod, FlowSchema, FlowSchemaSpec, GroupSubject, LimitResponse,
    LimitedPriorityLevelConfiguration, NonResourcePolicyRule, PolicyRulesWithSubjects, PriorityLevelConfiguration,
    PriorityLevelConfigurationReference, PriorityLevelConfigurationSpec, QueuingConfiguration, ResourcePolicyRule, ServiceAccountSubject,
    Subject, UserSubject,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kinds::Kind;

/// Name, shares, percent to lend, and queues with their hand size; none of them where whoever finds no seat is refused.
const LIMITED: &[(&str, i32, i32, Option<(i32, i32)>)] = &[
    ("catch-all", 5, 0, None),
    ("global-default", 20, 50, Some((128, 6))),
    ("leader-election", 10, 0, Some((16, 4))),
    ("node-high", 40, 25, Some((64, 6))),
    ("system", 30, 33, Some((64, 6))),
    ("workload-high", 40, 50, Some((128, 6))),
    ("workload-low", 100, 90, Some((128, 6))),
];
const QUEUE_LENGTH: i32 = 50;

/// What a schema is about.
enum About {
    Everything,
    /// Paths that are no resources, to read.
    Paths(&'static [&'static str]),
    /// Verbs, group, resources and whether cluster-scoped ones count, a rule each.
    Resources(&'static [(&'static [&'static str], &'static str, &'static [&'static str], bool)]),
}
use About::{Everything, Paths, Resources};

/// Whom a schema is about: groups, users, and whether the service accounts of kube-system are.
type Whom = (&'static [&'static str], &'static [&'static str], bool);

const EVERYBODY: Whom = (&["system:unauthenticated", "system:authenticated"], &[], false);
const NODES: Whom = (&["system:nodes"], &[], false);

/// Name, level, precedence, what tells flows apart, whom and what it is about.
const SCHEMAS: &[(&str, &str, i32, &str, Whom, About)] = &[
    ("exempt", "exempt", 1, "", (&["system:masters"], &[], false), Everything),
    ("probes", "exempt", 2, "", EVERYBODY, Paths(&["/healthz", "/readyz", "/livez"])),
    (
        "system-leader-election",
        "leader-election",
        100,
        "ByUser",
        (&[], &["system:kube-controller-manager", "system:kube-scheduler"], true),
        Resources(&[(&["get", "create", "update"], "coordination.k8s.io", &["leases"], false)]),
    ),
    (
        "system-node-high",
        "node-high",
        400,
        "ByUser",
        NODES,
        Resources(&[(&["*"], "", &["nodes", "nodes/status"], true), (&["*"], "coordination.k8s.io", &["leases"], false)]),
    ),
    ("system-nodes", "system", 500, "ByUser", NODES, Everything),
    ("kube-controller-manager", "workload-high", 800, "ByNamespace", (&[], &["system:kube-controller-manager"], false), Everything),
    ("kube-scheduler", "workload-high", 800, "ByNamespace", (&[], &["system:kube-scheduler"], false), Everything),
    ("kube-system-service-accounts", "workload-high", 900, "ByNamespace", (&[], &[], true), Everything),
    ("service-accounts", "workload-low", 9000, "ByUser", (&["system:serviceaccounts"], &[], false), Everything),
    ("global-default", "global-default", 9900, "ByUser", EVERYBODY, Everything),
    ("catch-all", "catch-all", 10_000, "ByUser", EVERYBODY, Everything),
];

/// All of them, levels first.
pub fn objects() -> Vec<(&'static Kind, Box<dyn Object>)> {
    let mut all: Vec<(&'static Kind, Box<dyn Object>)> = vec![(&kinds::PRIORITY_LEVEL_CONFIGURATION, Box::new(exempt()))];
    all.extend(LIMITED.iter().map(|row| (&kinds::PRIORITY_LEVEL_CONFIGURATION, Box::new(limited(row)) as Box<dyn Object>)));
    all.extend(SCHEMAS.iter().map(|row| (&kinds::FLOW_SCHEMA, Box::new(schema(row)) as Box<dyn Object>)));
    all
}

fn named(name: &str) -> ObjectMeta {
    let annotations = [("apf.kubernetes.io/autoupdate-spec".to_owned(), "true".to_owned())];
    ObjectMeta { name: Some(name.to_owned()), annotations: Some(annotations.into()), ..ObjectMeta::default() }
}

fn exempt() -> PriorityLevelConfiguration {
    let exempt = ExemptPriorityLevelConfiguration { nominal_concurrency_shares: Some(0), lendable_percent: Some(0) };
    PriorityLevelConfiguration {
        metadata: named("exempt"),
        spec: PriorityLevelConfigurationSpec { type_: "Exempt".to_owned(), exempt: Some(exempt), limited: None },
        ..Default::default()
    }
}

fn limited((name, shares, lendable, queues): &(&str, i32, i32, Option<(i32, i32)>)) -> PriorityLevelConfiguration {
    let queuing = queues.map(|(queues, hand_size)| QueuingConfiguration {
        queues: Some(queues),
        hand_size: Some(hand_size),
        queue_length_limit: Some(QUEUE_LENGTH),
    });
    let limited = LimitedPriorityLevelConfiguration {
        nominal_concurrency_shares: Some(*shares),
        lendable_percent: Some(*lendable),
        limit_response: LimitResponse { type_: if queuing.is_some() { "Queue" } else { "Reject" }.to_owned(), queuing },
        ..Default::default()
    };
    PriorityLevelConfiguration {
        metadata: named(name),
        spec: PriorityLevelConfigurationSpec { type_: "Limited".to_owned(), limited: Some(limited), exempt: None },
        ..Default::default()
    }
}

fn schema((name, level, precedence, distinguishes, whom, about): &(&str, &str, i32, &str, Whom, About)) -> FlowSchema {
    let (groups, users, system_accounts) = *whom;
    let group =
        |name: &&str| Subject { kind: "Group".to_owned(), group: Some(GroupSubject { name: (*name).to_owned() }), ..Default::default() };
    let user =
        |name: &&str| Subject { kind: "User".to_owned(), user: Some(UserSubject { name: (*name).to_owned() }), ..Default::default() };
    let account = system_accounts.then(|| Subject {
        kind: "ServiceAccount".to_owned(),
        service_account: Some(ServiceAccountSubject { name: "*".to_owned(), namespace: "kube-system".to_owned() }),
        ..Default::default()
    });
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let resource = |verbs: &[&str], group: &str, resources: &[&str], cluster_scope: bool| ResourcePolicyRule {
        verbs: texts(verbs),
        api_groups: texts(&[group]),
        resources: texts(resources),
        cluster_scope: cluster_scope.then_some(true),
        namespaces: Some(texts(&["*"])),
    };
    let paths = |verb: &str, urls: &[&str]| vec![NonResourcePolicyRule { verbs: texts(&[verb]), non_resource_urls: texts(urls) }];
    let (resource_rules, non_resource_rules) = match about {
        Everything => (Some(vec![resource(&["*"], "*", &["*"], true)]), Some(paths("*", &["*"]))),
        Paths(urls) => (None, Some(paths("get", urls))),
        Resources(rows) => (Some(rows.iter().map(|(verbs, group, names, scope)| resource(verbs, group, names, *scope)).collect()), None),
    };
    FlowSchema {
        metadata: named(name),
        spec: FlowSchemaSpec {
            priority_level_configuration: PriorityLevelConfigurationReference { name: (*level).to_owned() },
            matching_precedence: Some(*precedence),
            distinguisher_method: Some(FlowDistinguisherMethod { type_: (*distinguishes).to_owned() })
                .filter(|method| !method.type_.is_empty()),
            rules: Some(vec![PolicyRulesWithSubjects {
                subjects: groups.iter().map(group).chain(users.iter().map(user)).chain(account).collect(),
                resource_rules,
                non_resource_rules,
            }]),
        },
        ..Default::default()
    }
}
