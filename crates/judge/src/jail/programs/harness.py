# Runs inside the jail, in one process with the program that is judged, so nothing here is a boundary: what a program
# makes of it is a result like any other. `import json` would cost more than everything else here together.
import marshal
import sys

MOST_CHARACTERS = 255 * 1024
MOST_DEPTH = 64


class NotAValue(Exception):
    pass


def main():
    tests = open(int(sys.argv[1]), "rb")
    results = open(int(sys.argv[2]), "wb", buffering=0)
    sys.argv[:] = ["solution"]
    sys.path[:] = [folder for folder in sys.path if folder]
    source, name = read(tests)
    try:
        code = compile(source, "solution", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        message = getattr(error, "msg", None) or str(error) or type(error).__name__
        results.write(line("compile", problem("syntax", message, getattr(error, "lineno", None))))
        return
    results.write(b'"ready"\n')
    i = 0
    while True:
        arguments = read(tests)
        try:
            outcome = '{"value":%s}' % judge(code, name, arguments)
        except NotAValue as error:
            outcome = '{"error":%s}' % problem("not_a_value", str(error))
        except MissingFunction:
            results.write(line("compile", problem("missing_function", MISSING % name)))
            return
        except MemoryError:
            outcome = '{"error":%s}' % problem("out_of_memory", "out of memory")
        except BaseException as error:
            outcome = '{"error":%s}' % problem("exception", described(error), line_of(error))
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                pass
        results.write(line("test", '{"i":%d,"outcome":%s}' % (i, outcome)))
        i += 1


class MissingFunction(Exception):
    pass


MISSING = "there is no function %s; the tests call it by exactly this name"


def judge(code, name, arguments):
    names = {"__name__": "solution", "__builtins__": __builtins__}
    exec(code, names)
    function = names.get(name)
    if not callable(function):
        raise MissingFunction
    value = function(*arguments)
    text = encoded(value, 0)
    if len(text) > MOST_CHARACTERS:
        raise NotAValue("the returned value is larger than 255 KiB")
    return text


def read(tests):
    length = tests.read(4)
    if len(length) < 4:
        sys.exit(0)
    return marshal.loads(tests.read(int.from_bytes(length, "big")))


def encoded(value, depth):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, int):
        digits = int.__repr__(value)
        return digits if -(2**63) <= value < 2**63 else '{"$int":"%s"}' % digits
    if isinstance(value, float):
        if value != value:
            return '{"$float":"nan"}'
        if value in (INFINITY, -INFINITY):
            return '{"$float":"%sinf"}' % ("-" if value < 0 else "")
        return float.__repr__(value)
    if depth == MOST_DEPTH:
        raise NotAValue("the returned value is nested more than 64 deep")
    depth += 1
    if isinstance(value, (list, tuple)):
        return "[%s]" % ",".join([encoded(item, depth) for item in value])
    if isinstance(value, dict):
        if all(isinstance(key, str) and key[:1] != "$" and key.isprintable() for key in value):
            pairs = ["%s:%s" % (text_of(key), encoded(item, depth)) for key, item in value.items()]
            return "{%s}" % ",".join(pairs)
        pairs = ["[%s,%s]" % (encoded(key, depth), encoded(item, depth)) for key, item in value.items()]
        return '{"$map":[%s]}' % ",".join(pairs)
    if isinstance(value, (set, frozenset)):
        return '{"$set":[%s]}' % ",".join([encoded(item, depth) for item in value])
    raise NotAValue("the returned value is of type %s, which can not be compared" % type(value).__name__)


INFINITY = float("inf")


def text_of(text):
    try:
        text.encode()
        return quoted(text)
    except UnicodeEncodeError:
        units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
        return '{"$utf16":[%s]}' % ",".join(map(str, units))


def problem(kind, message, where=None):
    message = quoted(message[:1000].encode("utf-8", "replace").decode("utf-8", "replace"))
    where = ',"line":%d' % where if where and where > 0 else ""
    return '{"kind":"%s","message":%s%s}' % (kind, message, where)


def described(error):
    try:
        text = str(error)
    except BaseException:
        text = ""
    name = type(error).__name__
    return "%s: %s" % (name, text) if text else name


def line_of(error):
    where, found = error.__traceback__, None
    while where is not None:
        if where.tb_frame.f_code.co_filename == "solution":
            found = where.tb_lineno
        where = where.tb_next
    return found


def line(kind, body):
    return ('{"%s":%s}\n' % (kind, body)).encode("ascii")


try:
    from _json import encode_basestring_ascii as quoted
except ImportError:
    from json.encoder import py_encode_basestring_ascii as quoted

main()
