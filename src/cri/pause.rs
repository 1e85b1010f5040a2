//! The pause image, made of bytes in this file: a static program of about 300 bytes that holds a sandbox's namespaces, reaps what is
//! orphaned in them, and ends on SIGINT or SIGTERM. So no image has to be pulled and nothing compiled to run a pod.

use std::collections::HashMap;

use serde_json::json;

use crate::client::Client;
use crate::content::{Blob, add_image, digest_of};
use crate::error::Result;

/// The image's name; its registry does not exist, so nothing can be pulled in its place.
pub const IMAGE: &str = "k.local/pause:1";

/// x86_64, in assembler:
/// ```text
/// sub rsp,32; [rsp] = {SIG_IGN=1, SA_NOCLDSTOP|SA_NOCLDWAIT=3, 0, 0}   ; the kernel's struct sigaction
/// rt_sigaction(SIGCHLD=17, rsp, 0, 8)        ; children, adopted ones too, are reaped by the kernel
/// [rsp] = 0x4002                             ; the set {SIGINT, SIGTERM}: blocked, so that they wait even for process 1
/// rt_sigprocmask(SIG_BLOCK=0, rsp, 0, 8)
/// wait: rt_sigtimedwait(rsp, 0, 0, 8); test eax,eax; jle wait
/// exit(0)
/// ```
const CODE_X86_64: &[u8] = &[
    0x48, 0x83, 0xec, 0x20, // sub rsp,0x20
    0x48, 0xc7, 0x04, 0x24, 0x01, 0x00, 0x00, 0x00, // mov qword [rsp],1
    0x48, 0xc7, 0x44, 0x24, 0x08, 0x03, 0x00, 0x00, 0x00, // mov qword [rsp+8],3
    0x48, 0xc7, 0x44, 0x24, 0x10, 0x00, 0x00, 0x00, 0x00, // mov qword [rsp+16],0
    0x48, 0xc7, 0x44, 0x24, 0x18, 0x00, 0x00, 0x00, 0x00, // mov qword [rsp+24],0
    0xb8, 0x0d, 0x00, 0x00, 0x00, // mov eax,13 (rt_sigaction)
    0xbf, 0x11, 0x00, 0x00, 0x00, // mov edi,17 (SIGCHLD)
    0x48, 0x89, 0xe6, // mov rsi,rsp
    0x31, 0xd2, // xor edx,edx
    0x41, 0xba, 0x08, 0x00, 0x00, 0x00, // mov r10d,8
    0x0f, 0x05, // syscall
    0x48, 0xc7, 0x04, 0x24, 0x02, 0x40, 0x00, 0x00, // mov qword [rsp],0x4002
    0xb8, 0x0e, 0x00, 0x00, 0x00, // mov eax,14 (rt_sigprocmask)
    0x31, 0xff, // xor edi,edi (SIG_BLOCK)
    0x48, 0x89, 0xe6, // mov rsi,rsp
    0x31, 0xd2, // xor edx,edx
    0x41, 0xba, 0x08, 0x00, 0x00, 0x00, // mov r10d,8
    0x0f, 0x05, // syscall
    // wait:
    0xb8, 0x80, 0x00, 0x00, 0x00, // mov eax,128 (rt_sigtimedwait)
    0x48, 0x89, 0xe7, // mov rdi,rsp
    0x31, 0xf6, // xor esi,esi
    0x31, 0xd2, // xor edx,edx
    0x41, 0xba, 0x08, 0x00, 0x00, 0x00, // mov r10d,8
    0x0f, 0x05, // syscall
    0x85, 0xc0, // test eax,eax
    0x7e, 0xe8, // jle wait
    0xb8, 0x3c, 0x00, 0x00, 0x00, // mov eax,60 (exit)
    0x31, 0xff, // xor edi,edi
    0x0f, 0x05, // syscall
];

/// aarch64: the same program, an instruction a word.
const CODE_AARCH64: &[u32] = &[
    0xd100_83ff,      // sub sp,sp,#32
    movz(9, 1),       // x9 = SIG_IGN
    movz(10, 3),      // x10 = SA_NOCLDSTOP|SA_NOCLDWAIT
    0xa900_2be9,      // stp x9,x10,[sp]
    0xa901_7fff,      // stp xzr,xzr,[sp,#16]
    movz(8, 134),     // rt_sigaction
    movz(0, 17),      // SIGCHLD
    0x9100_03e1,      // mov x1,sp
    movz(2, 0),       //
    movz(3, 8),       //
    SVC,              //
    movz(9, 0x4002),  // {SIGINT, SIGTERM}
    0xf900_03e9,      // str x9,[sp]
    movz(8, 135),     // rt_sigprocmask
    movz(0, 0),       // SIG_BLOCK
    0x9100_03e1,      // mov x1,sp
    movz(2, 0),       //
    movz(3, 8),       //
    SVC,              //
    movz(8, 137),     // wait: rt_sigtimedwait
    0x9100_03e0,      // mov x0,sp
    movz(1, 0),       //
    movz(2, 0),       //
    movz(3, 8),       //
    SVC,              //
    0xf100_001f,      // cmp x0,#0
    branch_if_le(-7), // to wait
    movz(8, 93),      // exit
    movz(0, 0),       //
    SVC,              //
];

const SVC: u32 = 0xd400_0001;
/// `mov xREGISTER,#VALUE`
const fn movz(register: u32, value: u32) -> u32 {
    0xd280_0000 | (value << 5) | register
}
/// `b.le` by some instructions.
const fn branch_if_le(instructions: i32) -> u32 {
    0x5400_000d | ((instructions.cast_unsigned() & 0x7_ffff) << 5)
}

