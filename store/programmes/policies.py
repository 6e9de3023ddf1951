"""The policy in force in a programme. The newest; what is under way keeps the one it began with."""

from sqlalchemy import Connection, select

from models.ids import ProgrammeId
from models.policy.policy import Policy
from store.tables import policy


def policy_in_force(connection: Connection, programme: ProgrammeId) -> Policy:
    newest = select(policy.c.body).where(policy.c.programme == programme).order_by(policy.c.version.desc()).limit(1)
    return Policy.read_back(connection.execute(newest).scalar_one())
