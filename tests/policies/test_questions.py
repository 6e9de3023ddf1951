"""Questions of a programme's own in a policy file: read strictly, every fault told by its line."""

from pathlib import Path

import pytest

import policies
from models.policy.policy import Policy
from models.policy.questions import Question

FILE = Path(policies.__file__).parent / "accelerator.toml"
STAGE = """
[[request.questions]]
id = "stage"
en = "At which stage are you?"
es = "¿En qué etapa están?"
pt = "Em que fase vocês estão?"
readers = ["staff", "connector"]
required = true
longest = 60
"""


def loaded(tmp_path: Path, more: str) -> Policy:
    file = tmp_path / "own.toml"
    file.write_text(FILE.read_text(encoding="utf-8") + more, encoding="utf-8")
    return policies.load(file)


def test_a_question_is_read_with_its_readers(tmp_path: Path) -> None:
    asked = loaded(tmp_path, STAGE).request.questions
    assert asked == (
        Question(
            id="stage",
            en="At which stage are you?",
            es="¿En qué etapa están?",
            pt="Em que fase vocês estão?",
            readers=("staff", "connector"),
            required=True,
            longest=60,
        ),
    )


@pytest.mark.parametrize(
    ("changed", "by", "told"),
    [
        ("longest", "longets", "request.questions[1].longets: there is no such field; did you mean longest?"),
        ('"stage"', '"A stage"', "request.questions[1].id: must be small letters, digits and low lines, at most 24"),
        ('"connector"', '"boss"', "request.questions[1].readers[2]: must be 'staff', 'connector' or 'target'"),
        ('"connector"', '"target"', 'request.questions[1].readers: must name "connector" where it names "target"'),
        ('["staff", "connector"]', "[]", "request.questions[1].readers: must name at least one"),
        ("longest = 60", "longest = 6000", "request.questions[1].longest: must be 600 or less"),
        ('pt = "Em que fase vocês estão?"\n', "", "request.questions[1].pt: missing; write a line for it"),
        ("longest = 60\n", STAGE, "request.questions: must have different ids: stage stands twice"),
    ],
)
def test_a_fault_is_told_by_its_line(tmp_path: Path, changed: str, by: str, told: str) -> None:
    with pytest.raises(policies.PolicyError) as refused:
        loaded(tmp_path, STAGE.replace(changed, by))
    line = str(refused.value)
    assert told in line
    assert int(line.split("line ")[1].split(":")[0]) > len(FILE.read_text(encoding="utf-8").splitlines())
