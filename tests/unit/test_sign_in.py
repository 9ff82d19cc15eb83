import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.errors import SettingsError
from lessongen.people import LOCAL, Person, Role
from lessongen.role_rules import role_rules
from lessongen.sign_in import NOBODY, SignIn, Standing, Visitor, is_loopback, mark_of, sign_in_of

NOW = 1_800_000_000.0
HOUR = 3600.0
SECRET = "k3Jx9-Q2mZ7pLw8RtY5vB1nC4dF6gH0sA"
AUTH: dict[str, Any] = {
    "redirect_uri": "https://lessons.school.org/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "the-client",
    "client_secret": "the-secret-of-the-client",
    "server_metadata_url": "https://accounts.google.com/.well-known/openid-configuration",
}
ROLES = {"teacher": ["*@school.org"], "admin": ["head@school.org"]}
SIGN_IN = SignIn(role_rules(ROLES), hours=12)
ANN: dict[str, Any] = {
    "is_logged_in": True,
    "iss": "https://login.school.org",
    "sub": "1",
    "iat": NOW - HOUR,
    "exp": NOW - 1,
    "email": "Ann@School.org",
    "email_verified": True,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def visitor(**changes: object) -> Visitor:
    return SIGN_IN.visitor(ANN | changes, NOW)


def without(claim: str) -> Visitor:
    return SIGN_IN.visitor({name: ANN[name] for name in ANN if name != claim}, NOW)


def test_an_account_of_the_school_is_known_by_its_address_in_small_letters():
    ann = Person("ann@school.org", frozenset({Role.TEACHER}))

    assert visitor() == Visitor(Standing.SIGNED_IN, ann, "ann@school.org")


def test_an_account_that_no_rule_names_is_known_and_has_no_role():
    stranger = visitor(email="eve@elsewhere.example")

    assert stranger.standing is Standing.SIGNED_IN
    assert stranger.person == Person("eve@elsewhere.example", frozenset())


@pytest.mark.parametrize("claims", [{}, {"is_logged_in": False}, ANN | {"is_logged_in": "yes"}])
def test_who_is_not_signed_in_is_nobody(claims: Mapping[str, Any]):
    assert SIGN_IN.visitor(claims, NOW) == Visitor(Standing.SIGNED_OUT, NOBODY)


@pytest.mark.parametrize("verified", [False, "false", "False", 0, None, "", [True], {}])
def test_an_address_that_is_not_verified_gives_no_role(verified: object):
    unverified = visitor(email_verified=verified)

    assert unverified == Visitor(Standing.UNVERIFIED, NOBODY, "ann@school.org")


@pytest.mark.parametrize("verified", [True, "true"])
def test_an_address_may_be_said_to_be_verified_in_two_ways(verified: object):
    assert visitor(email_verified=verified) == visitor()


def test_a_provider_that_says_nothing_about_verifying_is_believed():
    assert without("email_verified") == visitor()


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "accounts.google.com"])
def test_a_private_google_account_with_an_address_of_the_school_gives_no_role(issuer: str):
    private = visitor(iss=issuer)

    assert private == Visitor(Standing.UNVERIFIED, NOBODY, "ann@school.org")
    assert visitor(iss=issuer, hd="") == visitor(iss=issuer, hd=None) == private
    assert visitor(iss=issuer, hd="school.org") == visitor()


def test_google_vouches_for_its_own_mail():
    guest = visitor(iss="https://accounts.google.com", email="guest@gmail.com")

    assert guest.standing is Standing.SIGNED_IN


@pytest.mark.parametrize("email", [None, "", "ann", 7, ["ann@school.org"], "ann@school", "ä@b.org"])
def test_an_account_without_a_usable_address_gives_no_role(email: object):
    assert visitor(email=email) == Visitor(Standing.NO_ADDRESS, NOBODY)
    assert without("email") == Visitor(Standing.NO_ADDRESS, NOBODY)


@pytest.mark.parametrize(
    ("issued", "standing"),
    [
        (NOW, Standing.SIGNED_IN),
        (NOW - 12 * HOUR + 1, Standing.SIGNED_IN),
        (NOW - 12 * HOUR, Standing.ENDED),
        (NOW - 13 * HOUR, Standing.ENDED),
        (0, Standing.ENDED),
        (NOW + 300, Standing.SIGNED_IN),
        (NOW + 301, Standing.ENDED),
        (10**400, Standing.ENDED),
        (float("nan"), Standing.ENDED),
        (None, Standing.ENDED),
        (True, Standing.ENDED),
        (str(NOW), Standing.ENDED),
    ],
)
def test_a_sign_in_ends_so_many_hours_after_it_began(issued: object, standing: Standing):
    assert visitor(iat=issued).standing is standing


def test_a_sign_in_that_ends_while_a_page_is_open_takes_the_roles_with_it():
    later = ANN["iat"] + 12 * HOUR

    assert SIGN_IN.visitor(ANN, later - 1).person.roles == {Role.TEACHER}
    assert SIGN_IN.visitor(ANN, later) == Visitor(Standing.ENDED, NOBODY)


def test_a_clock_that_went_backwards_ends_a_sign_in_rather_than_making_it_longer():
    assert SIGN_IN.visitor(ANN, ANN["iat"] - HOUR) == Visitor(Standing.ENDED, NOBODY)


