//! A cluster under test: its own network namespace with nothing but loopback, its own data folder, its own kubeconfig.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::guardian::{self, Guardian};
use crate::{Outcome, Running, processes, real_client, wait_until, words};

/// No command of a test takes longer, in seconds.
const COMMAND_LIMIT: &str = "150";

/// One whole cluster, deleted when dropped.
#[derive(Debug)]
pub struct Cluster {
    program: PathBuf,
    name: String,
    dir: PathBuf,
    guardian: Guardian,
}

impl Cluster {
    /// Starts a cluster of the program and waits until its node is Ready.
    #[track_caller]
    pub fn start(program: &Path) -> Self {
        let cluster = Self::prepare(program);
        cluster.start_again();
        cluster
    }

    /// The namespace, the folders and the names, without a cluster in them.
    #[track_caller]
    pub fn prepare(program: &Path) -> Self {
        static SWEPT: Once = Once::new();
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        assert!(nix::unistd::geteuid().is_root(), "clusters need root: run the tests with sudo");
        SWEPT.call_once(|| guardian::sweep(program));
        let name = format!("{}{}-{}", guardian::PREFIX, std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let dir = guardian::home().join(&name);
        std::fs::create_dir_all(dir.join("bin")).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
        std::os::unix::fs::symlink(program, dir.join("bin/kubectl")).unwrap_or_else(|error| panic!("link: {error}"));
        run(Command::new("ip").args(["netns", "add", &name]), "").ok();
        let guardian = Guardian::start(program, &name);
        let cluster = Self { program: program.to_owned(), name, dir, guardian };
        cluster.inside("ip link set lo up").ok();
        cluster
    }

    /// Starts the cluster, which is stopped or was killed.
    #[track_caller]
    pub fn start_again(&self) -> Outcome {
        let outcome = self.try_start("");
        assert!(outcome.code == 0, "{outcome}\n--- log\n{}", self.log());
        outcome
    }

    /// `cluster start` with more flags, whatever comes of it.
    pub fn try_start(&self, flags: &str) -> Outcome {
        self.manage("start", &format!("--node-name node1 --wait 100s {flags}"))
    }

    /// `cluster VERB` for this cluster.
    pub fn manage(&self, verb: &str, flags: &str) -> Outcome {
        let line = format!("cluster {verb} --name {} --data-dir {} {flags}", self.name, self.data().display());
        self.k(&line)
    }

    /// `image VERB` for this cluster.
    pub fn image(&self, verb: &str, rest: &str) -> Outcome {
        self.k(&format!("image {verb} --name {} --data-dir {} {rest}", self.name, self.data().display()))
    }

    /// Name of the cluster and of its network namespace.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Folder of the test, for files of its own; holds the cluster's data as `data`.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }
    pub fn program(&self) -> &Path {
        &self.program
    }
    /// The server's log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data().join("server.log")).unwrap_or_default()
    }

