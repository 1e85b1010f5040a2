//! Expressions of the Common Expression Language: compiled as new ones and as stored ones, and evaluated with a limit on their cost.

use cel::{Activation, Environment, Program};

use super::Target;

/// What an evaluation may cost; one that stops there has been bounded.
const LIMIT: u64 = 100_000;

pub const TARGET: Target = Target {
    name: "expressions",
    seeds: &[
        b"self.items.all(i, i.size() > 0 && i.matches('^[a-z]+$')) && self.count in [1, 2, 3]",
        b"has(self.a) ? self.a.map(x, x * 2).filter(x, x > 3).exists_one(x, x == 4) : false",
        b"'a,b,c'.split(',').join('-').replace('a', 'b').upperAscii().substring(1, 3) == \"%s\".format([self.name])",
        b"duration('1h30m') + timestamp('2026-01-01T00:00:00Z') > timestamp(self.time) && quantity('1Gi').isGreaterThan(quantity('1M'))",
        b"cel.bind(x, [1, 2].sum(), x + 9223372036854775807) == 1 || ip('10.0.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.0.0.1')",
        b"optional.of({'a': b'\\xff', \"b\": 0x1F, 3: -1.5e10}).orValue({})[?'a'].hasValue()",
        b"sets.intersects([1], [2]) || self.list.sortBy(x, x.name)[0] == dyn(1u) / 0u",
        b"[1,2,3].map(a,[1,2,3].map(b,[1,2,3].map(c,[1,2,3].map(d,[a,b,c,d]))))",
    ],
    run,
    rounds: 12_000,
};

fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let tree = serde_json::json!({"a": [1, 2, 3], "items": ["a", "b"], "count": 2, "name": "n", "time": "2026-11-22T12:34:56Z", "list": [{"name": "x"}]});
    for environment in [Environment::new_expressions(), Environment::stored()] {
        let environment = environment.variable("self", cel::Type::Dyn);
        if let Ok(program) = Program::compile(&environment, text) {
            let activation = Activation::new().with("self", cel::Value::dynamic(&tree));
            let evaluation = program.evaluate(&activation, LIMIT);
            let _ = evaluation.result.map(|value| cel::to_json(&value));
        }
    }
}
