from lessongen.lesson.parts import PARTS, part_title


def test_the_plan_comes_first_and_every_part_has_a_title_of_its_own():
    titles = [part_title(part) for part in PARTS]

    assert titles[:3] == ["Plan", "Warm-up", "Vocabulary"]
    assert len({*titles}) == len(PARTS) == 10


def test_a_part_that_is_no_more_keeps_the_name_it_was_stored_by():
    assert part_title("songs") == "songs"
