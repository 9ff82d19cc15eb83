import tomllib

import pytest

from lessongen.settings import ROOT

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
WHITE = "#FFFFFF"  # Streamlit's label on a primary button, in both themes
READABLE = 4.5  # WCAG 2.2, 1.4.3: contrast of text


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_contrast_that_wcag_names():
    assert contrast("#000000", WHITE) == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_label_of_a_primary_button_can_be_read(scheme: str):
    assert contrast(THEME[scheme]["primaryColor"], WHITE) >= READABLE


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["textColor", "linkColor"])
@pytest.mark.parametrize("background", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_and_links_can_be_read_on_every_background(scheme: str, colour: str, background: str):
    assert contrast(THEME[scheme][colour], THEME[scheme][background]) >= READABLE