    /// A command in the cluster's network namespace, with its kubeconfig and a home of its own.
    pub fn command(&self, program: &Path, arguments: &[String]) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net=/run/netns/{}", self.name)).arg("--").arg(program).args(arguments);
        command.env("KUBECONFIG", self.dir.join("kubeconfig")).env("HOME", &self.dir).current_dir(&self.dir);
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(proxy);
        }
        command
    }

    fn limited(&self, program: &Path, line: &str, stdin: &str) -> Outcome {
        let mut arguments = vec!["-k".to_owned(), "5".to_owned(), COMMAND_LIMIT.to_owned(), program.display().to_string()];
        arguments.extend(words(line));
        let mut outcome = run(&mut self.command(Path::new("timeout"), &arguments), stdin);
        outcome.line = format!("{} {line}", program.file_name().unwrap_or_default().display());
        outcome
    }

    /// Runs the program under test.
    pub fn k(&self, line: &str) -> Outcome {
        self.limited(&self.program, line, "")
    }
    /// Runs the program under test with something on standard input.
    pub fn k_with(&self, line: &str, stdin: &str) -> Outcome {
        self.limited(&self.program, line, stdin)
    }
    /// Runs the program under test under the name kubectl.
    pub fn as_kubectl(&self, line: &str, stdin: &str) -> Outcome {
        self.limited(&self.dir.join("bin/kubectl"), line, stdin)
    }
    /// Runs the real kubectl.
    pub fn kubectl(&self, line: &str) -> Outcome {
        self.kubectl_with(line, "")
    }
    pub fn kubectl_with(&self, line: &str, stdin: &str) -> Outcome {
        self.limited(&real_kubectl(), line, stdin)
    }
    /// Runs any program in the network namespace; the first word is its name.
    pub fn inside(&self, line: &str) -> Outcome {
        let (program, rest) = line.split_once(' ').unwrap_or((line, ""));
        self.limited(Path::new(program), rest, "")
    }
    /// Starts the program under test and lets it run.
    pub fn running(&self, line: &str) -> Running {
        Running::start(self.command(&self.program, &words(line)))
    }

    /// Starts the real kubectl and lets it run.
    pub fn kubectl_running(&self, line: &str) -> Running {
        Running::start(self.command(&real_kubectl(), &words(line)))
    }

    /// What the API server says an object is, as `get -o json` prints it.
    #[track_caller]
    pub fn json(&self, line: &str) -> Value {
        let text = self.k(&format!("{line} -o json")).ok();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{line}: {error}: {text}"))
    }

    /// Waits until a command succeeds with output that satisfies `condition`, and gives the output.
    #[track_caller]
    pub fn wait_for(&self, line: &str, condition: impl Fn(&str) -> bool) -> String {
        wait_until(line, || {
            let outcome = self.k(line);
            if outcome.code == 0 && condition(&outcome.stdout) { Ok(outcome.stdout) } else { Err(outcome.to_string()) }
        })
    }

    /// The server's process.
    #[track_caller]
    pub fn server_pid(&self) -> i32 {
        processes::of_file(&self.data().join("server.pid")).expect("the server has left its id")
    }
    /// The private containerd's process.
    #[track_caller]
    pub fn containerd_pid(&self) -> i32 {
        processes::of_file(&self.data().join("containerd/containerd.pid")).expect("containerd has left its id")
    }
    /// Ends the server as a power cut would.
    #[track_caller]
    pub fn kill_server(&self) {
        processes::kill(self.server_pid());
    }

    /// A new namespace in the cluster, ready for pods.
    #[track_caller]
    pub fn namespace(&self, name: &str) -> Namespace<'_> {
        self.k(&format!("create namespace {name}")).ok();
        self.wait_for(&format!("get serviceaccount default -n {name} -o name"), |_| true);
        Namespace { cluster: self, name: name.to_owned() }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Kept beside the clusters for whoever looks why; overwritten by the next failure of the same place.
            let kept = guardian::home().join("kt-last-failure.log");
            let _ = std::fs::copy(self.data().join("server.log"), kept);
        }
        guardian::clean(&self.program, &self.name);
        self.guardian.dismiss();
    }
}

/// A namespace of a cluster, for tests that share it; deleted when dropped, without waiting for it.
#[derive(Debug)]
pub struct Namespace<'a> {
    pub cluster: &'a Cluster,
    pub name: String,
}

impl Namespace<'_> {
    pub fn k(&self, line: &str) -> Outcome {
        self.cluster.k(&self.line(line))
    }
    pub fn k_with(&self, line: &str, stdin: &str) -> Outcome {
        self.cluster.k_with(&self.line(line), stdin)
    }
    pub fn kubectl(&self, line: &str) -> Outcome {
        self.cluster.kubectl(&self.line(line))
    }
    pub fn running(&self, line: &str) -> Running {
        self.cluster.running(&self.line(line))
    }
    pub fn kubectl_running(&self, line: &str) -> Running {
        self.cluster.kubectl_running(&self.line(line))
    }
    #[track_caller]
    pub fn json(&self, line: &str) -> Value {
        self.cluster.json(&self.line(line))
    }
    #[track_caller]
    pub fn wait_for(&self, line: &str, condition: impl Fn(&str) -> bool) -> String {
        self.cluster.wait_for(&self.line(line), condition)
    }
    fn line(&self, line: &str) -> String {
        format!("-n {} {line}", self.name)
    }

    /// Waits until a pod's phase is this.
    #[track_caller]
    pub fn phase(&self, pod: &str, phase: &str) {
        self.wait_for(&format!("get pod {pod} -o jsonpath={{.status.phase}}"), |seen| seen == phase);
    }
    /// Waits until a pod is Ready.
    #[track_caller]
    pub fn ready(&self, pod: &str) {
        let path = r#"{.status.conditions[?(@.type=="Ready")].status}"#;
        self.wait_for(&format!("get pod {pod} -o 'jsonpath={path}'"), |seen| seen == "True");
    }
}

impl Drop for Namespace<'_> {
    fn drop(&mut self) {
        self.cluster.k(&format!("delete namespace {} --wait=false", self.name));
    }
}

/// The real kubectl; a test that cannot do without it fails.
#[track_caller]
fn real_kubectl() -> PathBuf {
    real_client("kubectl").unwrap_or_else(|| panic!("the real kubectl is missing"))
}

/// The folder of the repository.
pub(crate) fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command, stdin: &str) -> Outcome {
    let line = format!("{command:?}");
    let input = if stdin.is_empty() { Stdio::null() } else { Stdio::piped() };
    let mut child =
        command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap_or_else(|error| panic!("{line}: {error}"));
    if let Some(mut pipe) = child.stdin.take() {
        // A command that does not read to the end is not thereby wrong.
        let _ = pipe.write_all(stdin.as_bytes());
    }
    let output = child.wait_with_output().unwrap_or_else(|error| panic!("{line}: {error}"));
    Outcome::of(line, &output)
}
