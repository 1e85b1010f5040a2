//! The pod's `/etc/hosts`: localhost, its own name, its hostAliases; on the host's network the host's file with the aliases.

use k8s_openapi::api::core::v1::Pod;

use crate::pod;

const HEADER: &str = "# Kubernetes-managed hosts file.\n";
const HEADER_HOST: &str = "# Kubernetes-managed hosts file (host network).\n";

/// The pod's host name: `spec.hostname` or its name, at most 63 bytes; with setHostnameAsFQDN the full one. With the domain, if it has one.
pub fn names(pod: &Pod, node_name: &str, cluster_domain: &str) -> (String, Option<String>) {
    let spec = pod::spec(pod);
    if let Some(name) = spec.hostname_override.as_deref() {
        return (name.to_owned(), None);
    }
    if pod::host_network(pod) {
        return (node_name.to_owned(), None);
    }
    let name = spec.hostname.as_deref().filter(|name| !name.is_empty()).unwrap_or(pod::name(pod));
    let short = name.get(..63).unwrap_or(name).trim_end_matches(['-', '.']).to_owned();
    let domain = spec.subdomain.as_deref().filter(|subdomain| !subdomain.is_empty());
    let domain = domain.map(|subdomain| format!("{subdomain}.{}.svc.{cluster_domain}", pod::namespace(pod)));
    match (&domain, spec.set_hostname_as_fqdn) {
        (Some(domain), Some(true)) => (format!("{short}.{domain}"), Some(domain.clone())),
        _ => (short, domain),
    }
}

/// The file's text. `host_file` is the machine's, used on its network.
pub fn render(pod: &Pod, ips: &[String], hostname: &str, domain: Option<&str>, host_file: &str) -> String {
    let mut text = if pod::host_network(pod) {
        format!("{HEADER_HOST}{host_file}")
    } else {
        let mut text = format!(
            "{HEADER}127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\n\
             fe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n"
        );
        for ip in ips {
            match domain {
                Some(domain) => text.push_str(&format!("{ip}\t{hostname}.{domain}\t{hostname}\n")),
                None => text.push_str(&format!("{ip}\t{hostname}\n")),
            }
        }
        text
    };
    let aliases = pod::spec(pod).host_aliases.iter().flatten();
    for (index, alias) in aliases.enumerate() {
        if index == 0 {
            text.push_str("\n# Entries added by HostAliases.\n");
        }
        text.push_str(&format!("{}\t{}\n", alias.ip, alias.hostnames.iter().flatten().cloned().collect::<Vec<_>>().join("\t")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn own_name_and_aliases() {
        let pod = testing::pod("{hostname: web, subdomain: sub, hostAliases: [{ip: 1.2.3.4, hostnames: [a, b]}]}");
        let (hostname, domain) = names(&pod, "node", "cluster.local");
        assert_eq!((hostname.as_str(), domain.as_deref()), ("web", Some("sub.default.svc.cluster.local")));
        let text = render(&pod, &["10.244.0.5".into()], &hostname, domain.as_deref(), "");
        assert!(text.starts_with("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n"));
        assert!(text.ends_with("10.244.0.5\tweb.sub.default.svc.cluster.local\tweb\n\n# Entries added by HostAliases.\n1.2.3.4\ta\tb\n"));
    }

    #[test]
    fn on_the_hosts_network() {
        let pod = testing::pod("hostNetwork: true");
        assert_eq!(names(&pod, "node", "cluster.local"), ("node".to_owned(), None));
        assert_eq!(render(&pod, &[], "node", None, "127.0.0.1 x\n"), "# Kubernetes-managed hosts file (host network).\n127.0.0.1 x\n");
    }
}
