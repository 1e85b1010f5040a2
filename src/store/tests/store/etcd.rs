//! The engine on a real etcd: the same answers as the embedded one's, two servers that see each other, and an etcd that goes away and comes back.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bytes::Bytes;
use store::{EtcdOptions, Expect, Store, Write, WriteError};

use crate::{Seen, delete, put};

/// An etcd on loopback, with a data folder of its own; it ends with the value.
struct Etcd {
    child: Child,
    dir: tempfile::TempDir,
    ports: (u16, u16),
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Debian's package; it is not on every developer's machine.
fn program() -> Option<PathBuf> {
    let found = ["/usr/bin/etcd", "/usr/local/bin/etcd"].iter().map(PathBuf::from).find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: etcd is not installed (package etcd-server)");
    }
    found
}

fn spawn(dir: &std::path::Path, (client, peer): (u16, u16)) -> Option<Child> {
    let mut command = Command::new(program()?);
    let (client, peer) = (format!("http://127.0.0.1:{client}"), format!("http://127.0.0.1:{peer}"));
    command.args(["--data-dir", dir.to_str().unwrap(), "--listen-client-urls", &client, "--advertise-client-urls", &client]);
    command.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer, "--initial-cluster", &format!("default={peer}")]);
    Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

impl Etcd {
    fn start() -> Option<Self> {
        let (dir, ports) = (tempfile::tempdir().unwrap(), (free_port(), free_port()));
        let child = spawn(dir.path(), ports)?;
        Some(Self { child, dir, ports })
    }
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
    fn start_again(&mut self) {
        self.child = spawn(self.dir.path(), self.ports).unwrap();
    }
    fn options(&self) -> EtcdOptions {
        EtcdOptions::new(vec![format!("http://127.0.0.1:{}", self.ports.0)], None)
    }
    /// Connects as soon as etcd answers.
    async fn connect(&self) -> (Store, Seen, store::Snapshot) {
        let begun = std::time::Instant::now();
        loop {
            match Store::connect(&self.options()).await {
                Ok((opened, snapshot)) => {
                    let seen = Seen::default();
                    return (opened.start(Box::new(seen.clone())).unwrap(), seen, snapshot);
                }
                Err(error) if begun.elapsed() > Duration::from_secs(30) => panic!("{error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keys and values that a sink has seen, with deletions as `-`.
fn told(seen: &Seen) -> Vec<String> {
    let text = |value: &Option<Bytes>| value.as_ref().map_or_else(|| "-".to_owned(), |value| String::from_utf8_lossy(value).into_owned());
    seen.0.lock().unwrap().iter().map(|event| format!("{}={}", event.key, text(&event.value))).collect()
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} did not come");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_have_the_same_answers_as_embedded() {
    let Some(etcd) = Etcd::start() else { return };
    let (store, seen, snapshot) = etcd.connect().await;
    assert!(snapshot.entries.is_empty());
    let first = store.write(put("/a/x", "one", Expect::Absent)).await.unwrap();
    assert!(store.revision() >= first, "the writer sees what it wrote");
    assert_eq!(told(&seen), ["/a/x=one"]);
    let refused = |result: Result<u64, WriteError>| result.unwrap_err().to_string();
    assert_eq!(refused(store.write(put("/a/x", "two", Expect::Absent)).await), "key /a/x exists");
    assert_eq!(
        refused(store.write(put("/a/x", "two", Expect::At(first + 7))).await),
        format!("key /a/x was written at revision {first}, not {}", first + 7)
    );
    assert_eq!(refused(store.write(delete("/a/none", Expect::At(1))).await), "key /a/none does not exist");
    let second = store.write(put("/a/x", "two", Expect::At(first))).await.unwrap();
    // all or nothing
    let half = vec![put("/a/y", "new", Expect::Absent), put("/a/x", "three", Expect::At(first))];
    assert!(matches!(store.write_all(half).await, Err(WriteError::Changed { .. })));
    store.write_all(vec![put("/a/y", "new", Expect::Absent), put("/a/z", "new", Expect::Absent)]).await.unwrap();
    store.write(delete("/a/x", Expect::At(second))).await.unwrap();
    assert_eq!(told(&seen), ["/a/x=one", "/a/x=two", "/a/y=new", "/a/z=new", "/a/x=-"]);
    let events = seen.0.lock().unwrap().clone();
    assert_eq!(events[1].previous, Some((first, Bytes::from_static(b"one"))));
    assert_eq!(events[4].previous, Some((second, Bytes::from_static(b"two"))));
    store.close().await;
    assert!(matches!(store.write(put("/a/q", "", Expect::Absent)).await, Err(WriteError::Closed)));
    let (_, _, snapshot) = etcd.connect().await;
    assert_eq!(snapshot.entries.iter().map(|entry| &*entry.key).collect::<Vec<_>>(), ["/a/y", "/a/z"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_see_each_other_and_one_of_them_wins() {
    let Some(etcd) = Etcd::start() else { return };
    let (one, seen_by_one, _) = etcd.connect().await;
    let (two, seen_by_two, _) = etcd.connect().await;
    let first = one.write(put("/k", "0", Expect::Absent)).await.unwrap();
    until("the write at the other server", || two.revision() >= first).await;
    let race = |store: &Store, who: &str| {
        let (store, write) = (store.clone(), put("/k", who, Expect::At(first)));
        tokio::spawn(async move { store.write(write).await })
    };
    let racers: Vec<_> = (0..16).map(|turn| race(if turn % 2 == 0 { &one } else { &two }, &turn.to_string())).collect();
    let mut won = 0;
    for racer in racers {
        match racer.await.unwrap() {
            Ok(_) => won += 1,
            Err(WriteError::Changed { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(won, 1);
    let writers: Vec<_> = (0..100)
        .map(|turn| {
            let store = if turn % 2 == 0 { one.clone() } else { two.clone() };
            tokio::spawn(async move { store.write(put(&format!("/many/{turn}"), "v", Expect::Absent)).await.unwrap() })
        })
        .collect();
    let mut newest = 0;
    for writer in writers {
        newest = newest.max(writer.await.unwrap());
    }
    until("everything at both", || one.revision() >= newest && two.revision() >= newest).await;
    assert_eq!(told(&seen_by_one), told(&seen_by_two));
    assert!(seen_by_one.revisions().is_sorted());
    assert_eq!(seen_by_one.revisions().len(), 102);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_etcd_that_goes_away_loses_nothing() {
    let Some(mut etcd) = Etcd::start() else { return };
    let (store, seen, _) = etcd.connect().await;
    store.write(put("/before", "1", Expect::Absent)).await.unwrap();
    etcd.kill();
    let error = store.write(put("/while", "1", Expect::Absent)).await.unwrap_err();
    assert!(error.to_string().starts_with("write to etcd failed: "), "{error}");
    etcd.start_again();
    let begun = std::time::Instant::now();
    let mut turn = 0;
    while let Err(error) = store.write(put(&format!("/after/{turn}"), "1", Expect::Absent)).await {
        assert!(begun.elapsed() < Duration::from_secs(60), "{error}");
        turn += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let told = told(&seen);
    assert_eq!(told[0], "/before=1");
    assert!(told.contains(&format!("/after/{turn}=1")), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listing_of_many_pages_is_one_state() {
    let Some(etcd) = Etcd::start() else { return };
    let (store, ..) = etcd.connect().await;
    for chunk in 0..13 {
        let writes = (0..100).map(|item| put(&format!("/many/{chunk}-{item}"), "v", Expect::Absent)).collect::<Vec<Write>>();
        store.write_all(writes).await.unwrap();
    }
    let (_, _, snapshot) = etcd.connect().await;
    assert_eq!(snapshot.entries.len(), 1300);
    assert_eq!(snapshot.revision, store.revision());
    assert!(snapshot.entries.is_sorted_by(|one, two| one.key < two.key));
}

#[tokio::test]
async fn no_etcd_there() {
    let options = EtcdOptions::new(vec![format!("http://127.0.0.1:{}", free_port())], None);
    let error = Store::connect(&options).await.unwrap_err().to_string();
    assert!(error.starts_with("cannot read from etcd at http://127.0.0.1:"), "{error}");
}
