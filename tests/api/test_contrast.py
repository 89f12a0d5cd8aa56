"""Every pair of colours that can meet on a page is readable (WCAG 2.2 AA), in light and dark."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "api/web/static/magpie.css").read_text("utf-8")
TEXT = ("ink", "soft", "sheen", "cinnabar", "ok", "wait", "no")
SHAPES = ("edge", "gold", "silver", "bronze")
GROUNDS = ("paper", "wash")


def tokens(selector: str) -> dict[str, str]:
    """The colours that the first block of this selector sets, by name."""
    block = CSS.split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG, 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


THEMES = {"light": tokens(":root"), "dark": tokens(':root:not([data-theme="light"])')}


def test_chosen_dark_is_the_dark_of_the_device() -> None:
    assert tokens('[data-theme="dark"]') == THEMES["dark"]


def test_dark_sets_every_colour_of_light() -> None:
    assert THEMES["dark"].keys() == THEMES["light"].keys()


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", TEXT)
@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out(theme: str, name: str, ground: str) -> None:
    assert contrast(THEMES[theme][name], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("theme", THEMES)
def test_shapes_stand_out(theme: str, name: str, ground: str) -> None:
    assert contrast(THEMES[theme][name], THEMES[theme][ground]) >= 3


@pytest.mark.parametrize("name", ["ink", "cinnabar", "cinnabar-deep", "sheen"])
@pytest.mark.parametrize("theme", THEMES)
def test_paper_stands_out_on_filled_areas(theme: str, name: str) -> None:
    assert contrast(THEMES[theme]["paper"], THEMES[theme][name]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_on_a_lit_row(theme: str) -> None:
    assert contrast(THEMES[theme]["soft"], THEMES[theme]["line"]) >= 4.5


def test_style_and_script_stay_small() -> None:
    static = Path(__file__).parents[2] / "api/web/static"
    assert sum(f.stat().st_size for f in static.glob("*.css")) < 40_000
    assert sum(f.stat().st_size for f in static.glob("*.js")) < 60_000
