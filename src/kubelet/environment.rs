//! A container's environment: services of its namespace, envFrom, env in order with `$(VAR)` of what came before.

use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_openapi::api::core::v1::{ConfigMap, Container, EnvVarSource, Pod, Secret, Service};

use crate::expansion::expand;
use crate::{fields, pod};

/// Why a container's environment can not be made; the words go to the status with reason CreateContainerConfigError.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    #[error("configmap \"{0}\" not found")]
    NoConfigMap(String),
    #[error("secret \"{0}\" not found")]
    NoSecret(String),
    #[error("couldn't find key {key} in ConfigMap {namespace}/{name}")]
    NoConfigMapKey { namespace: String, name: String, key: String },
    #[error("couldn't find key {key} in Secret {namespace}/{name}")]
    NoSecretKey { namespace: String, name: String, key: String },
    #[error(transparent)]
    Field(#[from] fields::Error),
}

/// The objects that a pod's environment refers to, fetched before.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub config_maps: BTreeMap<String, Option<Arc<ConfigMap>>>,
    pub secrets: BTreeMap<String, Option<Arc<Secret>>>,
    /// Services of the pod's namespace, and `default/kubernetes`.
    pub services: Vec<Arc<Service>>,
}

/// Names of the config maps and secrets that the environment of any container refers to.
pub fn references(pod: &Pod) -> (Vec<String>, Vec<String>) {
    let (mut config_maps, mut secrets) = (Vec::new(), Vec::new());
    for (_, container) in pod::containers(pod) {
        for from in container.env_from.iter().flatten() {
            config_maps.extend(from.config_map_ref.as_ref().map(|reference| reference.name.clone()));
            secrets.extend(from.secret_ref.as_ref().map(|reference| reference.name.clone()));
        }
        for source in container.env.iter().flatten().filter_map(|variable| variable.value_from.as_ref()) {
            config_maps.extend(source.config_map_key_ref.as_ref().map(|reference| reference.name.clone()));
            secrets.extend(source.secret_key_ref.as_ref().map(|reference| reference.name.clone()));
        }
    }
    (config_maps, secrets)
}

/// What fields of the pod and its node are worth at this moment.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub fields: fields::Facts<'a>,
    pub sources: &'a Sources,
}

/// Name and value pairs in order; later ones replaced earlier ones of the same name.
pub fn of_container(pod: &Pod, container: &Container, facts: Facts<'_>) -> Result<Vec<(String, String)>, Error> {
    let mut result = Vars::default();
    for (name, value) in services(pod, &facts.sources.services) {
        result.set(name, value);
    }
    for from in container.env_from.iter().flatten() {
        let prefix = from.prefix.as_deref().unwrap_or_default();
        if let Some(reference) = &from.config_map_ref {
            match facts.sources.config_maps.get(&reference.name).cloned().flatten() {
                Some(found) => found.data.iter().flatten().for_each(|(key, value)| result.set(format!("{prefix}{key}"), value.clone())),
                None if reference.optional == Some(true) => {}
                None => return Err(Error::NoConfigMap(reference.name.clone())),
            }
        }
        if let Some(reference) = &from.secret_ref {
            match facts.sources.secrets.get(&reference.name).cloned().flatten() {
                Some(found) => found
                    .data
                    .iter()
                    .flatten()
                    .for_each(|(key, value)| result.set(format!("{prefix}{key}"), String::from_utf8_lossy(&value.0).into_owned())),
                None if reference.optional == Some(true) => {}
                None => return Err(Error::NoSecret(reference.name.clone())),
            }
        }
    }
    for variable in container.env.iter().flatten() {
        let value = match (&variable.value, &variable.value_from) {
            (_, Some(source)) => match from_source(pod, container, source, facts)? {
                Some(value) => value,
                None => continue,
            },
            (value, None) => expand(value.as_deref().unwrap_or_default(), |name| result.get(name)),
        };
        result.set(variable.name.clone(), value);
    }
    Ok(result.0)
}

