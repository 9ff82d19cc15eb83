"""A tab to which the last run of its page got lost, as its messages tell it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import aiohttp
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from lessongen.store.store import opened_store
from tests.app import kept
from tests.browser.conftest import Serve

QUESTIONS = 12


async def asked(socket: aiohttp.ClientWebSocketResponse, state: ClientState) -> list[ForwardMsg]:
    """Return the messages that answer one question, up to the end of the last run."""
    await socket.send_bytes(BackMsg(rerun_script=state).SerializeToString())
    answer: list[ForwardMsg] = []
    async for frame in socket:
        message = ForwardMsg.FromString(frame.data)
        answer.append(message)
        ended = message.WhichOneof("type") == "script_finished"
        if ended and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            break
    return answer


def is_whole(answer: list[ForwardMsg]) -> bool:
    """Say whether the whole page was drawn, which ends the timers of a tab."""
    begun = [message for message in answer if message.WhichOneof("type") == "new_session"]
    return any(not message.metadata.run.fragment_ids for message in begun)


async def whole_pages(url: str, lesson: str) -> list[bool]:
    """Open a finished lesson, go on asking as if its timer had never ended; tell what came."""
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(url, protocols=["streamlit"], max_msg_size=0)
        page = ClientState(page_name="lesson", query_string=f"lesson={lesson}")
        answer = await asked(socket, page)
        [fragment] = {m.delta.fragment_id for m in answer if m.delta.fragment_id}
        page.fragment_id, page.is_auto_rerun = fragment, True
        [page.page_script_hash] = {
            m.navigation.page_script_hash for m in answer if m.HasField("navigation")
        }
        return [is_whole(await asked(socket, page)) for _ in range(QUESTIONS)]


def test_a_tab_that_missed_the_end_of_its_lesson_gets_the_whole_page_now_and_then(serve: Serve):
    with serve() as server:
        with opened_store(server.database) as store:
            lesson = kept.complete(store)
        url = f"{server.url.replace('http', 'ws', 1)}/_stcore/stream"
        # A thread of its own: Playwright keeps a loop in the thread of the tests.
        with ThreadPoolExecutor(1) as thread:
            whole = thread.submit(asyncio.run, whole_pages(url, lesson)).result()

    assert any(whole)
    assert whole.count(True) <= QUESTIONS / 4
