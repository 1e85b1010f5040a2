//! What upstream accepts in a pod and warns of.

use std::collections::{BTreeMap, BTreeSet};

use api::Path;
use api::addresses::ip_warning;
use api::field::quoted;
use k8s_openapi::api::core::v1::{
    Container, ContainerPort, KeyToPath, Pod, PodAffinityTerm, PodSpec, PodTemplateSpec, Volume, VolumeProjection, WeightedPodAffinityTerm,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::rules::text;
use crate::warnings::{claim, fractional_bytes, node_selector_term, not_a_label, old_node_label, old_volumes};

/// Annotations that do nothing any more.
const OLD_ANNOTATIONS: [(&str, &str); 3] = [
    ("scheduler.alpha.kubernetes.io/critical-pod", r#"non-functional in v1.16+; use the "priorityClassName" field instead"#),
    ("security.alpha.kubernetes.io/sysctls", r#"non-functional in v1.11+; use the "sysctls" field instead"#),
    ("security.alpha.kubernetes.io/unsafe-sysctls", r#"non-functional in v1.11+; use the "sysctls" field instead"#),
];
const SECCOMP_OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APPARMOR_OF_CONTAINER: &str = "container.apparmor.security.beta.kubernetes.io/";
const OLD_SECCOMP: &str = r#"non-functional in v1.27+; use the "seccompProfile" field instead"#;
const OLD_APPARMOR: &str = r#"deprecated since v1.30; use the "appArmorProfile" field instead"#;

/// A new pod. Of one that changes nothing is said: it is seldom a person who changes it.
pub(super) fn of_pod(pod: &Pod) -> Vec<String> {
    let mut warnings = Vec::from_iter(not_a_label(text(&pod.metadata.name), "this is used in the Pod's hostname"));
    if let Some(spec) = &pod.spec {
        warnings.extend(told(&pod.metadata, spec, &Path::default()));
    }
    warnings
}

/// A template that is new or has changed.
pub(crate) fn of_template(template: &PodTemplateSpec, path: &Path) -> Vec<String> {
    let (meta, nothing) = (template.metadata.as_ref(), ObjectMeta::default());
    template.spec.as_ref().map(|spec| told(meta.unwrap_or(&nothing), spec, path)).unwrap_or_default()
}

/// `path` is empty for a pod, and that of the template for a template.
fn told(meta: &ObjectMeta, spec: &PodSpec, path: &Path) -> Vec<String> {
    let spec_path = path.child("spec");
    let annotation = |key: &str| path.child("metadata").child("annotations").key(key);
    let annotated = |key: &str| meta.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(key));
    let mut warnings = scheduling(spec, &spec_path);
    for (key, message) in OLD_ANNOTATIONS.into_iter().filter(|(key, _)| annotated(key)) {
        warnings.push(format!("{}: {message}", annotation(key)));
    }
    let volumes = spec.volumes.as_deref().unwrap_or_default();
    let volumes_path = spec_path.child("volumes");
    warnings.extend(volumes.iter().enumerate().flat_map(|(index, one)| volume(one, &volumes_path.index(index))));
    warnings.extend(volumes.iter().flat_map(overlaps));
    warnings.extend(repeated(spec, &spec_path));
    for name in ["memory", "ephemeral-storage"] {
        let overhead = spec.overhead.as_ref().and_then(|overhead| overhead.get(name));
        warnings.extend(fractional_bytes(overhead, || spec_path.child("overhead").key(name)));
    }
    let security = spec.security_context.as_ref();
    if annotated(SECCOMP_OF_POD) && security.is_none_or(|security| security.seccomp_profile.is_none()) {
        warnings.push(format!("{}: {OLD_SECCOMP}", annotation(SECCOMP_OF_POD)));
    }
    let armored = security.is_some_and(|security| security.app_armor_profile.is_some());
    for (container, at) in containers(spec, &spec_path) {
        let security = container.security_context.as_ref();
        let key = format!("{SECCOMP_OF_CONTAINER}{}", container.name);
        if annotated(&key) && security.is_none_or(|security| security.seccomp_profile.is_none()) {
            warnings.push(format!("{}: {OLD_SECCOMP}", annotation(&key)));
        }
        let key = format!("{APPARMOR_OF_CONTAINER}{}", container.name);
        if annotated(&key) && !armored && security.is_none_or(|security| security.app_armor_profile.is_none()) {
            warnings.push(format!("{}: {OLD_APPARMOR}", annotation(&key)));
        }
        warnings.extend(of_container(container, &at));
    }
    warnings.extend(ports(spec, &spec_path));
    if spec.termination_grace_period_seconds.is_some_and(|seconds| seconds < 0) {
        let at = spec_path.child("terminationGracePeriodSeconds");
        warnings.push(format!("{at}: must be >= 0; negative values are invalid and will be treated as 1"));
    }
    warnings.extend(affinity(spec, &spec_path.child("affinity")));
    let servers = spec.dns_config.iter().flat_map(|config| config.nameservers.iter().flatten());
    let servers_path = spec_path.child("dnsConfig").child("nameservers");
    warnings.extend(servers.enumerate().filter_map(|(index, server)| ip_warning(server, &servers_path.index(index))));
    let aliases = spec.host_aliases.iter().flatten().enumerate();
    let aliases_path = spec_path.child("hostAliases");
    warnings.extend(aliases.filter_map(|(index, alias)| ip_warning(&alias.ip, &aliases_path.index(index).child("ip"))));
    warnings
}

/// Where labels of nodes that have been replaced decide on a node, and where a selector selects nothing.
fn scheduling(spec: &PodSpec, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    for key in spec.node_selector.iter().flatten().map(|(key, _)| key) {
        warnings.extend(old_node_label(key).map(|message| format!("{}: {message}", path.child("nodeSelector").key(key))));
    }
    if let Some(affinity) = spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref()) {
        let path = path.child("affinity").child("nodeAffinity");
        let required =
            affinity.required_during_scheduling_ignored_during_execution.iter().flat_map(|required| &required.node_selector_terms);
        let terms = path.child("requiredDuringSchedulingIgnoredDuringExecution").child("nodeSelectorTerms");
        warnings.extend(required.enumerate().flat_map(|(index, term)| node_selector_term(term, false, &terms.index(index))));
        let preferred = affinity.preferred_during_scheduling_ignored_during_execution.iter().flatten().enumerate();
        let terms = path.child("preferredDuringSchedulingIgnoredDuringExecution");
        warnings.extend(
            preferred.flat_map(|(index, term)| node_selector_term(&term.preference, true, &terms.index(index).child("preference"))),
        );
    }
    for (index, constraint) in spec.topology_spread_constraints.iter().flatten().enumerate() {
        let (path, key) = (path.child("topologySpreadConstraints").index(index), &constraint.topology_key);
        warnings.extend(old_node_label(key).map(|message| format!("{}: {key} is {message}", path.child("topologyKey"))));
        if constraint.label_selector.is_none() {
            warnings.push(null_selector(&path.child("labelSelector")));
        }
    }
    warnings
}

fn null_selector(path: &Path) -> String {
    format!("{path}: a null labelSelector results in matching no pod")
}

/// Terms about other pods that select none of them.
fn affinity(spec: &PodSpec, path: &Path) -> Vec<String> {
    let affinity = spec.affinity.as_ref();
    let near = affinity.and_then(|affinity| affinity.pod_affinity.as_ref());
    let far = affinity.and_then(|affinity| affinity.pod_anti_affinity.as_ref());
    let of = |required: Option<&Vec<PodAffinityTerm>>, preferred: Option<&Vec<WeightedPodAffinityTerm>>, path: &Path| {
        let (terms, weighted) =
            (path.child("requiredDuringSchedulingIgnoredDuringExecution"), path.child("preferredDuringSchedulingIgnoredDuringExecution"));
        let required = required.into_iter().flatten().enumerate().filter(|(_, term)| term.label_selector.is_none());
        let preferred = preferred.into_iter().flatten().enumerate().filter(|(_, term)| term.pod_affinity_term.label_selector.is_none());
        let mut warnings: Vec<String> = required.map(|(index, _)| null_selector(&terms.index(index).child("labelSelector"))).collect();
        warnings.extend(preferred.map(|(index, _)| null_selector(&weighted.index(index).child("podAffinityTerm").child("labelSelector"))));
        warnings
    };
    let mut warnings = of(
        near.and_then(|near| near.required_during_scheduling_ignored_during_execution.as_ref()),
        near.and_then(|near| near.preferred_during_scheduling_ignored_during_execution.as_ref()),
        &path.child("podAffinity"),
    );
    warnings.extend(of(
        far.and_then(|far| far.required_during_scheduling_ignored_during_execution.as_ref()),
        far.and_then(|far| far.preferred_during_scheduling_ignored_during_execution.as_ref()),
        &path.child("podAntiAffinity"),
    ));
    warnings
}

/// Volumes of kinds that are old or do nothing any more.
fn volume(volume: &Volume, path: &Path) -> Vec<String> {
    let sources = [
        ("photonPersistentDisk", volume.photon_persistent_disk.is_some()),
        ("gitRepo", volume.git_repo.is_some()),
        ("scaleIO", volume.scale_io.is_some()),
        ("flocker", volume.flocker.is_some()),
        ("storageOS", volume.storageos.is_some()),
        ("quobyte", volume.quobyte.is_some()),
        ("glusterfs", volume.glusterfs.is_some()),
        ("cephfs", volume.cephfs.is_some()),
        ("rbd", volume.rbd.is_some()),
    ];
    let mut warnings = old_volumes(&sources, path);
    if let Some(template) = volume.ephemeral.as_ref().and_then(|ephemeral| ephemeral.volume_claim_template.as_ref()) {
        warnings.extend(claim(&template.spec, &path.child("ephemeral").child("volumeClaimTemplate").child("spec")));
    }
    warnings
}

/// A file of a volume, and what it is made of, where a volume is made of several things.
struct File<'a> {
    path: &'a str,
    source: String,
}

impl std::fmt::Display for File<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&quoted(self.path))?;
        if self.source.is_empty() { Ok(()) } else { write!(f, " ({})", self.source) }
    }
}

