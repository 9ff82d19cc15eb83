# ruff: noqa: RUF001 - phonetic signs look like letters, and are meant
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.quality.dictionary import Sound, agrees, sound

BRITISH = """
market ˈmɑːkɪt ●○|environment ɪnˈvaɪrənmənt ○●○○|schedule ˈʃedjuːl ●○|tomato təˈmɑːtəʊ ○●○
water ˈwɔːtə ●○|bird bɜːd ●|thought θɔːt ●|photograph ˈfəʊtəɡrɑːf ●○○|city ˈsɪti ●○
photography fəˈtɒɡrəfi ○●○○|interview ˈɪntəvjuː ●○○|area ˈeəriə ●○○|idea aɪˈdɪə ○●
button ˈbʌtən ●○|student ˈstjuːdənt ●○|chocolate ˈtʃɒklət ●○|every ˈevri ●○|fire faɪə ●
flower ˈflaʊə ●○|usual ˈjuːʒuəl ●○○|explain ɪkˈspleɪn ○●|display dɪˈspleɪ ○●|bath bɑːθ ●
profit ˈprɒfɪt ●○|haggle ˈhæɡəl ●○|theatre ˈθɪətə ●○|museum mjuːˈziːəm ○●○|women ˈwɪmɪn ●○
advertisement ədˈvɜːtɪsmənt ○●○○|university ˌjuːnɪˈvɜːsɪti ○○●○○|queue kjuː ●|year jɪə ●
picture ˈpɪktʃə ●○|judge dʒʌdʒ ●|this ðɪs ●|vision ˈvɪʒən ●○|language ˈlæŋɡwɪdʒ ●○
computer kəmˈpjuːtə ○●○|hot hɒt ●|go ɡəʊ ●|news njuːz ●|boy bɔɪ ●|chair tʃeə ●|singer ˈsɪŋə ●○
"""
AMERICAN = """
market ˈmɑrkɪt ●○|environment ɪnˈvaɪrənmənt ○●○○|schedule ˈskɛdʒˌul ●○|tomato təˈmeɪtoʊ ○●○
water ˈwɔtər ●○|bird bɜrd ●|thought θɔt ●|photograph ˈfoʊtəˌɡræf ●○○|city ˈsɪti ●○
photography fəˈtɑɡrəfi ○●○○|interview ˈɪntərˌvju ●○○|area ˈɛriə ●○○|button ˈbʌtən ●○
student ˈstudənt ●○|chocolate ˈtʃɑklət ●○|every ˈɛvri ●○|fire faɪər ●|flower ˈflaʊər ●○
usual ˈjuʒuəl ●○○|explain ɪkˈspleɪn ○●|display dɪˈspleɪ ○●|bath bæθ ●|profit ˈprɑfɪt ●○
haggle ˈhæɡəl ●○|women ˈwɪmɪn ●○|advertisement ˈædvərˌtaɪzmənt ●○○○|queue kju ●|year jɪr ●
university ˌjunɪˈvɜrsɪti ○○●○○|picture ˈpɪktʃər ●○|judge dʒʌdʒ ●|this ðɪs ●|vision ˈvɪʒən ●○
language ˈlæŋɡwɪdʒ ●○|computer kəmˈpjutər ○●○|hot hɑt ●|go ɡoʊ ●|news nuz ●|boy bɔɪ ●
chair tʃɛr ●|singer ˈsɪŋər ●○|better ˈbɛtər ●○|poor pʊr ●|garage ɡəˈrɑʒ ○●|leisure ˈliʒər ●○
vase veɪs ●|dance dæns ●|handmade ˈhændˌmeɪd ●○
"""


def entries(text: str) -> list[tuple[str, Sound]]:
    lines = (entry.split() for line in text.split("\n") if line for entry in line.split("|"))
    return [(word, Sound(f"/{ipa}/", stress)) for word, ipa, stress in lines]


@pytest.mark.parametrize(("word", "said"), entries(BRITISH))
def test_british_words_are_said_as_learners_dictionaries_print_them(word: str, said: Sound):
    assert sound(word, "British") == said


@pytest.mark.parametrize(("word", "said"), entries(AMERICAN))
def test_american_words_are_said_as_learners_dictionaries_print_them(word: str, said: Sound):
    assert sound(word, "American") == said


@pytest.mark.parametrize(
    ("word", "part_of_speech", "said"),
    [
        ("record", "noun", Sound("/ˈrekɔːd/", "●○")),
        ("record", "verb", Sound("/rɪˈkɔːd/", "○●")),
        ("present", "verb", Sound("/prɪˈzent/", "○●")),
        ("use", "noun", Sound("/juːs/", "●")),
        ("close", "verb", Sound("/kləʊz/", "●")),
        ("discount", "noun", Sound("/ˈdɪskaʊnt/", "●○")),
        ("resent", "verb", Sound("/rɪˈzent/", "○●")),
        ("remit", "noun", Sound("/ˈriːmɪt/", "●○")),
    ],
)
def test_the_part_of_speech_decides_between_readings(word: str, part_of_speech: str, said: Sound):
    assert sound(word, "British", part_of_speech) == said


