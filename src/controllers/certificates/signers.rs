//! What Kubernetes' own signers sign, and the words for what they do not.

use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer;

const CLIENT: &str = "kubernetes.io/kube-apiserver-client";
pub const KUBELET_CLIENT: &str = "kubernetes.io/kube-apiserver-client-kubelet";
const KUBELET_SERVING: &str = "kubernetes.io/kubelet-serving";
const LEGACY_UNKNOWN: &str = "kubernetes.io/legacy-unknown";
const NODES: &str = "system:nodes";
const NODE_PREFIX: &str = "system:node:";

const CLIENT_AUTH: &str = "client auth";
const SERVER_AUTH: &str = "server auth";
const SIGNATURE: &str = "digital signature";
const ENCIPHERMENT: &str = "key encipherment";

pub fn is_ours(signer: &str) -> bool {
    [CLIENT, KUBELET_CLIENT, KUBELET_SERVING, LEGACY_UNKNOWN].contains(&signer)
}

/// The parts of a request that signers look at.
#[derive(Debug, Default)]
pub struct Subject {
    pub common_name: String,
    organizations: Vec<String>,
    dns: usize,
    mail: usize,
    addresses: usize,
    uris: usize,
}

/// Why a signer does not sign a request.
pub fn check(signer: &str, subject: &Subject, usages: &[String]) -> Result<(), String> {
    match signer {
        CLIENT => client(usages),
        KUBELET_CLIENT => kubelet_client(subject, usages),
        KUBELET_SERVING => kubelet_serving(subject, usages),
        _ => Ok(()),
    }
}

fn client(usages: &[String]) -> Result<(), String> {
    let known = [CLIENT_AUTH, SIGNATURE, ENCIPHERMENT];
    if let Some(other) = usages.iter().find(|usage| !known.contains(&usage.as_str())) {
        return Err(format!("invalid usage for client certificate: {other}"));
    }
    let missing = || format!("missing required usage for client certificate: {CLIENT_AUTH}");
    usages.iter().any(|usage| usage == CLIENT_AUTH).then_some(()).ok_or_else(missing)
}

fn kubelet_client(subject: &Subject, usages: &[String]) -> Result<(), String> {
    of_nodes(subject)?;
    for (count, name) in [(subject.dns, "DNS"), (subject.mail, "Email"), (subject.addresses, "IP"), (subject.uris, "URI")] {
        none_of(count, name)?;
    }
    named_as_node(subject)?;
    for_auth(CLIENT_AUTH, usages)
}

fn kubelet_serving(subject: &Subject, usages: &[String]) -> Result<(), String> {
    of_nodes(subject)?;
    if subject.dns + subject.addresses == 0 {
        return Err("DNS or IP subjectAltName is required".to_owned());
    }
    none_of(subject.mail, "Email")?;
    none_of(subject.uris, "URI")?;
    for_auth(SERVER_AUTH, usages)?;
    named_as_node(subject)
}

fn of_nodes(subject: &Subject) -> Result<(), String> {
    if subject.organizations == [NODES] { Ok(()) } else { Err(format!("subject organization is not {NODES}")) }
}

fn named_as_node(subject: &Subject) -> Result<(), String> {
    let why = || format!("subject common name does not begin with {NODE_PREFIX}");
    subject.common_name.starts_with(NODE_PREFIX).then_some(()).ok_or_else(why)
}

fn none_of(count: usize, name: &str) -> Result<(), String> {
    if count == 0 { Ok(()) } else { Err(format!("{name} subjectAltNames are not allowed")) }
}

/// Keys that are not of RSA need not encipher.
fn for_auth(auth: &str, usages: &[String]) -> Result<(), String> {
    let needed = |usage: &str| usages.iter().any(|own| own == usage);
    let known = |usage: &String| [auth, SIGNATURE, ENCIPHERMENT].contains(&usage.as_str());
    if needed(auth) && needed(SIGNATURE) && usages.iter().all(known) {
        return Ok(());
    }
    let mut all = [auth, SIGNATURE, ENCIPHERMENT];
    all.sort_unstable();
    Err(format!("usages did not match [{}]", all.join(" ")))
}

pub fn parse(pem: &str) -> Result<Subject, String> {
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
                GeneralName::DNSName(_) => subject.dns += 1,
                GeneralName::RFC822Name(_) => subject.mail += 1,
                GeneralName::IPAddress(_) => subject.addresses += 1,
                GeneralName::URI(_) => subject.uris += 1,
                // Go's parser leaves them out, too
                _ => {}
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
        assert_eq!(super::check(signer, &parse(pem).unwrap(), &usages), expected.map_err(str::to_owned));
    }

    #[test]
    fn each_signer_signs_its_own() {
        let node = pem("system:node:n", NODES, &[]);
        check(CLIENT, &pem("jane", "team", &[]), &[CLIENT_AUTH], Ok(()));
        check(CLIENT, &pem("jane", "team", &[]), &["code signing"], Err("invalid usage for client certificate: code signing"));
        check(CLIENT, &pem("jane", "team", &[]), &[SIGNATURE], Err("missing required usage for client certificate: client auth"));
        check(KUBELET_CLIENT, &node, &[CLIENT_AUTH, SIGNATURE], Ok(()));
        check(KUBELET_CLIENT, &pem("jane", "team", &[]), &[CLIENT_AUTH], Err("subject organization is not system:nodes"));
        check(KUBELET_CLIENT, &pem("jane", NODES, &[]), &[CLIENT_AUTH], Err("subject common name does not begin with system:node:"));
        check(KUBELET_CLIENT, &pem("system:node:n", NODES, &["n"]), &[CLIENT_AUTH], Err("DNS subjectAltNames are not allowed"));
        let usages = "usages did not match [client auth digital signature key encipherment]";
        check(KUBELET_CLIENT, &node, &[SERVER_AUTH], Err(usages));
        check(KUBELET_CLIENT, &node, &[CLIENT_AUTH], Err(usages));
        check(KUBELET_SERVING, &node, &[SERVER_AUTH], Err("DNS or IP subjectAltName is required"));
        check(KUBELET_SERVING, &pem("system:node:n", NODES, &["n"]), &[SERVER_AUTH, SIGNATURE], Ok(()));
        check(LEGACY_UNKNOWN, &pem("jane", "team", &["x"]), &["code signing"], Ok(()));
    }
}
