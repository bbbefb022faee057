//! What a JavaScript program can try in the embedded engine.

use crate::attacks::End::{Cpu, Exception, Memory, Nothing, Output};
use crate::attacks::{Attack, all_are_contained};
use parlor_wire::judge::Language;

#[tokio::test(flavor = "multi_thread")]
async fn javascript_attacks_are_contained() {
    all_are_contained(Language::JavaScript, ATTACKS).await;
}

const ATTACKS: &[Attack] = &[
    Attack { name: "endless loop", source: "function f() { while (true) {} }", ends: &[Cpu] },
    Attack { name: "endless loop while it is loaded", source: "for (;;) {}", ends: &[Cpu] },
    Attack {
        name: "endless chain of promises",
        source: "async function f() { for (;;) await null }",
        ends: &[Cpu],
    },
    Attack {
        name: "a promise that is never kept",
        source: "function f() { return new Promise(() => {}) }",
        ends: &[Exception],
    },
    Attack {
        name: "regular expression that never ends",
        source: "function f() { return [/(a+)+$/.test('a'.repeat(64) + 'b')] }",
        ends: &[Cpu, Exception],
    },
    Attack {
        name: "arrays without end",
        source: "function f() { const held = []; for (;;) held.push(new Array(100000).fill(1)) }",
        ends: &[Memory],
    },
    Attack {
        name: "text without end",
        source: "function f() { let text = 'x'; for (;;) text += text }",
        ends: &[Memory, Exception],
    },
    Attack {
        name: "a buffer of 4 GiB",
        source: "function f() { return [new ArrayBuffer(4 * 1024 ** 3).byteLength] }",
        ends: &[Memory, Exception],
    },
    Attack {
        name: "shared memory and waiting",
        source: "
function f() {
    const shared = new Int32Array(new SharedArrayBuffer(8));
    Atomics.wait(shared, 0, 0);
    return ['waited'];
}",
        ends: &[Exception, Memory],
    },
    Attack { name: "recursion", source: "function f() { return [f()] }", ends: &[Exception] },
    Attack {
        name: "recursion through a getter of the result",
        source: "function f() { const o = { get a() { return o } }; return o }",
        ends: &[Exception],
    },
    Attack {
        name: "output without end",
        source: "function f() { for (;;) console.log('x'.repeat(1000)) }",
        ends: &[Output],
    },
    Attack {
        name: "a host that is not there",
        source: "
function f() {
    const names = ['require', 'process', 'fetch', 'std', 'os', 'bjson', 'scriptArgs', 'Deno', 'Bun', 'Worker',
                   'WebAssembly', 'setTimeout', 'importScripts', 'load', 'read', 'XMLHttpRequest'];
    return names.filter((name) => typeof globalThis[name] !== 'undefined');
}",
        ends: &[Nothing],
    },
    Attack {
        name: "modules",
        source: "async function f() { return [await import('std')] }",
        ends: &[Exception],
    },
    Attack {
        name: "a sparse array of four thousand million",
        source: "function f() { const a = []; a.length = 4294967295; return a }",
        ends: &[Exception],
    },
    Attack {
        name: "a nested value without end",
        source: "function f() { const a = []; a.push(a); return a }",
        ends: &[Exception],
    },
    Attack {
        name: "a proxy that answers for ever",
        source: "
function f() {
    return new Proxy([], { get: (_, key) => key === 'length' ? Number.MAX_SAFE_INTEGER : f() });
}",
        ends: &[Exception, Cpu, Memory],
    },
    Attack {
        name: "the tools of the harness turned against it",
        source: "
Object.entries = Array.from = () => { throw new Error('no') };
Map.prototype[Symbol.iterator] = function* () { for (;;) yield [1, 1] };
Object.prototype.toString = () => { throw new Error('no') };
function f() { return [new Map([[1, 2]]), { a: 1 }] }",
        ends: &[Exception, Memory, Cpu],
    },
    Attack {
        name: "a value of 100 MB",
        source: "function f() { return ['x'.repeat(300 * 1024)] }",
        ends: &[Exception, Output],
    },
];
