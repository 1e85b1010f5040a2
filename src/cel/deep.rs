//! Room for deeply nested expressions: the tree of one is walked by recursion, and the stacks of a server's threads are small.

/// Expressions nested no deeper than this are handled on the caller's stack.
const SHALLOW: usize = 24;
/// The stack for all others. The parser's limit on depth bounds what they need.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// How deep an expression is nested at most, seen from its brackets and chains of operators.
pub(crate) fn nesting(expression: &str) -> usize {
    let (mut depth, mut deepest, mut links) = (0_usize, 0, 0);
    for byte in expression.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                links += 1;
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'?' | b'+' | b'-' | b'*' | b'/' | b'%' | b'.' | b'<' | b'>' | b'=' => links += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    // A chain costs one level a link, and few expressions have a long one.
    deepest + links / 4
}

/// Runs something with a stack that is large enough for the nesting.
pub(crate) fn with_stack<T: Send>(nesting: usize, act: impl FnOnce() -> T + Send) -> T {
    if nesting <= SHALLOW {
        return act();
    }
    let mut result = None;
    let mut act = Some(act);
    std::thread::scope(|scope| {
        let run = || {
            if let Some(act) = act.take() {
                result = Some(act());
            }
        };
        // Without a thread of its own it is tried here.
        let started = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run);
        if let Ok(handle) = started
            && let Err(panic) = handle.join()
        {
            std::panic::resume_unwind(panic);
        }
    });
    match (result, act) {
        (Some(result), _) => result,
        (None, Some(act)) => act(),
        (None, None) => unreachable!("what was taken has run to its end or panicked"),
    }
}
