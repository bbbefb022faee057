//! Where the kernel offers less: the next tier with the reason, or no judge at all with all reasons. Never anything else.

use crate::attacks::still_works;
use crate::place::places;
use parlor_judge::client::StartError;
use parlor_wire::judge::{Language, Tier};

/// Lets the named system calls fail with `EPERM`, as a container's filter does.
const FILTER: &str = r#"
import ctypes, platform, struct
numbers = {"x86_64": {"unshare": 272, "landlock": 444}, "aarch64": {"unshare": 97, "landlock": 444}}
numbers = [numbers[platform.machine()][name] for name in REFUSED]
# Load the number; for each refused one: if equal, answer EPERM; else go on; allow.
code = struct.pack("HBBI", 0x20, 0, 0, 0)
for number in numbers:
    code += struct.pack("HBBI", 0x15, 0, 1, number) + struct.pack("HBBI", 0x06, 0, 0, 0x00050001)
code += struct.pack("HBBI", 0x06, 0, 0, 0x7fff0000)
text = ctypes.create_string_buffer(code)
program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(text)))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, program) == 0, ctypes.get_errno()
"#;

#[tokio::test(flavor = "multi_thread")]
async fn without_namespaces_there_is_landlock() {
    for place in places().into_iter().filter(|place| place.tier == Tier::Namespaces) {
        let judge = place.start_behind(&format!("REFUSED = ['unshare']\n{FILTER}")).await.unwrap();
        let hello = judge.judge.hello();
        assert_eq!(hello.tier, Some(Tier::Landlock), "{:?}", hello.reasons);
        assert_eq!(hello.reasons.len(), 1);
        assert!(hello.reasons[0].contains("user namespaces"), "{:?}", hello.reasons);
        still_works(place, &judge, Language::Python).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_either_there_is_no_judge() {
    for place in places().into_iter().filter(|place| place.tier == Tier::Namespaces) {
        let refused = place.start_behind(&format!("REFUSED = ['unshare', 'landlock']\n{FILTER}")).await;
        let Err(StartError::NoSandbox { reasons }) = refused else { panic!("{place:?} has a judge") };
        assert_eq!(reasons.len(), 2, "{reasons:?}");
        assert!(reasons[0].contains("user namespaces: Operation not permitted"), "{reasons:?}");
        assert!(reasons[1].contains("Landlock: not in this kernel"), "{reasons:?}");
    }
}
