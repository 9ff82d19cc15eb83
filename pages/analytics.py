"""For staff: what lessons took, cost and were worth."""

import streamlit as st

from lessongen.ui.analytics.view import analytics_view
from lessongen.ui.guards import Role, only_for
from lessongen.ui.resources import services

only_for(Role.STAFF)

lessons = services()

st.title("Analytics", anchor=False)
analytics_view(lessons)
