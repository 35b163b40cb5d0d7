"""Show the page of a rule: its card."""

from typing import get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from etl import rules
from etl.room.context import render, words_of


def show_rule(request: Request) -> Response:
    """Show the card of a rule: what it does, why, an example, a counter-example, and how sure it is."""
    card = rules.cards().get(request.path_params["name"])
    if card is None:
        raise HTTPException(404, "rule")
    language = words_of(request).language
    return render(
        request,
        "rule.html.j2",
        card=card,
        said={name: card.say(name, language) for name in get_args(rules.Said)},
        meaning=rules.meaning(card.sure, language),
        texts=[
            (name, rules.visible(getattr(card, name)).strip("\n")) for name in ("given", "becomes", "kept")
        ],
    )
