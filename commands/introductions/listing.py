"""`introbroker list` and `show`. As the console tells it, at the command line."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands import clock
from commands.options import JsonOption
from commands.output import as_json, moment, table

if TYPE_CHECKING:
    from datetime import datetime

    from store.views.introductions import ListedIntroduction
    from store.views.letters.letter_lines import LetterLine
    from store.views.staff_story import Story
    from telling.story import StoryLine


COUNTED = {"step", "version"}  # of the introduction as it is, and so they move with what staff may not know yet


def list_introductions(
    programme: Annotated[str | None, typer.Option(help="Its id or name; else all programmes.")] = None,
    stage: Annotated[str | None, typer.Option(help="Only those at this stage.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="With those that are over.")] = False,
    page: Annotated[int, typer.Option(min=1, max=10_000)] = 1,
    json: JsonOption = False,
) -> None:
    """Introductions: first what only an operator can move, then by due time."""
    from commands.databases import read
    from store.views.introductions import PAGE

    refuse_unknown_stage(stage)
    now = clock.now()
    found = read(lambda connection: look(connection, programme, stage, closed, page, now))
    if json:
        as_json(
            {
                "introductions": [each.model_dump(mode="json", exclude=COUNTED) for each in found[:PAGE]],
                "more": len(found) > PAGE,
            }
        )
        return
    table(("Introduction", "Who", "Stands at", "Waits for", "Due"), [line(each) for each in found[:PAGE]])
    if len(found) > PAGE:
        typer.echo(f"There are more: --page {page + 1}.")


def show(introduction: Annotated[str, typer.Argument(help="Its id (int_…).")], json: JsonOption = False) -> None:
    """One introduction as a story, with its letters."""
    from commands.databases import read
    from commands.errors import CommandRefusal
    from models.ids import IntroductionId
    from store.views.staff_story import story
    from telling.story import told

    now = clock.now()
    found = read(lambda connection: story(connection, IntroductionId(introduction), now))
    if found is None:
        raise CommandRefusal(f"There is no introduction {introduction}: `introbroker list` shows them.")
    if json:
        as_json(as_facts(found, told(found)))
    else:
        tell(found, told(found))


def look(
    connection: Any, programme: str | None, stage: str | None, closed: bool, page: int, now: "datetime"
) -> "tuple[ListedIntroduction, ...]":
    from commands.lookup import programme_meant
    from store.views.introductions import IntroductionFilter, listed

    within = (programme_meant(connection, programme).id,) if programme else None
    wanted = IntroductionFilter(programmes=within, stage=stage, with_closed=closed, page=page)
    return listed(connection, wanted, now)


def refuse_unknown_stage(stage: str | None) -> None:
    from commands.errors import CommandRefusal
    from telling.stage_words import STAGES

    if stage and stage not in STAGES:
        raise CommandRefusal(f"{stage} is not a stage: known are {', '.join(STAGES)}.")


def line(found: "ListedIntroduction") -> tuple[str, ...]:
    return found.id, parties(found), standing(found), waiting(found), moment(found.due_at)


def parties(found: "ListedIntroduction") -> str:
    """Who asks for whom. Whoever was forgotten has no name, and is somebody all the same."""
    from telling.stage_words import FORGOTTEN

    target = "(somebody who fits a need)" if found.target is None else found.target_name or FORGOTTEN
    return f"{found.requester_name or FORGOTTEN} → {target}"


def standing(found: "ListedIntroduction") -> str:
    from telling.stage_words import stands_at

    return stands_at(found.stage, found.ending, found.waiting_on)


def waiting(found: "ListedIntroduction") -> str:
    from telling.stage_words import waits_for

    whom = waits_for(found.stage, found.waiting_on)
    return "an operator" if whom and found.waiting_on == "operator" else whom or "–"


def tell(found: "Story", lines: "list[StoryLine]") -> None:
    one = found.listed
    typer.echo(f"{parties(one)}, in {one.programme_name}")
    track = f" Track: {found.opening.track}." if found.opening.track else ""
    typer.echo(f"{standing(one)}." + open_facts(one) + track + "\n")
    from telling.languages import ENGLISH
    from telling.wishes import wanted_line

    for name, text in found.texts:
        typer.echo(f"{name}: {wanted_line(text, ENGLISH) if name == 'wanted' else text}")
    for asked, answer in found.answers:
        typer.echo(f"{asked.called(ENGLISH)}: {answer}")
    table(("When", "What happened"), [(when(each), sentence(each)) for each in lines])
    table(("Letter", "What it is", "What became of it"), [letter_line(each) for each in found.letters])


def open_facts(one: "ListedIntroduction") -> str:
    from telling.stage_words import waits_for

    is_over = waits_for(one.stage, one.waiting_on) is None
    return "" if is_over else f" Waits for: {waiting(one)}. Due: {moment(one.due_at)}."


def letter_line(letter: "LetterLine") -> tuple[str, ...]:
    from telling.stage_words import FORGOTTEN, LETTERS, OF_NEWER, state_of

    what = f"{LETTERS.get(letter.kind, OF_NEWER)} → {letter.name or FORGOTTEN}"
    return (
        letter.id,
        what,
        state_of(letter.state, letter.said) + (f", {moment(letter.settled_at)}" if letter.settled_at else ""),
    )


def when(line: "StoryLine") -> str:
    return line.at.astimezone().strftime("%d %b %Y") if line.day_only else moment(line.at)


def sentence(line: "StoryLine") -> str:
    from telling.stage_words import FORGOTTEN

    said = line.text % {name: fact or FORGOTTEN for name, fact in line.facts.items()} if line.facts else line.text
    return f"{said} “{line.words}”" if line.words else said


def as_facts(found: "Story", lines: "list[StoryLine]") -> dict[str, Any]:
    return {
        "introduction": found.listed.model_dump(mode="json") | {"track": found.opening.track},
        "texts": dict(found.texts),
        "answers": {asked.id: answer for asked, answer in found.answers},
        "story": [{"at": None if each.day_only else each.at.isoformat(), "said": sentence(each)} for each in lines],
        "letters": [each.model_dump(mode="json", exclude={"step"}) for each in found.letters],
    }
