from feedsvc.kinds import BY_NAME, KINDS


def test_every_kind_has_a_name_of_its_own() -> None:
    """Else the documents of one would be published as those of the other."""
    assert len(BY_NAME) == len(KINDS)
