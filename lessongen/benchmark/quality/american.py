"""How Americans write the words of the sample lessons; a list apart from that of the checks."""

import re


def _pairs(text: str) -> dict[str, str]:
    parted = (pair.partition(":") for pair in text.split())
    return {british: american for british, _, american in parted}


ONLY_AMERICAN = _pairs("""
    colour:color colours:colors colourful:colorful favourite:favorite favourites:favorites
    neighbour:neighbor neighbours:neighbors neighbourhood:neighborhood behaviour:behavior
    humour:humor labour:labor flavour:flavor rumour:rumor harbour:harbor honour:honor
    centre:center theatre:theater kilometre:kilometer kilometres:kilometers litre:liter grey:gray
    travelling:traveling travelled:traveled traveller:traveler travellers:travelers
    cancelled:canceled labelled:labeled modelling:modeling jewellery:jewelry pyjamas:pajamas
    cosy:cozy mum:mom defence:defense sceptical:skeptical aeroplane:airplane
    favour:favor favours:favors candour:candor offence:offense centres:centers theatres:theaters
    fibre:fiber fibres:fibers enrol:enroll sceptic:skeptic sceptics:skeptics
    quarrelled:quarreled woollen:woolen rumours:rumors tyres:tires plough:plow
""")
# The British have these words too: as other words (a meter, to license), or in Oxford spelling.
ALSO_BRITISH = _pairs("""
    metre:meter metres:meters programme:program programmes:programs cheque:check lorry:truck
    lorries:trucks storey:story storeys:stories maths:math tyre:tire kerb:curb licence:license
    practise:practice practised:practiced practising:practicing
    apologise:apologize apologised:apologized apologises:apologizes apologising:apologizing
    realise:realize realised:realized realises:realizes recognise:recognize recognised:recognized
    organise:organize organised:organized organises:organizes organising:organizing
    recognises:recognizes organisation:organization organisations:organizations organiser:organizer
    organisers:organizers disorganised:disorganized summarise:summarize summarised:summarized
    criticise:criticize criticised:criticized criticising:criticizing
""")
AMERICAN = ONLY_AMERICAN | ALSO_BRITISH


def in_american_spelling(text: str) -> str:
    """Return a British text as Americans spell it."""
    return re.sub(r"[^\W\d_]+", lambda found: _american(found[0]), text)


def _american(word: str) -> str:
    other = AMERICAN.get(word.casefold(), word)
    return other.capitalize() if word[0].isupper() and other != word else other
