"""The slots as they are now: open or closed and how busy, with what an admin can do about it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from lessongen.errors import StoreError
from lessongen.generation.strategy import ModelSlot
from lessongen.services import Services
from lessongen.store.slot_orders import SlotOrder
from lessongen.store.slots import SlotRecord
from lessongen.ui.drawing import plain
from lessongen.ui.guards import Role, current_person, rerun_if_closed
from lessongen.ui.slot_errands import slot_errands
from lessongen.ui.slot_words import SlotState, busy, duration, slot_state
from lessongen.ui.trouble import for_admins, show_trouble

_POLL_SECONDS = 2.0
# The runner tells of itself every half minute, though nothing may have changed.
_OLD_SECONDS = 40.0
_NOTHING_KNOWN = (
    "Nothing is known of the slots yet: the server’s runner tells how they are once it works."
)
_CLOSING = (
    "Nothing more is asked of it, and its fallbacks take over from now on. What it is writing "
    "just now, it finishes. It stays closed until somebody opens it, over a restart too."
)
_OPENING = "It is asked again at once, unless its requests of the day are used up."


@st.fragment(run_every=_POLL_SECONDS)
def slot_board(services: Services) -> None:
    """Draw how the slots are and what the models can be asked; it keeps itself up to date."""
    rerun_if_closed(Role.ADMIN)
    try:
        slots, orders = services.store.slots.all(), services.store.slot_orders.all()
        _slots(services, slots, {order.slot: order for order in orders})
        slot_errands(services)
    except StoreError as error:
        show_trouble(error)


def _slots(
    services: Services, slots: Sequence[SlotRecord], orders: Mapping[str, SlotOrder]
) -> None:
    now, strategy = services.store.now(), services.strategy.slots
    with st.container(key="slot-news"):
        _news(slots, now)
    places = {name: place for place, name in enumerate(strategy)}
    for slot in sorted(slots, key=lambda slot: places.get(slot.name, len(places))):
        _card(services, slot, slot_state(slot, orders.get(slot.name), now))
    _coming(strategy, {slot.name: slot.model for slot in slots})


def _news(slots: Sequence[SlotRecord], now: float) -> None:
    """Say how old the news is, where that is worth knowing."""
    if not slots:
        st.info(_NOTHING_KNOWN, icon=":material/hourglass:")
    elif (age := now - min(slot.told_at for slot in slots)) > _OLD_SECONDS:
        st.warning(
            f"This is how the slots were {duration(age)} ago. The server’s runner has told "
            "nothing since; is LessonGen running?",
            icon=":material/history:",
        )
    else:
        st.caption("As it is now, for all lessons of this server.")


def _coming(slots: Mapping[str, ModelSlot], told: Mapping[str, str]) -> None:
    """Name the slots that no lesson has used yet as the strategy has them now."""
    new = [name for name, slot in slots.items() if told and told.get(name) != slot.model]
    if new:
        named = ", ".join(f"{plain(name)} ({plain(slots[name].model)})" for name in new)
        st.caption(f":material/upcoming: From the next lesson on: {named}")


def _card(services: Services, slot: SlotRecord, state: SlotState) -> None:
    key = f"slot-{slot.name}"
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=key):
        with st.container(width="stretch", gap="xxsmall", key=f"about-{key}"):
            # Not a badge: a long one is cut off on a phone.
            how = f":{state.color}[:material/{state.icon}: {plain(state.words)}]"
            st.markdown(f"**{plain(slot.name)}** · {plain(slot.model)} &nbsp; {how}")
            said = f" · The server said: {plain(state.cause)}" if state.cause else ""
            st.caption(busy(slot) + said)
        if state.openable:
            st.button(
                "Open",
                key=f"open-{key}",
                icon=":material/play_arrow:",
                help=_OPENING,
                on_click=for_admins(_order),
                args=(services, slot.name, False),
            )
        if state.closable:
            _closing(services, slot.name, key)


def _closing(services: Services, slot: str, key: str) -> None:
    """Offer to close a slot, with what that means; nothing is closed by one press."""
    with st.popover("Close", icon=":material/block:", key=f"closing-{key}"):
        st.markdown(_CLOSING)
        st.button(
            f"Close {plain(slot)}",
            key=f"close-{key}",
            type="primary",
            on_click=for_admins(_order),
            args=(services, slot, True),
        )


def _order(services: Services, slot: str, closed: bool) -> None:  # noqa: FBT001 - a button's argument
    services.store.slot_orders.give(slot, closed=closed, by=current_person().id)
