"""The shell, as a script for AppTest that also keeps what its download buttons hand over.

AppTest forgets the files of a run when the run ends, so they are made within it.
"""

import runpy

import streamlit as st
from streamlit.runtime import get_instance

from tests.app.screen import SHELL

runpy.run_path(str(SHELL))

_files = get_instance().media_file_mgr
st.session_state["files"] = {
    file_id: made["callable"]()
    for file_id, made in _files._deferred_callables.items()  # pyright: ignore[reportPrivateUsage] - nothing public has them
}
