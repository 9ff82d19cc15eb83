import pytest

from lessongen.generation.toml_lines import line_of

TEXT = """\
# slots
[slots.primary]  # the best
model = "a"
prices = { input = 1, output = 2 }
limits.minute = 3

[slots."second one"]
model = "b = c"

[retired]
"gemini-2.0-flash" = { replacement = "x" }
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (["slots", "primary"], 2),
        (["slots", "primary", "model"], 3),
        (["slots", "primary", "prices", "output"], 4),
        (["slots", "primary", "limits", "minute"], 5),
        (["slots", "primary", "absent"], 2),
        (["slots", "second one", "model"], 8),
        (["retired", "gemini-2.0-flash", "ends"], 11),
        (["nothing"], None),
        ([], None),
    ],
)
def test_a_value_is_found_by_the_names_that_lead_to_it(place: list[str], line: int | None):
    assert line_of(TEXT, place) == line
