# python-docx types its XML layer only in part, and what Word reads stands in the XML.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
from io import BytesIO
from zipfile import ZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Length
from hypothesis import given, settings
from hypothesis import strategies as st

from lessongen.export.docx import as_docx
from lessongen.export.docx_tables import column_widths
from lessongen.export.tables import stays_whole
from lessongen.lesson.blocks import Copy
from lessongen.lesson.brief import local_brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.levels import Level
from lessongen.lesson.request import LessonRequest, Variant
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS

PLAN = {
    "stage_aim": "To practise",
    "minutes": 10,
    "interaction": "pairs",
    "teacher_steps": ["Ask.", "Listen."],
    "task": "Read and choose.",
}
IPA = "/ɪnˌvaɪərənˈmentəli/ θ ð ʃ ʒ ŋ"  # noqa: RUF001 - these letters are meant
CHOICE = {"question": "Who?", "options": ["Amina", "Pavel"], "answer": "Pavel"}
OPEN = {"question": "Why?", "options": [], "answer": "It was late, and the last bus had gone."}
FIELDS: dict[str, dict[str, object]] = {
    "warmup": {
        "questions": ["Where do you shop?", "Why there?"],
        "sample_answers": ["At the market."],
        "link_to_topic": "Today we visit one.",
    },
    "vocabulary": {
        "entries": [
            {
                "word": "stall",
                "part_of_speech": "noun",
                "definition": "a small open shop",
                "example": "She has a stall.",
                "collocations": ["run a stall"],
            }
        ]
        * 4,
        "practice": [{"sentence": "A real ____!", "answer": "bargain"}] * 3,
    },
    "comprehension": {
        "items": [
            {"skill": "detail", "evidence": "They closed at ten."} | item
            for item in (CHOICE, OPEN, CHOICE)
        ]
    },
    "discussion": {
        "questions": [{"kind": "opinion", "question": "What next?", "follow_up": "And then?"}] * 2,
        "useful_phrases": ["That’s a good point."],
        "outcome": "Agree on one rule.",
        "feedback": "Conditionals.",
    },
    "pronunciation": {
        "focus": "word stress",
        "explanation": "One syllable is strong.",
        "words": [{"word": "environmentally", "stress": "en-vi-ron-MEN-tal-ly", "ipa": IPA}] * 3,
        "drills": ["Say it."],
    },
    "dialogue": {
        "situation": "It is late.",
        "turns": [{"speaker": "Pavel", "text": "How much?"}] * 4,
        "functions": ["asking a price"],
        "role_cards": [{"role": "A", "situation": "You buy."}],
    },
    "wrapup": {
        "recap": ["Words"],
        "exit_ticket": [{"question": "What is a bargain?", "answer": "a low price"}],
        "can_do": "I can shop.",
        "homework": "Visit a market.",
    },
}
NUMBERED = "w:p[w:pPr/w:pStyle/@w:val='ListNumber']/w:pPr/w:numPr/w:numId/@w:val"


def market_lesson(variant: Variant = "British", **changed: dict[str, object]) -> Lesson:
    request = LessonRequest(
        topic="Weekend markets", level=Level.B1, variant=variant, sections=(*FIELDS, "reading")
    )
    contents: dict[str, SectionContent] = {
        name: SECTIONS[name].content.model_validate(PLAN | fields | changed.get(name, {}))
        for name, fields in FIELDS.items()
    }
    return Lesson(request, local_brief(request), contents)


def opened(lesson: Lesson, copy: Copy = "student") -> WordDocument:
    return Document(BytesIO(as_docx(lesson, copy)))


def paragraphs(document: WordDocument, style: str = "") -> list[str]:
    found = document.paragraphs
    return [p.text for p in found if not style or (p.style and p.style.name == style)]


def everything(document: WordDocument) -> str:
    cells = [cell.text for t in document.tables for row in t.rows for cell in row.cells]
    return "\n".join([*paragraphs(document), *cells])


def xml_values(document: WordDocument, path: str) -> list[str]:
    return [str(found) for found in document.element.body.xpath(path)]


def printable(text: str) -> list[str]:
    return [char for char in text if char.isprintable() and not char.isspace()]