/// Files of a volume that are written over others, or stand where others need a folder.
fn overlaps(volume: &Volume) -> Vec<String> {
    fn plain(path: &str) -> File<'_> {
        File { path, source: String::new() }
    }
    let keys =
        |items: &Option<Vec<KeyToPath>>, what: String| clashes(items.iter().flatten().map(|item| plain(&item.path)), &volume.name, &what);
    let mut warnings = Vec::new();
    if let Some(map) = &volume.config_map {
        warnings.extend(keys(&map.items, format!("ConfigMap {}", quoted(&map.name))));
    }
    if let Some(secret) = &volume.secret {
        warnings.extend(keys(&secret.items, format!("Secret {}", quoted(text(&secret.secret_name)))));
    }
    if let Some(downward) = &volume.downward_api {
        warnings.extend(clashes(downward.items.iter().flatten().map(|file| plain(&file.path)), &volume.name, "DownwardAPI"));
    }
    let sources = volume.projected.iter().flat_map(|projected| projected.sources.iter().flatten());
    let mut files = Vec::new();
    for source in sources {
        if *source == VolumeProjection::default() {
            warnings.push(format!("volume {} (Projected) has no sources provided", quoted(&volume.name)));
        }
        files.extend(projected(source));
    }
    warnings.extend(clashes(files.into_iter(), &volume.name, "Projected"));
    warnings
}

