#!/usr/bin/env python3
"""Checks the licences and the duplicates of what the parlor binary links, against deny.toml."""

import json
import re
import subprocess
import sys
import tomllib


def main() -> int:
    with open("deny.toml", "rb") as file:
        rules = tomllib.load(file)
    metadata = json.loads(
        subprocess.run(
            ["cargo", "metadata", "--format-version", "1", "--all-features", "--filter-platform", host()],
            check=True, capture_output=True, text=True,
        ).stdout
    )
    packages = {package["id"]: package for package in metadata["packages"]}
    linked = reachable(metadata)
    problems = []
    allowed = set(rules["licenses"]["allow"])
    for package in (packages[identity] for identity in linked):
        licence = package.get("license") or ""
        if not is_allowed(licence, allowed):
            problems.append(f"{package['name']} {package['version']}: licence '{licence}' is not in deny.toml")
        source = package.get("source")
        if source is not None and not source.startswith("registry+"):
            problems.append(f"{package['name']}: comes from {source}")
    skipped = {entry["crate"].split("@")[0] for entry in rules["bans"]["skip"]}
    versions: dict[str, set[str]] = {}
    for package in (packages[identity] for identity in linked):
        versions.setdefault(package["name"], set()).add(package["version"])
    for name, found in sorted(versions.items()):
        if len(found) > 1 and name not in skipped:
            problems.append(f"{name}: {len(found)} versions ({', '.join(sorted(found))}), and no reason in deny.toml")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(linked)} packages are linked, {len(problems)} problems")
    return 1 if problems else 0


def host() -> str:
    lines = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout.splitlines()
    return next(line.split(": ")[1] for line in lines if line.startswith("host: "))


def reachable(metadata: dict) -> list[str]:
    """Everything that the server depends on at run time; macros, build and test dependencies are not linked."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    names = {package["id"]: package["name"] for package in metadata["packages"]}
    macros = {
        package["id"] for package in metadata["packages"]
        if any("proc-macro" in target["kind"] for target in package["targets"])
    }
    todo = [identity for identity in metadata["workspace_members"] if names[identity] == "parlor-server"]
    seen: set[str] = set()
    while todo:
        identity = todo.pop()
        if identity in seen or identity in macros:
            continue
        seen.add(identity)
        for dependency in nodes[identity]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                todo.append(dependency["pkg"])
    return sorted(seen)


def is_allowed(expression: str, allowed: set[str]) -> bool:
    """Whether an SPDX expression can be satisfied; `/` is the old way to write OR."""
    tokens = re.findall(r"\(|\)|[^()\s]+", expression.replace("/", " OR "))
    position = 0

    def peek() -> str | None:
        return tokens[position] if position < len(tokens) else None

    def take() -> str:
        nonlocal position
        position += 1
        return tokens[position - 1]

    def either() -> bool:
        result = both()
        while peek() == "OR":
            take()
            result = both() or result
        return result

    def both() -> bool:
        result = one()
        while peek() == "AND":
            take()
            result = one() and result
        return result

    def one() -> bool:
        if peek() is None:
            return False
        if peek() == "(":
            take()
            result = either()
            take()
            return result
        name = take()
        if peek() == "WITH":
            take()
            name = f"{name} WITH {take()}"
        return name in allowed

    return either()


if __name__ == "__main__":
    sys.exit(main())
