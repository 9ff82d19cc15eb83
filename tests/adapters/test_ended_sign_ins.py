from pathlib import Path

from lessongen.store.store import opened_store

NOON = 1_800_000_000.0
DAY = 86_400.0
ANN = "https://provider.example ann 1800000000 some-nonce"


def test_a_sign_in_that_was_ended_stays_so_on_another_server_and_after_a_restart(database: Path):
    with opened_store(database, lambda: NOON) as one, opened_store(database) as other:
        one.ended_sign_ins.add(ANN, NOON + DAY)
        assert other.ended_sign_ins.has(ANN)

    with opened_store(database, lambda: NOON) as again:
        assert again.ended_sign_ins.has(ANN)
        assert not again.ended_sign_ins.has(f"{ANN}2")


def test_ending_it_twice_is_ending_it(database: Path):
    with opened_store(database, lambda: NOON) as store:
        store.ended_sign_ins.add(ANN, NOON + DAY)
        store.ended_sign_ins.add(ANN, NOON + DAY)

        assert store.ended_sign_ins.has(ANN)


def test_what_would_have_ended_by_itself_is_forgotten_with_the_next(database: Path):
    now = NOON
    with opened_store(database, lambda: now) as store:
        store.ended_sign_ins.add(ANN, NOON + DAY)
        now += DAY + 1
        store.ended_sign_ins.add("another", now + DAY)

        [row] = store.database.read("SELECT until FROM ended_sign_ins")
        assert row == {"until": now + DAY}


def test_nobody_can_be_told_from_what_is_kept(database: Path):
    with opened_store(database, lambda: NOON) as store:
        store.ended_sign_ins.add(ANN, NOON + DAY)

        [row] = store.database.read("SELECT * FROM ended_sign_ins")
        assert {word for word in ANN.split() if word in f"{row}"} == set()
