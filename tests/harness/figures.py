"""What readers met while everything went wrong, a line for each that the run tells at its end."""

FIGURES: list[str] = []
