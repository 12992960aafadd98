"""Exports: read back, they are what was found."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

from pollux.errors import FailedPrecondition, InvalidArgument
from pollux.vision import exports, masks, shapes
from pollux.vision.answers import Detection
from pollux.vision.exports import Annotated

SIZE = (200, 100)
DISC = np.hypot(*(np.mgrid[:100, :200] - np.array([50, 120])[:, None, None])) < 30


def disc() -> Detection:
    item = masks.encode(DISC)
    assert item is not None
    return Detection("disc", tuple(item["box_2d"]), mask=item["mask"], score=0.5)


BOX, EYE = Detection("box, small", (100, 250, 500, 750)), Detection("eye", point=(500, 500))
PICTURES = [Annotated("a/one.jpg", SIZE, (disc(), BOX, EYE)), Annotated("two.png", (10, 10), ())]


def test_labels_are_numbered_in_their_order() -> None:
    assert exports.names(PICTURES) == ["box, small", "disc", "eye"]


def test_coco() -> None:
    found = json.loads(json.dumps(exports.coco(PICTURES)))
    assert [image["file_name"] for image in found["images"]] == ["a/one.jpg", "two.png"]
    assert [(c["id"], c["name"]) for c in found["categories"]] == [(1, "box, small"), (2, "disc"), (3, "eye")]
    round_one, box, eye = found["annotations"]
    assert (shapes.from_rle(round_one["segmentation"]).full() == DISC).all()
    assert (round_one["id"], round_one["image_id"], round_one["category_id"], round_one["score"]) == (1, 1, 2, 0.5)
    assert round_one["area"] == DISC.sum()
    x, y, w, h = round_one["bbox"]
    assert DISC[y : y + h, x : x + w].sum() == DISC.sum()
    assert (box["bbox"], box["area"], box["segmentation"], box["iscrowd"]) == ([50, 10, 100, 40], 4000, [], 0)
    assert eye["keypoints"] == [100, 50, 2]
    assert found["categories"][2]["keypoints"] == ["point"]


def test_coco_with_polygons() -> None:
    [outline] = exports.coco(PICTURES, segmentation="polygon")["annotations"][0]["segmentation"]
    back = shapes.from_polygons([np.reshape(outline, (-1, 2))], SIZE)
    assert masks.iou(back, masks.from_array(DISC)) > 0.97


def test_yolo() -> None:
    files = exports.yolo(PICTURES)
    assert set(files) == {"a/one.txt", "two.txt"}
    assert files["two.txt"] == ""
    lines = [line.split() for line in files["a/one.txt"].splitlines()]
    assert lines[1] == ["0", "0.5", "0.3", "0.5", "0.4"]
    assert lines[0][0] == "1"
    assert len(lines) == 2
    with pytest.raises(InvalidArgument, match=r"one\.txt"):
        exports.yolo([Annotated("one.jpg", SIZE, ()), Annotated("one.png", SIZE, ())])


def test_yolo_outlines() -> None:
    disc_line, box_line = exports.yolo(PICTURES, segmentation=True)["a/one.txt"].splitlines()
    points = np.array(disc_line.split()[1:], float).reshape(-1, 2)
    assert ((points >= 0) & (points <= 1)).all()
    assert masks.iou(shapes.from_polygons([points * SIZE], SIZE), masks.from_array(DISC)) > 0.95
    assert box_line == "0 0.25 0.1 0.75 0.1 0.75 0.5 0.25 0.5"


def test_yolo_data() -> None:
    assert exports.yolo_data(PICTURES).splitlines()[3:] == ["names:", '  0: "box, small"', '  1: "disc"', '  2: "eye"']
    assert exports.yolo_data([]).endswith("names:\n  {}\n")


def test_labelme() -> None:
    found = json.loads(json.dumps(exports.labelme(PICTURES[0])))
    assert (found["imageWidth"], found["imageHeight"], found["imagePath"]) == (200, 100, "a/one.jpg")
    assert [(s["label"], s["shape_type"]) for s in found["shapes"]] == [
        ("disc", "polygon"),
        ("box, small", "rectangle"),
        ("eye", "point"),
    ]
    assert found["shapes"][1]["points"] == [[50, 10], [150, 50]]
    assert found["shapes"][2]["points"] == [[100, 50]]
    both = exports.labelme(Annotated("x.png", SIZE, (Detection("a", (0, 0, 500, 500), (250, 250)),)))
    assert [s["group_id"] for s in both["shapes"]] == [0, 0]


def test_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(exports.table(PICTURES), newline="")))
    assert [row["label"] for row in rows] == ["disc", "box, small", "eye"]
    assert rows[0]["mask_area"] == str(DISC.sum())
    assert [rows[1][name] for name in ("x0", "y0", "x1", "y1", "score", "x")] == ["50", "10", "150", "50", "", ""]
    assert (rows[2]["x"], rows[2]["y"], rows[2]["x0"]) == ("100", "50", "")


def test_supervision() -> None:
    found = exports.to_supervision(PICTURES[0])
    assert found.xyxy.tolist()[1] == [50, 10, 150, 50]
    assert (found.mask[0] == DISC).all()
    assert found.confidence.tolist() == [0.5, 1]
    assert found.data["class_name"].tolist() == ["disc", "box, small"]
    assert len(exports.to_supervision(PICTURES[1])) == 0


def test_without_supervision_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "supervision", None)
    with pytest.raises(FailedPrecondition, match="pip install supervision"):
        exports.to_supervision(PICTURES[1])


def test_a_size_that_is_none() -> None:
    with pytest.raises(InvalidArgument, match="size"):
        Annotated("x.png", (0, 10), ())
