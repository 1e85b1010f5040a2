//! What Kubernetes' own signers sign, and the words for what they do not.

use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer;

const CLIENT: &str = "kubernetes.io/kube-apiserver-client";
const KUBELET_CLIENT: &str = "kubernetes.io/kube-apiserver-client-kubelet";
const KUBELET_SERVING: &str = "kubernetes.io/kubelet-serving";
const NODES: &str = "system:nodes";
const NODE_PREFIX: &str = "system:node:";

pub fn is_ours(signer: &str) -> bool {
    [CLIENT, KUBELET_CLIENT, KUBELET_SERVING].contains(&signer)
}

/// The parts of a request that signers look at.
#[derive(Debug, Default)]
struct Subject {
    common_name: String,
    organizations: Vec<String>,
    hosts: usize,
    /// Addresses of mail and URIs.
    other_names: usize,
}

/// Why a signer does not sign a request.
pub fn check(signer: &str, pem: &str, usages: &[String], username: &str) -> Result<(), String> {
    let subject = parse(pem)?;
    let only = |allowed: &[&str], needed: &str| {
        usages.iter().all(|usage| allowed.contains(&usage.as_str())) && usages.iter().any(|usage| usage == needed)
    };
    match signer {
        CLIENT if only(&["client auth", "digital signature", "key encipherment"], "client auth") => Ok(()),
        CLIENT => Err(format!("usages did not match {:?}", ["client auth", "digital signature", "key encipherment"])),
        _ if subject.organizations != [NODES] => Err(format!("subject organization is not {NODES}")),
        _ if !subject.common_name.starts_with(NODE_PREFIX) => Err(format!("subject common name does not begin with {NODE_PREFIX}")),
        KUBELET_CLIENT if subject.hosts + subject.other_names > 0 => {
            Err("DNS, IP, email and URI subjectAltNames are not allowed".to_owned())
        }
        KUBELET_CLIENT if !only(&["client auth", "digital signature", "key encipherment"], "client auth") => {
            Err("usages did not match [key encipherment digital signature client auth]".to_owned())
        }
        KUBELET_SERVING if subject.hosts == 0 => Err("DNS or IP subjectAltName is required".to_owned()),
        KUBELET_SERVING if subject.other_names > 0 => Err("email and URI subjectAltNames are not allowed".to_owned()),
        KUBELET_SERVING if username != subject.common_name => Err("subject common name is not that of the requesting user".to_owned()),
        KUBELET_SERVING if !only(&["server auth", "digital signature", "key encipherment"], "server auth") => {
            Err("usages did not match [key encipherment digital signature server auth]".to_owned())
        }
        _ => Ok(()),
    }
}

fn parse(pem: &str) -> Result<Subject, String> {
    let (_, pem) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).map_err(|_| "PEM block type must be CERTIFICATE REQUEST".to_owned())?;
    let (_, request) = X509CertificationRequest::from_der(&pem.contents).map_err(|error| error.to_string())?;
    let name = &request.certification_request_info.subject;
    let mut subject = Subject {
        common_name: name.iter_common_name().next().and_then(|name| name.as_str().ok()).unwrap_or_default().to_owned(),
        organizations: name.iter_organization().filter_map(|name| name.as_str().ok()).map(str::to_owned).collect(),
        ..Subject::default()
    };
    for extension in request.requested_extensions().into_iter().flatten() {
        let ParsedExtension::SubjectAlternativeName(names) = extension else { continue };
        for name in &names.general_names {
            match name {
                GeneralName::DNSName(_) | GeneralName::IPAddress(_) => subject.hosts += 1,
                _ => subject.other_names += 1,
            }
        }
    }
    Ok(subject)
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;

    fn pem(name: &str, organization: &str, hosts: &[&str]) -> String {
        let mut params = CertificateParams::new(hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>()).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.distinguished_name.push(DnType::OrganizationName, organization);
        params.serialize_request(&KeyPair::generate().unwrap()).unwrap().pem().unwrap()
    }
    fn check(signer: &str, pem: &str, usages: &[&str], expected: Result<(), &str>) {
        let usages: Vec<String> = usages.iter().map(|usage| (*usage).to_owned()).collect();
        assert_eq!(super::check(signer, pem, &usages, "system:node:n"), expected.map_err(str::to_owned));
    }

    #[test]
    fn each_signer_signs_its_own() {
        let node = pem("system:node:n", NODES, &[]);
        check(CLIENT, &pem("jane", "team", &[]), &["client auth"], Ok(()));
        check(KUBELET_CLIENT, &node, &["client auth", "digital signature"], Ok(()));
        check(KUBELET_CLIENT, &pem("jane", "team", &[]), &["client auth"], Err("subject organization is not system:nodes"));
        check(KUBELET_CLIENT, &node, &["server auth"], Err("usages did not match [key encipherment digital signature client auth]"));
        check(KUBELET_SERVING, &node, &["server auth"], Err("DNS or IP subjectAltName is required"));
        check(KUBELET_SERVING, &pem("system:node:n", NODES, &["n"]), &["server auth", "digital signature"], Ok(()));
        check(
            KUBELET_SERVING,
            &pem("system:node:m", NODES, &["m"]),
            &["server auth"],
            Err("subject common name is not that of the requesting user"),
        );
    }
}