@settings(max_examples=30, deadline=None)  # a whole document is drawn and opened each time
@given(st.text(max_size=70))
def test_any_text_gives_a_document_that_opens_and_holds_the_text(text: str):
    turn = {"speaker": text, "text": f"1{text}"}
    lesson = market_lesson(
        warmup={"questions": [f"1{text}", text], "link_to_topic": text},
        dialogue={"turns": [turn] * 4, "role_cards": [{"role": "A", "situation": f"1{text}"}]},
    )

    document = opened(lesson, "teacher")

    wanted = printable(text)
    assert printable(paragraphs(document, "List Number")[2]) == ["1", *wanted]
    assert printable(paragraphs(document, "Dialogue")[0]) == [*wanted, "1", *wanted]
    assert printable(document.tables[-1].cell(1, 1).text) == ["1", *wanted]


def test_the_title_comes_first_and_headings_follow_in_lesson_order():
    document = opened(market_lesson())

    assert paragraphs(document, "Title") == ["Weekend markets"]
    assert paragraphs(document, "Heading 1") == [
        *("Warm-up", "Vocabulary", "Reading", "Comprehension", "Discussion"),
        *("Pronunciation", "Dialogue", "Wrap-up"),
    ]
    levels = [p.style.name for p in document.paragraphs if p.style and p.style.name]
    outline = [name for name in levels if name.startswith(("Title", "Heading"))]
    assert outline[:3] == ["Title", "Heading 1", "Heading 1"]
    assert set(outline) == {"Title", "Heading 1", "Heading 2"}


def test_headings_stay_with_what_they_head():
    document = opened(market_lesson())

    assert all(
        paragraph.style.paragraph_format.keep_with_next
        for paragraph in document.paragraphs
        if paragraph.style and (paragraph.style.name or "").startswith("Heading")
    )


def test_every_table_repeats_its_header_and_keeps_its_rows_whole():
    tables = [
        t for t in opened(market_lesson()).tables if t.style and t.style.name == "Lesson Table"
    ]

    assert len(tables) == 3
    for table in tables:
        assert table._tbl.xpath("count(w:tr/w:trPr/w:tblHeader)") == 1
        assert table._tbl.xpath("count(w:tr[1]/w:trPr/w:tblHeader)") == 1
        assert len(table._tbl.xpath("w:tr/w:trPr/w:cantSplit")) == len(table.rows)
        assert all(cell.width for row in table.rows for cell in row.cells)


def test_a_table_of_words_stays_on_one_page_and_a_long_one_is_cut_between_rows():
    assert stays_whole([["Word", "Meaning"], *[["stall", "a small open shop"]] * 12])
    assert not stays_whole([["Word", "Meaning"], *[["stall", "a small open shop"]] * 13])
    assert not stays_whole([["Word", "Meaning"], ["stall", "a small open shop " * 90]])
    words = next(t for t in opened(market_lesson()).tables if t.cell(0, 1).text == "Type")
    kept = words._tbl.xpath("w:tr[not(position()=last())]/w:tc/w:p/w:pPr/w:keepNext")
    assert len(kept) == len(words._tbl.xpath("w:tr[not(position()=last())]/w:tc/w:p"))


def test_columns_fill_the_page_and_follow_what_they_hold():
    narrow, wide = column_widths([["Word", "Meaning"], ["a", "long words " * 9]], Length(9000))

    assert narrow + wide == 9000
    assert wide > 3 * narrow


def test_every_numbered_list_starts_again_at_one():
    document = opened(market_lesson(), "teacher")

    used = list(dict.fromkeys(xml_values(document, NUMBERED)))

    assert len(used) == 7 + 7
    numbering = document.part.numbering_part.element
    for list_id in used:
        start = f"w:num[@w:numId='{list_id}']/w:lvlOverride[@w:ilvl='0']/w:startOverride/@w:val"
        assert numbering.xpath(start) == ["1"]


def test_the_students_copy_has_no_answers_and_a_line_for_name_and_date():
    text = everything(opened(market_lesson(), "student"))

    assert "Name \t  Date \t" in text
    hidden = ("Answer", "Evidence", "last bus", "They closed", "a low price", "Outcome", "Aim:")
    assert [word for word in hidden if word in text] == []


