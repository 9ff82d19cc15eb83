"""The note that no lesson can be asked for today, before anything is typed."""

import streamlit as st

from lessongen.errors import QuotaReached, StoreError
from lessongen.services import Services
from lessongen.ui.drawing import plain


def quota_note(services: Services, person: str) -> None:
    """Say that a quota of this person's is used up and when it lifts, where that is so."""
    try:
        services.decisions.require_room(person)
    except QuotaReached as reached:
        st.info(plain(str(reached)), icon=":material/event_busy:")
    except StoreError:
        return  # pressing the button says so
