//! The checks of the Pod Security Standards, with upstream's words: one row a check and version.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{PodSpec, Probe, Volume};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::facts::{Facts, Part};
use super::policy::{At, Level};

/// What a pod does that a level does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub reason: String,
    pub detail: String,
}

type Check = fn(&Facts<'_>) -> Option<Violation>;

/// A check from a minor version on, until another row of its name begins.
struct Row {
    name: &'static str,
    level: Level,
    since: u32,
    check: Check,
    /// The check of the baseline that it stands for, too.
    instead_of: &'static str,
    spares: Spared,
}

/// Pods that a check does not look at.
#[derive(Clone, Copy)]
enum Spared {
    None,
    /// What is checked does not exist there.
    Windows,
    /// Root in them is not root outside.
    OwnUsers,
}

impl Row {
    const fn sparing(self, spares: Spared) -> Self {
        Self { spares, ..self }
    }
    fn is_about(&self, spec: &PodSpec) -> bool {
        match self.spares {
            Spared::None => true,
            Spared::Windows => spec.os.as_ref().is_none_or(|os| os.name != "windows"),
            Spared::OwnUsers => spec.host_users != Some(false),
        }
    }
}

const fn baseline(name: &'static str, since: u32, check: Check) -> Row {
    Row { name, level: Level::Baseline, since, check, instead_of: "", spares: Spared::None }
}
const fn restricted(name: &'static str, since: u32, check: Check, instead_of: &'static str) -> Row {
    Row { name, level: Level::Restricted, since, check, instead_of, spares: Spared::None }
}

/// By level, then name: the order of messages.
const ROWS: &[Row] = &[
    baseline("appArmorProfile", 0, app_armor),
    baseline("capabilities_baseline", 0, capabilities),
    baseline("hostNamespaces", 0, host_namespaces),
    baseline("hostPathVolumes", 0, host_paths),
    baseline("hostPorts", 0, host_ports),
    baseline("hostProbesAndHostLifecycle", 34, host_probes),
    baseline("privileged", 0, privileged),
    baseline("procMount", 0, proc_mount),
    baseline("procMount", 35, proc_mount).sparing(Spared::OwnUsers),
    baseline("seLinuxOptions", 0, |facts| se_linux(facts, &SE_LINUX_TYPES[..4])),
    baseline("seLinuxOptions", 31, |facts| se_linux(facts, SE_LINUX_TYPES)),
    baseline("seccompProfile_baseline", 0, seccomp_annotations),
    baseline("seccompProfile_baseline", 19, seccomp_set),
    baseline("sysctls", 0, |facts| sysctls(facts, 0)),
    baseline("sysctls", 27, |facts| sysctls(facts, 27)),
    baseline("sysctls", 29, |facts| sysctls(facts, 29)),
    baseline("sysctls", 32, |facts| sysctls(facts, 32)),
    baseline("sysctls", 37, |facts| sysctls(facts, 37)),
    baseline("windowsHostProcess", 0, windows_host_process),
    restricted("allowPrivilegeEscalation", 8, privilege_escalation, ""),
    restricted("allowPrivilegeEscalation", 25, privilege_escalation, "").sparing(Spared::Windows),
    restricted("capabilities_restricted", 22, few_capabilities, "capabilities_baseline"),
    restricted("capabilities_restricted", 25, few_capabilities, "capabilities_baseline").sparing(Spared::Windows),
    restricted("procMount_restricted", 35, proc_mount, "procMount"),
    restricted("restrictedVolumes", 0, volumes, "hostPathVolumes"),
    restricted("runAsNonRoot", 0, non_root, ""),
    restricted("runAsNonRoot", 35, non_root, "").sparing(Spared::OwnUsers),
    restricted("runAsUser", 23, user_is_not_zero, ""),
    restricted("runAsUser", 35, user_is_not_zero, "").sparing(Spared::OwnUsers),
    restricted("seccompProfile_restricted", 19, seccomp_required, "seccompProfile_baseline"),
    restricted("seccompProfile_restricted", 25, seccomp_required, "seccompProfile_baseline").sparing(Spared::Windows),
];

/// What a pod does that a level at a version does not allow.
pub fn run(at: At, meta: &ObjectMeta, spec: &PodSpec) -> Vec<Violation> {
    if at.level == Level::Privileged {
        return Vec::new();
    }
    let minor = at.version.0.unwrap_or(u32::MAX);
    let applies = |row: &&Row| {
        let newer = ROWS.iter().any(|other| other.name == row.name && other.since > row.since && other.since <= minor);
        row.level <= at.level && row.since <= minor && !newer
    };
    let rows: Vec<&Row> = ROWS.iter().filter(applies).collect();
    let facts = Facts::new(meta, spec);
    let replaced = |row: &Row| rows.iter().any(|other| other.instead_of == row.name);
    rows.iter().filter(|row| !replaced(row) && row.is_about(spec)).filter_map(|row| (row.check)(&facts)).collect()
}

fn quoted<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| format!("\"{}\"", item.as_ref())).collect();
    items.join(", ")
}