def test_the_students_copy_has_lines_where_an_answer_is_to_be_written():
    student, teacher = opened(market_lesson(), "student"), opened(market_lesson(), "teacher")

    assert paragraphs(student, "Writing Line") == ["\t"] * 2
    assert paragraphs(teacher, "Writing Line") == []


def test_a_long_answer_gets_a_second_line_and_talk_gets_none():
    long = {"question": "What is a bargain?", "answer": "something that costs less " * 3}

    document = opened(market_lesson(wrapup={"exit_ticket": [long]}))

    shown = paragraphs(document)
    place = shown.index("What is a bargain?")
    assert shown[place + 1 : place + 3] == ["\t", "\t"]
    assert shown[shown.index("What next?") + 1] == "What next?"


def test_the_teachers_copy_has_the_key_in_italics_right_after_each_item():
    document = opened(market_lesson(), "teacher")
    shown = paragraphs(document)

    place = shown.index("Why?")
    assert shown[place + 1 : place + 3] == [
        "Answer: It was late, and the last bus had gone.",
        "Evidence: They closed at ten.",
    ]
    assert document.styles["Answer"].element.xpath("count(w:rPr/w:i)") == 1
    assert "Outcome: Can talk about Weekend markets with a partner at level B1." in shown


def test_the_word_bank_stands_in_a_box_before_the_sentences():
    bank = next(
        t for t in opened(market_lesson()).tables if t.style and t.style.name == "Word Bank"
    )

    assert [len(bank.rows), len(bank.columns)] == [1, 1]
    assert bank.cell(0, 0).text.startswith("bargain")


def test_a_blank_is_wide_enough_to_write_in():
    assert "A real ______________!" in paragraphs(opened(market_lesson()), "List Number")


def test_ipa_and_the_check_box_are_kept_in_a_font_that_has_them():
    document = opened(market_lesson())

    assert IPA in everything(document)
    assert "☐ I can shop." in paragraphs(document)
    assert document.styles["Normal"].element.xpath("string(w:rPr/w:rFonts/@w:hAnsi)") == "Calibri"


def test_sounds_have_no_space_that_a_line_may_end_at():
    words = [{"word": "sell out", "stress": "sell OUT", "ipa": "/ˌsel ˈaʊt/"}] * 3  # noqa: RUF001

    text = everything(opened(market_lesson(pronunciation={"words": words})))

    assert "/ˌsel\u00a0ˈaʊt/" in text  # noqa: RUF001
    assert "\u2060" not in text  # Calibri has no glyph for it


def test_the_key_of_multiple_choice_names_the_letter_before_the_option():
    document = opened(market_lesson(), "teacher")

    assert paragraphs(document, "Answer").count("Answer: B) Pavel") == 2
    options = "w:abstractNum/w:lvl[w:numFmt/@w:val='upperLetter']/w:lvlText/@w:val"
    assert document.part.numbering_part.element.xpath(options) == ["%2)"]


def test_the_language_and_the_paper_follow_the_variant_of_english():
    british, american = opened(market_lesson()), opened(market_lesson("American"))

    language = "string(w:docDefaults//w:lang/@w:val)"
    assert british.styles.element.xpath(language) == "en-GB"
    assert american.styles.element.xpath(language) == "en-US"
    assert round((british.sections[0].page_height or 0) / 360000, 1) == 29.7
    assert round((american.sections[0].page_height or 0) / 360000, 1) == 27.9


def test_the_file_names_its_title_and_no_author_of_a_template():
    properties = opened(market_lesson()).core_properties

    assert properties.title == "Weekend markets"
    assert [properties.author, properties.last_modified_by, properties.comments] == ["", "", ""]
    with ZipFile(BytesIO(as_docx(market_lesson(), "student"))) as parts:
        assert not [name for name in parts.namelist() if "thumbnail" in name]


def test_the_footer_counts_pages():
    footer = opened(market_lesson()).sections[0].footer.paragraphs[0]

    assert footer._p.xpath("w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]


def test_a_section_that_failed_says_so_in_its_place():
    shown = paragraphs(opened(market_lesson()))

    assert shown[shown.index("Reading") + 1] == "This section could not be written."
