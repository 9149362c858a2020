"""script/test itself: a run that tested nothing is not green."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_", "DATABASE_"))}
    return subprocess.run([ROOT / "script" / "test", *arguments], capture_output=True, text=True, check=False, env=environment)


def test_a_path_that_does_not_exist_is_refused() -> None:
    outcome = run("--sqlite", "tests/no_such_file.py")

    assert outcome.returncode != 0
    assert "There is no tests/no_such_file.py" in outcome.stderr + outcome.stdout


@pytest.mark.load  # starts a test run of its own
def test_a_choice_that_selects_nothing_is_a_fault() -> None:
    outcome = run("--sqlite", "tests/ikm_program/test_formatting.py", "-k", "no_test_is_called_so", "-q")

    assert outcome.returncode != 0
    assert "No part selected a test" in outcome.stderr + outcome.stdout
