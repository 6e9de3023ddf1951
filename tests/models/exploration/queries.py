"""The state of an introduction, in a word a test can compare."""

from models.asks import Ask, AskKind
from models.letters import Role
from models.outcomes import Ending
from models.process.state.introduction import Introduction
from models.process.state.stages import Closed
from models.process.verdict import Reason
from tests.support.play import Play


def open_asks(introduction: Introduction) -> list[tuple[str, AskKind]]:
    return [(ask.person, ask.kind) for ask in introduction.open_asks()]


def asks_of(introduction: Introduction, role: Role) -> list[Ask]:
    return [ask for ask in introduction.asks if ask.role == role]


def refusals(playing: Play) -> list[Reason]:
    return [refused.reason for _, refused in playing.refusals]


def ending(playing: Play) -> Ending | None:
    stage = playing.introduction.stage
    return stage.ending if isinstance(stage, Closed) else None