/// The files of one source of a projected volume.
fn projected(source: &VolumeProjection) -> Vec<File<'_>> {
    let file = |path, source| File { path, source };
    let mut files = Vec::new();
    if let Some(map) = &source.config_map {
        let source = format!("ConfigMap {}", quoted(&map.name));
        files.extend(map.items.iter().flatten().map(|item| file(item.path.as_str(), source.clone())));
    }
    if let Some(secret) = &source.secret {
        let source = format!("Secret {}", quoted(&secret.name));
        files.extend(secret.items.iter().flatten().map(|item| file(&item.path, source.clone())));
    }
    if let Some(downward) = &source.downward_api {
        files.extend(downward.items.iter().flatten().map(|item| file(&item.path, "DownwardAPI".to_owned())));
    }
    files.extend(source.service_account_token.iter().map(|token| file(&token.path, "ServiceAccountToken".to_owned())));
    if let Some(bundle) = &source.cluster_trust_bundle {
        let name = bundle.name.as_deref().or(bundle.signer_name.as_deref()).unwrap_or_default();
        files.push(file(&bundle.path, format!("ClusterTrustBundle {}", quoted(name))));
    }
    if let Some(certificate) = &source.pod_certificate {
        let all = [
            (&certificate.certificate_chain_path, "PodCertificate chain"),
            (&certificate.key_path, "PodCertificate key"),
            (&certificate.credential_bundle_path, "PodCertificate credential bundle"),
        ];
        files.extend(all.into_iter().map(|(path, source)| file(text(path), source.to_owned())));
    }
    files
}

/// Files against those before them.
fn clashes<'a>(files: impl Iterator<Item = File<'a>>, volume: &str, what: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut before: Vec<File<'a>> = Vec::new();
    for mut file in files.filter(|file| !file.path.is_empty()) {
        file.path = file.path.trim_end_matches('/');
        let below = |path: &str, folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        for other in before.iter().filter(|other| below(other.path, file.path) || below(file.path, other.path)) {
            warnings.push(format!("volume {} ({what}): overlapping paths: {file} with {other}", quoted(volume)));
        }
        before.push(file);
    }
    warnings
}

