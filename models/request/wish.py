"""The wish of a request: what is wanted of the person asked for, as one of a few kinds or a line of one's own."""

KINDS = ("twenty_minutes", "one_mail", "one_answer", "feedback")  # kept as they stand; each reader's language says them
OTHER = "other"  # the choice of a form that goes with words of one's own
MOST_WORDS = 12  # of one's own: it stands as one line in letters
MOST_OF_RESULT = 25  # words of what a good result would be: it stands in that line, too


def wish_of(choice: str, own_words: str) -> str:
    """As a request holds it, from what was chosen and typed."""
    return choice if choice in KINDS else " ".join(own_words.split()) if choice == OTHER else ""


def choice_of(wish: str) -> str:
    """Which choice of a form stands for it; none where nothing is wanted yet."""
    return wish if wish in KINDS else OTHER if wish.strip() else ""


def own_words_of(wish: str) -> str:
    return "" if wish in KINDS else wish
