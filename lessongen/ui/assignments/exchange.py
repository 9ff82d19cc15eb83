"""A strategy as a file: taken along as TOML, brought back, and the files of the data folder."""

import streamlit as st

from lessongen.errors import LessonGenError, SettingsError
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_changes import differences
from lessongen.generation.strategy_files import parsed_strategy
from lessongen.generation.strategy_text import strategy_toml
from lessongen.services import Services
from lessongen.ui.assignments.draft import Draft, put_strategy
from lessongen.ui.assignments.words import change_list
from lessongen.ui.drawing import plain
from lessongen.ui.trouble import for_admins, show_trouble
from lessongen.wording import counted

_MOST_MEGABYTES = 1
_UPLOADS = "assignments-uploads"


def exchange(draft: Draft, in_force: Strategy) -> None:
    """Draw the ways in and out."""
    with st.expander("Import and export", icon=":material/swap_vert:", key="exchange"):
        st.download_button(
            f"Download version {in_force.version} as TOML",
            strategy_toml(in_force),
            f"strategy-{in_force.version}.toml",
            "application/toml",
            icon=":material/download:",
            on_click="ignore",
            key="strategy-file",
        )
        uploads = int(st.session_state.get(_UPLOADS, 0))
        file = st.file_uploader(
            "Import a strategy (TOML)",
            type="toml",
            max_upload_size=_MOST_MEGABYTES,
            key=f"strategy-upload-{uploads}",
            help="You see what it changes before anything is saved.",
        )
        if file is not None:
            _import(file.name, file.getvalue(), draft, in_force)


def files_differ(services: Services, draft: Draft, in_force: Strategy) -> None:
    """Say that the files of the data folder say something else, and offer them."""
    if not services.strategies.files_differ():
        return
    files = services.strategies.files()
    with st.expander(
        "The files in data/ say something else than the version in force",
        icon=":material/draft:",
        key="files-differ",
    ):
        st.markdown("What was saved on this page counts, not the files. The files would change:")
        _proposal(files, "Taken over from the files in data/", draft, in_force, "files")


def _import(name: str, content: bytes, draft: Draft, in_force: Strategy) -> None:
    try:
        proposed = parsed_strategy(_decoded(name, content), name)
    except LessonGenError as error:
        show_trouble(error, ":material/edit_off:")
    else:
        st.markdown(f"**{plain(name)}** would change:")
        _proposal(proposed, f"Imported from {name}", draft, in_force, "import")


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{name} is not a text in UTF-8.") from error


def _proposal(proposed: Strategy, why: str, draft: Draft, in_force: Strategy, key: str) -> None:
    changes = differences(in_force, proposed)
    if not changes:
        st.markdown("Nothing: it says the same as the version in force.")
        return
    st.markdown(change_list(changes))
    if draft.changed:
        st.caption("This takes the place of your edits that are not saved yet.")
    st.button(
        f"Put {counted(len(changes), 'change')} into the tables",
        icon=":material/input:",
        key=f"put-{key}",
        on_click=for_admins(_put),
        args=(in_force, proposed, why),
    )


def _put(in_force: Strategy, proposed: Strategy, why: str) -> None:
    put_strategy(in_force, proposed, why)
    st.session_state[_UPLOADS] = int(st.session_state.get(_UPLOADS, 0)) + 1
    st.toast("It is in the tables. Nothing is saved yet.", icon=":material/input:")
