"""The entry script: names the pages and draws the one that was asked for."""

from pathlib import Path

import streamlit as st

from lessongen.ui.navigation import page_file

ICON = Path(__file__).with_name("icon.svg")
STYLE = Path(__file__).with_name("pages.css")

st.set_page_config(page_title="LessonGen", page_icon=str(ICON), layout="wide")
st.html(STYLE)

page = st.navigation(
    [
        st.Page(page_file("generate"), title="New lesson", icon=":material/add:", default=True),
        st.Page(page_file("lesson"), title="Lesson", icon=":material/auto_stories:"),
        st.Page(page_file("library"), title="Library", icon=":material/shelves:"),
        st.Page(page_file("assignments"), title="Assignments", icon=":material/tune:"),
        st.Page(page_file("analytics"), title="Analytics", icon=":material/monitoring:"),
    ],
    position="top",
)
page.run()
