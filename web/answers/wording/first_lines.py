"""First lines of somebody's words: enough to know what they want, with the rest one tap away."""

MOST = 170  # characters: four lines on a narrow phone


def first_lines(words: str, most: int = MOST) -> tuple[str, bool]:
    """As much of it as stands on a first screen, in one paragraph, cut between words; and whether there is more."""
    whole = " ".join(words.split())
    if len(whole) <= most:
        return whole, False
    cut = whole[: most + 1].rpartition(" ")[0]
    return f"{(cut if len(cut) > most // 2 else whole[:most]).rstrip(' ,;:–—-')} …", True