/// `container "a"`, `containers "a", "b"`.
fn containers(names: &[&str]) -> String {
    format!("{} {}", plural("container", names.len()), quoted(names))
}

fn plural(word: &str, count: usize) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// `pod and containers "a", "b"`.
fn setters(pod: bool, names: &[&str]) -> Option<String> {
    let own = pod.then(|| "pod".to_owned());
    let theirs = (!names.is_empty()).then(|| containers(names));
    let all: Vec<String> = own.into_iter().chain(theirs).collect();
    (!all.is_empty()).then(|| all.join(" and "))
}

fn violation(reason: &str, detail: String) -> Option<Violation> {
    Some(Violation { reason: reason.to_owned(), detail })
}

fn app_armor(facts: &Facts<'_>) -> Option<Violation> {
    const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";
    let mut values = BTreeSet::new();
    let mut bad = |kind: Option<&str>| {
        let bad = kind.filter(|kind| !matches!(*kind, "RuntimeDefault" | "Localhost"));
        values.extend(bad.map(str::to_owned));
        bad.is_some()
    };
    let of_pod = facts.spec.security_context.as_ref().and_then(|security| security.app_armor_profile.as_ref());
    let pod = bad(of_pod.map(|profile| profile.type_.as_str()));
    let names =
        facts.bad(|part| bad(part.security.and_then(|security| security.app_armor_profile.as_ref()).map(|profile| profile.type_.as_str())));
    let allowed = |value: &str| value.is_empty() || value == "runtime/default" || value.starts_with("localhost/");
    let annotations = facts.meta.annotations.iter().flatten();
    let annotations: Vec<String> = annotations
        .filter(|(key, value)| key.starts_with(ANNOTATION) && !allowed(value))
        .map(|(key, value)| format!("{key}={value:?}"))
        .collect();
    let mut who: Vec<String> = setters(pod, &names).into_iter().collect();
    if !annotations.is_empty() {
        who.push(plural("annotation", annotations.len()));
    }
    let values: Vec<String> = values.into_iter().chain(annotations).collect();
    if who.is_empty() {
        return None;
    }
    let reason = plural("forbidden AppArmor profile", values.len());
    violation(&reason, format!("{} must not set AppArmor profile type to {}", who.join(" and "), quoted(values)))
}

const CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The containers that add capabilities beyond those allowed, and these.
fn adding<'a>(facts: &Facts<'a>, allowed: &[&str]) -> (Vec<&'a str>, BTreeSet<String>) {
    let mut forbidden = BTreeSet::new();
    let names = facts.bad(|part| {
        let added = part.security.and_then(|security| security.capabilities.as_ref()).and_then(|capabilities| capabilities.add.as_ref());
        let bad: Vec<&String> = added.into_iter().flatten().filter(|capability| !allowed.contains(&capability.as_str())).collect();
        forbidden.extend(bad.iter().map(|capability| (*capability).clone()));
        !bad.is_empty()
    });
    (names, forbidden)
}

fn must_not_add(names: &[&str], forbidden: BTreeSet<String>) -> Option<String> {
    let text = || format!("{} must not include {} in securityContext.capabilities.add", containers(names), quoted(forbidden));
    (!names.is_empty()).then(text)
}

fn capabilities(facts: &Facts<'_>) -> Option<Violation> {
    let (names, forbidden) = adding(facts, CAPABILITIES);
    violation("non-default capabilities", must_not_add(&names, forbidden)?)
}

fn few_capabilities(facts: &Facts<'_>) -> Option<Violation> {
    let keeping = facts.bad(|part| {
        let dropped = part.security.and_then(|security| security.capabilities.as_ref()).and_then(|capabilities| capabilities.drop.as_ref());
        !dropped.into_iter().flatten().any(|capability| capability == "ALL")
    });
    let (names, forbidden) = adding(facts, &["NET_BIND_SERVICE"]);
    let drop = (!keeping.is_empty()).then(|| format!("{} must set securityContext.capabilities.drop=[\"ALL\"]", containers(&keeping)));
    let details: Vec<String> = drop.into_iter().chain(must_not_add(&names, forbidden)).collect();
    if details.is_empty() { None } else { violation("unrestricted capabilities", details.join("; ")) }
}

