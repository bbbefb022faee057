# Runs a whole program, which is its argument, with its input. Inside the jail, like the program itself.
import io
import sys


def run(source, text):
    sys.stdin = io.StringIO(text)
    try:
        exec(compile(source, "solution", "exec", dont_inherit=True), {"__name__": "__main__"})
    except SystemExit:
        pass
