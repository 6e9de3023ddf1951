"""The usual terms of a yes: what one tap shares. They stand beside the button, and travel with it."""

from store.asks.views import ConnectorView, OwnChannel, TargetView, View


def usual(view: View) -> tuple[OwnChannel, ...]:
    """As last time, where they have agreed before; else the address we write to. Nothing where we know none."""
    if isinstance(view, ConnectorView):
        return ()
    if isinstance(view, TargetView) and view.last_time:
        return view.last_time.channels
    return tuple(each for each in view.channels if each.kind == "email")[:1]
