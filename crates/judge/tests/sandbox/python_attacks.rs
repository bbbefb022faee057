//! What a Python program can try: processes, memory, time, files, sockets, output, neighbours, the harness itself.

use crate::attacks::End::{BadResult, Cpu, Exception, Forbidden, Gone, Idle, Memory, Nothing, Output};
use crate::attacks::{Attack, all_are_contained};
use parlor_wire::judge::Language;

#[tokio::test(flavor = "multi_thread")]
async fn python_attacks_are_contained() {
    all_are_contained(Language::Python, ATTACKS).await;
}

const ATTACKS: &[Attack] = &[
    Attack {
        name: "fork bomb",
        source: "
import os
def f():
    got = []
    for _ in range(300):
        try:
            if os.fork() == 0:
                os._exit(0)
            got.append('fork')
        except OSError:
            pass
    return got",
        ends: &[Nothing],
    },
    Attack {
        name: "thread bomb",
        source: "
import _thread, time
def f():
    got = []
    for _ in range(300):
        try:
            _thread.start_new_thread(time.sleep, (60,))
            got.append('thread')
        except RuntimeError:
            pass
    return got",
        ends: &[Nothing],
    },
    Attack {
        name: "a child that outlives it",
        source: "
import os
def f():
    try:
        if os.fork() == 0:
            os.setsid()
            while True: pass
        return ['fork']
    except OSError:
        return []",
        ends: &[Nothing],
    },
    Attack { name: "4 GiB at once", source: "def f(): return [len(bytearray(4 << 30))]", ends: &[Memory] },
    Attack {
        name: "1.2 GiB bit by bit",
        source: "
def f():
    held = []
    for _ in range(1200):
        held.append(bytearray(b'x') * (1 << 20))
    return ['1.2 GiB']",
        ends: &[Memory],
    },
    Attack {
        name: "1.2 GiB of shared memory",
        source: "
import mmap
def f():
    try:
        memory = mmap.mmap(-1, 1200 << 20)
        for i in range(0, 1200 << 20, 4096):
            memory[i] = 1
        return ['shared memory']
    except OSError:
        return []",
        ends: &[Nothing],
    },
    Attack {
        name: "1.2 GiB in a file of memory",
        source: "
import os
def f():
    try:
        file = os.memfd_create('x')
        for _ in range(1200):
            os.write(file, b'x' * (1 << 20))
        return ['memfd']
    except OSError:
        return []",
        ends: &[Nothing],
    },
    Attack {
        name: "memory that grows downwards and is not counted as data",
        source: "
import mmap
MAP_GROWSDOWN = 0x100
def f():
    try:
        memory = mmap.mmap(-1, 1200 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_GROWSDOWN)
        for i in range(0, 1200 << 20, 4096):
            memory[i] = 1
        return ['uncounted memory']
    except OSError:
        return []",
        ends: &[Nothing],
    },
    Attack { name: "endless loop", source: "def f():\n    while True: pass", ends: &[Cpu] },
    Attack {
        name: "endless loop that ignores every signal",
        source: "
import signal
def f():
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True: pass",
        ends: &[Cpu],
    },
    Attack {
        name: "endless loop while it is loaded",
        source: "while True: pass",
        ends: &[Cpu],
    },
    Attack {
        name: "regular expression that never ends",
        source: "import re\ndef f(): return [re.match(r'(a+)+$', 'a' * 64 + 'b')]",
        ends: &[Cpu],
    },
    Attack { name: "sleep for ever", source: "import time\ndef f(): time.sleep(10 ** 6)", ends: &[Idle] },
    Attack {
        name: "close everything and hang",
        source: "
import os, time
def f():
    os.closerange(0, 64)
    time.sleep(10 ** 6)",
        ends: &[Idle],
    },
    Attack {
        name: "write files",
        source: "
import os
def f():
    got = []
    for folder in ('/', '/tmp', '/var/tmp', '/dev/shm', '/run', '/home', '/usr/lib', '.', '/proc/self'):
        try:
            open(folder + '/parlor-attack', 'w').write('x')
            got.append(folder)
        except OSError:
            pass
        for change in (os.mkdir, os.unlink, os.rmdir):
            try:
                change(folder + '/parlor-attack-2')
                got.append(folder + ' ' + change.__name__)
            except OSError:
                pass
    return got",
        ends: &[Nothing],
    },
    Attack {
        name: "read what is none of its business",
        source: "
import os
def f():
    got = []
    for path in ('/etc/passwd', '/etc/shadow', '/etc/hostname', '/root/.bashrc', '/proc/1/environ', '/proc/self/environ',
                 '/proc/self/maps', '/proc/meminfo', '/proc/cpuinfo', '/sys/kernel/notes', '/dev/mem', '/dev/kmsg',
                 '/var/log/dpkg.log', '/usr/bin/env', '/bin/sh'):
        try:
            open(path, 'rb').read(1)
            got.append(path)
        except OSError:
            pass
    for folder in ('/etc', '/proc', '/root', '/home', '/tmp', '/var', '/usr/bin', '/sys', '/dev'):
        try:
            got.extend(os.listdir(folder)[:3])
        except OSError:
            pass
    return [path for path in got if not path.startswith('python3')]",
        ends: &[Nothing],
    },
    Attack {
        name: "sockets of every kind",
        source: "
def f():
    got = []
    try:
        import _socket
    except ImportError:
        return got
    for family in (_socket.AF_INET, _socket.AF_INET6, _socket.AF_UNIX, _socket.AF_NETLINK, _socket.AF_VSOCK,
                   _socket.AF_PACKET, _socket.AF_ALG):
        for kind in (_socket.SOCK_STREAM, _socket.SOCK_DGRAM, _socket.SOCK_RAW):
            try:
                _socket.socket(family, kind)
                got.append('%s %s' % (family, kind))
            except OSError:
                pass
    return got",
        ends: &[Nothing],
    },
    Attack {
        name: "1 GB to the standard output",
        source: "def f():\n    for _ in range(1000): print('x' * 1000000)\n    return ['1 GB']",
        ends: &[Output],
    },
    Attack {
        name: "1 GB to the standard error output",
        source: "import os\ndef f():\n    for _ in range(1000): os.write(2, b'x' * 1000000)\n    return ['1 GB']",
        ends: &[Output],
    },
    Attack {
        name: "signals to neighbours, to all, to its parent",
        source: "
import os, signal
def f():
    got = []
    for pid in (-1, 0, 1, 2, 3, os.getppid(), os.getpid()):
        for number in (0, signal.SIGSTOP, signal.SIGKILL, signal.SIGTERM):
            try:
                os.kill(pid, number)
                got.append('%s %s' % (pid, number))
            except OSError:
                pass
    return got",
        ends: &[Nothing],
    },
    Attack {
        name: "execute something else",
        source: "
import os
def f():
    got = []
    for path in ('/bin/sh', '/usr/bin/env', '/usr/bin/true'):
        try:
            os.execv(path, [path])
        except OSError:
            pass
    try:
        os.posix_spawn('/bin/sh', ['sh', '-c', 'true'], {})
        got.append('spawned')
    except OSError:
        pass
    return got",
        ends: &[Nothing],
    },
    Attack {
        name: "a second Python in its place",
        source: "
import os, sys
def f():
    os.execv(os.path.realpath(sys.executable or '/usr/bin/python3'), ['python3', '-c', 'while True: pass'])",
        ends: &[Cpu, Exception],
    },
    Attack {
        name: "secrets in the environment",
        source: "import os\ndef f(): return [name for name in os.environ if name not in ('LC_CTYPE', 'PYTHONHASHSEED')]",
        ends: &[Nothing],
    },
    Attack {
        name: "open files that it was not given",
        source: "
import os
def f():
    got = []
    for number in range(3, 64):
        try:
            os.fstat(number)
            got.append(number)
        except OSError:
            pass
    return got[2:]",
        ends: &[Nothing],
    },
    Attack {
        name: "recursion without end",
        source: "
import sys
sys.setrecursionlimit(10 ** 9)
def f(n=0): return f(n + 1)",
        ends: &[Memory, Gone, Cpu],
    },
    Attack {
        name: "recursion in the interpreter's own stack",
        source: "
import sys
sys.setrecursionlimit(10 ** 9)
def f():
    value = []
    for _ in range(10 ** 6): value = [value]
    return [repr(value)]",
        ends: &[Memory, Gone, Exception, Cpu],
    },
    Attack {
        name: "leave quietly",
        source: "import os\ndef f(): os._exit(0)",
        ends: &[Gone],
    },
    Attack { name: "leave loudly", source: "def f(): raise SystemExit(3)", ends: &[Exception] },
    Attack { name: "abort", source: "import os\ndef f(): os.abort()", ends: &[Gone] },
    Attack {
        name: "nonsense instead of results",
        source: "
import os
def f():
    for number in range(3, 32):
        try:
            os.write(number, b'{\"done\": \"accepted\"}\\n')
        except OSError:
            pass
    return ['said']",
        ends: &[BadResult],
    },
    Attack {
        name: "a result without an end",
        source: "
import os
def f():
    while True:
        for number in range(3, 32):
            try:
                os.write(number, b'x' * 65536)
            except OSError:
                pass",
        ends: &[Output],
    },
    Attack {
        name: "results of tests that do not exist",
        source: "
import os
def f():
    for number in range(3, 32):
        try:
            os.write(number, b'{\"test\":{\"i\":7,\"outcome\":{\"value\":1}}}\\n')
        except OSError:
            pass
    return ['said']",
        ends: &[BadResult],
    },
    Attack {
        name: "a value that is nested without end",
        source: "def f():\n    value = []\n    value.append(value)\n    return value",
        ends: &[Exception],
    },
    Attack {
        name: "a value of 100 MB",
        source: "def f(): return ['x' * 1000] * 100000",
        ends: &[Exception, Memory],
    },
    Attack {
        name: "a value that lies about itself",
        source: "
class Liar(str):
    def encode(self, *args): raise ValueError('no')
    def __len__(self): return -1
def f(): return [Liar('x')]",
        ends: &[Exception],
    },
    Attack {
        name: "a foreign system call in machine code",
        source: "
import ctypes, mmap
def f():
    code = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
                     prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    # mov eax, 20 (getpid of 32-bit Linux); int 0x80; ret
    code.write(b'\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3')
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    return [ctypes.CFUNCTYPE(ctypes.c_int)(address)()]",
        ends: &[Forbidden],
    },
];
