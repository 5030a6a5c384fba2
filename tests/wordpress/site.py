"""A WordPress of one's own: Debian's package, MariaDB and PHP's server, in one folder and on free ports."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.harness.judges import find_program
from tests.harness.program import Program, free_port

HERE = Path(__file__).parent
INSTALLED = Path("/usr/share/wordpress")
PACKAGES = "wordpress mariadb-server php-cli php-mysql php-xml php-mbstring php-curl php-gd"
CONFIGURATION = """<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{socket}' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $name ) {{
	define( $name . '_KEY', 'key' );
	define( $name . '_SALT', 'salt' );
}}
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
$table_prefix = 'wp_';
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
"""


@dataclass(frozen=True, slots=True)
class WordPress:
    """A running WordPress."""

    folder: Path
    url: str

    def post(self, title: str, content: str, user: str = "admin") -> str:
        """The address of a post that this user has saved."""
        command = ["php", str(HERE / "post.php"), str(self.folder), self.url, user, title]
        return subprocess.run(command, input=content, stdout=subprocess.PIPE, text=True, check=True).stdout


@contextmanager
def run_wordpress(home: Path) -> Iterator[WordPress]:
    """A fresh WordPress whose files and database are below ``home``, until the block ends."""
    for program in ("php", "mariadbd", "mariadb-install-db", "mariadb"):
        find_program(program, package=PACKAGES)
    with ExitStack() as closing:
        database = closing.enter_context(_run_database(home))
        folder = home / "site"
        shutil.copytree(INSTALLED, folder, ignore=lambda _, names: [name for name in names if name == "wp-config.php"])
        (folder / "wp-config.php").write_text(CONFIGURATION.format(socket=database))
        (folder / "wp-content" / "mu-plugins").mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "neighbours.php", folder / "wp-content" / "mu-plugins")
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        subprocess.run(["php", HERE / "install.php", folder, url], check=True, capture_output=True)
        command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(folder)]
        closing.enter_context(Program(command, home / "php.log", ("127.0.0.1", port), {}))
        yield WordPress(folder, url)


@contextmanager
def _run_database(home: Path) -> Iterator[Path]:
    """The socket of a MariaDB with an empty database, until the block ends."""
    data, path, port = home / "database", home / "mariadb.sock", free_port()
    create = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal"]
    subprocess.run([*create, "--skip-test-db", "--user=root"], check=True, capture_output=True)
    command = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={path}", "--bind-address=127.0.0.1"]
    command += [f"--port={port}", "--user=root", f"--pid-file={home / 'mariadb.pid'}"]
    with Program(command, home / "mariadb.log", ("127.0.0.1", port), {}):
        statement = ["mariadb", "--no-defaults", f"--socket={path}", "-e", "CREATE DATABASE wordpress"]
        subprocess.run(statement, check=True, capture_output=True)
        yield path
