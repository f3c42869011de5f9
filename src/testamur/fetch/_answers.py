"""Errors that every fetcher gives for the same answer, in the same words."""

from __future__ import annotations

from testamur.errors import Code, FetchError

__all__ = ["too_large", "unusable_status"]

_TOO_MANY_REQUESTS = 429


def too_large(url: str, max_bytes: int) -> FetchError:
    """Make the error for a body that is longer than asked for."""
    return FetchError(
        f"{url} answers with more than {max_bytes} bytes",
        code=Code.RESOURCE_LIMIT,
        url=url,
        expected=f"at most {max_bytes} bytes",
    )


def unusable_status(url: str, status: int) -> FetchError:
    """Make the error for a status other than 200 (RFC 9110, 15).

    A server that is out of order or overloaded has not said anything of the document.
    """
    if 300 <= status < 400:
        message = (
            f"{url} redirects elsewhere (status {status}); redirects are not followed, "
            "so the document itself must be at this URL"
        )
    else:
        message = f"{url} answers with status {status}, not 200"
    passing = status >= 500 or status == _TOO_MANY_REQUESTS
    return FetchError(
        message,
        code=Code.UNREACHABLE if passing else Code.FETCH_FAILED,
        url=url,
        expected="200",
        found=str(status),
    )
