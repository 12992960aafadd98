import random
from itertools import combinations

import numpy as np
import pytest

from pollux.engines.builtin.paint import settings, svg
from pollux.engines.builtin.paint.pen import Pen, Stage
from pollux.engines.builtin.paint.plan import Light, Scene

PLACES = (
    "meadow", "snow", "autumn", "mountains", "beach", "sea", "lake", "desert", "forest", "underwater", "space", "moon",
    "sky", "city", "street", "farm", "kitchen", "restaurant", "workshop", "library", "living room", "showroom", "table",
    "",
)  # fmt: skip


def drawn(scene: Scene, side: int = 96) -> tuple[np.ndarray, Stage]:
    sheet = svg.Sheet(1000, 1000)
    stage = settings.draw(scene, Pen(sheet, random.Random(5), settings.hour_of(scene)))
    return svg.raster(sheet.markup(), side, side), stage


def test_every_place_fills_the_sheet_and_looks_different() -> None:
    pictures = {}
    for place in PLACES:
        picture, stage = drawn(Scene(setting=place))
        assert (picture[..., 3] == 255).all(), place
        assert stage.air == (place in ("underwater", "space", "sky")), place
        pictures[place] = picture.astype(int)
    for one, other in combinations(PLACES, 2):
        assert abs(pictures[one] - pictures[other]).mean() > 4, (one, other)


@pytest.mark.parametrize("weather", ["rain", "snow", "fog", "storm", "stars", "clouds"])
def test_weather_changes_the_sky(weather: str) -> None:
    clear, _ = drawn(Scene(setting="meadow"))
    changed, _ = drawn(Scene(setting="meadow", weather=weather))
    assert abs(clear.astype(int) - changed)[:40].mean() > 3


def test_a_background_colour_is_the_studio_s() -> None:
    picture, _ = drawn(Scene(background="teal"))
    red, green, blue = picture[..., :3].reshape(-1, 3).mean(axis=0)
    assert blue > red + 60
    assert green > red + 60


def test_a_surface_is_seen_below() -> None:
    wood, _ = drawn(Scene(surface="dark walnut wood"))
    marble, _ = drawn(Scene(surface="white marble"))
    assert marble[70:, :, :3].mean() > wood[70:, :, :3].mean() + 60


def test_hours_insides_and_places() -> None:
    assert settings.hour_of(Scene(light=Light(time="night"))).dark
    assert settings.hour_of(Scene(weather="stars")).dark
    assert not settings.hour_of(Scene()).dark
    assert settings.is_inside(Scene(setting="cosy kitchen"))
    assert not settings.is_inside(Scene(setting="forest"))
    assert settings.is_place("the beach")
    assert not settings.is_place("a horse")
