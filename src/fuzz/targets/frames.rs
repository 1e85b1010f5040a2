//! Frames of SPDY/3.1 from a peer that does what it likes: the session ends or goes on, but neither panics nor hangs.

use std::time::Duration;

use streams::spdy::{Role, Session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Target;

pub const TARGET: Target = Target {
    name: "frames",
    seeds: &[
        // SETTINGS, PING, WINDOW_UPDATE, DATA with the last flag, RST_STREAM, GOAWAY
        b"\x80\x03\x00\x04\x00\x00\x00\x0c\x00\x00\x00\x01\x00\x00\x00\x07\x00\x01\x00\x00",
        b"\x80\x03\x00\x06\x00\x00\x00\x04\x00\x00\x00\x01\x80\x03\x00\x09\x00\x00\x00\x08\x00\x00\x00\x00\x00\x01\x00\x00",
        b"\x00\x00\x00\x01\x01\x00\x00\x05hello\x80\x03\x00\x03\x00\x00\x00\x08\x00\x00\x00\x01\x00\x00\x00\x05",
        // SYN_STREAM with a header block that is no zlib, GOAWAY
        b"\x80\x03\x00\x01\x00\x00\x00\x10\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x78\xbb\xe3\xc6\xa7\xc2\x80\x03\x00\x07\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00",
        b"\x80\x03\x00\x02\x00\x00\x00\x0a\x00\x00\x00\x01\x78\xbb\xe3\xc6\xa7\xc2\x80\x03\x00\x08\x00\x00\x00\x0a\x00\x00\x00\x01\x78\xbb\xe3\xc6\xa7\xc2",
    ],
    run,
    rounds: 2_000,
};

fn run(input: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for role in [Role::Server, Role::Client] {
            let (ours, theirs) = tokio::io::duplex(1024);
            let mut session = Session::start(ours, role);
            let (mut answers, mut frames) = tokio::io::split(theirs);
            let sending = async {
                // a session that has ended takes no more
                let _ = frames.write_all(input).await;
                let _ = frames.shutdown().await;
            };
            let reading = async {
                let mut buffer = [0; 4096];
                while answers.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
            };
            let accepting = async {
                while let Some(incoming) = session.accept().await {
                    if let Ok(mut stream) = incoming.accept().await {
                        tokio::spawn(async move { stream.reader.read_to_end(&mut Vec::new()).await });
                    }
                }
                session.closed().await;
                drop(session);
            };
            let all = async { tokio::join!(sending, reading, accepting) };
            tokio::time::timeout(Duration::from_secs(60), all).await.expect("a session ends when its peer has gone");
        }
    });
}
