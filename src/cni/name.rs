//! Names of network interfaces. The kernel takes at most 15 characters, so what does not fit is shortened and made unique by a hash.

/// Longest name of an interface (IFNAMSIZ without the final zero byte).
const LONGEST: usize = 15;

/// The name of a cluster's bridge: `k-<cluster>`, shortened with a hash of the whole where that is too long.
pub fn bridge_name(cluster: &str) -> String {
    let name = format!("k-{cluster}");
    if name.len() <= LONGEST {
        return name;
    }
    let kept: String = name.chars().take(LONGEST - 7).collect();
    format!("{kept}-{:06x}", hash(&[cluster]) & 0xff_ffff)
}

/// The name of the node's end of a pod's link: the same for the same bridge, sandbox and interface, so that it is found again without any record.
pub(crate) fn host_link_name(bridge: &str, container: &str, interface: &str) -> String {
    format!("veth{:011x}", hash(&[bridge, container, interface]) & 0xfff_ffff_ffff)
}

/// FNV-1a over the parts, a zero byte between them: stable across builds, which the standard library's hashers do not promise.
fn hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_the_kernel_and_differ() {
        assert_eq!(bridge_name("default"), "k-default");
        assert_eq!(bridge_name("exactly-13-ch"), "k-exactly-13-ch");
        let long = bridge_name("a-long-cluster-name");
        assert_eq!(long.len(), LONGEST);
        assert!(long.starts_with("k-a-long-"), "{long}");
        assert_ne!(long, bridge_name("a-long-cluster-name-2"));
        let link = host_link_name("k-default", "abc", "eth0");
        assert_eq!(link.len(), LONGEST);
        assert_ne!(link, host_link_name("k-default", "abce", "th0"));
        assert_ne!(link, host_link_name("k-other", "abc", "eth0"));
    }
}
