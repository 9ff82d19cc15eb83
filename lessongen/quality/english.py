"""What the checks know of English by heart: function words, odd forms, spellings, numbers."""


def _words(text: str) -> list[str]:
    return text.split()


def _pairs(text: str) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in text.split())
    return {word: other for word, _, other in pairs}


_DETERMINERS = """
    a an the this that these those some any no every each either neither both all another other
    others such what which whose much many more most less least few little several enough own
"""
_PRONOUNS = """
    i me my mine myself you your yours yourself yourselves he him his himself she her hers herself
    it its itself we us our ours ourselves they them their theirs themselves who whom one ones
    someone somebody something anyone anybody anything everyone everybody everything nobody
    nothing none
"""
_AUXILIARIES = """
    be am is are was were been being have has had having do does did doing done will would shall
    should can could may might must ought cannot
"""
_PREPOSITIONS = """
    about above across after against along among around as at before behind below beneath beside
    besides between beyond by despite down during except for from in inside into like near of off
    on onto out outside over past per since than through throughout till to toward towards under
    until up upon with within without
"""
_CONNECTORS = """
    and but or nor so yet if because although though while whereas unless whether when whenever
    where wherever why how not never also too very just only even still already again then there
    here now quite rather really perhaps maybe however therefore else ever almost away back yes oh
    ok okay mr mrs ms dr
"""
FUNCTION_WORDS = frozenset(
    _words(_DETERMINERS + _PRONOUNS + _AUXILIARIES + _PREPOSITIONS + _CONNECTORS)
)

# What simplemma 2.0 leaves out; found by going through the irregular verbs, plurals and
# comparatives of English.
IRREGULAR = _pairs("""
    bore:bear bent:bend bit:bite broke:break drunk:drink felt:feel gone:go ground:grind lay:lie
    left:leave rung:ring rose:rise shook:shake shot:shoot smelt:smell spelt:spell swore:swear
    thought:think won:win wound:wind people:person leaves:leaf lives:life wives:wife knives:knife
    halves:half shelves:shelf thieves:thief loaves:loaf worse:bad worst:bad further:far
    furthest:far bigger:big biggest:big hotter:hot hottest:hot starred:star elder:old eldest:old
""")

# Words that simplemma takes for forms of another: “worse” of “wrong”, “starred” of “stare”.
MISTAKEN = frozenset(_words("worse starred"))

BRITISH_TO_AMERICAN = _pairs("""
    grey:gray programme:program cheque:check licence:license defence:defense offence:offense
    practise:practice practised:practiced practising:practicing jewellery:jewelry
    catalogue:catalog tyre:tire tyres:tires kerb:curb pyjamas:pajamas aluminium:aluminum
    aeroplane:airplane mum:mom moustache:mustache plough:plow sceptical:skeptical cosy:cozy
    enrol:enroll fulfil:fulfill skilful:skillful instalment:installment judgement:judgment
    ageing:aging woollen:woolen mould:mold manoeuvre:maneuver doughnut:donut yoghurt:yogurt
""")

# British endings, what Americans write, and the least number of letters before the ending.
SPELLINGS = (
    (r"our(?=(?:s|ed|ing|ful|less|able|hood|hoods|ite|ites|er|ers)?$)", "or", 3),
    (r"is(?=(?:e|es|ed|ing|er|ers|ation|ations)$)", "iz", 4),
    (r"ys(?=(?:e|es|ed|ing|er|ers)$)", "yz", 3),
    (r"([bcdfgt])re(?=s?$)", r"\1er", 2),
    (r"ll(?=(?:ed|ing|er|ers|or|ors)$)", "l", 3),
)

_UNITS = _words("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
""")
_TENS = _words("twenty thirty forty fifty sixty seventy eighty ninety")
NUMBERS = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
}
MULTIPLIERS = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
ORDINALS = frozenset(
    _words("first second third fourth fifth sixth seventh eighth ninth hundredth thousandth")
)