/// Variables in the order of their first appearance.
#[derive(Default)]
struct Vars(Vec<(String, String)>);

impl Vars {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
    fn set(&mut self, name: String, value: String) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => self.0.push((name, value)),
        }
    }
}

/// `None` for an optional reference to what is not there.
fn from_source(pod: &Pod, container: &Container, source: &EnvVarSource, facts: Facts<'_>) -> Result<Option<String>, Error> {
    let namespace = pod::namespace(pod).to_owned();
    if let Some(field) = &source.field_ref {
        return Ok(Some(fields::of_pod(pod, &field.field_path, facts.fields)?));
    }
    if let Some(selector) = &source.resource_field_ref {
        return Ok(Some(fields::of_resources(pod, Some(container), selector, facts.fields)?));
    }
    if let Some(reference) = &source.config_map_key_ref {
        let (name, key, optional) = (reference.name.clone(), reference.key.clone(), reference.optional == Some(true));
        let Some(found) = facts.sources.config_maps.get(&name).cloned().flatten() else {
            return if optional { Ok(None) } else { Err(Error::NoConfigMap(name)) };
        };
        return match found.data.as_ref().and_then(|data| data.get(&key)) {
            Some(value) => Ok(Some(value.clone())),
            None if optional => Ok(None),
            None => Err(Error::NoConfigMapKey { namespace, name, key }),
        };
    }
    if let Some(reference) = &source.secret_key_ref {
        let (name, key, optional) = (reference.name.clone(), reference.key.clone(), reference.optional == Some(true));
        let Some(found) = facts.sources.secrets.get(&name).cloned().flatten() else {
            return if optional { Ok(None) } else { Err(Error::NoSecret(name)) };
        };
        return match found.data.as_ref().and_then(|data| data.get(&key)) {
            Some(value) => Ok(Some(String::from_utf8_lossy(&value.0).into_owned())),
            None if optional => Ok(None),
            None => Err(Error::NoSecretKey { namespace, name, key }),
        };
    }
    Ok(Some(String::new()))
}

