//! Every rule of a file, broken once: the file, the field and the rule are named, and nothing else.

use parlor_problems::{Problem, folder};
use std::fs;

const GOOD: &str = include_str!("double-bill.toml");

fn faults(text: &str) -> Vec<String> {
    match Problem::parse("double-bill.toml", text) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

/// Changes the first `from` of a good file, which then has the one fault.
fn check(from: &str, to: &str, fault: &str) {
    assert!(GOOD.contains(from), "{from} is not in the file");
    let found = faults(&GOOD.replacen(from, to, 1));
    assert!(
        found.len() == 1 && found[0].starts_with(&format!("double-bill.toml: {fault}")),
        "{to}: {found:#?}"
    );
}

#[test]
fn a_good_file_has_no_fault() {
    assert_eq!(faults(GOOD), Vec::<String>::new());
}

#[test]
fn the_file() {
    check("schema = 1", "schema = ", "file: is not TOML (line 1)");
    check("schema = 1", "schema = 2\nnew = 3", "schema: must be 1");
    check("schema = 1", "", "file: missing field `schema`");
    check("title =", "subtitle = \"x\"\ntitle =", "subtitle: unknown field `subtitle`");
    check("returns = \"int\"", "returns = \"int\"\nthrows = 1", "signature.throws: unknown field `throws`");
    check("expect = 10\n", "", "example[0]: missing field `expect`");
    check("tags = [\"arithmetic\"]", "tags = \"arithmetic\"", "tags: invalid type: string");
    check("args = [5]", "args = [2026-11-20]", "example[0].args[0]: no known tag");
    let long = format!("{GOOD}# {}", "x".repeat(60 * 1024));
    assert_eq!(faults(&long), ["double-bill.toml: file: must be at most 61440 bytes"]);
    let nested = GOOD.replacen("[5]", &"[".repeat(10_000), 1);
    assert!(faults(&nested)[0].starts_with("double-bill.toml: file: is not TOML"));
}

#[test]
fn the_head() {
    check("\"double-bill\"", "\"triple-bill\"", "id: must be the file's name without .toml");
    for id in ["ab", "Double_Bill", &"a".repeat(49)] {
        let text = GOOD.replacen("double-bill", id, 1);
        let found: Vec<_> = Problem::parse(&format!("{id}.toml"), &text).unwrap_err();
        assert_eq!(
            (found.len(), &*found[0].field, &*found[0].rule),
            (1, "id", "must be 3 to 48 of a-z, 0-9 and dashes")
        );
    }
    check("The double bill", "X", "title: must be one line");
    check("The double bill", "The\\nbill", "title: must be one line");
    check("\"bronze\"", "\"iron\"", "rank: unknown variant `iron`");
    check("[\"arithmetic\"]", "[]", "tags: must be 1 to 5");
    check("[\"arithmetic\"]", "[\"A tag\"]", "tags: must be 1 to 5");
    check("CC0-1.0", "", "license: must be an SPDX");
    check("[\"The Parlor authors\"]", "[]", "authors: must be 1 to 10");
    check("\"authored\"", "\"found\"", "origin: must be authored");
    check("\"authored\"", "\"import:\"", "origin: must be authored");
    check(
        "on the bill. The bill for nothing is a bill for nothing.",
        &"x".repeat(3_000),
        "statement: must be 200",
    );
    check(
        "A waiter who sees everything twice writes twice the amount on every bill. Nobody dares to tell him, since the food is good and the guests are rich.",
        "",
        "statement: must be 200",
    );
}

#[test]
fn every_origin() {
    for origin in ["import:exercism/two-fer", "generated:a model"] {
        assert_eq!(faults(&GOOD.replacen("authored", origin, 1)), Vec::<String>::new());
    }
}

#[test]
fn the_signature() {
    // The whole file speaks of it, so it is only the name that is wrong.
    for name in ["doubleBill", "2_bills", &"a".repeat(65)] {
        let found = faults(&GOOD.replace("double_bill", name));
        assert_eq!(found, ["double-bill.toml: signature.name: must be snake_case of at most 64 characters"]);
    }
    check("name = \"amount\"", "name = \"1st\"", "signature.args[0].name: must be snake_case");
    check("type = \"int\"", "type = \"integer\"", "signature.args[0].type: must be int, float");
    check("type = \"int\"", "type = \"bool[]\"", "signature.args[0].type: must hold no bool");
    check("returns = \"int\"", "returns = \"int?\"", "signature.returns: must be int, float");
    check("\"exact\"", "\"near\"", "compare.mode: unknown variant `near`");
    check("\"exact\"", "\"set\"", "compare.mode: unordered and set need");
    check("cpu_ms = 1000", "cpu_ms = 99", "limits.cpu_ms: must be 100 to 10000");
    check("cpu_ms = 1000", "cpu_ms = 1.5", "limits.cpu_ms: invalid type");
    check("memory_mb = 64", "memory_mb = 1024", "limits.memory_mb: must be 16 to 512");
}

#[test]
fn the_values() {
    check("args = [0]", "args = [0.0]", "hidden[0].args.amount: must be int");
    check("args = [0]", "args = [9007199254740992]", "hidden[0].args.amount: must be int");
    check("args = [0]", "args = [0, 1]", "hidden[0].args: must be 1 arguments");
    check("expect = 0", "expect = \"0\"", "hidden[0].expect: must be int");
    check("expect = 10", "expect = true", "example[0].expect: must be int");
    for call in [
        "double_bill(6)",
        "double_bill(5.0)",
        "double_bill(5, 5)",
        "double(5)",
        "double_bill(five)",
        "double_bill(5",
    ] {
        check("double_bill(5)", call, "example[0].call: must be double_bill(…) with the same arguments");
    }
    check("Twice five.", " ", "example[0].explanation: must be 1 to 500");
}

#[test]
fn the_cases() {
    check("args = [0]\nexpect = 0", "args = [5]\nexpect = 10", "hidden[0]: must not be an example");
    check(
        "args = [0]\nexpect = 0",
        "args = [1]\nexpect = 2",
        "hidden[1]: must not repeat another hidden case",
    );
    check("[[hidden]]\nargs = [0]\nexpect = 0\n", "", "hidden: must be at least 12");
    let example =
        "[[example]]\ncall = \"double_bill(5)\"\nargs = [5]\nexpect = 10\nexplanation = \"Twice five.\"\n";
    check(example, "", "example: must be at least 3");
    check(example, &format!("{example}\n{example}"), "example[1]: must not repeat another example");
    let large = example.replace('5', "-9999999").replace("10", "-19999998");
    check(example, &large, "hidden: one must be larger than every example");
    let many: String =
        (0..100).map(|i| format!("[[hidden]]\nargs = [{}]\nexpect = 0\n", 1_000 + i)).collect();
    check("[reference]", &format!("{many}\n[reference]"), "hidden: must be at least 12 and at most 100");
}

#[test]
fn the_solutions() {
    let wrong =
        "[[wrong]] # one too many\npython = '''\ndef double_bill(amount):\n    return 2 * amount + 1\n'''\n";
    check(wrong, "", "wrong: must be 2 to 10");
    check(wrong, "[[wrong]]\n", "wrong[0]: must be in python or in javascript");
    check(wrong, &wrong.replace("python", "ruby"), "wrong[0].ruby: unknown field `ruby`");
    check(wrong, &format!("{wrong}javascript = \"\"\n"), "wrong[0]: must be in python or in javascript");
    check("[reference]\npython", "[reference]\nruby", "reference.ruby: unknown field `ruby`");
}

#[test]
fn all_faults_are_told_together() {
    let text = GOOD
        .replacen("CC0-1.0", "", 1)
        .replacen("args = [0]", "args = [\"\"]", 1)
        .replace("cpu_ms = 1000", "cpu_ms = 1");
    assert_eq!(faults(&text).len(), 3, "{:#?}", faults(&text));
}

#[test]
fn maps_keep_their_order() {
    let (head, cases) = GOOD.split_once("[[example]]").unwrap();
    let head = head.replace("type = \"int\"", "type = \"map<string,int>\"");
    let cases = cases
        .replace("args = [", "args = [{ z = 1, a = 2, m = ")
        .replace("]\nexpect", " }]\nexpect")
        .replace("\"double_bill(", r#"'double_bill({"z": 1, "a": 2, "m": "#)
        .replace(")\"", "})'");
    let text = format!("{head}[[example]]{cases}");
    let problem = Problem::parse("double-bill.toml", &text).unwrap();
    let json = serde_json::to_string(&problem.hidden[0].arguments).unwrap();
    assert_eq!(json, r#"[{"z":1,"a":2,"m":0}]"#);
}

#[test]
fn a_folder_names_each_file_and_finds_what_is_alike() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    write("double-bill.toml", GOOD.as_bytes());
    let copy = GOOD.replace("double-bill", "second-bill").replace("waiter", "cook");
    write("second-bill.toml", copy.as_bytes());
    write("latin.toml", b"schema = 1 # \xe9");
    write("long.toml", &[b'#'; 100_000]);
    write("README.md", b"no problem");
    let read = folder::read(folder.path()).unwrap();
    assert_eq!(read.problems.len(), 2);
    let faults: Vec<_> = read.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "latin.toml: file: is not UTF-8",
            "long.toml: file: must be at most 61440 bytes",
            "second-bill.toml: statement: must not be nearly the same as in double-bill.toml",
        ]
    );
}
