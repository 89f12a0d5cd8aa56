"""How much work a scheme is, before it is done: what strangers send is measured first."""

from __future__ import annotations

from scoring.members import Echo, Member
from scoring.plans import plan
from scoring.schemes import Scheme

WORD = 256  # numbers of so many bits take no longer than small ones
RULING = 4  # a ruling takes as long as so many nodes
QUICK = 100  # so many comparisons of entries take as long as a node of one entry


def effort(scheme: Scheme, entries: int) -> int:
    """Roughly how many nodes are run for so many entries, with what is given down their board."""
    grants = (*scheme.awards, *scheme.advance, *scheme.promotions)
    crowded = sum(1 for grant in grants if grant.each or grant.cap)
    each = nodes(scheme) + RULING * len(grants) + len(scheme.standings.tie_breaks)
    return entries * each + entries**2 * crowded // QUICK


def nodes(scheme: Scheme) -> int:
    """How many nodes one entry runs, each as often as it repeats; large numbers count more."""
    ready = plan(scheme)
    own = {key: runs(member) * size(member) for key, member in ready.members.items()}
    whole = dict(own)
    for key, spot in ready.spots.items():
        for above in spot.above:
            whole[above.key] += own[key]
    again = sum(whole[member.target.key] for member in ready.members.values() if isinstance(member, Echo))
    return sum(own.values()) + again


def runs(member: Member) -> int:
    """How often a node runs."""
    return member.times or member.within or 1


def size(member: Member) -> int:
    """How much longer than small ones its numbers take."""
    return 1 + member.denominator.bit_length() // WORD
