"""What is made of a picture: upright, in the right colours, light, and without a word about anybody."""

from pathlib import Path
from traceback import walk_tb

import pytest
from PIL import Image, JpegImagePlugin

from feedsvc.pictures import make
from feedsvc.pictures.decode import open_picture
from feedsvc.pictures.make import make_artwork, make_offered, make_shown
from feedsvc.pictures.sizes import SIZES, PictureError
from tests.pictures.exiftool import told
from tests.pictures.phone import HEICS, RED, TURNS, draw, in_srgb, is_upright, opened, photo, saved, scene, wide_profile


def sizes(data: bytes) -> list[tuple[str, int, int]]:
    return [(made.media_type.removeprefix("image/"), made.width, made.height) for made, _ in make_shown(data)]


def refusal(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        make_shown(data)
    return str(caught.value)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("kind", ["jpeg", "heic", "avif", "png", "webp"])
def test_every_way_to_hold_a_telephone_is_upright(kind: str, turn: int) -> None:
    """The tag turns JPEG, PNG and WebP; HEIC and AVIF are turned by their containers, and must not be twice."""
    if kind == "heic":
        data = HEICS[turn]
    elif kind == "jpeg":
        data = photo(turn=turn)
    else:
        taken = opened(photo(turn=turn))
        data = saved(taken, kind.upper(), exif=taken.getexif().tobytes())
    made = make_shown(data)
    assert made
    for one, body in made:
        image = opened(body)
        assert image.size == (one.width, one.height)
        assert abs(image.width / image.height - (1.5 if kind == "heic" else 4 / 3)) < 0.01
        assert is_upright(image)


def test_a_photo_comes_in_two_sizes_and_two_formats_that_grow_in_weight() -> None:
    made = make_shown(photo(scene()))
    assert [(one.size, one.media_type, one.width, one.height) for one, _ in made] == [
        ("small", "image/jpeg", 640, 480),
        ("small", "image/webp", 640, 480),
        ("large", "image/jpeg", 1280, 960),
        ("large", "image/webp", 1280, 960),
    ]
    weights = [len(body) for _, body in made]
    assert weights[0] < weights[2] <= SIZES[-1].most
    assert weights[1] < weights[3] <= SIZES[-1].modern_most
    assert weights[1] <= SIZES[0].modern_most


@pytest.mark.parametrize(
    ("width", "height", "made"),
    [
        (3, 2, [(3, 2)]),
        (700, 300, [(700, 300)]),
        (800, 300, [(640, 240), (800, 300)]),
        (1281, 500, [(640, 250), (1280, 500)]),
        (900, 30_000, [(240, 8_000)]),
    ],
)
def test_nothing_is_enlarged_and_no_size_is_made_that_is_hardly_smaller(
    width: int, height: int, made: list[tuple[int, int]]
) -> None:
    found = sizes(saved(Image.new("RGB", (width, height), RED), "JPEG"))
    assert [(across, down) for kind, across, down in found if kind == "jpeg"] == made


@pytest.mark.parametrize("quality", [1, 30, 95])
@pytest.mark.parametrize("width", [1280, 1700])
def test_no_size_is_heavier_than_its_source(width: int, quality: int) -> None:
    data = photo(scene(width, width * 3 // 4), quality=quality)
    weights = [len(body) for made, body in make_shown(data) if made.media_type == "image/jpeg"]
    assert weights == sorted(weights)
    assert weights[-1] <= len(data)


def test_a_light_photo_is_the_source_itself_without_what_it_tells() -> None:
    """Nothing is gained by compressing it once more, and something is lost each time."""
    data = photo(scene(1000, 750), quality=60)
    body = next(body for made, body in make_shown(data) if (made.size, made.media_type) == ("large", "image/jpeg"))
    assert opened(body).tobytes() == opened(data).tobytes()
    assert len(body) < len(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("colour", [RED, (20, 200, 60), (128, 128, 128)])
def test_wide_colours_are_shown_as_they_were_meant(form: str, colour: tuple[int, int, int]) -> None:
    profile = wide_profile()
    picture = Image.new("RGB", (1400, 1000), colour)
    data = saved(picture, form, icc_profile=profile, **({"lossless": True} if form == "WEBP" else {"quality": 95}))
    for _, body in make_shown(data):
        image = opened(body)
        assert "icc_profile" not in image.info
        pixel = image.convert("RGB").getpixel((300, 300))
        assert isinstance(pixel, tuple)
        assert max(abs(is_ - meant) for is_, meant in zip(pixel, in_srgb(colour, profile), strict=True)) <= 3


def test_a_broken_profile_is_passed_over() -> None:
    assert is_upright(opened(make_shown(saved(draw(), "JPEG", icc_profile=b"nothing of the kind" * 20))[0][1]))
    grey = wide_profile().replace(b"mntrRGB ", b"mntrGRAY")
    assert is_upright(opened(make_shown(saved(draw(), "JPEG", icc_profile=grey))[0][1]))


def test_colours_for_the_press_become_colours_for_the_screen() -> None:
    press = draw().convert("CMYK")
    for _, body in make_shown(saved(press, "JPEG")):
        assert opened(body).mode == "RGB"
        assert is_upright(opened(body))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_depth_and_kind_of_pixels_is_made_good(mode: str) -> None:
    image = draw(900, 600)
    if mode == "I;16":
        image = image.convert("L").convert("I").point(lambda value: value * 257).convert(mode)
    else:
        image = image.convert(mode)
    (made, body), *_ = make_shown(saved(image, "PNG"))
    shown = opened(body).convert("RGBA").convert("RGB")
    assert made.media_type == "image/png"
    corner, rest = shown.getpixel((5, 5)), shown.getpixel((shown.width - 5, shown.height - 5))
    assert corner != rest or mode == "1"
    assert isinstance(corner, tuple)
    assert 30 < max(corner) < 240 or mode == "1"


def test_what_shows_through_stays_so_in_drawings_and_is_white_in_photos() -> None:
    shape = draw(900, 600).convert("RGBA")
    shape.putalpha(Image.new("L", shape.size, 0))
    assert opened(make_shown(saved(shape, "PNG"))[-1][1]).convert("RGBA").getpixel((450, 300))[3] == 0  # type: ignore[index]
    picture = scene(900, 600).convert("RGBA")
    picture.putalpha(Image.new("L", picture.size, 0))
    made = make_shown(saved(picture, "WEBP", quality=90))
    assert {one.media_type for one, _ in made} == {"image/jpeg", "image/webp"}
    assert min(opened(made[0][1]).convert("RGB").getpixel((300, 200))) > 250  # type: ignore[arg-type]


def test_a_screenshot_stays_sharp() -> None:
    """No grey stands where only black and white were, but between two pixels of the larger picture."""
    screen = Image.new("RGB", (1200, 800), "white")
    for line in range(0, 1200, 7):
        screen.paste("black", (line, 0, line + 2, 800))
    made = make_shown(saved(screen.convert("RGBA"), "PNG"))
    assert {one.media_type for one, _ in made} == {"image/png"}
    assert opened(made[-1][1]).convert("RGB").getcolors() == screen.getcolors()


def test_a_heavy_drawing_gives_up_colours_before_it_gives_up_its_limit() -> None:
    busy = Image.effect_noise((650, 500), 60).convert("RGB").resize((1950, 1500), Image.Resampling.NEAREST)
    data = saved(busy, "PNG")
    assert open_picture(data).is_photo is False
    made = make_shown(data)
    assert [one.media_type for one, _ in made] == ["image/png", "image/png"]
    assert all(len(body) <= size.most * 3 for size, (_, body) in zip(SIZES, made, strict=True))
    assert len(make_artwork(saved(busy.convert("RGBA"), "PNG"))) == 1


def test_a_photo_without_loss_becomes_a_jpeg() -> None:
    assert sizes(saved(scene(), "PNG"))[0][0] == "jpeg"
    assert sizes(saved(scene(), "WEBP", lossless=True))[0][0] == "jpeg"
    assert sizes(saved(draw(), "WEBP", lossless=True))[0][0] == "png"


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_of_what_moves_the_first_picture_is_shown(form: str) -> None:
    frames = [Image.new("RGB", (300, 200), "black")] * 3
    data = saved(draw(300, 200), form, save_all=True, append_images=frames, duration=100)
    for _, body in make_shown(data):
        assert is_upright(opened(body))
        assert getattr(opened(body), "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "does not hold the picture that its ending promises; open it in a program that shows it"),
        (b"<svg/>", "does not hold the picture"),
        (b"%PDF-1.7 \xff\xd8\xff", "does not hold the picture"),
        (
            b"\xff\xd8\xff\xe0 no more",
            "is a JPEG picture that is damaged or not whole; copy it again from where it was",
        ),
        (photo()[:3_500], "is a JPEG picture that is damaged or not whole"),
        (saved(draw(), "PNG")[:600], "is a PNG picture that is damaged or not whole"),
        (HEICS[1][:400], "is a HEIC picture that is damaged or not whole"),
        (saved(draw(), "AVIF")[:500], "is an AVIF picture that is damaged or not whole"),
        (saved(draw(), "WEBP")[:500], "is a WebP picture that is damaged or not whole"),
        (saved(draw(), "GIF")[:500], "is a GIF picture that is damaged or not whole"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words_that_say_how_to_get_a_usable_one(data: bytes, words: str) -> None:
    assert refusal(data).startswith(words)


def test_a_small_file_that_promises_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    bomb = saved(Image.new("1", (9_000, 12_000)), "PNG")
    assert len(bomb) < 20_000
    assert refusal(bomb) == (
        "has 9000 by 12000 pixels, the limit is 64 million; make it smaller; a width of 2000 is more than anybody sees"
    )


def test_nothing_made_or_offered_tells_anything(tmp_path: Path) -> None:
    """The judge is exiftool; the sources tell a great deal, or the test would prove nothing."""
    sources = {f"turn{turn}.jpg": photo(scene(900, 600) if turn % 2 else None, turn) for turn in TURNS}
    sources |= {f"turn{turn}.heic": data for turn, data in HEICS.items()}
    taken = opened(photo())
    for form, ending in (("PNG", "png"), ("WEBP", "webp"), ("AVIF", "avif")):
        more = {"exif": taken.getexif().tobytes(), "icc_profile": wide_profile()}
        sources[f"taken.{ending}"] = saved(taken, form, **more)
    sources["wide.jpg"] = photo(profile=wide_profile())
    sources["moving.gif"] = saved(draw(90, 60), "GIF", save_all=True, append_images=[draw(90, 60)], comment=b"Jane")
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    for name, data in sources.items():
        (before / name).write_bytes(data)
        for number, (_, body) in enumerate(make_shown(data)):
            (after / f"{number}-{name}").write_bytes(body)
        if not name.endswith(("heic", "avif")):
            ((_, body),) = make_offered(data)
            (after / f"offered-{name}").write_bytes(body)
    assert min(len(tags) for tags in told(before).values()) >= 1
    assert {name: tags for name, tags in told(after).items() if tags} == {}
    for path in after.iterdir():
        assert not [word for word in (b"Jane", b"Telephone", b"ftypmp42", b"picket") if word in path.read_bytes()]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_is_offered_is_the_same_to_the_last_pixel(form: str) -> None:
    data = photo(scene(300, 200)) if form == "JPEG" else saved(scene(300, 200), form, lossless=True)
    ((made, body),) = make_offered(data)
    assert opened(body).convert("RGB").tobytes() == opened(data).convert("RGB").tobytes()
    assert (made.media_type, made.width, made.height) == (f"image/{form.lower()}", 300, 200)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_what_is_offered_and_turned_by_its_metadata_is_turned_for_good(form: str) -> None:
    taken = opened(photo(turn=6))
    data = photo(turn=6) if form == "JPEG" else saved(taken, form, exif=taken.getexif().tobytes())
    ((made, body),) = make_offered(data)
    assert is_upright(opened(body))
    assert made.media_type == f"image/{form.lower()}"


def test_what_is_offered_and_moves_still_moves() -> None:
    frames = [scene(60, 40, seed) for seed in (2, 3)]
    for form in ("GIF", "WEBP"):
        data = saved(scene(60, 40), form, save_all=True, append_images=frames, duration=200, loop=0)
        ((_, body),) = make_offered(data)
        before, after = opened(data), opened(body)
        assert getattr(after, "n_frames", 1) == 3
        for number in range(3):
            before.seek(number)
            after.seek(number)
            assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()
        assert after.info["duration"] == 200


def test_colours_that_metadata_alone_explains_are_made_anew() -> None:
    press = saved(draw().convert("CMYK"), "JPEG")
    ((_, body),) = make_offered(press)
    assert opened(body).mode == "RGB"
    assert is_upright(opened(body))


def test_a_kind_that_cannot_be_freed_of_what_it_tells_is_not_offered() -> None:
    turned_gif = HEICS[6]
    with pytest.raises(PictureError, match="save it as JPEG or PNG, and offer that"):
        make_offered(turned_gif)


def test_a_picture_that_is_too_long_for_webp_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "WEBP_SIDE", 500)
    assert sizes(photo()) == [("jpeg", 720, 540)]


def test_want_of_memory_is_not_taken_for_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_image: object) -> None:
        raise MemoryError

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", load)
    with pytest.raises(MemoryError):
        make_shown(photo())


def test_equal_bytes_make_equal_pictures() -> None:
    data = photo(scene())
    assert make_shown(data) == make_shown(data)


@pytest.mark.parametrize("data", [b"no picture", HEICS[1]])
def test_nothing_is_kept_of_what_was_refused_before(data: bytes) -> None:
    kept = []
    for _ in range(3):
        with pytest.raises(PictureError) as caught:
            make_offered(data)
        kept.append([frame.f_code.co_name for frame, _ in walk_tb(caught.value.__traceback__)])
    assert kept[0] == kept[-1]
