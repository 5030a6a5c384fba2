"""Every page of the shipped site, judged by the Nu Html Checker: ``python -m tests.markup``.

The checker is a Java program, which npm fetches, so it is no part of the suite.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from feedsvc.exporting.directory import export_directory
from feedsvc.publication.reader import Reader
from tests.harness.folder import SHIPPED, publish_folder
from tests.harness.judges import find_program

CHECKER = "vnu-jar"
# what it says of pages that are as they are meant
KNOWN = re.compile(
    # it takes an address with feed: for one with a host, which by the standard of URLs it need not have
    r"Bad value .feed:https://\S+. for attribute .href. on element .a.: Expected a slash"
    # a frame is a part of the page around it, whose headings it goes on
    r"|none of them has a computed heading level of 1"
    # without it Safari takes a list without marks for none
    r"|The .list. role is unnecessary"
)


def main() -> int:
    """Print what is wrong with each page; 1 if anything is."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        publish_folder(SHIPPED, folder / "publication.db")
        with Reader(folder / "publication.db") as reader:
            export_directory(reader, folder / "public")
        pages = sorted(map(str, (folder / "public").rglob("*.html")))
        npm = find_program("npm", package="npm")
        subprocess.run([npm, "install", "--silent", "--prefix", name, CHECKER], check=True)
        (jar,) = folder.glob("node_modules/vnu-jar/build/dist/vnu.jar")
        java = find_program("java", package="default-jre-headless")
        command = [java, "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always"]
        judged = subprocess.run([*command, *pages], check=True, stdout=subprocess.PIPE)
        found = [each for each in json.loads(judged.stdout)["messages"] if not KNOWN.search(each["message"])]
        for message in found:
            path = message["url"].partition("/public/")[2]
            print(f"{path}:{message.get('lastLine')}: {message['type']}: {message['message']}")
    print(f"{len(pages)} pages, {len(found)} messages")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
