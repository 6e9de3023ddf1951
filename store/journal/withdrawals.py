"""Taking back: what somebody asked for or agreed to, and no longer does, by their own word, be it heard yet or not."""

from sqlalchemy import ColumnElement, and_

from models.news import LEAVING, TAKING_BACK
from store.tables import inbox

TAKES_BACK: ColumnElement[bool] = and_(inbox.c.kind.in_(TAKING_BACK), inbox.c.state != "refused")
# Until they are introduced, who leaves takes their yes back as well.
TAKES_BACK_OR_LEAVES: ColumnElement[bool] = and_(inbox.c.kind.in_((*TAKING_BACK, *LEAVING)), inbox.c.state != "refused")
