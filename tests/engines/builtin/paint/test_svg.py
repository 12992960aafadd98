import numpy as np
import pytest

from pollux.engines.builtin.paint.svg import Sheet, raster
from pollux.errors import Internal


def test_shapes_land_where_they_are_put_in_their_colours() -> None:
    sheet = Sheet(10, 10)
    sheet.add('<rect x="5" width="5" height="10" fill="#ff0000" fill-opacity="0.5"/>')
    picture = raster(sheet.markup(), 20, 40)
    assert picture.shape == (40, 20, 4)
    assert picture.dtype == np.uint8
    assert not picture[:, :10].any()
    assert (abs(picture[:, 10:].astype(int) - (255, 0, 0, 128)) <= 1).all()  # not premultiplied


def test_a_definition_used_twice_is_kept_once() -> None:
    sheet = Sheet(4, 4)
    fill = '<linearGradient><stop stop-color="#00f"/><stop offset="1" stop-color="#00f"/></linearGradient>'
    assert sheet.define(fill) == sheet.define(fill)
    sheet.add(f'<rect width="4" height="4" fill="url(#{sheet.define(fill)})"/>')
    assert sheet.markup().count("<linearGradient") == 1
    assert (raster(sheet.markup(), 4, 4) == (0, 0, 255, 255)).all()


def test_a_part_draws_on_the_same_sheet() -> None:
    sheet = Sheet(10, 10)
    part = sheet.part(5, 5)
    part.add('<rect width="5" height="5" fill="#0f0"/>')
    assert (part.width, part.height) == (5, 5)
    assert tuple(raster(sheet.markup(), 10, 10)[2, 2]) == (0, 255, 0, 255)


def test_what_is_no_svg_is_an_error() -> None:
    with pytest.raises(Internal, match="no SVG"):
        raster("<svg", 4, 4)
