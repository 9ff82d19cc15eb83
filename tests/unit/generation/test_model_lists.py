from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lessongen.errors import ModelNotFound, Unauthorized
from lessongen.gemini.messages import ModelList
from lessongen.generation.model_lists import ModelCheck, ModelChecks, checked_models, list_trouble
from lessongen.generation.strategy import Retired, Strategy
from tests.support.generation import model_slot

TODAY = date(2026, 11, 24)
LISTED = ModelList(frozenset({"gemini-3.8-flash", "gemini-3.7-flash", "gemini-3.5-flash-lite"}))
RETIRED = {
    "gemini-2.5-pro": Retired(replacement="gemini-3.8-flash", ends=date(2026, 12, 1)),
    "gemini-3.7-flash": Retired(replacement="gemini-3.8-flash", ends=date(2026, 12, 1)),
    "gemini-2.0-flash": Retired(replacement="gemini-9-gone", ends=date(2026, 6, 1)),
}


def check(model: str, listed: ModelList = LISTED) -> ModelCheck:
    strategy = Strategy({"primary": model_slot(model)}, {}, RETIRED, version=4)
    [found] = checked_models(listed, strategy, TODAY).checks
    assert (found.slot, found.model) == ("primary", model)
    return found


def test_a_model_on_the_list_needs_nothing():
    found = check("gemini-3.8-flash")

    assert (found.listed, found.replacement, found.sentence) == (True, None, None)


def test_a_model_may_be_named_with_its_folder():
    assert check("models/gemini-3.8-flash").listed
    assert check("publishers/google/models/gemini-3.8-flash").listed


def test_a_model_that_is_listed_and_going_is_told_with_its_day_and_what_comes_instead():
    found = check("gemini-3.7-flash")

    assert (found.listed, found.replacement) == (True, "gemini-3.8-flash")
    assert found.sentence == (
        "The slot “primary” uses gemini-3.7-flash, which will be shut down on 2026-12-01. "
        "Write gemini-3.8-flash instead, on the page Assignments."
    )


def test_a_model_that_is_gone_is_replaced_by_what_the_strategy_names():
    found = check("gemini-2.5-pro")

    assert (found.listed, found.replacement) == (False, "gemini-3.8-flash")
    assert found.sentence
    assert "does not list" in found.sentence


def test_where_the_named_replacement_is_gone_too_the_nearest_listed_id_is_told():
    found = check("gemini-2.0-flash")

    assert found.listed is False
    assert found.replacement in LISTED.ids


def test_a_mistyped_id_is_told_with_the_nearest_one():
    found = check("gemini-3.5-flash-litte")

    assert (found.listed, found.replacement) == (False, "gemini-3.5-flash-lite")
    assert found.sentence == (
        "The server does not list this model (any more). "
        "The most similar it lists is gemini-3.5-flash-lite."
    )


def test_where_nothing_is_like_it_nothing_is_made_up():
    found = check("x")

    assert (found.listed, found.replacement) == (False, None)
    assert found.sentence
    assert found.sentence.endswith("Nothing it lists is similar.")


def test_what_the_list_of_vertex_does_not_name_may_be_there_all_the_same():
    found = check("gemini-4-hydrogen", ModelList(LISTED.ids, complete=False))

    assert (found.listed, found.replacement) == (None, None)
    assert found.sentence
    assert "Vertex AI" in found.sentence
    assert check("gemini-3.8-flash", ModelList(LISTED.ids, complete=False)).listed


def test_a_model_of_ones_own_is_on_no_list():
    assert check("tunedModels/ours").listed is None
    assert check("projects/p/locations/l/endpoints/7").listed is None


def test_the_checks_keep_the_order_of_the_slots_and_say_how_many_models_there_are():
    slots = {
        "b": model_slot("gemini-3.8-flash", enabled=False),
        "a": model_slot("gemini-3.5-flash-lite"),
    }

    found = checked_models(LISTED, Strategy(slots, {}, {}), TODAY)

    assert [(c.slot, c.enabled) for c in found.checks] == [("b", False), ("a", True)]
    assert found.models == 3
    assert ModelChecks.model_validate_json(found.model_dump_json()) == found


@given(
    model=st.from_regex(r"[A-Za-z0-9.:@/_-]{1,200}", fullmatch=True),
    ids=st.frozensets(st.text(max_size=60), max_size=20),
    complete=st.booleans(),
)
def test_whatever_is_listed_a_model_is_there_or_a_sentence_says_why_not(
    model: str, ids: frozenset[str], *, complete: bool
):
    found = check(model, ModelList(ids, complete))

    assert found.listed or found.sentence
    assert found.replacement is None or found.replacement in ids or found.model in RETIRED


def test_a_server_without_a_list_is_told_as_such_and_other_trouble_as_it_is():
    assert list_trouble(ModelNotFound("list", "404")).startswith("This server has no list")
    assert list_trouble(Unauthorized("list", "403: denied")) == (
        "The list of models could not be read. "
        "The key is not accepted. Check it, and what it may use. (403: denied)"
    )
