"""Show the page of a rule: its card."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from etl import rules
from etl.room.context import render


def show_rule(request: Request) -> Response:
    """Show the card of a rule: what it does, why, an example, a counter-example, and how sure it is."""
    card = rules.cards().get(request.path_params["name"])
    if card is None:
        raise HTTPException(404, "rule")
    return render(
        request,
        "rule.html.j2",
        card=card,
        meaning=rules.MEANING[card.sure],
        texts=[
            (name, rules.visible(getattr(card, name)).strip("\n")) for name in ("given", "becomes", "kept")
        ],
    )