fn host_namespaces(facts: &Facts<'_>) -> Option<Violation> {
    let spec = facts.spec;
    let all = [("hostNetwork=true", spec.host_network), ("hostPID=true", spec.host_pid), ("hostIPC=true", spec.host_ipc)];
    let used: Vec<&str> = all.into_iter().filter(|(_, used)| *used == Some(true)).map(|(name, _)| name).collect();
    if used.is_empty() { None } else { violation("host namespaces", used.join(", ")) }
}

fn host_paths(facts: &Facts<'_>) -> Option<Violation> {
    let bad: Vec<&str> =
        facts.spec.volumes.iter().flatten().filter(|volume| volume.host_path.is_some()).map(|volume| volume.name.as_str()).collect();
    if bad.is_empty() { None } else { violation("hostPath volumes", format!("{} {}", plural("volume", bad.len()), quoted(bad))) }
}

/// `container "a" uses x y`, `containers "a", "b" use xs y, z`.
fn uses(names: &[&str], what: &str, values: &BTreeSet<String>, list: String) -> String {
    let verb = if names.len() == 1 { "uses" } else { "use" };
    format!("{} {verb} {} {list}", containers(names), plural(what, values.len()))
}

fn host_ports(facts: &Facts<'_>) -> Option<Violation> {
    let names = facts.bad(|part| !part.host_ports.is_empty());
    let ports: BTreeSet<String> = facts.parts.iter().flat_map(|part| part.host_ports.iter().map(ToString::to_string)).collect();
    if names.is_empty() {
        return None;
    }
    let list: Vec<&str> = ports.iter().map(String::as_str).collect();
    violation("hostPort", uses(&names, "hostPort", &ports, list.join(", ")))
}

fn host_probes(facts: &Facts<'_>) -> Option<Violation> {
    let filled = |host: Option<&String>| host.filter(|host| !host.is_empty()).cloned();
    let mut hosts = BTreeSet::new();
    let mut names = facts.bad(|part| {
        let of_probe = |probe: &Probe| {
            let http = filled(probe.http_get.as_ref().and_then(|get| get.host.as_ref()));
            let tcp = filled(probe.tcp_socket.as_ref().and_then(|socket| socket.host.as_ref()));
            http.into_iter().chain(tcp)
        };
        let probes = part.probes.into_iter().flatten().flat_map(of_probe);
        let handlers =
            part.lifecycle.into_iter().flat_map(|lifecycle| [lifecycle.post_start.as_ref(), lifecycle.pre_stop.as_ref()]).flatten();
        let of_handlers = handlers.flat_map(|handler| {
            let http = filled(handler.http_get.as_ref().and_then(|get| get.host.as_ref()));
            let tcp = filled(handler.tcp_socket.as_ref().and_then(|socket| socket.host.as_ref()));
            http.into_iter().chain(tcp)
        });
        let own: Vec<String> = probes.chain(of_handlers).collect();
        let bad = !own.is_empty();
        hosts.extend(own);
        bad
    });
    names.sort_unstable();
    if names.is_empty() {
        return None;
    }
    violation("probe or lifecycle host", uses(&names, "probe or lifecycle host", &hosts, quoted(&hosts)))
}

fn privileged(facts: &Facts<'_>) -> Option<Violation> {
    let names = facts.bad(|part| part.security.and_then(|security| security.privileged) == Some(true));
    if names.is_empty() {
        return None;
    }
    violation("privileged", format!("{} must not set securityContext.privileged=true", containers(&names)))
}

fn proc_mount(facts: &Facts<'_>) -> Option<Violation> {
    let mut values = BTreeSet::new();
    let names = facts.bad(|part| {
        let mount = part.security.and_then(|security| security.proc_mount.as_ref()).filter(|mount| *mount != "Default");
        values.extend(mount.cloned());
        mount.is_some()
    });
    if names.is_empty() {
        return None;
    }
    violation("procMount", format!("{} must not set securityContext.procMount to {}", containers(&names), quoted(values)))
}

