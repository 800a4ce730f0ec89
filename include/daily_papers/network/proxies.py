"""The proxy that the environment names for an address: which one it is, and whether our HTTP libraries can use it."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

from requests.utils import should_bypass_proxies
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from daily_papers.errors import TerminalError
from daily_papers.redaction import redacted

if TYPE_CHECKING:
    from httpx2 import AsyncClient

    from daily_papers.network.rate_limits import RateLimits

REQUESTS_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
HTTPX_SCHEMES = ("http", "https", "socks5", "socks5h")


@dataclass(frozen=True)
class Proxy:
    """A usable proxy; `variable` is the name under which the environment has it."""

    variable: str
    url: str


def proxy_for(address: str, schemes: Collection[str] = REQUESTS_SCHEMES) -> Proxy | None:
    """The proxy for an address; None where there is none, or NO_PROXY leaves it out.

    Raises:
        TerminalError: the environment names one that cannot be used; the message has no user name or password.
    """
    if should_bypass_proxies(address, no_proxy=None):
        return None
    proxies = getproxies()
    key = next((key for key in (urlsplit(address).scheme, "all") if key in proxies), None)
    if key is None:
        return None
    variable = _variable(f"{key}_proxy")
    if problem := _problem(proxies[key], schemes):
        raise TerminalError(
            f"{variable}={_without_login(proxies[key])!r} cannot be used as a proxy: {problem}. Set it to an address "
            f"like http://host:3128 or socks5://host:1080, or unset it."
        )
    return Proxy(variable, proxies[key] if "://" in proxies[key] else f"http://{proxies[key]}")


def to_check(first: str, address: str, setting: str) -> str:
    """What somebody must look at when an address cannot be reached; the proxy's variable, too, where one is used.

    Raises:
        TerminalError: see `proxy_for`.
    """
    proxy = proxy_for(address)
    return f"{first}, {proxy.variable} and {setting}" if proxy else f"{first} and {setting}"


def through(address: str) -> str:
    """By which proxy the model is asked, as the end of a sentence; empty where by none."""
    proxy = proxy_for(address, HTTPX_SCHEMES)
    return f" through the proxy of {proxy.variable}" if proxy else ""


def model_http_client(address: str, limits: RateLimits) -> AsyncClient:
    """The SDK's HTTP client for an address, which keeps to the provider's limits. It goes by `proxy_for`, so that
    NO_PROXY means the same everywhere.

    Raises:
        TerminalError: see `proxy_for`.
    """
    from httpx2 import AsyncHTTPTransport, InvalidURL
    from openai import DEFAULT_CONNECTION_LIMITS, DefaultAsyncHttpxClient

    from daily_papers.network.rate_limits import LimitedTransport

    proxy = proxy_for(address, HTTPX_SCHEMES)
    try:
        transport = AsyncHTTPTransport(limits=DEFAULT_CONNECTION_LIMITS, proxy=proxy.url if proxy else None)
        # with a transport of its own the client does not read the variables, not even broken ones
        return DefaultAsyncHttpxClient(transport=LimitedTransport(transport, limits))
    except (ValueError, InvalidURL) as error:
        if proxy is None:
            raise
        shown = _without_login(proxy.url)
        raise TerminalError(f"{proxy.variable}={shown!r} cannot be used as a proxy: {type(error).__name__}.") from None


def _variable(lower: str) -> str:
    if os.environ.get(lower):  # lower case wins, as in the libraries
        return lower
    return next((name for name, value in os.environ.items() if value and name.lower() == lower), "The system's proxy")


def _problem(value: str, schemes: Collection[str]) -> str | None:
    if not (value.isascii() and value.isprintable()) or " " in value:
        return "it contains spaces or characters that are invalid in an address"
    scheme, separator, _ = value.partition("://")
    if separator and scheme.lower() not in schemes:
        return f"its scheme is not one of {', '.join(schemes)}"
    try:
        parts = parse_url(value if separator else f"http://{value}")
        unquote(parts.auth or "").encode("latin-1")
    except LocationParseError:
        return "it is not an address with a host and a port"
    except UnicodeEncodeError:
        return "its user name or password has characters that are invalid in a header"
    if not parts.host or (not separator and "/" in value.rstrip("/")):
        return "it has no host"
    return None


def _without_login(value: str) -> str:
    scheme, separator, rest = value.rpartition("://") if value.count("://") == 1 else ("", "", value)
    return redacted(scheme + separator + rest.rpartition("@")[2])
