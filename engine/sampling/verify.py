"""A drafted step's tokens: sampled one after the other, as if each had come in a step of its own.

The sampler draws every token from the model's own distribution, with the same processors, history and random numbers as ever. Where the
drafts of all rows that live on are what was drawn, the logits behind them are those of the next step, and the next round is drawn from them; at
the first difference that is all. So greedy and seeded answers, and the state of a script's generator, are those of a run without drafts, and
nothing is drawn that such a run would not draw.

For drafts that are one token with certainty, as look-ups are, this is rejection sampling: a draft x of a target p is kept with the chance
min(1, p(x) / 1) = p(x), which is how often a draw from p gives x, and a draw from p that is not x has the distribution of the residual. The
usual form (Leviathan et al. 2023) draws a number to keep or reject and another one for the residual, so that a seed's stream would differ with and without.
"""

from collections.abc import Callable
from dataclasses import replace

from aweigh.engine.core import Sampled
from aweigh.engine.schedule.instructions import PlanSample, Proposal


def verify(entry: PlanSample, proposal: Proposal, choose: Callable[[int, list[int]], Sampled]) -> Sampled:
    """The first round's answer, with those of the `following` ones.

    `choose(round, places)` samples that round for those of the entry's rows, given by their places in it, that live.
    """
    texts = [log[:] for log in proposal.logs]
    live = list(range(len(entry.rows)))
    rounds: list[Sampled] = []
    for number in range(proposal.length + 1):
        sampled = choose(number, live)
        rounds.append(sampled)
        if sampled.failure is not None or number == proposal.length:
            break
        going, agreed = [], True
        for place, token in zip(live, sampled.tokens, strict=True):
            texts[place].append(token)
            if not proposal.stopping.ends(entry.rows[place], texts[place]):
                going.append(place)
                agreed = agreed and proposal.drafts[place][number] == token
        if not going or not agreed:
            break
        live = going
    return replace(rounds[0], following=tuple(rounds[1:]))
