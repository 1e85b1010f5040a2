//! The real kubectl against our server's ends: `exec`, `attach` and `port-forward`, by WebSocket and by SPDY. Skipped where it is missing.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use testkit::real_client;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::node::{Log, bytes, free_port, serve_echo, serve_front, serve_node};

struct Cluster {
    kubectl: PathBuf,
    server: SocketAddr,
    home: tempfile::TempDir,
    log: Log,
}

impl Cluster {
    async fn start() -> Option<Self> {
        let kubectl = real_client("kubectl")?;
        let log = Log::default();
        let server = serve_front(serve_node(log.clone()).await).await;
        Some(Self { kubectl, server, home: tempfile::tempdir().unwrap(), log })
    }

    fn command(&self, websockets: bool, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.kubectl);
        let websockets = websockets.to_string();
        command
            .arg(format!("--server=http://{}", self.server))
            .args(arguments)
            .env("HOME", self.home.path())
            .env("KUBECONFIG", "/dev/null")
            .env("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", &websockets)
            .env("KUBECTL_PORT_FORWARD_WEBSOCKETS", &websockets)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Runs kubectl to its end: exit code, stdout, stderr.
    async fn run(&self, websockets: bool, arguments: &[&str], input: &[u8]) -> (i32, Vec<u8>, String) {
        let mut child = self.command(websockets, arguments).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let write = async move {
            let _ = stdin.write_all(input).await;
        };
        let wait = tokio::time::timeout(Duration::from_secs(60), child.wait_with_output());
        let (_, output) = tokio::join!(write, wait);
        let output = output.unwrap_or_else(|_| panic!("kubectl {arguments:?} hangs, websockets {websockets}")).unwrap();
        (output.status.code().unwrap(), output.stdout, String::from_utf8(output.stderr).unwrap())
    }

    fn protocols(&self) -> Vec<String> {
        std::mem::take(&mut *self.log.protocols.lock().unwrap())
    }
}

#[tokio::test]
async fn exec() {
    let Some(cluster) = Cluster::start().await else { return };
    for (websockets, protocol) in [(true, "websocket v5.channel.k8s.io"), (false, "SPDY/3.1 v5.channel.k8s.io")] {
        let (code, stdout, stderr) =
            cluster.run(websockets, &["exec", "web", "--", "sh", "-c", "echo out; echo err >&2; exit 3"], b"").await;
        assert_eq!((code, &stdout[..], stderr.as_str()), (3, &b"out\n"[..], "err\ncommand terminated with exit code 3\n"));
        assert_eq!(cluster.protocols(), [protocol]);
        let input = bytes(2_000_000);
        let (code, stdout, stderr) = cluster.run(websockets, &["exec", "-i", "web", "--", "cat"], &input).await;
        assert_eq!((code, stderr.as_str()), (0, ""));
        assert!(stdout == input, "{protocol}: {} bytes came back", stdout.len());
        let (code, _, stderr) = cluster.run(websockets, &["exec", "web", "--", "/no/such"], b"").await;
        assert_eq!((code, stderr.as_str()), (1, "error: Internal error occurred: No such file or directory (os error 2)\n"));
        assert_eq!(cluster.protocols(), [protocol; 2]);
    }
}

#[tokio::test]
async fn attach() {
    let Some(cluster) = Cluster::start().await else { return };
    for websockets in [true, false] {
        let (code, stdout, _) = cluster.run(websockets, &["attach", "-i", "-q", "web"], b"louder").await;
        assert_eq!((code, std::str::from_utf8(&stdout).unwrap()), (0, "LOUDER"));
    }
}

/// A terminal for kubectl, by `script`: the size of it arrives, and what is typed comes back.
#[tokio::test]
async fn exec_with_a_terminal() {
    let Some(cluster) = Cluster::start().await else { return };
    for websockets in [true, false] {
        let line =
            format!("stty rows 33 cols 99; exec {} --server=http://{} exec -it web -- head -n1", cluster.kubectl.display(), cluster.server);
        let mut child = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .env("HOME", cluster.home.path())
            .env("KUBECONFIG", "/dev/null")
            .env("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", websockets.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let wanted = |sizes: &[streams::command::TerminalSize]| sizes.iter().any(|size| (size.width, size.height) == (99, 33));
        let arrived = async {
            while !wanted(&cluster.log.sizes.lock().unwrap()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), arrived).await.expect("the size of the terminal arrives");
        cluster.log.sizes.lock().unwrap().clear();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"typed\n").await.unwrap();
        let output = tokio::time::timeout(Duration::from_secs(20), child.wait_with_output()).await.unwrap().unwrap();
        drop(stdin);
        assert!(output.status.success(), "{output:?}");
    }
}

#[tokio::test]
async fn port_forward() {
    let Some(cluster) = Cluster::start().await else { return };
    let (echo, nobody) = (serve_echo().await, free_port().await);
    let ports = [format!(":{echo}"), format!(":{nobody}")];
    for (websockets, protocol) in [(true, "websocket SPDY/3.1+portforward.k8s.io"), (false, "SPDY/3.1 portforward.k8s.io")] {
        let arguments = ["port-forward", "--address", "127.0.0.1", "pod/web", &ports[0], &ports[1]];
        let mut child = cluster.command(websockets, &arguments).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut local = Vec::new();
        for _ in 0..2 {
            let line = lines.next_line().await.unwrap().expect("kubectl says where it listens");
            let port = line.strip_prefix("Forwarding from 127.0.0.1:").unwrap().split(' ').next().unwrap();
            local.push(port.parse::<u16>().unwrap());
        }
        let transfers = (0..8usize).map(async |number| {
            let mut stream = TcpStream::connect(("127.0.0.1", local[0])).await.unwrap();
            let sent = bytes(200_000 + number);
            let (mut reader, mut writer) = stream.split();
            let write = async {
                writer.write_all(&sent).await.unwrap();
                writer.shutdown().await.unwrap();
            };
            let mut got = Vec::new();
            let (_, read) = tokio::join!(write, reader.read_to_end(&mut got));
            read.unwrap();
            assert!(got == sent, "{protocol}");
        });
        tokio::time::timeout(Duration::from_secs(60), futures::future::join_all(transfers)).await.unwrap();
        // what the server says of a port on which nobody listens comes out of kubectl
        let mut refused = TcpStream::connect(("127.0.0.1", local[1])).await.unwrap();
        let _ = refused.read(&mut [0; 1]).await;
        let mut errors = BufReader::new(child.stderr.take().unwrap()).lines();
        // kubectl has two wordings, by whether it reads the error before it has sent its data
        let expected = format!("error forwarding port {nobody}: Connection refused (os error 111)");
        let line = tokio::time::timeout(Duration::from_secs(20), errors.next_line())
            .await
            .unwrap()
            .unwrap()
            .expect("kubectl tells of the refusal");
        assert!(line.contains(&expected) && line.contains(&local[1].to_string()), "{line}");
        child.kill().await.unwrap();
        assert_eq!(cluster.protocols(), [protocol]);
    }
}
