"""The server: starts and stops the lesson runner, sets security headers, serves the pages."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from lessongen.ui.returning import ReturnAfterSignIn
from lessongen.ui.server import SecurityHeaders, calm_error, lifespan

app = st.App(
    Path(__file__).parent / "lessongen" / "ui" / "shell.py",
    lifespan=lifespan,
    middleware=[Middleware(SecurityHeaders), Middleware(ReturnAfterSignIn)],
    on_script_error=calm_error,
)
