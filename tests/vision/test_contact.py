"""The contact sheet: whole in one file, and safe against labels that are HTML."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

import cv2
import numpy as np

from pollux.vision import contact, masks
from pollux.vision.answers import Detection
from pollux.vision.exports import Annotated

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>&'"


class Page(HTMLParser):
    """Every element with its attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def sheet(*detections: Detection, name: str = "one.jpg", **options: int) -> str:
    picture = np.full((300, 400, 3), 90, np.uint8)
    return contact.sheet([(Annotated(name, (400, 300), detections), picture)], title=f"T {EVIL}", **options)


def test_labels_and_names_stay_text() -> None:
    text = sheet(Detection(EVIL, (0, 0, 500, 500)), name=EVIL)
    page = Page(text)
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert [g["data-label"] for g in page.all("g")] == [EVIL]
    assert [b["data-label"] for b in page.all("button") if "data-label" in b] == [EVIL]
    assert page.words.count("alert(1)</script>") >= 4
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)


def test_the_file_asks_for_nothing() -> None:
    text = sheet(Detection("cat", (0, 0, 500, 500)))
    page = Page(text)
    links = [v for _, attributes in page.elements for k, v in attributes.items() if k in ("src", "href", "xlink:href")]
    assert links
    assert all(link is not None and link.startswith("data:image/jpeg;base64,") for link in links)
    assert "http:" not in text
    assert "https:" not in text
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:")
    script = text.split("<script>")[1].split("</script>")[0]
    import hashlib

    assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy


def test_shapes_are_drawn_where_they_are() -> None:
    disc = np.hypot(*(np.mgrid[:300, :400] - np.array([150, 200])[:, None, None])) < 80
    item = masks.encode(disc)
    assert item is not None
    text = sheet(
        Detection("box", (100, 100, 500, 500)),
        Detection("point", point=(500, 500)),
        Detection("disc", tuple(item["box_2d"]), mask=item["mask"]),
    )
    page = Page(text)
    [rect] = page.all("rect")
    assert (rect["x"], rect["y"], rect["width"], rect["height"]) == ("40", "30", "160", "120")
    assert [(c["cx"], c["cy"]) for c in page.all("circle")] == [("200", "150")]
    [path] = page.all("path")
    numbers = np.array(re.findall(r"[\d.]+", path["d"] or ""), float).reshape(-1, 2)
    assert np.allclose(np.hypot(*(numbers - (200.5, 150.5)).T), 80, atol=2)
    assert "1 picture, 3 things" in page.words


def test_thumbnails_are_no_larger_than_told() -> None:
    page = Page(sheet(side=100))
    href = page.all("image")[0]["href"] or ""
    data = cv2.imdecode(np.frombuffer(base64.b64decode(href.split(",")[1]), np.uint8), cv2.IMREAD_COLOR)
    assert data is not None
    assert data.shape == (75, 100, 3)
    assert abs(int(data[40, 40, 0]) - 90) <= 2


def test_an_empty_sheet() -> None:
    assert "0 pictures, 0 things" in Page(contact.sheet([])).words
