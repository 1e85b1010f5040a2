//! The part of the table that never changes: hooks, the order of the checks, and the collections they look into.
use std::fmt::Write;

use crate::Config;
use crate::ruleset::Collection;

/// The bit of a packet's mark that asks for masquerading; the one kube-proxy uses.
pub(crate) const MASQUERADE_MARK: &str = "0x4000";

/// Commands that replace whatever the table was by an empty one that is ready for elements.
pub(crate) fn skeleton(config: &Config) -> String {
    let (table, pods, services) = (config.table(), &config.pod_cidr, &config.service_cidr);
    let mut collections = String::new();
    for collection in Collection::ALL {
        let kind = if collection.is_map() { "map" } else { "set" };
        // writing to a string does not fail
        let _ = writeln!(collections, "  {kind} {} {{ {} ; }}", collection.name(), collection.definition());
    }
    // translated connections from 127.0.0.1 leave through the bridge, which therefore lets such addresses pass: not those that somebody sends
    let martians = config.bridge.as_ref().map(|bridge| format!("iifname \"{bridge}\" ip daddr 127.0.0.0/8 drop")).unwrap_or_default();
    format!(
        r#"add table ip {table}
delete table ip {table}
table ip {table} {{
{collections}
  chain services {{
    ip daddr . meta l4proto . th dport vmap @service-ips
    fib daddr type local meta l4proto . th dport vmap @service-nodeports
  }}
  chain refuse {{
    meta l4proto tcp reject with tcp reset
    reject
  }}
  chain endpoints-check {{
    ip daddr . meta l4proto . th dport vmap @no-endpoint-services
  }}
  chain cluster-ips-check {{
    ip daddr @cluster-ips goto refuse
    ip daddr {services} drop
  }}
  chain nat-prerouting {{
    type nat hook prerouting priority -100; policy accept;
    jump services
  }}
  chain nat-output {{
    type nat hook output priority -100; policy accept;
    jump services
  }}
  chain nat-postrouting {{
    type nat hook postrouting priority 100; policy accept;
    oifname "lo" return
    meta mark & {MASQUERADE_MARK} == {MASQUERADE_MARK} meta mark set meta mark xor {MASQUERADE_MARK} masquerade fully-random
    ip saddr . ip daddr @hairpin-connections masquerade fully-random
    ip saddr {pods} ip daddr != {{ {pods}, 224.0.0.0/4 }} masquerade fully-random
  }}
  chain filter-prerouting {{
    type filter hook prerouting priority -300; policy accept;
    {martians}
  }}
  chain filter-input {{
    type filter hook input priority 0; policy accept;
    ct state new jump endpoints-check
    ct state new fib daddr type local meta l4proto . th dport vmap @no-endpoint-nodeports
  }}
  chain filter-forward {{
    type filter hook forward priority 0; policy accept;
    ct state new jump endpoints-check
    ct state new jump cluster-ips-check
  }}
  chain filter-output {{
    type filter hook output priority 0; policy accept;
    ct state new jump endpoints-check
    ct state new jump cluster-ips-check
  }}
}}
"#
    )
}
