"""The command of those who have no site yet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from feedsvc.cli.terminal import explained
from feedsvc.new_site.answers import QUESTIONS, Answers, NewSiteError, Question
from feedsvc.new_site.package import find_package
from feedsvc.settings import now

UNKNOWN_PACKAGE = "Say in requirements.txt from where a host installs feedsvc: a wheel or a git address."


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """An option for each question, which is then not asked."""
    for question in reversed(QUESTIONS):
        name = f"--{question.field.replace('_', '-')}"
        command = click.option(name, question.field, help=f"{question.words}; such as {question.example}.")(command)
    return command


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@_options
@click.option("--package", help="Address from which a host installs feedsvc, if not the one it came from here.")
def init(directory: Path, package: str | None, **given: str | None) -> None:
    """Write the folder of a new site into DIRECTORY.

    What is not given as an option is asked.
    """
    from feedsvc.new_site.folder import write_site  # noqa: PLC0415  # other commands need not wait for it

    with explained():
        answers = Answers(**{question.field: _answer(question, given[question.field]) for question in QUESTIONS})
        source = find_package(package)
        names = write_site(directory, answers, source, now())
        click.echo(f"Wrote {len(names)} files into {directory}.")
        if not source.is_known:
            click.echo(UNKNOWN_PACKAGE)
        click.echo(f"Look at the site: cd {directory}, then run: feedsvc serve")


def _answer(question: Question, given: str | None) -> str:
    """What was given, or is typed in now."""
    if given is not None:
        try:
            return question.take(given)
        except NewSiteError as fault:
            raise NewSiteError(f"--{question.field.replace('_', '-')}: {fault}") from None
    default = question.default()
    words = question.words if default else f"{question.words}, such as {question.example}"
    answer: Any = click.prompt(words, default=default, value_proc=lambda text: _take(question, text))
    return str(answer)


def _take(question: Question, text: str) -> str:
    try:
        return question.take(text)
    except NewSiteError as fault:
        raise click.UsageError(str(fault)) from None  # which is said, and the question asked again
