import traceback
from pathlib import Path

import pytest

from lessongen.errors import SettingsError
from lessongen.people import Role
from lessongen.settings import ROOT, SECRETS_FILE, Settings, read_settings

KEY = "AIza-not-a-real-key"


def with_secrets(root: Path, text: str | bytes) -> Path:
    path = root / SECRETS_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def key_of(settings: Settings) -> str | None:
    return settings.api_key.get_secret_value() if settings.api_key else None


@pytest.mark.parametrize(
    ("environment", "secrets", "key", "source"),
    [
        ({}, "", None, None),
        ({"GEMINI_API_KEY": "a"}, "", "a", "GEMINI_API_KEY in the environment"),
        ({"GOOGLE_API_KEY": "b"}, "", "b", "GOOGLE_API_KEY in the environment"),
        (
            {"GEMINI_API_KEY": "a", "GOOGLE_API_KEY": "b"},
            'GEMINI_API_KEY = "c"',
            "a",
            "GEMINI_API_KEY in the environment",
        ),
        (
            {"GOOGLE_API_KEY": "b"},
            'GEMINI_API_KEY = "c"',
            "b",
            "GOOGLE_API_KEY in the environment",
        ),
        ({}, 'GEMINI_API_KEY = "c"', "c", f"GEMINI_API_KEY in {SECRETS_FILE}"),
        ({}, 'GOOGLE_API_KEY = " d "', "d", f"GOOGLE_API_KEY in {SECRETS_FILE}"),
        (
            {"GEMINI_API_KEY": " ", "GOOGLE_API_KEY": ""},
            'GEMINI_API_KEY = "c"',
            "c",
            f"GEMINI_API_KEY in {SECRETS_FILE}",
        ),
        ({"GEMINI_API_KEY": " a\n"}, "", "a", "GEMINI_API_KEY in the environment"),
        ({}, '[gemini]\nGEMINI_API_KEY = "c"', None, None),
    ],
)
def test_the_key_comes_from_the_environment_first_then_from_the_secrets_file(
    tmp_path: Path,
    environment: dict[str, str],
    secrets: str,
    key: str | None,
    source: str | None,
):
    settings = read_settings(environment, with_secrets(tmp_path, secrets))

    assert (key_of(settings), settings.key_source) == (key, source)


def test_without_a_secrets_file_the_environment_is_enough(tmp_path: Path):
    assert key_of(read_settings({"GEMINI_API_KEY": KEY}, tmp_path)) == KEY


def test_the_key_is_never_printed(tmp_path: Path):
    settings = read_settings({"GEMINI_API_KEY": KEY}, tmp_path)

    for printed in (repr(settings), str(settings), f"{settings.api_key}", f"{settings.api_key!r}"):
        assert KEY not in printed


@pytest.mark.parametrize(
    "content",
    [
        f'GEMINI_API_KEY = "{KEY}',
        f"GEMINI_API_KEY = {KEY}",
        f'{KEY} = "x"\n{KEY} = "x"',
        f'GEMINI_API_KEY = "{KEY}"\n[auth'.encode(),
        f'GEMINI_API_KEY = "{KEY}\xff"'.encode("latin-1"),
    ],
)
def test_a_broken_secrets_file_is_named_without_its_content(tmp_path: Path, content: str | bytes):
    with pytest.raises(SettingsError) as caught:
        read_settings({}, with_secrets(tmp_path, content))

    sentence = str(caught.value)
    assert str(SECRETS_FILE) in sentence
    assert 'GEMINI_API_KEY = "your key"' in sentence
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_secrets_file_that_is_a_folder_is_named(tmp_path: Path):
    (tmp_path / SECRETS_FILE).mkdir(parents=True)

    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings({}, tmp_path)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///lessons.db", Path("lessons.db")),
        ("sqlite:////var/lib/lessons.db", Path("/var/lib/lessons.db")),
        (" sqlite:////x/y.db ", Path("/x/y.db")),
        ("sqlite:///~/lessons.db", Path.home() / "lessons.db"),
    ],
)
def test_the_database_can_be_named_by_a_url(tmp_path: Path, url: str, path: Path):
    assert read_settings({"LESSONGEN_DATABASE": url}, tmp_path).database == path


