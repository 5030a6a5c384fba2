from feedsvc import kinds
from feedsvc.kinds import BY_NAME, KINDS, Kind


def test_every_kind_is_a_row_of_the_table() -> None:
    """Else its documents would be published and could not be read."""
    assert {value for value in vars(kinds).values() if isinstance(value, Kind)} == set(KINDS)
    assert len(BY_NAME) == len(KINDS)
