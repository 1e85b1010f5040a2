//! The resolver configuration of a pod by its dnsPolicy, as CRI takes it.

use std::net::IpAddr;

use cri::v1::DnsConfig;
use k8s_openapi::api::core::v1::Pod;

use crate::pod;

const MAX_NAMESERVERS: usize = 3;
const MAX_SEARCHES: usize = 32;
const MAX_SEARCH_CHARS: usize = 2048;

/// What a host's `resolv.conf` says.
pub fn parse(text: &str) -> DnsConfig {
    let mut config = DnsConfig::default();
    for line in text.lines() {
        let line = line.split(['#', ';']).next().unwrap_or_default();
        let mut words = line.split_whitespace();
        let key = words.next();
        let values = words.map(str::to_owned);
        match key {
            Some("nameserver") => config.servers.extend(values.take(1)),
            Some("search") => config.searches = values.map(|domain| trim_dot(&domain)).collect(),
            Some("options") => config.options = values.collect(),
            _ => {}
        }
    }
    config
}

fn trim_dot(domain: &str) -> String {
    if domain == "." { domain.to_owned() } else { domain.trim_end_matches('.').to_owned() }
}

/// Where the cluster's DNS is.
#[derive(Clone, Debug)]
pub struct Cluster<'a> {
    pub servers: &'a [IpAddr],
    pub domain: &'a str,
}

/// The pod's configuration: the host's, the cluster's before the host's domains, or nothing; then what `dnsConfig` adds.
pub fn for_pod(pod: &Pod, host: &DnsConfig, cluster: &Cluster<'_>) -> DnsConfig {
    let spec = pod::spec(pod);
    let policy = spec.dns_policy.as_deref().unwrap_or("ClusterFirst");
    let in_cluster = policy == "ClusterFirstWithHostNet" || (policy == "ClusterFirst" && !pod::host_network(pod));
    let mut config = match policy {
        "None" => DnsConfig::default(),
        _ if in_cluster && !cluster.servers.is_empty() => {
            let domain = cluster.domain;
            let mut searches: Vec<String> = Vec::new();
            if !domain.is_empty() {
                searches.extend([format!("{}.svc.{domain}", pod::namespace(pod)), format!("svc.{domain}"), domain.to_owned()]);
            }
            searches.extend(host.searches.iter().cloned());
            let mut options = host.options.clone();
            merge_options(&mut options, [("ndots".to_owned(), Some("5".to_owned()))]);
            DnsConfig { servers: cluster.servers.iter().map(ToString::to_string).collect(), searches, options }
        }
        _ => host.clone(),
    };
    if let Some(own) = &spec.dns_config {
        config.servers.extend(own.nameservers.iter().flatten().cloned());
        config.searches.extend(own.searches.iter().flatten().map(|domain| trim_dot(domain)));
        let options = own.options.iter().flatten().filter_map(|option| Some((option.name.clone()?, option.value.clone())));
        merge_options(&mut config.options, options);
    }
    limit(config)
}

/// Later values win over earlier ones of the same name.
fn merge_options(options: &mut Vec<String>, new: impl IntoIterator<Item = (String, Option<String>)>) {
    for (name, value) in new {
        options.retain(|option| option.split(':').next() != Some(name.as_str()));
        options.push(value.map_or(name.clone(), |value| format!("{name}:{value}")));
    }
}

/// Duplicates once, and no more than resolvers take.
fn limit(mut config: DnsConfig) -> DnsConfig {
    let once = |list: &mut Vec<String>| {
        let mut seen = std::collections::HashSet::new();
        list.retain(|item| seen.insert(item.clone()));
    };
    once(&mut config.servers);
    once(&mut config.searches);
    config.servers.truncate(MAX_NAMESERVERS);
    config.searches.truncate(MAX_SEARCHES);
    while config.searches.iter().map(|domain| domain.len() + 1).sum::<usize>() > MAX_SEARCH_CHARS + 1 {
        config.searches.pop();
    }
    config
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::pod;

    const HOST: &str = "# x\nnameserver 192.0.2.1\nnameserver 192.0.2.2 # two\nsearch example.com. corp\noptions timeout:1 ndots:2\n";

    fn check(spec: &str, servers: &[&str], searches: &[&str], options: &[&str]) {
        let dns = [IpAddr::from([10, 96, 0, 10])];
        let found = for_pod(&pod(spec), &parse(HOST), &Cluster { servers: &dns, domain: "cluster.local" });
        assert_eq!((found.servers, found.searches, found.options), (owned(servers), owned(searches), owned(options)), "{spec}");
    }
    fn owned(list: &[&str]) -> Vec<String> {
        list.iter().map(|item| (*item).to_owned()).collect()
    }

    #[test]
    fn by_policy() {
        let host = (&["192.0.2.1", "192.0.2.2"], &["example.com", "corp"], &["timeout:1", "ndots:2"]);
        let in_cluster = ["default.svc.cluster.local", "svc.cluster.local", "cluster.local", "example.com", "corp"];
        check("{}", &["10.96.0.10"], &in_cluster, &["timeout:1", "ndots:5"]);
        check("dnsPolicy: Default", host.0, host.1, host.2);
        check("hostNetwork: true", host.0, host.1, host.2);
        check("{hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet}", &["10.96.0.10"], &in_cluster, &["timeout:1", "ndots:5"]);
        check(
            "{dnsPolicy: None, dnsConfig: {nameservers: [192.0.2.9], searches: [a.b], options: [{name: ndots, value: '1'}, {name: edns0}]}}",
            &["192.0.2.9"],
            &["a.b"],
            &["ndots:1", "edns0"],
        );
        check("dnsConfig: {options: [{name: ndots, value: '2'}]}", &["10.96.0.10"], &in_cluster, &["timeout:1", "ndots:2"]);
    }
}
