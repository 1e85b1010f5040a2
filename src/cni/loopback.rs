//! The `loopback` plugin: containerd before 2.0 starts one for every pod and demands it in the plugin folder.
use std::net::Ipv4Addr;

use crate::namespace;
use crate::protocol::{Attachment, CniResult, Error, Interface, IpConfig};

/// Brings `lo` up.
pub(crate) fn add(attachment: &Attachment) -> Result<CniResult, Error> {
    let path = attachment.namespace.as_ref().ok_or_else(|| Error::Environment("required env variable CNI_NETNS missing".to_owned()))?;
    let missing = || Error::OpenNamespace { path: path.clone(), source: std::io::ErrorKind::NotFound.into() };
    let pod = namespace::open(path)?.ok_or_else(missing)?;
    namespace::inside(Some(&pod), async |netlink| {
        let link = netlink.link("lo").await?.ok_or_else(|| Error::Check("interface \"lo\" is missing".to_owned()))?;
        if link.up { Ok(()) } else { netlink.set_up(&link).await }
    })?;
    let sandbox = path.to_string_lossy().into_owned();
    Ok(CniResult {
        interfaces: vec![Interface { name: "lo".to_owned(), mac: "00:00:00:00:00:00".to_owned(), sandbox: Some(sandbox) }],
        ips: vec![IpConfig { address: format!("{}/8", Ipv4Addr::LOCALHOST), gateway: None, interface: Some(0) }],
        routes: Vec::new(),
    })
}

/// Whether `lo` is up.
pub(crate) fn check(attachment: &Attachment) -> Result<(), Error> {
    let pod = attachment.namespace.as_deref().map(namespace::open).transpose()?.flatten();
    let Some(pod) = pod else { return Err(Error::Check("the network namespace is gone".to_owned())) };
    let link = namespace::inside(Some(&pod), async |netlink| netlink.link("lo").await)?;
    if link.is_some_and(|link| link.up) { Ok(()) } else { Err(Error::Check("loopback interface is down".to_owned())) }
}
