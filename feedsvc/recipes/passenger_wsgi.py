"""For hosts with Passenger, and for PythonAnywhere: the file that names the application.

Put it beside the folder ``content`` and name that folder in the host's form; with PythonAnywhere, copy these lines into
the file of its Web tab. The first request begins publishing; what is saved appears by itself while the host lets
processes run, and else after ``feedsvc publish``.
"""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent  # with PythonAnywhere: Path("/home/you/feedsvc")
os.environ.setdefault("FEEDSVC_CONTENT", str(HERE / "content"))
os.environ.setdefault("FEEDSVC_PUBLICATION", str(HERE / "instance" / "publication.db"))

from feedsvc.wsgi import app as application  # noqa: E402  # it reads the settings above
