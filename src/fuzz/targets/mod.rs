//! The entrances, one file each.

mod expressions;
mod frames;
mod patches;
mod requests;
mod texts;

/// An entrance for any bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub name: &'static str,
    /// Inputs that mean something: mutations start from them.
    pub seeds: &'static [&'static [u8]],
    /// Panics where something is wrong.
    pub run: fn(&[u8]),
    /// How many mutations the tests try.
    pub rounds: usize,
}

pub const TARGETS: &[Target] = &[requests::TARGET, patches::TARGET, texts::TARGET, expressions::TARGET, frames::TARGET];

/// The parts of an input, divided by a line of `%`.
fn parts(input: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = input;
    while let Some(at) = rest.windows(3).position(|window| window == b"\n%\n") {
        parts.push(&rest[..at]);
        rest = &rest[at + 3..];
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::mutate::{Chance, mutate};

    /// All of a target's inputs; says which one it was that something went wrong with, in a form that can be pasted into a seed.
    fn check(name: &str) {
        // A task of the server that panics takes nothing else down, and would go by unseen.
        static PANICS: AtomicUsize = AtomicUsize::new(0);
        static HOOK: std::sync::Once = std::sync::Once::new();
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                PANICS.fetch_add(1, Ordering::SeqCst);
                before(info);
            }));
        });
        let target = TARGETS.iter().find(|target| target.name == name).unwrap();
        let mut chance = Chance::new(0);
        let rounds = std::env::var("K_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(target.rounds);
        let inputs = target.seeds.iter().map(|seed| seed.to_vec()).collect::<Vec<_>>();
        let mutated = (0..rounds).map(|round| {
            let mut input = target.seeds[round % target.seeds.len()].to_vec();
            mutate(&mut chance, &mut input, target.seeds);
            input
        });
        for input in inputs.into_iter().chain(mutated) {
            let before = PANICS.load(Ordering::SeqCst);
            let outcome = std::panic::catch_unwind(|| (target.run)(&input));
            assert!(outcome.is_ok() && PANICS.load(Ordering::SeqCst) == before, "{name} fails on b\"{}\"", input.escape_ascii());
        }
    }

    #[test]
    fn requests() {
        check("requests");
    }
    #[test]
    fn patches() {
        check("patches");
    }
    #[test]
    fn texts() {
        check("texts");
    }
    #[test]
    fn expressions() {
        check("expressions");
    }
    #[test]
    fn frames() {
        check("frames");
    }
}
