//! Dockerfiles: lines into instructions, with the place of what is wrong.

/// One instruction that `build` carries out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instruction {
    From(String),
    /// `COPY` and, for plain files, `ADD`: sources, destination.
    Copy {
        sources: Vec<String>,
        destination: String,
    },
    Env(Vec<(String, String)>),
    Label(Vec<(String, String)>),
    Workdir(String),
    User(String),
    Expose(Vec<String>),
    Entrypoint(Vec<String>),
    Cmd(Vec<String>),
}

/// What is wrong with a Dockerfile, and in which line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Dockerfile line {line}: {why}")]
pub struct ParseError {
    pub line: usize,
    pub why: String,
}

/// The instructions of a Dockerfile with their line numbers. It begins with `FROM`.
pub fn parse(text: &str) -> Result<Vec<(usize, Instruction)>, ParseError> {
    let mut instructions = Vec::new();
    for (line, logical) in logical_lines(text) {
        let failed = |why: String| ParseError { line, why };
        let (word, rest) = logical.split_once(char::is_whitespace).unwrap_or((&logical, ""));
        let rest = rest.trim();
        let word = word.to_ascii_uppercase();
        if rest.is_empty() {
            return Err(failed(format!("{word} requires at least one argument")));
        }
        let instruction = match word.as_str() {
            "FROM" => Instruction::From(rest.split_whitespace().next().unwrap_or_default().to_owned()),
            "COPY" | "ADD" => copy(rest).map_err(failed)?,
            "ENV" => Instruction::Env(pairs(rest).map_err(failed)?),
            "LABEL" => Instruction::Label(pairs(rest).map_err(failed)?),
            "WORKDIR" => Instruction::Workdir(unquoted(rest)),
            "USER" => Instruction::User(rest.to_owned()),
            "EXPOSE" => Instruction::Expose(rest.split_whitespace().map(ToOwned::to_owned).collect()),
            "ENTRYPOINT" => Instruction::Entrypoint(command(rest)),
            "CMD" => Instruction::Cmd(command(rest)),
            "RUN" => return Err(failed("RUN needs a container to run in: build such images elsewhere and import them".to_owned())),
            other => return Err(failed(format!("unknown instruction: {other}"))),
        };
        if instructions.is_empty() && !matches!(instruction, Instruction::From(_)) {
            return Err(failed("no build stage in current context: the first instruction is FROM".to_owned()));
        }
        if !instructions.is_empty() && matches!(instruction, Instruction::From(_)) {
            return Err(failed("only one stage is built".to_owned()));
        }
        instructions.push((line, instruction));
    }
    if instructions.is_empty() {
        return Err(ParseError { line: 1, why: "the file is empty".to_owned() });
    }
    Ok(instructions)
}

/// Lines without comments, continued ones joined, with the number of their first line.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && open.is_none()) {
            continue;
        }
        let (number, mut joined) = open.take().unwrap_or((index + 1, String::new()));
        match trimmed.strip_suffix('\\') {
            Some(part) => {
                joined.push_str(part);
                open = Some((number, joined));
            }
            None => {
                joined.push_str(trimmed);
                lines.push((number, joined));
            }
        }
    }
    lines.extend(open);
    lines
}

fn copy(rest: &str) -> Result<Instruction, String> {
    if let Some(flag) = rest.split_whitespace().find(|word| word.starts_with("--")) {
        return Err(format!("flag {flag} is not known here"));
    }
    let mut words: Vec<String> = match json_list(rest) {
        Some(words) => words,
        None => rest.split_whitespace().map(ToOwned::to_owned).collect(),
    };
    match words.pop() {
        Some(destination) if !words.is_empty() => Ok(Instruction::Copy { sources: words, destination }),
        _ => Err("COPY requires at least two arguments".to_owned()),
    }
}

/// `A=b C="d e"`, or the old `A rest of the line`.
fn pairs(rest: &str) -> Result<Vec<(String, String)>, String> {
    let words = words(rest)?;
    if words.first().is_some_and(|word| !word.contains('=')) {
        let (key, value) = rest.split_once(char::is_whitespace).ok_or_else(|| format!("{rest:?} is no key=value"))?;
        return Ok(vec![(key.to_owned(), value.trim().to_owned())]);
    }
    words
        .iter()
        .map(|word| match word.split_once('=') {
            Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
            _ => Err(format!("{word:?} is no key=value")),
        })
        .collect()
}

/// Words as a shell would cut them: quotes and backslashes.
fn words(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None::<char>);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(letters.next()),
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (letter, Some(open)) if letter == open => quote = None,
            (letter, None) if letter.is_whitespace() => words.extend(word.take()),
            (letter, _) => word.get_or_insert_default().push(letter),
        }
    }
    if quote.is_some() {
        return Err("a quote is not closed".to_owned());
    }
    words.extend(word);
    Ok(words)
}

fn unquoted(text: &str) -> String {
    words(text).ok().filter(|words| words.len() == 1).map_or_else(|| text.to_owned(), |mut words| words.remove(0))
}

/// The exec form (a JSON list), or the shell form.
fn command(rest: &str) -> Vec<String> {
    json_list(rest).unwrap_or_else(|| vec!["/bin/sh".to_owned(), "-c".to_owned(), rest.to_owned()])
}

fn json_list(text: &str) -> Option<Vec<String>> {
    if text.starts_with('[') { serde_json::from_str(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions() {
        let text = "# comment\nfrom scratch\nCOPY a b /bin/\nENV A=1 B=\"x y\"\nENV C old style\nCMD [\"/bin/a\", \"-x\"]\nENTRYPOINT echo hi \\\n  there\n";
        let parsed: Vec<Instruction> = parse(text).unwrap().into_iter().map(|(_, instruction)| instruction).collect();
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            parsed,
            [
                Instruction::From("scratch".to_owned()),
                Instruction::Copy { sources: list(&["a", "b"]), destination: "/bin/".to_owned() },
                Instruction::Env(vec![pair("A", "1"), pair("B", "x y")]),
                Instruction::Env(vec![pair("C", "old style")]),
                Instruction::Cmd(list(&["/bin/a", "-x"])),
                Instruction::Entrypoint(list(&["/bin/sh", "-c", "echo hi there"])),
            ]
        );
    }

    #[test]
    fn faults_say_where() {
        let check =
            |text: &str, line: usize, why: &str| assert_eq!(parse(text).unwrap_err(), ParseError { line, why: why.to_owned() }, "{text}");
        check("", 1, "the file is empty");
        check("\nCOPY a b", 2, "no build stage in current context: the first instruction is FROM");
        check("FROM x\nFLY y", 2, "unknown instruction: FLY");
        check("FROM x\nCOPY a", 2, "COPY requires at least two arguments");
        check("FROM x\nENV A=\"b", 2, "a quote is not closed");
        check("FROM x\nFROM y", 2, "only one stage is built");
    }
}
