"""The entry script: names the pages and draws the one that was asked for."""

from pathlib import Path

import streamlit as st

from lessongen.sign_in import Standing
from lessongen.ui.account import account_line
from lessongen.ui.navigation import ENTRIES, page_file
from lessongen.ui.visitors import current_visitor

ICON = Path(__file__).with_name("icon.svg")
STYLE = Path(__file__).with_name("pages.css")

st.set_page_config(page_title="LessonGen", page_icon=str(ICON), layout="wide")
st.html(STYLE)

visitor = current_visitor()
open_to_visitor = [entry for entry in ENTRIES if entry.role in visitor.person.roles]
# Every page is named in every run, so that its address is known: its own guard closes it.
pages = {
    entry: st.Page(
        page_file(entry.name),
        title=entry.title,
        icon=entry.icon,
        default=entry is ENTRIES[0],
        visibility="visible" if entry in open_to_visitor else "hidden",
    )
    for entry in ENTRIES
}
page = st.navigation([*pages.values()], position="top")

if visitor.standing is Standing.SIGNED_IN:
    account_line(visitor.address)
    # Whoever teaches nobody begins with the first page that is open to them.
    if not page.url_path and open_to_visitor and ENTRIES[0] not in open_to_visitor:
        st.switch_page(pages[open_to_visitor[0]])
page.run()
