"""The files ``_headers`` and ``_redirects``, which many hosts of static sites read.

Hosts differ where several blocks match one address: some join the values of a field, others take the last one. So a
block comes after those that it overrides, and takes back (``!``) what they said.
"""

from feedsvc.exporting.rules import Rules, below


def headers_file(rules: Rules) -> str:
    """A block for all documents, and one for each rule."""
    said = {rule.pattern: [name for name, _ in rule.fields] for rule in rules.rules}
    blocks = [_block(f"{rules.prefix}/*", [f"{name}: {value}" for name, value in rules.common])]
    for rule in reversed(rules.rules):
        taken_back = sorted({name for pattern in rule.over for name in said[pattern]})
        lines = [*(f"! {name}" for name in taken_back), *(f"{name}: {value}" for name, value in rule.fields)]
        blocks.append(_block(rules.prefix + rule.pattern, lines))
    return "".join(blocks)


def redirects_file(rules: Rules) -> str:
    """A line for each redirect; those of one path come first, because some hosts read no other after a pattern."""
    lines = [below(rules.prefix, redirect) for redirect in (*rules.redirects, *rules.ways)]
    return "".join(f"{line.path} {line.target} {line.status}\n" for line in lines)


def _block(pattern: str, lines: list[str]) -> str:
    return "\n  ".join((pattern, *lines)) + "\n"