/// `{NAME}_SERVICE_HOST`, `_PORT` and Docker's link variables of each service with a cluster IP; without enableServiceLinks the API server's only.
fn services(pod: &Pod, services: &[Arc<Service>]) -> Vec<(String, String)> {
    let links = pod::spec(pod).enable_service_links.unwrap_or(true);
    let mut result = Vec::new();
    for service in services {
        let name = service.metadata.name.as_deref().unwrap_or_default();
        let namespace = service.metadata.namespace.as_deref().unwrap_or_default();
        let master = namespace == "default" && name == "kubernetes";
        let visible = master || (links && namespace == pod::namespace(pod));
        if !visible {
            continue;
        }
        let Some(spec) = &service.spec else { continue };
        let Some(ip) = spec.cluster_ip.as_deref().filter(|ip| !ip.is_empty() && *ip != "None") else { continue };
        let ports = spec.ports.as_deref().unwrap_or_default();
        let Some(first) = ports.first() else { continue };
        let prefix = name.to_uppercase().replace('-', "_");
        result.push((format!("{prefix}_SERVICE_HOST"), ip.to_owned()));
        result.push((format!("{prefix}_SERVICE_PORT"), first.port.to_string()));
        for port in ports {
            if let Some(name) = port.name.as_deref().filter(|name| !name.is_empty()) {
                result.push((format!("{prefix}_SERVICE_PORT_{}", name.to_uppercase().replace('-', "_")), port.port.to_string()));
            }
        }
        let host = if ip.contains(':') { format!("[{ip}]") } else { ip.to_owned() };
        for (index, port) in ports.iter().enumerate() {
            let protocol = port.protocol.as_deref().unwrap_or("TCP");
            let url = format!("{}://{host}:{}", protocol.to_lowercase(), port.port);
            if index == 0 {
                result.push((format!("{prefix}_PORT"), url.clone()));
            }
            let one = format!("{prefix}_PORT_{}_{}", port.port, protocol.to_uppercase());
            result.push((one.clone(), url));
            result.push((format!("{one}_PROTO"), protocol.to_lowercase()));
            result.push((format!("{one}_PORT"), port.port.to_string()));
            result.push((format!("{one}_ADDR"), ip.to_owned()));
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::pod;

    fn check(container: &str, sources: &Sources, expected: &[(&str, &str)]) {
        let pod = pod(&format!("{{containers: [{container}], nodeName: n1, serviceAccountName: sa}}"));
        let fields =
            fields::Facts { host_ip: "192.0.2.5", pod_ips: &["10.244.0.9".to_owned()], machine_cpu_milli: 2000, machine_memory: 1 << 30 };
        let found = of_container(&pod, &pod::spec(&pod).containers[0], Facts { fields, sources }).unwrap();
        let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn values_fields_and_references() {
        let mut sources = Sources::default();
        let map =
            ConfigMap { data: Some([("k".to_owned(), "v".to_owned()), ("l".to_owned(), "w".to_owned())].into()), ..Default::default() };
        sources.config_maps.insert("m".into(), Some(Arc::new(map)));
        check(
            "{name: a, envFrom: [{prefix: P_, configMapRef: {name: m}}, {secretRef: {name: none, optional: true}}], env: [{name: A, value: x}, \
             {name: B, value: '$(A)-$(P_k)-$(C)'}, {name: N, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}, \
             {name: I, valueFrom: {fieldRef: {fieldPath: status.podIP}}}, {name: K, valueFrom: {configMapKeyRef: {name: m, key: l}}}, \
             {name: O, valueFrom: {configMapKeyRef: {name: m, key: zz, optional: true}}}, \
             {name: R, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}, {name: A, value: y}]}",
            &sources,
            &[("P_k", "v"), ("P_l", "w"), ("A", "y"), ("B", "x-v-$(C)"), ("N", "n1"), ("I", "10.244.0.9"), ("K", "w"), ("R", "2")],
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let pod = pod("containers: [{name: a, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]");
        let fields = fields::Facts { host_ip: "", pod_ips: &[], machine_cpu_milli: 0, machine_memory: 0 };
        let found = of_container(&pod, &pod::spec(&pod).containers[0], Facts { fields, sources: &Sources::default() });
        assert_eq!(found.unwrap_err().to_string(), "secret \"s\" not found");
    }

    #[test]
    fn of_services() {
        let service: Service = serde_json::from_value(serde_json::json!({
            "metadata": { "name": "my-db", "namespace": "default" },
            "spec": { "clusterIP": "10.96.0.7", "ports": [{ "name": "sql", "port": 5432 }, { "port": 53, "protocol": "UDP" }] },
        }))
        .unwrap();
        let sources = Sources { services: vec![Arc::new(service)], ..Sources::default() };
        check(
            "{name: a}",
            &sources,
            &[
                ("MY_DB_SERVICE_HOST", "10.96.0.7"),
                ("MY_DB_SERVICE_PORT", "5432"),
                ("MY_DB_SERVICE_PORT_SQL", "5432"),
                ("MY_DB_PORT", "tcp://10.96.0.7:5432"),
                ("MY_DB_PORT_5432_TCP", "tcp://10.96.0.7:5432"),
                ("MY_DB_PORT_5432_TCP_PROTO", "tcp"),
                ("MY_DB_PORT_5432_TCP_PORT", "5432"),
                ("MY_DB_PORT_5432_TCP_ADDR", "10.96.0.7"),
                ("MY_DB_PORT_53_UDP", "udp://10.96.0.7:53"),
                ("MY_DB_PORT_53_UDP_PROTO", "udp"),
                ("MY_DB_PORT_53_UDP_PORT", "53"),
                ("MY_DB_PORT_53_UDP_ADDR", "10.96.0.7"),
            ],
        );
    }
}