def test_the_database_is_in_the_data_folder_unless_told_otherwise(tmp_path: Path):
    assert read_settings({}, tmp_path).database == tmp_path / "data" / "lessongen.db"
    assert read_settings({"LESSONGEN_DATABASE": " "}, tmp_path).database.parent.name == "data"


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("LESSONGEN_DATABASE", "postgresql://user:secret@host/db", "sqlite:///path"),
        ("LESSONGEN_DATABASE", "sqlite:///", "sqlite:///path"),
        ("LESSONGEN_DATABASE", "lessons.db", "sqlite:///path"),
        ("LESSONGEN_GEMINI_BASE_URL", "localhost:8000", "http://"),
        ("LESSONGEN_GEMINI_BASE_URL", "file:///etc/passwd", "http://"),
        ("LESSONGEN_OTLP_ENDPOINT", "yes", "http://"),
        ("LESSONGEN_OTLP_ENDPOINT", "localhost:4318", "http://"),
        ("LESSONGEN_OTLP_ENDPOINT", "http://", "http://localhost:4318"),
        ("LESSONGEN_OTLP_ENDPOINT", "http://host:port", "http://localhost:4318"),
        ("LESSONGEN_OTLP_ENDPOINT", "http://host:4318/v1/traces", "no /v1/traces"),
        ("LESSONGEN_OTLP_ENDPOINT", "http://me:secret@host:4318", "no name or password"),
        ("LESSONGEN_OTLP_ENDPOINT", "http://host:4318?key=secret", "nothing after ?"),
        ("LESSONGEN_SAMPLE_SPEED", "0", "above zero"),
        ("LESSONGEN_SAMPLE_SPEED", "-1", "above zero"),
        ("LESSONGEN_SAMPLE_SPEED", "nan", "above zero"),
        ("LESSONGEN_SAMPLE_SPEED", "fast", "above zero"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_one_sentence(
    tmp_path: Path, name: str, value: str, hint: str
):
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value}, tmp_path)

    assert name in str(caught.value)
    assert hint in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("", None),
        (" ", None),
        (" http://127.0.0.1:8000/ ", "http://127.0.0.1:8000"),
        ("https://example.com/gemini", "https://example.com/gemini"),
    ],
)
def test_the_base_url_loses_blanks_and_its_last_slash(tmp_path: Path, url: str, kept: str | None):
    assert read_settings({"LESSONGEN_GEMINI_BASE_URL": url}, tmp_path).base_url == kept


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("", None),
        (" http://localhost:4318/ ", "http://localhost:4318"),
        ("https://telemetry.example.com/otlp", "https://telemetry.example.com/otlp"),
    ],
)
def test_telemetry_is_off_until_a_collector_is_named(tmp_path: Path, url: str, kept: str | None):
    assert read_settings({"LESSONGEN_OTLP_ENDPOINT": url}, tmp_path).otlp_endpoint == kept


@pytest.mark.parametrize(
    ("value", "vertex"),
    [("1", True), ("True", True), (" yes ", True), ("on", True), ("0", False), ("no", False)],
)
def test_vertex_is_switched_on_by_any_usual_yes(tmp_path: Path, value: str, *, vertex: bool):
    assert read_settings({"GOOGLE_GENAI_USE_VERTEXAI": value}, tmp_path).vertex is vertex


def test_the_secrets_file_holds_every_setting_in_toml_or_as_text(tmp_path: Path):
    secrets = """
        GOOGLE_GENAI_USE_VERTEXAI = true
        LESSONGEN_SAMPLE_SPEED = 2.5
        LESSONGEN_GEMINI_API_VERSION = "v1"
        LESSONGEN_GEMINI_BASE_URL = "http://127.0.0.1:1"
        LESSONGEN_DATABASE = "sqlite:////x.db"
        LESSONGEN_OTLP_ENDPOINT = "http://127.0.0.1:4318"
    """
    settings = read_settings({}, with_secrets(tmp_path, secrets))

    assert settings.vertex
    assert settings.sample_speed == 2.5
    assert settings.api_version == "v1"
    assert settings.base_url == "http://127.0.0.1:1"
    assert settings.database == Path("/x.db")
    assert settings.otlp_endpoint == "http://127.0.0.1:4318"


def test_the_environment_goes_before_the_secrets_file(tmp_path: Path):
    root = with_secrets(tmp_path, 'LESSONGEN_SAMPLE_SPEED = "3"')

    assert read_settings({"LESSONGEN_SAMPLE_SPEED": "7"}, root).sample_speed == 7


@pytest.mark.parametrize(
    ("environment", "samples"),
    [
        ({}, True),
        ({"GEMINI_API_KEY": KEY}, False),
        ({"LESSONGEN_GEMINI_BASE_URL": "http://127.0.0.1:1"}, False),
        ({"GOOGLE_GENAI_USE_VERTEXAI": "true"}, False),
        ({"GEMINI_API_KEY": KEY, "LESSONGEN_GEMINI_BASE_URL": "http://127.0.0.1:1"}, False),
        ({"GEMINI_API_KEY": KEY, "GOOGLE_GENAI_USE_VERTEXAI": "true"}, False),
        ({"GEMINI_API_KEY": " ", "GOOGLE_GENAI_USE_VERTEXAI": "false"}, True),
    ],
)
def test_lessons_are_samples_only_where_there_is_nobody_to_ask(
    tmp_path: Path, environment: dict[str, str], *, samples: bool
):
    assert read_settings(environment, tmp_path).sample_mode is samples


def test_data_is_below_the_root():
    assert (read_settings({}, ROOT).data / "models.toml").is_file()


def test_a_sign_in_is_read_from_the_secrets_file_without_its_secrets(tmp_path: Path):
    secret = "k3Jx9-Q2mZ7pLw8RtY5vB1nC4dF6gH0sA"
    root = with_secrets(
        tmp_path,
        f"""
        [auth]
        redirect_uri = "http://localhost:8501/oauth2callback"
        cookie_secret = "{secret}"
        client_id = "the-client"
        client_secret = "{secret}"
        server_metadata_url = "https://accounts.google.com/.well-known/openid-configuration"

        [roles]
        teacher = ["*@school.org"]
        """,
    )

    settings = read_settings({}, root)

    assert settings.sign_in
    assert settings.sign_in.rules.roles_of("Ann@school.org") == {Role.TEACHER}
    assert secret not in repr(settings)


def test_without_auth_in_the_secrets_file_nobody_signs_in(tmp_path: Path):
    assert read_settings({}, with_secrets(tmp_path, 'GEMINI_API_KEY = "c"')).sign_in is None
