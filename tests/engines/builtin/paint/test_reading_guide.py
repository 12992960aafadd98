"""The prompts of the documentation's image generation guide become the plans they ask for."""

from __future__ import annotations

from pollux.engines.builtin.paint.plan import Scene, Subject
from pollux.engines.builtin.paint.reading import read


def one(prompt: str) -> Scene:
    """The only scene of a prompt."""
    (scene,) = read(prompt).scenes
    return scene


def held(subject: Subject) -> list[tuple[str, str]]:
    """What a subject has, as (relation, name)."""
    return [(how, thing.name) for how, thing in subject.with_]


def test_photorealistic_scene() -> None:
    scene = one(
        "A photorealistic close-up portrait of an elderly Japanese ceramicist with deep, sun-etched wrinkles "
        "and a warm, knowing smile. He is carefully inspecting a freshly glazed tea bowl. The setting is his "
        "rustic, sun-drenched workshop with pottery wheels and shelves of clay pots in the background. The "
        "scene is illuminated by soft, golden hour light streaming through a window, highlighting the fine "
        "texture of the clay and the fabric of his apron. Captured with an 85mm portrait lens, resulting in "
        "a soft, blurred background (bokeh). The overall mood is serene and masterful."
    )
    man, wheels, shelves = scene.subjects
    assert (man.name, held(man)) == ("ceramicist", [("holding", "tea bowl")])
    assert {"elderly", "man", "smiling", "wrinkled"} <= set(man.attributes)
    assert (wheels.name, shelves.name) == ("pottery wheel", "shelf")
    assert wheels.count > 1
    assert wheels.at
    assert shelves.at not in {None, wheels.at}  # each has a place of its own in the background
    assert (scene.style, scene.setting, scene.mood) == ("photo", "workshop", "serene")
    assert (scene.light.time, scene.light.soft, scene.light.side) == ("golden hour", True, "left")
    assert (scene.camera.shot, scene.camera.blur) == ("close-up", True)


def test_sticker() -> None:
    scene = one(
        "A kawaii-style sticker of a happy red panda wearing a tiny bamboo hat. It's munching on a green "
        "bamboo leaf. The design features bold, clean outlines, simple cel-shading, and a vibrant color "
        "palette. The background must be white."
    )
    (panda,) = scene.subjects
    assert (scene.layout, scene.style, scene.background, scene.outline) == ("sticker", "kawaii", "white", True)
    assert (panda.name, panda.attributes) == ("red panda", ("happy",))
    assert held(panda) == [("wearing", "hat"), ("eating", "leaf")]
    assert "vibrant" in scene.palette
    assert one("A retro sticker of a fox. The background must be transparent.").background == "transparent"


def test_logo() -> None:
    scene = one(
        "Create a modern, minimalist logo for a coffee shop called 'The Daily Grind'. The text should be in "
        "a clean, bold, sans-serif font. The color scheme is black and white. Put the logo in a circle. Use "
        "a coffee bean in a clever way."
    )
    (text,) = scene.lettering
    assert (scene.layout, scene.frame, scene.palette[:2]) == ("logo", "circle", ("black", "white"))
    assert (text.text, text.role, text.face, text.bold) == ("The Daily Grind", "logo", "sans", True)
    assert [thing.name for thing in scene.subjects] == ["coffee bean"]


def test_product() -> None:
    scene = one(
        "A high-resolution, studio-lit product photograph of a minimalist ceramic coffee mug in matte black, "
        "presented on a polished concrete surface. The lighting is a three-point softbox setup designed to "
        "create soft, diffused highlights and eliminate harsh shadows. The camera angle is a slightly "
        "elevated 45-degree shot to showcase its clean lines. Ultra-realistic, with sharp focus on the steam "
        "rising from the coffee. Square image."
    )
    (mug,) = scene.subjects
    assert (scene.layout, scene.style, scene.surface) == ("product", "photo", "polished concrete")
    assert (mug.name, mug.colours) == ("coffee mug", ("matte black",))
    assert {"ceramic", "steaming"} <= set(mug.attributes)
    assert (scene.light.time, scene.light.soft, scene.camera.angle) == ("studio", True, "high")


def test_negative_space() -> None:
    scene = one(
        "A minimalist composition featuring a single, delicate red maple leaf positioned in the bottom-right "
        "of the frame. The background is a vast, empty off-white canvas, creating significant negative space "
        "for text. Soft, diffused lighting from the top left. Square image."
    )
    (leaf,) = scene.subjects
    assert (scene.layout, scene.background, scene.empty) == ("minimal", "off-white", "top left")
    assert (leaf.name, leaf.count, leaf.colours) == ("maple leaf", 1, ("red",))
    assert leaf.at is not None
    assert leaf.at[0] > 0.6
    assert leaf.at[1] > 0.6
    assert (scene.light.soft, scene.light.side) == (True, "top left")


def test_comic() -> None:
    scene = one(
        "Make a 3 panel comic in a gritty, noir art style with high-contrast black and white inks. Put the "
        "character in a humurous scene."
    )
    assert (scene.layout, scene.style, len(scene.steps)) == ("comic", "noir", 3)
    assert all(step.scene and step.scene.subjects and step.scene.style == "noir" for step in scene.steps)
    assert len({step.scene.subjects[0].name for step in scene.steps if step.scene}) == 1