const SE_LINUX_TYPES: &[&str] = &["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

fn se_linux(facts: &Facts<'_>, allowed: &[&str]) -> Option<Violation> {
    let (mut types, mut user, mut role) = (BTreeSet::new(), false, false);
    let mut bad = |options: Option<&k8s_openapi::api::core::v1::SELinuxOptions>| {
        let Some(options) = options else { return false };
        let filled = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        let own_type = options.type_.clone().unwrap_or_default();
        let bad_type = !allowed.contains(&own_type.as_str());
        if bad_type {
            types.insert(own_type);
        }
        user |= filled(&options.user);
        role |= filled(&options.role);
        bad_type || filled(&options.user) || filled(&options.role)
    };
    let pod = bad(facts.spec.security_context.as_ref().and_then(|security| security.se_linux_options.as_ref()));
    let names = facts.bad(|part| bad(part.security.and_then(|security| security.se_linux_options.as_ref())));
    let who = setters(pod, &names)?;
    let of_types = (!types.is_empty()).then(|| format!("{} {}", plural("type", types.len()), quoted(&types)));
    let of_user = user.then(|| "user may not be set".to_owned());
    let of_role = role.then(|| "role may not be set".to_owned());
    let data: Vec<String> = of_types.into_iter().chain(of_user).chain(of_role).collect();
    violation("seLinuxOptions", format!("{who} set forbidden securityContext.seLinuxOptions: {}", data.join("; ")))
}

fn seccomp_annotations(facts: &Facts<'_>) -> Option<Violation> {
    const POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
    const CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
    let allowed = |value: &str| matches!(value, "runtime/default" | "docker/default") || value.starts_with("localhost/");
    let keys = std::iter::once(POD.to_owned()).chain(facts.parts.iter().map(|part| format!("{CONTAINER}{}", part.name)));
    let bad: BTreeSet<String> = keys
        .filter_map(|key| {
            let value = facts.annotation(&key).filter(|value| !allowed(value))?;
            Some(format!("{key}={value:?}"))
        })
        .collect();
    let list: Vec<&str> = bad.iter().map(String::as_str).collect();
    if bad.is_empty() {
        None
    } else {
        violation("seccompProfile", format!("forbidden {} {}", plural("annotation", bad.len()), list.join(", ")))
    }
}

fn seccomp_set(facts: &Facts<'_>) -> Option<Violation> {
    let mut values = BTreeSet::new();
    let mut bad = |kind: Option<&str>| {
        let bad = kind.filter(|kind| !matches!(*kind, "RuntimeDefault" | "Localhost"));
        values.extend(bad.map(str::to_owned));
        bad.is_some()
    };
    let pod = bad(seccomp_of_pod(facts));
    let names = facts.bad(|part| bad(seccomp_of(part)));
    let who = setters(pod, &names)?;
    violation("seccompProfile", format!("{who} must not set securityContext.seccompProfile.type to {}", quoted(values)))
}

fn seccomp_of_pod<'a>(facts: &Facts<'a>) -> Option<&'a str> {
    facts.spec.security_context.as_ref()?.seccomp_profile.as_ref().map(|profile| profile.type_.as_str())
}
fn seccomp_of<'a>(part: &Part<'a>) -> Option<&'a str> {
    part.security?.seccomp_profile.as_ref().map(|profile| profile.type_.as_str())
}

