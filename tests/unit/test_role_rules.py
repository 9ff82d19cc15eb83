import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lessongen.errors import SettingsError
from lessongen.people import Role
from lessongen.role_rules import RoleRules, role_rules, usable_address

SCHOOL = role_rules(
    {
        "teacher": ["*@school.org", " Guest@Elsewhere.example "],
        "admin": ["*@it.school.org", "head@school.org"],
        "staff": ["head@school.org"],
    }
)
NOBODY = frozenset[Role]()
LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
DOMAINS = st.lists(LABELS, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "org"]))
LOCALS = st.from_regex(r"[a-z0-9._+-]{1,12}", fullmatch=True)
ADDRESSES = st.builds("{}@{}".format, LOCALS, DOMAINS)


@pytest.mark.parametrize(
    ("email", "roles"),
    [
        ("ann@school.org", {Role.TEACHER}),
        ("Ann@School.ORG", {Role.TEACHER}),
        ("head@school.org", {Role.TEACHER, Role.ADMIN, Role.STAFF}),
        ("HEAD@school.org", {Role.TEACHER, Role.ADMIN, Role.STAFF}),
        ("root@it.school.org", {Role.ADMIN}),
        ("guest@elsewhere.example", {Role.TEACHER}),
        ("ann+trip@school.org", {Role.TEACHER}),
        ("o'neill@school.org", {Role.TEACHER}),
    ],
)
def test_an_address_has_the_roles_of_every_rule_that_names_it(email: str, roles: set[Role]):
    assert SCHOOL.roles_of(email) == roles


@pytest.mark.parametrize(
    "email",
    [
        "x@evil-school.org",
        "x@school.org.evil.com",
        "x@sub.school.org",
        "x@schoolXorg",
        "x@school.orgs",
        "other@elsewhere.example",
        "x@evil.com@school.org",
        "@school.org",
        "school.org",
        "*@school.org",
        "x @school.org",
        "x@school.org\n",
        "x@school.org,y@school.org",
        "<x@school.org>",
        '"x@y"@school.org',
        "x@\u017fchool.org",
        "x@\u212aschool.org",
        "x@school.org\u0000",
        "x@school\u3002org",
        "x" * 300 + "@school.org",
        "",
    ],
)
def test_an_address_that_only_looks_like_the_schools_has_no_role(email: str):
    assert SCHOOL.roles_of(email) == NOBODY


def test_no_role_implies_another():
    rules = role_rules({"admin": ["head@school.org"]})

    assert rules.roles_of("head@school.org") == {Role.ADMIN}


def test_a_role_may_be_given_to_nobody():
    rules = role_rules({"teacher": ["*@school.org"], "staff": []})

    assert rules.roles_of("ann@school.org") == {Role.TEACHER}


@pytest.mark.parametrize(
    "rule",
    [
        *("*", "*@*", "*@*.org", "", " ", "@", "*@", "**@**", "*@org", "*.*@*", "?@*", "%"),
        *("*@gmail.com", "*@Outlook.com"),
    ],
)
@pytest.mark.parametrize("role", list(Role))
def test_a_rule_that_would_match_everyone_is_refused(role: Role, rule: str):
    with pytest.raises(SettingsError, match="would let everyone in") as refused:
        role_rules({role: ["*@school.org", rule]})

    assert f"[roles] {role}" in str(refused.value)


@pytest.mark.parametrize(
    "rule",
    [
        "a*@school.org",
        "*a@school.org",
        "ann@*.school.org",
        "*@.school.org",
        "*@school..org",
        "*@-school.org",
        "*@school.org.",
        "school.org",
        "*school.org",
        "ann@school.org, bob@school.org",
        "ann@school.org*",
        "*@schule.österreich",
        "*@school.org@it",
        "*@school.1",
        "ann@org",
        ".*@school.org$",
    ],
)
def test_a_rule_that_is_neither_an_address_nor_a_domain_is_refused(rule: str):
    with pytest.raises(SettingsError, match=r"cannot be used|would let everyone in"):
        role_rules({"admin": [rule]})


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (["*@school.org"], "roles must be a table"),
        ("*@school.org", "roles must be a table"),
        (None, "roles must be a table"),
        ({"principal": ["*@school.org"]}, "names a role “principal”; the roles are teacher"),
        ({"Admin": ["*@school.org"]}, "names a role “Admin”"),
        ({"admin": "*@school.org"}, "admin must be a list"),
        ({"admin": {"a": "*@school.org"}}, "admin must be a list"),
        ({"admin": True}, "admin must be a list"),
        ({"admin": [1]}, "no text"),
        ({"admin": [["*@school.org"]]}, "no text"),
        ({}, "gives nobody a role"),
        ({"admin": [], "teacher": []}, "gives nobody a role"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_a_sentence(table: object, sentence: str):
    with pytest.raises(SettingsError, match=re.escape(sentence)):
        role_rules(table)


@given(st.text(alphabet=string.printable + "*@.ö\u017f\u212a", max_size=40))
@example("*@*")
@example("*@a.b")
def test_whatever_is_written_as_a_rule_is_refused_or_lets_few_in(rule: str):
    try:
        rules = role_rules({"admin": [rule]})
    except SettingsError:
        return

    strangers = ["a@stranger.example", "b@other.test", "c@xn--schule.example", "d@mail.example"]
    domain = rule.strip().lower().partition("@")[2]
    assert [s for s in strangers if rules.roles_of(s) and not s.endswith(f"@{domain}")] == []
    assert "." in domain


@given(ADDRESSES, ADDRESSES)
def test_an_exact_rule_matches_its_address_and_no_other(named: str, other: str):
    rules = role_rules({"staff": [named.upper()]})

    assert rules.roles_of(named.swapcase()) == {Role.STAFF}
    assert bool(rules.roles_of(other)) == (other == named)


@given(DOMAINS, ADDRESSES, LOCALS)
def test_a_rule_for_a_domain_matches_that_domain_and_none_like_it(
    domain: str, other: str, local: str
):
    rules = role_rules({"staff": [f"*@{domain}"]})

    assert rules.roles_of(f"{local}@{domain}") == {Role.STAFF}
    assert bool(rules.roles_of(other)) == (other.partition("@")[2] == domain)
    for like in (f"x{domain}", f"x.{domain}", f"{domain}.example", f"evil-{domain}"):
        assert rules.roles_of(f"{local}@{like}") == NOBODY


@given(st.text(max_size=60) | st.none() | st.integers() | st.lists(st.text()))
def test_an_address_that_can_be_used_has_one_at_sign_and_no_capital_letter(email: object):
    address = usable_address(email)

    assert address is None or (
        address.isascii() and address == address.lower() and address.count("@") == 1
    )


@given(st.text(max_size=60))
def test_rules_answer_for_any_text(email: str):
    assert SCHOOL.roles_of(email) <= set(Role)


def test_rules_that_name_nobody_match_nobody():
    assert RoleRules({}).roles_of("ann@school.org") == NOBODY
