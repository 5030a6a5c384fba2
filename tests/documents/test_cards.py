"""Cards of updates as they are served: whose they are, and where they lead when another update comes."""

import json
import re
from contextlib import closing
from io import BytesIO
from pathlib import Path

from lxml import html
from PIL import Image
from werkzeug.test import Client, TestResponse

from feedsvc.documents.index import CARDED
from feedsvc.publication.store import Store
from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.harness.folder import publish_folder, write_folder, write_update

ORIGIN = "https://news.example.org"


class House:
    """A folder with as many updates as have cards, published."""

    def __init__(self, folder: Path) -> None:
        self.content = write_folder(folder / "content", updates=CARDED)
        self.publication = folder / "publication.db"
        self.publish()

    def publish(self) -> None:
        publish_folder(self.content, self.publication)
        self._client = Client(create_app(Settings(publication=self.publication)))

    def named(self, page: str) -> str:
        """The picture that a page, what oEmbed says of it, and its description for search engines name alike."""
        text = self._client.get(page).text
        url = str(html.fromstring(text).xpath("string(//meta[@property='og:image']/@content)"))
        assert json.loads(self.get(f"{page}oembed.json").data)["thumbnail_url"] == url
        if page.startswith("/updates/"):
            assert f'"image":"{url}"' in text.replace('": "', '":"')
        answer = self.get(url.removeprefix(ORIGIN))
        assert (answer.status_code, answer.history) == (200, ())
        assert Image.open(BytesIO(answer.data)).format == "PNG"
        return url.removeprefix(ORIGIN)

    def led(self, path: str) -> str:
        """Where a former address leads in the end."""
        answer = self.get(path)
        assert answer.status_code == 200
        assert all(one.status_code == 301 for one in answer.history)
        return answer.request.path

    def get(self, path: str) -> TestResponse:
        return self._client.get(path, follow_redirects=True)

    def paths(self) -> set[str]:
        with closing(Store(self.publication)) as store:
            return set(store.keys())

    def cards(self) -> list[str]:
        return [path for path in self.paths() if path.startswith("/updates/") and re.search(r"/card\.\w+\.png$", path)]


def test_new_updates_have_cards_which_follow_what_they_say(tmp_path: Path) -> None:
    house = House(tmp_path)
    oldest, newest = "/updates/update-1/", "/updates/update-50/"
    first, former = house.named(oldest), house.named(newest)
    assert first.startswith(f"{oldest}card.")
    assert len(house.cards()) == CARDED
    write_update(house.content, 50, title="Another title")
    house.publish()
    present = house.named(newest)
    assert present != former
    assert house.led(former) == present
    assert len(house.cards()) == CARDED
    write_update(house.content, 51, more="aliases: [former]\n")
    house.publish()
    shared = house.named("/covid/")
    assert house.named(oldest) == shared
    assert house.led(first) == shared
    assert house.led("/updates/former/card.0123456789abcdef.png") == house.named("/updates/update-51/")
    write_update(house.content, 50, more="image: {src: icon.png, alt: A badge}\n")
    house.publish()
    assert house.named(newest).startswith("/pictures/")
    assert house.led(present) == shared
    known = house.paths()
    house.publication.unlink()
    house.publish()
    assert house.paths() == known  # as if all had come at once
    (house.content / "updates" / "2026-02-01-update-51.yaml").unlink()
    house.publish()
    assert house.named(oldest) == first
    left = [path for path in house.paths() if path.startswith("/updates/update-51/")]
    assert left == ["/updates/update-51/"]  # which says that it is gone