/// The processor that a pause image is for, as ELF and as OCI names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Machine {
    X86_64,
    Aarch64,
}

impl Machine {
    fn here() -> Self {
        if cfg!(target_arch = "aarch64") { Self::Aarch64 } else { Self::X86_64 }
    }
    fn elf_number(self) -> u16 {
        match self {
            Self::X86_64 => 62,
            Self::Aarch64 => 183,
        }
    }
    fn oci_name(self) -> &'static str {
        match self {
            Self::X86_64 => "amd64",
            Self::Aarch64 => "arm64",
        }
    }
    fn code(self) -> Vec<u8> {
        match self {
            Self::X86_64 => CODE_X86_64.to_vec(),
            Self::Aarch64 => CODE_AARCH64.iter().flat_map(|word| word.to_le_bytes()).collect(),
        }
    }
}

/// A static ELF executable: header, one loadable segment (readable, executable), code.
fn executable(machine: Machine) -> Vec<u8> {
    const HEADERS: u64 = 64 + 56;
    const BASE: u64 = 0x40_0000;
    let code = machine.code();
    let size = HEADERS + code.len() as u64;
    let mut elf = Vec::with_capacity(512);
    elf.extend(*b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"); // 64 bits, little endian, version 1, System V
    elf.extend(2u16.to_le_bytes()); // an executable
    elf.extend(machine.elf_number().to_le_bytes());
    elf.extend(1u32.to_le_bytes()); // version
    elf.extend((BASE + HEADERS).to_le_bytes()); // entry
    elf.extend(64u64.to_le_bytes()); // program headers follow
    elf.extend(0u64.to_le_bytes()); // no sections
    elf.extend(0u32.to_le_bytes()); // flags
    for half in [64u16, 56, 1, 0, 0, 0] {
        elf.extend(half.to_le_bytes()); // header size; program headers: size, count; sections: size, count, names
    }
    elf.extend(1u32.to_le_bytes()); // PT_LOAD
    elf.extend(5u32.to_le_bytes()); // read, execute
    for word in [0, BASE, BASE, size, size, 0x1_0000] {
        elf.extend(word.to_le_bytes()); // offset, virtual and physical address, size in file and memory, alignment
    }
    elf.extend(code);
    elf
}

/// The layer: one file.
fn layer(machine: Machine) -> Vec<u8> {
    let program = executable(machine);
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Regular);
    header.set_mode(0o755);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(program.len() as u64);
    let mut archive = tar::Builder::new(Vec::new());
    archive
        .append_data(&mut header, "pause", program.as_slice())
        .and_then(|()| archive.into_inner())
        .expect("writing to memory does not fail")
}

/// Layer, configuration and manifest, in this order.
fn blobs(machine: Machine) -> Vec<Blob> {
    // The blobs come with us and are never collected.
    let root = || HashMap::from([("containerd.io/gc.root".to_owned(), "k".to_owned())]);
    let layer = Blob { data: layer(machine), media_type: "application/vnd.oci.image.layer.v1.tar", labels: root() };
    let config = json!({
        "architecture": machine.oci_name(),
        "os": "linux",
        "config": { "Entrypoint": ["/pause"], "WorkingDir": "/", "User": "65535:65535" },
        "rootfs": { "type": "layers", "diff_ids": [digest_of(&layer.data)] },
        "history": [{ "created_by": "k" }],
    });
    let config = Blob { data: config.to_string().into_bytes(), media_type: "application/vnd.oci.image.config.v1+json", labels: root() };
    let describe = |blob: &Blob| json!({ "mediaType": blob.media_type, "digest": blob.digest(), "size": blob.data.len() });
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": describe(&config),
        "layers": [describe(&layer)],
    });
    let mut labels = root();
    labels.insert("containerd.io/gc.ref.content.config".to_owned(), config.digest());
    labels.insert("containerd.io/gc.ref.content.l.0".to_owned(), layer.digest());
    let manifest = Blob { data: manifest.to_string().into_bytes(), media_type: "application/vnd.oci.image.manifest.v1+json", labels };
    vec![layer, config, manifest]
}

/// Makes sure that the runtime has the pause image.
pub async fn ensure(client: &Client) -> Result<()> {
    if client.image_status(IMAGE).await?.is_some() {
        return Ok(());
    }
    add_image(client, IMAGE, &blobs(Machine::here())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_waits_and_ends_on_sigterm() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pause");
        std::fs::write(&path, executable(Machine::here())).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut child = std::process::Command::new(&path).spawn().unwrap();
        assert!(child.try_wait().unwrap().is_none());
        let pid = nix::unistd::Pid::from_raw(child.id().cast_signed());
        // Either the signal finds it waiting (exit 0) or not yet so far (killed by it); it never survives.
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        let status = child.wait().unwrap();
        use std::os::unix::process::ExitStatusExt;
        assert!(status.success() || status.signal() == Some(15), "{status:?}");
    }

    #[test]
    fn instructions_of_aarch64() {
        assert_eq!(movz(8, 93), 0xd280_0ba8);
        assert_eq!(branch_if_le(-7), 0x54ff_ff2d);
        assert_eq!(executable(Machine::Aarch64).len(), 120 + 30 * 4);
    }

    #[test]
    fn the_manifest_names_its_blobs() {
        let blobs = blobs(Machine::X86_64);
        let manifest: serde_json::Value = serde_json::from_slice(&blobs[2].data).unwrap();
        assert_eq!(manifest["config"]["digest"], blobs[1].digest());
        assert_eq!(manifest["layers"][0]["digest"], blobs[0].digest());
        assert_eq!(blobs[2].labels["containerd.io/gc.ref.content.l.0"], blobs[0].digest());
    }
}