@given(st.dictionaries(st.sampled_from([*ANN, "other"]), JSON), st.floats())
def test_whatever_claims_hold_nobody_is_signed_in_without_address_and_time(
    claims: dict[str, Any], now: float
):
    judged = SIGN_IN.visitor(claims | {"is_logged_in": True}, now)

    assert judged.person.id != LOCAL
    assert judged.standing is Standing.SIGNED_IN or judged.person == NOBODY
    if judged.standing is Standing.SIGNED_IN:
        assert judged.person.id == claims["email"].lower()
        assert claims["iat"] <= now + 300


def test_two_sign_ins_of_one_account_have_different_marks():
    assert mark_of(ANN) == mark_of(dict(reversed(ANN.items())))
    assert mark_of(ANN) != mark_of(ANN | {"iat": NOW})
    assert mark_of(ANN | {"nonce": "a"}) != mark_of(ANN | {"nonce": "b"})
    assert mark_of(ANN) != mark_of(ANN | {"sub": "2"})


def test_without_auth_there_is_no_sign_in():
    assert sign_in_of({}) is None
    assert sign_in_of({"GEMINI_API_KEY": "a"}) is None


def test_a_sign_in_is_its_rules_and_its_hours():
    assert sign_in_of({"auth": AUTH, "roles": ROLES}) == SIGN_IN
    given = sign_in_of({"auth": AUTH, "roles": ROLES, "sign_in": {"hours": 0.5}})
    assert given == SignIn(role_rules(ROLES), hours=0.5)


def test_a_sign_in_prints_no_secret():
    printed = repr(sign_in_of({"auth": AUTH, "roles": ROLES}))

    assert not [value for value in AUTH.values() if value in printed]


@pytest.mark.parametrize("key", list(AUTH))
@pytest.mark.parametrize("value", [None, "", "  ", 7, ["a"]])
def test_a_setting_that_streamlit_needs_is_asked_for_by_its_name(key: str, value: object):
    with pytest.raises(SettingsError, match=re.escape(f"[auth] needs {key}")):
        sign_in_of({"auth": AUTH | {key: value}, "roles": ROLES})


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("cookie_secret", "short", "could be guessed"),
        ("cookie_secret", "x" * 64, "could be guessed"),
        ("redirect_uri", "https://lessons.school.org/", "must end with /oauth2callback"),
        ("redirect_uri", "http://lessons.school.org/oauth2callback", "must begin with https://"),
        ("redirect_uri", "lessons.school.org/oauth2callback", "must begin with https://"),
        ("redirect_uri", "https:///oauth2callback", "must begin with https://"),
        ("redirect_uri", "https://[/oauth2callback", "is no address"),
        ("server_metadata_url", "http://login.school.org/x", "must begin with https://"),
        (
            "server_metadata_url",
            "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
            "every organisation",
        ),
        (
            "server_metadata_url",
            "https://login.microsoftonline.com/Organizations/v2.0/.well-known/x",
            "every organisation",
        ),
    ],
)
def test_an_unsafe_setting_is_named_and_not_shown(key: str, value: str, sentence: str):
    with pytest.raises(SettingsError, match=re.escape(sentence)) as refused:
        sign_in_of({"auth": AUTH | {key: value}, "roles": ROLES})

    assert f"[auth] {key}" in str(refused.value)
    assert value not in str(refused.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_on_this_computer_no_encryption_is_needed(host: str):
    address = f"http://{host}:8501/oauth2callback"

    assert sign_in_of({"auth": AUTH | {"redirect_uri": address}, "roles": ROLES}) == SIGN_IN


@pytest.mark.parametrize(
    ("secrets", "sentence"),
    [
        ({"auth": AUTH}, "nobody has a role"),
        ({"auth": "https://accounts.google.com", "roles": ROLES}, "auth must be a table"),
        ({"auth": AUTH, "roles": {}}, "gives nobody a role"),
        ({"roles": ROLES}, "[roles] is set, but nobody can sign in"),
        ({"sign_in": {"hours": 3}}, "[sign_in] is set, but nobody can sign in"),
        ({"roles": ROLES, "sign_in": {}}, "[roles] and [sign_in]"),
        ({"auth": AUTH, "roles": ROLES, "sign_in": 12}, "sign_in must be a table"),
        ({"auth": AUTH, "roles": ROLES, "sign_in": {"hour": 12}}, "holds hour"),
    ],
)
def test_a_sign_in_that_is_set_up_by_half_is_refused(secrets: dict[str, Any], sentence: str):
    with pytest.raises(SettingsError, match=re.escape(sentence)):
        sign_in_of(secrets)


@pytest.mark.parametrize("hours", [0, -1, 721, float("nan"), float("inf"), True, "12", None, [12]])
def test_hours_that_make_no_sense_are_refused(hours: object):
    with pytest.raises(SettingsError, match="hours must be a number above zero"):
        sign_in_of({"auth": AUTH, "roles": ROLES, "sign_in": {"hours": hours}})


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1"])
def test_this_computers_own_names_are_known(host: str):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "0.0.0.0", "::", "10.0.0.1", "localhost.example", "127.0.0.1.example", "school.org"],
)
def test_any_other_name_may_be_another_computers(host: str):
    assert not is_loopback(host)
