import math
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lessongen.doctor import Finding, diagnosed
from lessongen.generation.breaker import BreakerState
from lessongen.generation.places import GateState
from lessongen.settings import ROOT, SECRETS_FILE
from lessongen.store.store import opened_store

TODAY = date(2026, 11, 22)
KEY = "AIza-secret-0123456789"
COOKIE_SECRET = "k3Jx9-Q2mZ7pLw8RtY5vB1nC4dF6gH0sA"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what an installation has."""
    root = tmp_path / "installed"
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("*.db*", "*.log"))
    (root / "app.py").write_text("")
    return root


def failing(findings: Sequence[Finding]) -> list[str]:
    return [finding.sentence for finding in findings if not finding.ok]


def sentences(findings: Sequence[Finding]) -> str:
    return "\n".join(finding.sentence for finding in findings)


def test_an_installation_without_a_key_is_well_and_in_sample_mode(root: Path):
    findings = diagnosed({}, TODAY, root)

    assert failing(findings) == []
    assert "Sample mode: no API key is set" in sentences(findings)
    assert "The database data/lessongen.db can be read and written." in sentences(findings)


def test_it_says_where_the_key_comes_from_and_never_the_key(root: Path):
    findings = diagnosed({"GEMINI_API_KEY": KEY}, TODAY, root)

    assert failing(findings) == []
    assert "The API key is GEMINI_API_KEY in the environment." in sentences(findings)
    assert KEY not in sentences(findings)


@pytest.mark.parametrize("key", ["two words", "clé", "AIza\u200b123", "tab\tinside"])
def test_a_key_that_was_copied_badly_is_found(root: Path, key: str):
    findings = diagnosed({"GEMINI_API_KEY": key}, TODAY, root)

    assert len(failing(findings)) == 1
    assert "is no API key" in failing(findings)[0]
    assert key not in sentences(findings)


def test_a_server_of_ones_own_is_named(root: Path):
    findings = diagnosed({"LESSONGEN_GEMINI_BASE_URL": "http://127.0.0.1:9"}, TODAY, root)

    assert failing(findings) == []
    assert "written by the server http://127.0.0.1:9." in sentences(findings)


def test_vertex_without_a_project_is_not_usable(root: Path):
    findings = diagnosed({"GOOGLE_GENAI_USE_VERTEXAI": "true"}, TODAY, root)

    needed = "Vertex AI needs GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION too."
    assert failing(findings) == [needed]


def test_a_setting_that_cannot_be_used_is_the_finding(root: Path):
    findings = diagnosed({"LESSONGEN_DATABASE": "postgres://school"}, TODAY, root)

    assert len(failing(findings)) == 1
    assert failing(findings)[0].startswith("LESSONGEN_DATABASE must look like sqlite:///")


def test_a_broken_secrets_file_is_named_and_not_quoted(root: Path):
    (root / ".streamlit").mkdir()
    (root / ".streamlit" / "secrets.toml").write_text(f"GEMINI_API_KEY = {KEY}")

    findings = diagnosed({}, TODAY, root)

    assert len(failing(findings)) == 1
    assert "secrets.toml cannot be read" in failing(findings)[0]
    assert KEY not in sentences(findings)


def test_a_file_that_is_no_database_is_found_and_left_as_it_is(root: Path, tmp_path: Path):
    path = tmp_path / "notes.db"
    path.write_text("Dear diary, this is not a database at all.")

    findings = diagnosed({"LESSONGEN_DATABASE": f"sqlite:///{path}"}, TODAY, root)

    assert len(failing(findings)) == 1
    assert "notes.db is not a database" in failing(findings)[0]
    assert path.read_text().startswith("Dear diary")


def test_a_database_elsewhere_is_shown_as_given(root: Path, tmp_path: Path):
    path = tmp_path / "elsewhere.db"

    findings = diagnosed({"LESSONGEN_DATABASE": f"sqlite:///{path}"}, TODAY, root)

    assert f"The database {path} can be read and written." in sentences(findings)


def test_a_model_that_is_gone_is_named_with_its_replacement(root: Path):
    change(
        root / "data" / "models.toml", 'model = "gemini-3.8-flash"', 'model = "gemini-2.0-flash"'
    )

    findings = diagnosed({}, TODAY, root)

    assert len(failing(findings)) == 1
    assert "gemini-2.0-flash, which was shut down on 2026-06-01" in failing(findings)[0]
    assert "Write gemini-3.5-flash-lite instead" in failing(findings)[0]


def test_a_model_that_is_going_is_a_warning_and_still_usable(root: Path):
    change(
        root / "data" / "models.toml", 'model = "gemini-3.8-flash"', 'model = "gemini-2.5-flash"'
    )

    findings = diagnosed({}, TODAY, root)

    assert failing(findings) == []
    assert "gemini-2.5-flash, which will be shut down on 2026-12-01" in sentences(findings)


def test_every_other_finding_is_told_although_the_strategies_are_broken(root: Path):
    (root / "data" / "strategies.toml").unlink()

    findings = diagnosed({}, TODAY, root)

    assert failing(findings) == ["strategies.toml is missing from the data folder."]
    assert "sample lessons" in sentences(findings)


def test_samples_without_a_template_for_a_level_are_not_usable(root: Path):
    (root / "data" / "samples" / "template-a.json").unlink()

    findings = diagnosed({}, TODAY, root)

    assert failing(findings) == ["The samples hold no template for A1, A2; please add one."]


def test_a_copy_without_the_app_is_not_whole(root: Path):
    (root / "app.py").unlink()

    assert "app.py is missing" in failing(diagnosed({}, TODAY, root))[0]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_it_says_which_slots_are_closed_and_why(root: Path):
    diagnosed({}, TODAY, root)
    closed = GateState("m", BreakerState.OPEN, 50.0, "503: overloaded", 0, 24, 0, 0)
    with opened_store(root / "data" / "lessongen.db") as store:
        store.slots.tell({"primary": closed, "secondary": replace(closed, opens_in=0.0)})

    [sentence] = failing(diagnosed({}, TODAY, root))

    assert sentence.startswith("The slot “primary” (m) is closed for another ")
    assert sentence.endswith(" s: 503: overloaded.")


def test_a_slot_that_an_admin_closed_is_closed_for_no_named_time(root: Path):
    diagnosed({}, TODAY, root)
    closed = GateState(
        "m", BreakerState.CLOSED, math.inf, "closed by hand by ada", 0, 24, 0, 0, by_hand=True
    )
    with opened_store(root / "data" / "lessongen.db") as store:
        store.slots.tell({"primary": closed})

    assert failing(diagnosed({}, TODAY, root)) == [
        "The slot “primary” (m) is closed by hand by ada."
    ]


def test_it_says_that_there_is_no_sign_in_and_what_that_means(root: Path):
    findings = diagnosed({}, TODAY, root)

    assert "There is no sign-in: who sits at this computer may do" in sentences(findings)


def test_it_says_who_holds_which_role_and_no_secret(root: Path):
    set_up_sign_in(root, 'teacher = ["*@school.org", "guest@other.example"]\nadmin = []')

    findings = diagnosed({}, TODAY, root)

    assert failing(findings) == []
    assert "Sign-in is set up, and lasts 12 hours." in sentences(findings)
    assert "The role teacher is for *@school.org, guest@other.example." in sentences(findings)
    assert "The role admin is for nobody." in sentences(findings)
    assert "The role staff is for nobody." in sentences(findings)
    assert COOKIE_SECRET not in sentences(findings)


def test_a_rule_that_lets_everyone_in_is_found(root: Path):
    set_up_sign_in(root, 'admin = ["*@*"]')

    [sentence] = failing(diagnosed({}, TODAY, root))

    assert "would let everyone in" in sentence


def set_up_sign_in(root: Path, rules: str) -> None:
    secrets = root / SECRETS_FILE
    secrets.parent.mkdir()
    secrets.write_text(
        f"""
        [auth]
        redirect_uri = "https://lessons.school.org/oauth2callback"
        cookie_secret = "{COOKIE_SECRET}"
        client_id = "lessongen"
        client_secret = "{COOKIE_SECRET}"
        server_metadata_url = "https://accounts.google.com/.well-known/openid-configuration"

        [roles]
        {rules}
        """,
        encoding="utf-8",
    )