/// What stands twice where once would do.
fn repeated(spec: &PodSpec, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, alias) in spec.host_aliases.iter().flatten().enumerate().filter(|(_, alias)| !seen.insert(alias.ip.as_str())) {
        warnings.push(format!("{}: duplicate ip {}", path.child("hostAliases").index(index).child("ip"), quoted(&alias.ip)));
    }
    let secrets = spec.image_pull_secrets.as_deref().unwrap_or_default();
    let at = |index: usize| path.child("imagePullSecrets").index(index).child("name");
    let mut seen = BTreeSet::new();
    for (index, secret) in secrets.iter().enumerate().filter(|(_, secret)| !seen.insert(secret.name.as_str())) {
        warnings.push(format!("{}: duplicate name {}", at(index), quoted(&secret.name)));
    }
    for (index, _) in secrets.iter().enumerate().filter(|(_, secret)| secret.name.is_empty()) {
        warnings.push(format!("{}: invalid empty name \"\"", at(index)));
    }
    warnings
}

/// All containers but the ephemeral ones, which no template has, with their paths: those that run first first.
fn containers<'a>(spec: &'a PodSpec, path: &Path) -> Vec<(&'a Container, Path)> {
    let (first, main) = (path.child("initContainers"), path.child("containers"));
    let first = spec.init_containers.iter().flatten().enumerate().map(|(index, one)| (one, first.index(index)));
    first.chain(spec.containers.iter().enumerate().map(|(index, one)| (one, main.index(index)))).collect()
}

fn of_container(container: &Container, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    let resources = container.resources.as_ref();
    for name in ["memory", "ephemeral-storage"] {
        let lists = [
            ("limits", resources.and_then(|resources| resources.limits.as_ref())),
            ("requests", resources.and_then(|resources| resources.requests.as_ref())),
        ];
        for (field, list) in lists {
            let quantity = list.and_then(|list| list.get(name));
            warnings.extend(fractional_bytes(quantity, || path.child("resources").child(field).key(name)));
        }
    }
    let mut names = BTreeSet::new();
    for (index, variable) in container.env.iter().flatten().enumerate() {
        // a value that is made of the one before is meant so
        let reference = format!("$({})", variable.name);
        let value = text(&variable.value);
        let builds = variable.value_from.is_none() && value != reference && value.contains(&reference);
        if !names.insert(variable.name.as_str()) && !builds {
            let (at, name) = (path.child("env").index(index), quoted(&variable.name));
            warnings.push(format!("{at}: hides previous definition of {name}, which may be dropped when using apply"));
        }
    }
    warnings
}

/// Ports of all containers that get in each other's way.
fn ports(spec: &PodSpec, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut all: BTreeMap<(i32, &str), Vec<(Path, &ContainerPort)>> = BTreeMap::new();
    let mut names: BTreeMap<&str, Path> = BTreeMap::new();
    let before: Vec<&Container> = spec.init_containers.iter().flatten().filter(|one| text(&one.restart_policy) != "Always").collect();
    for (container, at) in containers(spec, path) {
        // what ends before the others start gets in nobody's way by name
        let stays = !before.iter().any(|one| std::ptr::eq(*one, container));
        for (index, port) in container.ports.iter().flatten().enumerate() {
            let at = at.child("ports").index(index);
            let (host_port, host_ip) = (port.host_port.unwrap_or_default(), text(&port.host_ip));
            if !host_ip.is_empty() && host_port == 0 {
                warnings.push(format!(
                    "{at}: hostIP set without hostPort: {{Name:{} HostPort:0 ContainerPort:{} Protocol:{} HostIP:{host_ip}}}",
                    text(&port.name),
                    port.container_port,
                    text(&port.protocol)
                ));
            }
            let name = text(&port.name);
            if let Some(other) = names.get(name).filter(|_| stays) {
                let who = "services and probes that select ports by name will use";
                warnings.push(format!("{at}: duplicate port name {} with {other}, {who} {other}", quoted(name)));
            } else if stays && !name.is_empty() {
                names.insert(name, at.clone());
            }
            let same = all.entry((port.container_port, text(&port.protocol))).or_default();
            for (other_at, other) in same.iter() {
                let (other_port, other_ip) = (other.host_port.unwrap_or_default(), text(&other.host_ip));
                let how = match () {
                    () if (host_ip, host_port) == (other_ip, other_port) => "duplicate",
                    () if host_port == 0 || other_port == 0 => "overlapping",
                    () if host_port == other_port && host_ip.is_empty() != other_ip.is_empty() => "dangerously ambiguous",
                    () => continue,
                };
                warnings.push(format!("{at}: {how} port definition with {other_at}"));
            }
            same.push((at, port));
        }
    }
    warnings
}
