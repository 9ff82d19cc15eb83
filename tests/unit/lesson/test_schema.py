from collections.abc import Iterator
from typing import Any, cast

import pytest

from lessongen.lesson.brief import Brief
from lessongen.lesson.prompts import brief_schema
from lessongen.lesson.section import AnySection
from lessongen.lesson.sections import SECTIONS

# ai.google.dev/gemini-api/docs/structured-output, and google-genai 3.4 response_json_schema.
SUPPORTED = {
    *("$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum"),
    *("items", "prefixItems", "minItems", "maxItems", "minimum", "maximum", "anyOf", "oneOf"),
    *("properties", "additionalProperties", "required", "propertyOrdering"),
}
SCHEMAS = [brief_schema(), *(section.schema for section in SECTIONS.values())]
every_section = pytest.mark.parametrize("section", SECTIONS.values(), ids=list(SECTIONS))


def keywords(schema: dict[str, Any]) -> Iterator[str]:
    for key, value in schema.items():
        yield key
        parts = value.values() if key in {"$defs", "properties"} else [value]
        for part in parts:
            if isinstance(part, dict):
                yield from keywords(cast("dict[str, Any]", part))


@pytest.mark.parametrize("schema", SCHEMAS, ids=["brief", *SECTIONS])
def test_a_schema_has_only_keywords_that_gemini_supports(schema: dict[str, Any]):
    assert set(keywords(schema)) <= SUPPORTED


@every_section
def test_a_schema_lists_every_field_of_the_content_in_order(section: AnySection):
    fields = list(section.content.model_fields)

    assert list(section.schema["properties"]) == fields
    assert section.schema["required"] == fields


def test_the_schema_of_the_brief_lists_every_field_in_order():
    asked = [name for name in Brief.model_fields if name != "variant"]

    assert list(brief_schema()["properties"]) == asked


def test_no_model_is_asked_for_what_a_dictionary_or_the_request_knows():
    schemas = str(SCHEMAS)

    for name in ("ipa", "stress", "pronoun", "variant"):
        assert f"'{name}': {{" not in schemas


@every_section
def test_every_reference_in_a_schema_leads_somewhere(section: AnySection):
    text = str(section.schema)
    defined = section.schema.get("$defs", {})

    assert text.count("'$ref'") == sum(text.count(f"'#/$defs/{name}'") for name in defined)


def test_a_field_may_be_called_like_a_keyword():
    assert "description" in SECTIONS["comprehension"].schema["properties"]["items"]


def test_a_schema_is_built_once():
    assert SECTIONS["reading"].schema is SECTIONS["reading"].schema
