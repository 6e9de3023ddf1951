"""Suggestions are read from what members show of themselves and from what was written, and from nothing else."""

from models.request.guidance.suggestions import SUGGESTED, MemberEntry, fitting, words_to_seek


def member(name: str, *topics: str, at: str = "") -> MemberEntry:
    return MemberEntry(id=f"per_{name}", name_folded=name, organisation=at, topics=topics)


MEMBERS = [
    member("tomoko", "grid", "demand response", "pilots", at="Hikari Energy"),
    member("carl", "payments", "pricing", at="Northwind"),
    member("cleo", "utilities", "grid", at="Marée Conseil"),
]


def fits(*written: str, topics: tuple[str, ...] = ()) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.id, each.by) for each in fitting(MEMBERS, written, topics)]


def test_topics_fit_what_is_written_whatever_its_case_its_accents_or_its_number() -> None:
    assert fits("We want one PILOT with demand-response.") == [("per_tomoko", ("demand response", "pilots"))]
    assert fits("responder a la demanda: response, demand") == [], "a topic of two words stands as these two"


def test_a_place_of_work_fits_where_it_is_written_and_colleagues_do_not_by_it() -> None:
    assert fits("Somebody at maree conseil or the like") == [("per_cleo", ("Marée Conseil",))]
    assert fits(topics=("northwind",)) == []


def test_own_topics_count_and_most_words_come_first() -> None:
    assert fits("pilots", topics=("grid",)) == [("per_tomoko", ("grid", "pilots")), ("per_cleo", ("grid",))]
    assert fits() == []


def test_a_few_are_suggested_and_the_same_for_the_same_words() -> None:
    many = [member(f"zoe{number}", "wells") for number in range(9)]
    assert [each.id for each in fitting(many[::-1], ["wells"], [])] == [each.id for each in many[:SUGGESTED]]


def test_words_are_sought_from_ones_own_topics_and_then_the_longest() -> None:
    assert words_to_seek(["a grid in the cold, and payments"], ["heat pumps"]) == [
        "heat",
        "pump",
        "payment",
        "cold",
        "grid",
    ]
