"""The rules of the house that no linter knows. Prints what breaks one and exits 1; reads files, imports nothing of ours."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("trainings", "production", "distribution")
PACKAGES = ("ikm_program", *APPS)
MAX_FILE, MAX_FUNCTION = 400, 40
NAMELESS_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc", "core"}

INLINE = re.compile(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE)
TRANSLATES = re.compile(r"\b(?:u?n?p?gettext(?:_lazy|_noop)?) as (?!_\b)(\w+)")
GETTEXT = re.compile(r"_|u?n?p?gettext(?:_lazy|_noop)?")
MODEL_SIGNAL = re.compile(r"\b(pre|post)_(save|delete|init)\b|\bm2m_changed\b")


def sources(*places: str) -> Iterator[Path]:
    for place in places:
        for path in sorted((ROOT / place).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def matching_lines(paths: Iterator[Path], pattern: re.Pattern[str]) -> Iterator[str]:
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if pattern.search(line):
                yield f"{where(path, number)}: {line.strip()}"


def too_long() -> Iterator[str]:
    for path in sources(*PACKAGES, "tests", "script"):
        text = path.read_text()
        lines = text.count("\n")
        if lines > MAX_FILE:
            yield f"{where(path, 1)}: {lines} lines, at most {MAX_FILE}: split by noun"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION:
                    yield f"{where(path, node.lineno)}: {node.name} has {length} lines, at most {MAX_FUNCTION}"


def nameless_rooms() -> Iterator[str]:
    return (f"{where(path, 1)}: a module is named after what it gives" for path in sources(*PACKAGES) if path.stem in NAMELESS_ROOMS)


def inline_script_or_style() -> Iterator[str]:
    """The strict CSP would refuse it in the browser; official documents have no browser."""
    pages = (path for path in sorted((ROOT / "templates").rglob("*.html")) if "pdf" not in path.parts)
    return matching_lines(pages, INLINE)


def permission_checks_elsewhere() -> Iterator[str]:
    return matching_lines(sources(*APPS), re.compile(r"\bhas_perms?\("))


def unscoped_views() -> Iterator[str]:
    views = (path for path in sources(*PACKAGES) if path.stem == "views" or "views" in path.parts)
    return matching_lines(views, re.compile(r"\.objects\.all\(\)"))


def model_signals() -> Iterator[str]:
    return matching_lines(sources(*PACKAGES), MODEL_SIGNAL)


def words_nobody_extracts() -> Iterator[str]:
    """Extraction knows gettext by its own names and `_`: under any other the sentence never reaches the catalogue."""
    return matching_lines(sources(*PACKAGES), TRANSLATES)


def words_within_words() -> Iterator[str]:
    """Extraction does not look into an f-string: its sentence never reaches the catalogue."""
    for path in sources(*PACKAGES):
        formatted = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.JoinedStr))
        calls = (call.func for node in formatted for call in ast.walk(node) if isinstance(call, ast.Call))
        for called in calls:
            if isinstance(called, ast.Name) and GETTEXT.fullmatch(called.id):
                yield f"{where(path, called.lineno)}: {called.id}(...) inside an f-string"


RULES = {
    "A function or file is too long": too_long,
    "A room whose name says nothing": nameless_rooms,
    "Inline script or style in a page": inline_script_or_style,
    "A permission asked for outside ikm_program": permission_checks_elsewhere,
    "A view that forgets the scope": unscoped_views,
    "A model signal: the action calls what must follow": model_signals,
    "gettext under a name that extraction does not know": words_nobody_extracts,
    "gettext inside an f-string": words_within_words,
}


def main() -> int:
    broken = {title: found for title, rule in RULES.items() if (found := list(rule()))}
    for title, found in broken.items():
        print(title, *(f"  {line}" for line in found), sep="\n")  # the report is the output
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
