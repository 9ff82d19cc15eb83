import asyncio
import contextlib
import json
import logging
import math
import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from google import genai
from google.genai import errors, types

from lessongen.emulator.config import SERVED_MODELS, EmulatorConfig
from lessongen.emulator.delays import Pace
from lessongen.emulator.faults import FaultKind, FaultRule
from lessongen.emulator.instances import minimal_instance
from lessongen.emulator.server import RunningEmulator, running_emulator
from lessongen.errors import SettingsError
from lessongen.lesson.brief import Brief, local_brief
from lessongen.lesson.levels import Level
from lessongen.lesson.prompts import Prompt, brief_prompt, brief_schema, section_prompt
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.samples import Sample, SampleBank
from lessongen.lesson.sections import SECTIONS
from tests.support.gemini import eventually, outcomes
from tests.support.plain_client import Seen, body_of, posted, streamed

FLASH, LITE = "gemini-3.8-flash", "gemini-3.5-flash-lite"
REQUEST = LessonRequest(topic="Weekend markets", level=Level.B1)
READING = section_prompt(SECTIONS["reading"], REQUEST, local_brief(REQUEST))
PARAGRAPH = "Every Saturday “{topic}” is what people talk about — até à noite. " * 6


def warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged as trouble; how much else is logged depends on other tests."""
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]


def sample_bank() -> SampleBank:
    sections = {name: minimal_instance(section.schema) for name, section in SECTIONS.items()}
    sections["reading"]["paragraphs"] = [PARAGRAPH, PARAGRAPH]
    brief = minimal_instance(brief_schema()) | {"title": "All about {topic}"}
    levels = tuple(level for level in Level if level != Level.C2)
    return SampleBank((Sample(topic="{topic}", levels=levels, brief=brief, sections=sections),))


BANK = sample_bank()
READING_TEXT = BANK.samples[0].answer("reading", REQUEST)

StartEmulator = Callable[..., RunningEmulator]


@pytest.fixture
def emulator() -> Iterator[StartEmulator]:
    """Start emulators at infinite speed, or as asked."""
    with contextlib.ExitStack() as running:

        def start(**settings: Any) -> RunningEmulator:
            config = replace(EmulatorConfig(BANK, speed=math.inf), **settings)
            return running.enter_context(running_emulator(config))

        yield start


@contextlib.asynccontextmanager
async def sdk(url: str) -> AsyncGenerator[genai.Client]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, read_bufsize=2**22) as session:
        options = types.HttpOptions(
            base_url=url,
            aiohttp_client=session,
            retry_options=types.HttpRetryOptions(attempts=1),
        )
        client = genai.Client(api_key="k", http_options=options)
        yield client
        await client.aio.aclose()
        client.close()


def sdk_config(prompt: Prompt) -> types.GenerateContentConfig:
    return types.GenerateContentConfig(
        system_instruction=prompt.system,
        response_mime_type="application/json",
        response_json_schema=prompt.schema,
        automatic_continuation=False,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW),
    )


# What the SDK sees


async def test_the_sdk_streams_a_section_from_the_sample_of_its_level(emulator: StartEmulator):
    running = emulator()
    async with sdk(running.url) as client:
        stream = await client.aio.models.generate_content_stream(
            model=FLASH, contents=READING.user, config=sdk_config(READING)
        )
        chunks = [chunk async for chunk in stream]

    assert "".join(chunk.text or "" for chunk in chunks) == READING_TEXT
    assert len(chunks) > 10
    assert [chunk.candidates[0].finish_reason for chunk in chunks if chunk.candidates] == [
        *[None] * (len(chunks) - 1),
        types.FinishReason.STOP,
    ]
    assert [(r.model, r.part, r.outcome) for r in running.requests] == [
        (FLASH, "reading", "served")
    ]


async def test_the_sdk_gets_the_brief_about_the_topic_in_one_piece(emulator: StartEmulator):
    prompt = brief_prompt(REQUEST)
    async with sdk(emulator().url) as client:
        response = await client.aio.models.generate_content(
            model=LITE, contents=prompt.user, config=sdk_config(prompt)
        )

    assert Brief.model_validate_json(response.text or "").title == "All about Weekend markets"
    assert response.model_version == LITE
    assert response.response_id


async def test_the_sdk_reads_the_usage_of_an_answer(emulator: StartEmulator):
    async with sdk(emulator().url) as client:
        response = await client.aio.models.generate_content(
            model=FLASH, contents=READING.user, config=sdk_config(READING)
        )

    usage = response.usage_metadata
    assert usage is not None
    assert usage.prompt_token_count == -(-(len(READING.system) + 1 + len(READING.user)) // 4)
    assert usage.candidates_token_count == -(-len(READING_TEXT) // 4)
    assert usage.thoughts_token_count == 64
    assert usage.cached_content_token_count == 0
    counted = (usage.prompt_token_count, usage.candidates_token_count, usage.thoughts_token_count)
    assert usage.total_token_count == sum(count or 0 for count in counted)


async def test_the_sdk_lists_finds_and_counts(emulator: StartEmulator):
    async with sdk(emulator().url) as client:
        pager = await client.aio.models.list(config={"page_size": 2})
        listed = [model.name async for model in pager]
        model = await client.aio.models.get(model=FLASH)
        counted = await client.aio.models.count_tokens(model=FLASH, contents="a" * 41)

    assert listed == [f"models/{model}" for model in SERVED_MODELS]
    assert model.name == f"models/{FLASH}"
    assert counted.total_tokens == 11


async def test_the_sdk_raises_google_s_error_for_a_model_that_is_not_served(
    emulator: StartEmulator,
):
    running = emulator()
    async with sdk(running.url) as client:
        with pytest.raises(errors.ClientError) as caught:
            await client.aio.models.generate_content(model="gemini-2.0-flash", contents="Hi")

    assert (caught.value.code, caught.value.status) == (404, "NOT_FOUND")
    assert "models/gemini-2.0-flash is not found for API version v1" in str(caught.value)
    assert outcomes(running) == ["error"]


async def test_a_cancelled_sdk_stream_stops_the_work_at_once(emulator: StartEmulator):
    running = emulator(paces={FLASH: Pace(0, 0.5)}, speed=1)
    first = asyncio.Event()

    async def read(client: genai.Client) -> None:
        stream = await client.aio.models.generate_content_stream(
            model=FLASH, contents=READING.user, config=sdk_config(READING)
        )
        async for _ in stream:
            first.set()

    async with sdk(running.url) as client:
        task = asyncio.create_task(read(client))
        await first.wait()
        assert outcomes(running) == ["open"]
        cancelled = time.monotonic()
        task.cancel()
        await eventually(lambda: outcomes(running) == ["disconnected"])
        with pytest.raises(asyncio.CancelledError):
            await task

    ended = running.requests[0].ended
    assert ended is not None
    assert ended - cancelled < 1


# What a client may send


async def test_snake_case_bodies_are_understood(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator()
    body = {
        "contents": [{"parts": [{"text": "Hello"}]}],
        "system_instruction": {"parts": [{"text": "s" * 39}]},
        "generation_config": {
            "response_schema": {
                "type": "OBJECT",
                "properties": {
                    "words": {"type": "ARRAY", "min_items": 2, "items": {"type": "STRING"}}
                },
            },
            "thinking_config": {"thinking_level": "HIGH"},
        },
    }

    seen = await streamed(session, running.url, body)

    assert json.loads(seen.text) == {"words": ["sample", "sample"]}
    assert seen.events[-1]["usageMetadata"]["promptTokenCount"] == 12
    assert seen.events[-1]["usageMetadata"]["thoughtsTokenCount"] == 1024
    assert running.requests[0].part == "other"


async def test_a_schema_that_is_no_lesson_gets_its_smallest_instance(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    schema = {
        "$defs": {
            "Node": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
                },
                "required": ["name", "children"],
            }
        },
        "type": "object",
        "properties": {
            "node": {"$ref": "#/$defs/Node"},
            "level": {"enum": ["A1", "A2"]},
            "count": {"type": "integer", "minimum": 3},
            "share": {"type": "number", "maximum": 0.5},
            "either": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
            "maybe": {"type": ["null", "string"]},
            "pair": {"type": "array", "prefixItems": [{"type": "string"}], "minItems": 2},
        },
    }
    body = {
        "contents": [{"parts": [{"text": "Hello"}]}],
        "generationConfig": {"responseJsonSchema": schema},
    }

    assert json.loads((await streamed(session, emulator().url, body)).text) == {
        "node": {"name": "sample", "children": []},
        "level": "A1",
        "count": 3,
        "share": 0.5,
        "either": True,
        "maybe": None,
        "pair": ["sample", "sample"],
    }


async def test_a_text_that_is_no_lesson_prompt_gets_a_sentence(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator()
    for text in ("Hello", "<write>reading</write><request>{}</request>", "<write>nothing</write>"):
        seen = await streamed(session, running.url, {"contents": [{"parts": [{"text": text}]}]})
        assert seen.text.startswith("This is a sample answer.")
        assert seen.finish == "STOP"


async def test_a_repair_request_of_several_turns_gets_the_section_again(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    body = body_of(READING)
    body["contents"] += [
        {"role": "model", "parts": [{"text": "{}"}]},
        {"role": "user", "parts": [{"text": "paragraphs is missing. Write it again."}]},
    ]

    assert (await streamed(session, emulator().url, body)).text == READING_TEXT


async def test_every_section_of_a_lesson_can_be_asked_for_at_the_same_time(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator()
    brief = local_brief(REQUEST)
    bodies = [body_of(section_prompt(section, REQUEST, brief)) for section in SECTIONS.values()]

    seen = await asyncio.gather(*(streamed(session, running.url, body) for body in bodies * 10))

    assert [answer.finish for answer in seen] == ["STOP"] * len(seen)
    for section, answer in zip(list(SECTIONS.values()) * 10, seen, strict=True):
        json.loads(answer.text)
        assert section.schema["required"][0] in answer.text
    assert {record.part for record in running.requests} == set(SECTIONS)


@pytest.mark.parametrize(
    "prefix", ["v1", "v1beta", "v1beta1/publishers/google", "v1/publishers/google"]
)
async def test_every_version_and_the_vertex_path_answer(
    emulator: StartEmulator, session: aiohttp.ClientSession, prefix: str
):
    url = f"{emulator().url}/{prefix}/models/{LITE}:generateContent"

    assert (await posted(session, url, body_of(READING))).text == READING_TEXT


async def test_without_alt_sse_a_stream_is_a_json_array(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    url = f"{emulator().url}/v1/models/{FLASH}:streamGenerateContent"
    async with session.post(url, json=body_of(READING)) as response:
        seen = Seen(response.status, await response.json())

    assert len(seen.events) > 10
    assert (seen.text, seen.finish) == (READING_TEXT, "STOP")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "Invalid JSON"),
        (b"{", "Invalid JSON"),
        (b"\xff\xfe", "Invalid JSON"),
        (b"[]", "Root element"),
        (b"{}", "contents is not specified"),
        (b'{"contents": []}', "contents is not specified"),
        (b'{"contents": "Hello"}', "a list is expected"),
        (b'{"contents": ["Hello"]}', "must not be empty"),
        (b'{"contents": [{"parts": []}]}', "must not be empty"),
    ],
)
async def test_an_unusable_body_is_refused_as_google_does(
    emulator: StartEmulator, session: aiohttp.ClientSession, raw: bytes, reason: str
):
    running = emulator()
    for method in ("generateContent", "streamGenerateContent", "countTokens"):
        async with session.post(f"{running.url}/v1/models/{FLASH}:{method}", data=raw) as response:
            error = (await response.json())["error"]
        assert (response.status, error["status"]) == (400, "INVALID_ARGUMENT")
        assert reason in error["message"]
    assert outcomes(running) == ["error", "error"]


async def test_a_key_is_required_and_a_wrong_one_is_refused_with_a_400(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    url = emulator(accepted_key="right").url
    for path in ("/v1/models", f"/v1/models/{FLASH}"):
        async with session.get(url + path) as response:
            wrong = (await response.json())["error"]
        assert (response.status, wrong["details"][0]["reason"]) == (400, "API_KEY_INVALID")
        async with session.get(url + path, headers={"x-goog-api-key": ""}) as response:
            assert response.status == 403
        async with session.get(url + path, headers={"x-goog-api-key": "right"}) as response:
            assert response.status == 200
    assert (await streamed(session, url, body_of(READING))).status == 400


async def test_an_unusable_page_of_models_is_refused(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    url = emulator().url
    for query in ("pageSize=many", "pageToken=next"):
        async with session.get(f"{url}/v1/models?{query}") as response:
            assert response.status == 400


async def test_a_level_without_a_sample_is_a_server_error_that_says_so(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    prompt = brief_prompt(LessonRequest(topic="Weekend markets", level=Level.C2))

    seen = await streamed(session, emulator().url, body_of(prompt))

    assert seen.status == 500
    assert "no template for level C2" in seen.error["message"]


# Pace


async def test_first_text_and_total_follow_the_pace(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator(speed=10, part_seconds={"reading": 3.0})

    started = time.monotonic()
    await streamed(session, running.url, body_of(READING))
    streaming = time.monotonic() - started
    await posted(session, f"{running.url}/v1/models/{FLASH}:generateContent", body_of(READING))
    in_one_piece = time.monotonic() - started - streaming

    assert 0.25 < streaming < 2
    assert 0.25 < in_one_piece < 2


async def test_requests_are_logged_in_order_with_their_times(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    ticks = iter(range(100))
    running = emulator(clock=lambda: float(next(ticks)))
    await streamed(session, running.url, body_of(READING))
    await streamed(session, running.url, body_of(brief_prompt(REQUEST)), model=LITE)

    assert [(r.model, r.part, r.started, r.ended, r.outcome) for r in running.requests] == [
        (FLASH, "reading", 0.0, 1.0, "served"),
        (LITE, "brief", 2.0, 3.0, "served"),
    ]


async def test_the_log_counts_the_tokens_of_each_prompt_as_the_answer_does(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator()
    seen = await streamed(session, running.url, body_of(READING))
    await streamed(session, running.url, {"contents": []})

    counted = seen.events[-1]["usageMetadata"]["promptTokenCount"]
    assert [record.input_tokens for record in running.requests] == [counted, 0]


# Controls


async def test_another_process_can_read_the_log_and_reset_the_emulator(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    url = emulator(faults=(FaultRule(FaultKind.INTERNAL),)).url
    assert (await streamed(session, url, body_of(READING))).status == 500

    asked = {"faults": ["throttled:times=1"], "speed": "inf", "part_seconds": {"brief": 9}}
    assert (await posted(session, f"{url}/emulator/reset", asked)).status == 200
    async with session.get(f"{url}/emulator/requests") as response:
        assert await response.json() == []

    assert (await streamed(session, url, body_of(READING))).status == 429
    assert (await streamed(session, url, body_of(READING))).status == 200
    async with session.get(f"{url}/emulator/requests") as response:
        records = await response.json()
    assert [record["outcome"] for record in records] == ["fault:throttled", "served"]
    assert set(records[0]) == {"model", "part", "started", "ended", "outcome", "input_tokens"}


async def test_a_reset_without_a_body_goes_back_to_how_the_emulator_was_started(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    url = emulator(faults=(FaultRule(FaultKind.INTERNAL, times=1),)).url
    for _ in range(2):
        assert (await streamed(session, url, body_of(READING))).status == 500
        assert (await streamed(session, url, body_of(READING))).status == 200
        async with session.post(f"{url}/emulator/reset") as response:
            assert response.status == 200


@pytest.mark.parametrize(
    "asked", [{"faults": ["explode"]}, {"speed": 0}, {"colour": "red"}, {"faults": "hang"}, []]
)
async def test_an_unusable_reset_changes_nothing(
    emulator: StartEmulator, session: aiohttp.ClientSession, asked: object
):
    running = emulator()
    await streamed(session, running.url, body_of(READING))

    seen = await posted(session, f"{running.url}/emulator/reset", asked)

    assert seen.status == 400
    assert seen.error
    assert len(running.requests) == 1
    assert (await streamed(session, running.url, body_of(READING))).status == 200


async def test_a_request_that_was_open_at_a_reset_stays_out_of_the_new_log(
    emulator: StartEmulator, session: aiohttp.ClientSession
):
    running = emulator(faults=(FaultRule(FaultKind.HANG),))
    hanging = asyncio.create_task(streamed(session, running.url, body_of(READING)))
    await eventually(lambda: outcomes(running) == ["open"])

    await posted(session, f"{running.url}/emulator/reset", {"faults": []})
    hanging.cancel()
    await streamed(session, running.url, body_of(READING), model=LITE)

    await eventually(lambda: outcomes(running) == ["served"])
    assert [record.model for record in running.requests] == [LITE]


async def test_controls_can_be_left_out(emulator: StartEmulator, session: aiohttp.ClientSession):
    for controls, status in ((True, 200), (False, 404)):
        async with session.get(f"{emulator(controls=controls).url}/emulator/health") as response:
            assert response.status == status


# Start and stop


async def test_open_streams_do_not_delay_the_stop(
    session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
):
    rules = (FaultRule(FaultKind.STALL, model=FLASH), FaultRule(FaultKind.HANG, model=LITE))
    with running_emulator(EmulatorConfig(BANK, faults=rules, speed=math.inf)) as running:
        asking = [
            asyncio.create_task(streamed(session, running.url, body_of(READING), model=model))
            for model in (FLASH, LITE)
        ]
        await eventually(lambda: outcomes(running) == ["open", "open"])
        threads = threading.active_count()
        started = time.monotonic()

    assert time.monotonic() - started < 2
    assert threading.active_count() == threads - 1
    assert [seen.ending for seen in await asyncio.gather(*asking)] == ["cut", "cut"]
    assert outcomes(running) == ["fault:stall", "fault:hang"]
    assert not warned(caplog)


def test_a_port_in_use_is_refused_with_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port}.*Choose another port"):
            running_emulator(EmulatorConfig(BANK), port=port).__enter__()
    with pytest.raises(SettingsError, match="port 70000"):
        running_emulator(EmulatorConfig(BANK), port=70000).__enter__()


def test_a_port_is_free_again_after_the_stop():
    with running_emulator(EmulatorConfig(BANK)) as running:
        port = int(running.url.rsplit(":", 1)[1])
    with running_emulator(EmulatorConfig(BANK), port=port) as again:
        assert again.url == running.url


def test_an_impossible_speed_is_refused_before_anything_starts():
    with pytest.raises(SettingsError):
        running_emulator(EmulatorConfig(BANK, speed=0)).__enter__()
