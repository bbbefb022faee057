//! The whole table of system calls, tried from Python behind the real locks: the ones that are open are listed here, and
//! a new one is a decision.

use crate::place::{job, places};
use parlor_wire::judge::{Language, Outcome, Value};

/// Calls every number with arguments that make each of them fail harmlessly, and gives those back that exist.
const PROGRAM: &str = "
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
# These exist and would end the process: rt_sigreturn, exit, exit_group. The kernel lets uretprobe and uprobe (since 6.14
# and 6.18) pass every filter, and ends with SIGILL whoever calls them from elsewhere than its own trampoline.
ENDS = {15, 60, 231, 335, 336}
def f(first, last):
    exist = []
    for number in range(first, last):
        if number in ENDS:
            continue
        ctypes.set_errno(0)
        result = libc.syscall(number, *[ctypes.c_long(-1)] * 6)
        if not (result == -1 and ctypes.get_errno() == errno.ENOSYS):
            exist.append(number)
    return exist
";

#[cfg(target_arch = "x86_64")]
#[tokio::test(flavor = "multi_thread")]
async fn exactly_the_listed_system_calls_exist() {
    // By number: file and memory calls, time, signal handlers of one's own, identity; see `system_calls.rs`. With all
    // arguments -1 those whose arguments are filtered (mmap, ioctl, fcntl, prlimit64, tgkill) do not exist, as it should
    // be, and futex knows no such operation.
    let open = [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 17, 19, 20, 21, 23, 24, 25, 28, 32, 33, 35, 39, 59,
        63, 79, 89, 96, 102, 104, 107, 108, 110, 131, 158, 186, 201, 204, 217, 218, 228, 229, 230, 257, 262,
        267, 269, 270, 271, 273, 292, 318, 332, 334, 439,
    ];
    for place in places() {
        let judge = place.judge().await;
        let ranges = [(0, 512), (0x4000_0000, 0x4000_0000 + 600)];
        let tests = ranges.map(|(first, last)| vec![Value::Int(first), Value::Int(last)]).to_vec();
        let told = judge.run(job(Language::Python, PROGRAM, tests)).await;
        let found: Vec<_> = told.tests.iter().map(|test| test.outcome.clone()).collect();
        let numbers =
            |numbers: &[i64]| Outcome::Value(Value::List(numbers.iter().copied().map(Value::Int).collect()));
        assert_eq!(found, [numbers(&open), numbers(&[])], "{place:?}: {:?}", told.done);
    }
}