fn seccomp_required(facts: &Facts<'_>) -> Option<Violation> {
    if let Some(set) = seccomp_set(facts) {
        return Some(set);
    }
    if seccomp_of_pod(facts).is_some() {
        return None;
    }
    let names = facts.bad(|part| seccomp_of(part).is_none());
    if names.is_empty() {
        return None;
    }
    let detail =
        format!("pod or {} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"", containers(&names));
    violation("seccompProfile", detail)
}

/// Names, with the minor version since which they are allowed.
const SYSCTLS: &[(&str, u32)] = &[
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

fn sysctls(facts: &Facts<'_>, minor: u32) -> Option<Violation> {
    let set = facts.spec.security_context.iter().flat_map(|security| security.sysctls.iter().flatten());
    let allowed = |name: &str| SYSCTLS.iter().any(|(allowed, since)| *allowed == name && *since <= minor);
    let bad: Vec<&str> = set.map(|sysctl| sysctl.name.as_str()).filter(|name| !allowed(name)).collect();
    if bad.is_empty() { None } else { violation("forbidden sysctls", bad.join(", ")) }
}

fn windows_host_process(facts: &Facts<'_>) -> Option<Violation> {
    let of_pod = facts.spec.security_context.as_ref().and_then(|security| security.windows_options.as_ref());
    let pod = of_pod.and_then(|options| options.host_process) == Some(true);
    let names = facts.bad(|part| {
        part.security.and_then(|security| security.windows_options.as_ref()).and_then(|options| options.host_process) == Some(true)
    });
    let who = setters(pod, &names)?;
    violation("hostProcess", format!("{who} must not set securityContext.windowsOptions.hostProcess=true"))
}

fn privilege_escalation(facts: &Facts<'_>) -> Option<Violation> {
    let names = facts.bad(|part| part.security.and_then(|security| security.allow_privilege_escalation) != Some(false));
    if names.is_empty() {
        return None;
    }
    violation(
        "allowPrivilegeEscalation != false",
        format!("{} must set securityContext.allowPrivilegeEscalation=false", containers(&names)),
    )
}

fn non_root(facts: &Facts<'_>) -> Option<Violation> {
    let of_pod = facts.spec.security_context.as_ref().and_then(|security| security.run_as_non_root);
    let of = |part: &Part<'_>| part.security.and_then(|security| security.run_as_non_root);
    let names = facts.bad(|part| of(part) == Some(false));
    if let Some(who) = setters(of_pod == Some(false), &names) {
        return violation("runAsNonRoot != true", format!("{who} must not set securityContext.runAsNonRoot=false"));
    }
    let silent = facts.bad(|part| of(part).is_none() && of_pod != Some(true));
    if silent.is_empty() {
        return None;
    }
    violation("runAsNonRoot != true", format!("pod or {} must set securityContext.runAsNonRoot=true", containers(&silent)))
}

fn user_is_not_zero(facts: &Facts<'_>) -> Option<Violation> {
    let pod = facts.spec.security_context.as_ref().and_then(|security| security.run_as_user) == Some(0);
    let names = facts.bad(|part| part.security.and_then(|security| security.run_as_user) == Some(0));
    let who = setters(pod, &names)?;
    violation("runAsUser=0", format!("{who} must not set runAsUser=0"))
}

fn volumes(facts: &Facts<'_>) -> Option<Violation> {
    let bad: Vec<(&str, &str)> =
        facts.spec.volumes.iter().flatten().filter_map(|volume| Some((volume.name.as_str(), restricted_type(volume)?))).collect();
    if bad.is_empty() {
        return None;
    }
    let types: BTreeSet<&str> = bad.iter().map(|(_, kind)| *kind).collect();
    let names: Vec<&str> = bad.iter().map(|(name, _)| *name).collect();
    let verb = if names.len() == 1 { "uses" } else { "use" };
    let detail = format!(
        "{} {} {verb} {} {}",
        plural("volume", names.len()),
        quoted(&names),
        plural("restricted volume type", types.len()),
        quoted(&types)
    );
    violation("restricted volume types", detail)
}

/// The type of a volume where it is none of those allowed.
fn restricted_type(volume: &Volume) -> Option<&'static str> {
    let allowed = [
        volume.config_map.is_some(),
        volume.csi.is_some(),
        volume.downward_api.is_some(),
        volume.empty_dir.is_some(),
        volume.ephemeral.is_some(),
        volume.image.is_some(),
        volume.persistent_volume_claim.is_some(),
        volume.projected.is_some(),
        volume.secret.is_some(),
    ];
    if allowed.contains(&true) {
        return None;
    }
    let types = [
        ("hostPath", volume.host_path.is_some()),
        ("gcePersistentDisk", volume.gce_persistent_disk.is_some()),
        ("awsElasticBlockStore", volume.aws_elastic_block_store.is_some()),
        ("gitRepo", volume.git_repo.is_some()),
        ("nfs", volume.nfs.is_some()),
        ("iscsi", volume.iscsi.is_some()),
        ("glusterfs", volume.glusterfs.is_some()),
        ("rbd", volume.rbd.is_some()),
        ("flexVolume", volume.flex_volume.is_some()),
        ("cinder", volume.cinder.is_some()),
        ("cephfs", volume.cephfs.is_some()),
        ("flocker", volume.flocker.is_some()),
        ("fc", volume.fc.is_some()),
        ("azureFile", volume.azure_file.is_some()),
        ("vsphereVolume", volume.vsphere_volume.is_some()),
        ("quobyte", volume.quobyte.is_some()),
        ("azureDisk", volume.azure_disk.is_some()),
        ("photonPersistentDisk", volume.photon_persistent_disk.is_some()),
        ("portworxVolume", volume.portworx_volume.is_some()),
        ("scaleIO", volume.scale_io.is_some()),
        ("storageos", volume.storageos.is_some()),
    ];
    Some(types.iter().find(|(_, is)| *is).map_or("unknown", |(name, _)| name))
}
