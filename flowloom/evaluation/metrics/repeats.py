"""pass@k and pass^k: what several tries at one case tell, without bias."""

from __future__ import annotations

from math import comb

__all__ = ["pass_at_k", "pass_hat_k"]


def pass_at_k(tries: int, passed: int, k: int) -> float:
    """Return the chance that at least one of ``k`` tries passes: 1 - C(n-c, k) / C(n, k).

    Unbiased for ``k`` drawn from ``tries`` without putting back (Chen et al. 2021, Codex).

    Raises:
        ValueError: not 1 <= k <= tries, or not 0 <= passed <= tries.
    """
    _check(tries, passed, k)
    return 1 - comb(tries - passed, k) / comb(tries, k)


def pass_hat_k(tries: int, passed: int, k: int) -> float:
    """Return the chance that all of ``k`` tries pass: C(c, k) / C(n, k) (Yao et al. 2024, τ-bench).

    Raises:
        ValueError: not 1 <= k <= tries, or not 0 <= passed <= tries.
    """
    _check(tries, passed, k)
    return comb(passed, k) / comb(tries, k)


def _check(tries: int, passed: int, k: int) -> None:
    if not 1 <= k <= tries or not 0 <= passed <= tries:
        raise ValueError(f"no such tries: {tries=}, {passed=}, {k=}")
