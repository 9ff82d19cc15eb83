"""The note that lessons are samples, wherever that matters."""

import streamlit as st


def sample_note() -> None:
    """Say that no key is set, what that means, and what to do."""
    with st.expander("These are sample lessons. Add a key for your own.", icon=":material/info:"):
        st.markdown(
            "LessonGen has no Gemini key yet, so nothing is asked of a model and nothing is "
            "paid. What arrives was written by hand: full lessons on the suggested topics, and "
            "one general lesson for anything else you type.\n\n"
            "**To have lessons written for you:** get a key in Google AI Studio, stop LessonGen, "
            "type `export GEMINI_API_KEY=your-key`, and start it again."
        )