def test_restaurant() -> None:
    scene = one("Create a picture of a nano banana dish in a fancy restaurant with a Gemini theme")
    assert (scene.setting, scene.subjects[0].name, scene.subjects[1].name) == ("restaurant", "banana dish", "gemini")
    cat = one("Create a picture of my cat eating a nano-banana in a fancy restaurant under the Gemini constellation")
    assert (cat.subjects[0].name, held(cat.subjects[0]), cat.setting) == ("cat", [("eating", "banana")], "restaurant")


def test_infographic() -> None:
    scene = one(
        "Create a vibrant infographic that explains photosynthesis as if it were a recipe for a plant's "
        'favorite food. Show the "ingredients" (sunlight, water, CO2) and the "finished dish" '
        "(sugar/energy). The style should be like a page from a colorful kids' cookbook, suitable for a 4th "
        "grader."
    )
    assert scene.layout == "infographic"
    assert [text.text for text in scene.lettering] == ["Photosynthesis"]
    assert [(step.title, step.items) for step in scene.steps] == [
        ("Ingredients", ("Sunlight", "Water", "CO2")),
        ("Finished dish", ("Sugar/energy",)),
    ]


def test_forecast_without_figures_says_so() -> None:
    work = read(
        "Visualize the current weather forecast for the next 5 days in San Francisco as a clean, modern "
        "weather chart. Add a visual on what I should wear each day"
    )
    assert [step.title for step in work.scenes[0].steps] == [f"Day {n}" for n in range(1, 6)]
    assert work.scenes[0].chart is None
    assert "no weather data" in work.notes[0]
    assert work.scenes[0].lettering[0].text == "San Francisco: next 5 days"


def test_anatomical_sketch() -> None:
    scene = one(
        "Da Vinci style anatomical sketch of a dissected Monarch butterfly. Detailed drawings of the head, "
        "wings, and legs on textured parchment with notes in English."
    )
    assert (scene.style, scene.surface) == ("anatomical", "textured parchment")
    assert [thing.name for thing in scene.subjects] == ["monarch butterfly"]


def test_letters() -> None:
    for letter in "AB":
        scene = one(f"A big letter {letter} surrounded by animals starting with the {letter} letter")
        assert scene.lettering[0].text == letter
        assert len(scene.subjects) > 3
        assert all(thing.name.startswith(letter.lower()) for thing in scene.subjects)


def test_recipes_are_not_invented() -> None:
    work = read("Generate an illustrated recipe for a paella.")
    assert len(work.scenes) == len(work.captions) == 3
    assert any(thing.name == "paella" for thing in work.scenes[-1].subjects)
    assert "does not know this recipe" in work.closing
    assert not any(c.isdigit() for caption in work.captions for c in caption.partition(":")[2])
    assert len(read("A step-by-step guide to baking macarons in three images").scenes) == 3


def test_steps_of_one_picture() -> None:
    scene = one(
        "First, create a background of a serene, misty forest at dawn. Then, in the foreground, add a "
        "moss-covered ancient stone altar. Finally, place a single, glowing sword on top of the altar."
    )
    (sword,) = scene.subjects
    assert (scene.setting, scene.weather, scene.light.time) == ("forest", "fog", "dawn")
    assert (sword.name, held(sword)) == ("sword", [("on", "altar")])
    assert sword.with_[0][1].at is not None
    assert sword.with_[0][1].at[1] > 0.6


def test_base_pictures_of_the_editing_examples() -> None:
    cat = one(
        "A photorealistic picture of a fluffy ginger cat sitting on a wooden floor, looking directly at the "
        "camera. Soft, natural light from a window."
    )
    assert (cat.subjects[0].name, cat.subjects[0].colours, cat.surface) == ("cat", ("ginger",), "wooden floor")
    assert {"fluffy", "sitting", "facing forward"} <= set(cat.subjects[0].attributes)
    room = one(
        "A wide shot of a modern, well-lit living room with a prominent blue sofa in the center. A coffee "
        "table is in front of it and a large window is in the background."
    )
    assert (room.setting, room.camera.shot) == ("living room", "wide")
    assert [thing.name for thing in room.subjects] == ["sofa", "coffee table", "window"]
    assert (room.subjects[0].colours, room.subjects[0].at) == (("blue",), (0.5, 0.55))
    street = one(
        "A photorealistic, high-resolution photograph of a busy city street in New York at night, with "
        "bright neon signs, yellow taxis, and tall skyscrapers."
    )
    assert (street.setting, street.light.time, street.light.neon) == ("street", "night", True)
    assert [thing.name for thing in street.subjects] == ["neon sign", "taxi", "skyscraper"]
    car = one("A rough pencil sketch of a flat sports car on white paper.")
    assert (car.style, car.subjects[0].name) == ("pencil", "sports car")
    man = one("A studio portrait of this man against white, in profile looking right")
    assert (man.background, man.camera.shot, man.light.time) == ("white", "portrait", "studio")
    assert {"profile", "facing right"} <= set(man.subjects[0].attributes)


def test_best_practices() -> None:
    assert one("an empty, deserted street with no signs of traffic").subjects == ()
    assert one("Create a logo for a high-end, minimalist skincare brand").layout == "logo"
    armour = one(
        "ornate elven plate armor, etched with silver leaf patterns, with a high collar and pauldrons shaped "
        "like falcon wings"
    )
    assert (armour.subjects[0].name, armour.subjects[0].attributes[0]) == ("elven plate armor", "ornate")
