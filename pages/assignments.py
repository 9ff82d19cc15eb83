"""For admins: which model writes which section, and how the models are."""

import streamlit as st

from lessongen.ui.assignments.view import assignments_view
from lessongen.ui.guards import Role, only_for
from lessongen.ui.resources import services

only_for(Role.ADMIN)

lessons = services()

st.title("Assignments", anchor=False)
assignments_view(lessons)