@pytest.mark.parametrize(
    ("phrase", "part_of_speech", "said"),
    [
        ("set up", "phrasal verb", Sound("/ˌset ˈʌp/", "○●")),
        ("sell out", "", Sound("/ˌsel ˈaʊt/", "○●")),
        ("come up with", "phrasal verb", Sound("/ˌkʌm ˈʌp wɪð/", "○●○")),
        ("look for", "phrasal verb", Sound("/ˈlʊk fɔː/", "●○")),
        ("depend on", "verb", Sound("/dɪˈpend ɒn/", "○●○")),
        ("make a profit", "phrase", Sound("/ˌmeɪk ə ˈprɒfɪt/", "○○●○")),
        ("bus stop", "noun", Sound("/ˈbʌs ˌstɒp/", "●○")),
        ("public transport", "noun", Sound("/ˌpʌblɪk ˈtrɑːnspɔːt/", "○○●○")),
        ("well-known", "adjective", Sound("/ˌwelˈnəʊn/", "○●")),
        ("used to", "", Sound("/ˈjuːst tuː/", "●○")),
    ],
)
def test_phrases_have_one_main_stress(phrase: str, part_of_speech: str, said: Sound):
    assert sound(phrase, "British", part_of_speech) == said


@pytest.mark.parametrize(
    ("word", "ipa"),
    [
        ("asked", "/ɑːskt/"),
        ("wanted", "/ˈwɒntɪd/"),
        ("haggled", "/ˈhæɡəld/"),
        ("washes", "/ˈwɒʃɪz/"),
        ("teacher's", "/ˈtiːtʃəz/"),
        ("planning", "/ˈplænɪŋ/"),
        ("upcycles", "/ˈʌpsaɪkəlz/"),
        ("(to) haggle", "/ˈhæɡəl/"),
        ("resented", "/rɪˈzentɪd/"),
        ("tasteless", "/ˈteɪstləs/"),
        ("illness", "/ˈɪlnəs/"),
        ("kindnesses", "/ˈkaɪndnəsɪz/"),
        ("business", "/ˈbɪznəs/"),
        ("unless", "/ʌnˈles/"),
        ("recipe", "/ˈresəpi/"),
        ("enthusiasm", "/ɪnˈθjuːziæzəm/"),
        ("presumably", "/prɪˈzjuːməbli/"),
        ("listen to music", "/ˌlɪsən tə ˈmjuːzɪk/"),
        ("look forward to", "/ˌlʊk ˈfɔːwəd tuː/"),
    ],
)
def test_inflected_forms_follow_the_rules_of_sound(word: str, ipa: str):
    said = sound(word, "British")

    assert said is not None
    assert said.ipa == ipa


@pytest.mark.parametrize("word", ["", "   ", "xqzzt", "Lwazi", "____", "周末市场", "the xqzzt"])
def test_what_the_dictionary_does_not_know_has_no_sound(word: str):
    assert sound(word, "British") is None


@pytest.mark.parametrize(
    "ipa",
    ["/ˈmɑːkɪt/", "ˈmɑːkɪt", "/ˈmɑkɪt/", "[ˈmɑː.kɪt]", "/ˈmɑː(r)kɪt/", "/'mɑːkɪt/", "/mˈɑːkɪt/"],
)
def test_other_notations_of_the_same_sounds_agree(ipa: str):
    assert agrees("market", "British", "noun", ipa=ipa)


@pytest.mark.parametrize("ipa", ["/mɑːˈkɪt/", "/ˈmækɪt/", "/ˈmɑːkɪ/", "/ˈmɑːkɪtɪ/", "/ˈpɑːkɪt/"])
def test_other_sounds_stress_or_syllables_do_not_agree(ipa: str):
    assert not agrees("market", "British", "noun", ipa=ipa)


@pytest.mark.parametrize(
    ("word", "ipa"),
    [("nervous", "/ˈnɜrvəs/"), ("early", "/ˈɜrli/"), ("retire", "/rɪˈtaɪər/")],
)
def test_an_american_r_does_not_agree_in_british_english(word: str, ipa: str):
    assert not agrees(word, "British", ipa=ipa)
    assert agrees(word, "British", ipa=ipa.replace("r/", "(r)/").replace("ɜr", "ɜː"))


def test_an_american_word_without_its_r_does_not_agree():
    assert not agrees("market", "American", "noun", ipa="/ˈmɑːkɪt/")


def test_any_reading_will_do_where_no_part_of_speech_is_given():
    assert agrees("record", "British", ipa="/ˈrekɔːd/", stress="●○")
    assert agrees("record", "British", ipa="/rɪˈkɔːd/", stress="○●")
    assert not agrees("record", "British", "noun", ipa="/rɪˈkɔːd/")


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_text_is_too_odd_to_look_up(phrase: str, ipa: str):
    said = sound(phrase, "British")

    assert said is None or said.ipa.startswith("/")
    assert isinstance(agrees(phrase, "American", ipa=ipa, stress=ipa), bool)
