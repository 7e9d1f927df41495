"""What happens when public money ends: income and costs by year, and the gap. Pure arithmetic."""

from dataclasses import dataclass
from typing import Any

_YEARS_AFTER = 3
_MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Yearly amounts in the person's own currency. `grant_ends` is the last year in which the grant pays."""

    members: int | None = None
    fee: int | None = None
    projects: int | None = None
    grant: int | None = None
    grant_ends: int | None = None
    costs: int | None = None


def runway(figures: Figures, this_year: int) -> dict[str, Any] | None:
    """Rows by year and the fee that would close the gap; None where fee or costs are not known."""
    if figures.costs is None or (figures.fee is None and figures.grant is None and figures.projects is None):
        return None
    ends = figures.grant_ends if figures.grant_ends is not None else this_year - 1
    last = min(max(ends, this_year) + _YEARS_AFTER, this_year + _MOST_YEARS)
    fees = (figures.members or 0) * (figures.fee or 0)
    rows = []
    for year in range(this_year, last + 1):
        grant = (figures.grant or 0) if year <= ends else 0
        income = fees + (figures.projects or 0) + grant
        rows.append(
            {
                "year": year,
                "fees": fees,
                "projects": figures.projects or 0,
                "grant": grant,
                "costs": figures.costs,
                "gap": income - figures.costs,
            }
        )
    own = fees + (figures.projects or 0)
    missing = max(0, figures.costs - own)
    members = figures.members or 0
    return {
        "rows": rows,
        "first_gap": next((row["year"] for row in rows if row["gap"] < 0), None),
        "missing_after_grant": missing,
        "fee_that_closes": round((figures.costs - (figures.projects or 0)) / members) if members else None,
        "members_that_close": -(-missing // figures.fee) if figures.fee else None,
        "assumptions": {name: getattr(figures, name) for name in Figures.__slots__},
    }
