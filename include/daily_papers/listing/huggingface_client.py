"""Client of the Hugging Face Daily Papers listing (`GET /api/daily_papers`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from daily_papers.dates import today
from daily_papers.environment_file import with_place
from daily_papers.errors import ContractError, TerminalError, TransientError, UserError
from daily_papers.listing.listing_page import Page
from daily_papers.network.http_retries import PASSING_STATUSES, USER_AGENT, PoliteRetry, announced_wait
from daily_papers.network.proxies import to_check
from daily_papers.redaction import redacted
from daily_papers.settings import Settings

PAGE_SIZE = 100
MAXIMUM_PAGES = 100
KEPT_HEADERS = ("content-type", "date", "etag", "link", "ratelimit", "x-request-id")


class HuggingFaceClient:
    """Reads listings. urllib3 tries transient failures again; what is left is a typed error, as is every other one."""

    def __init__(
        self,
        settings: Settings,
        *,
        retries: int = 4,
        backoff_seconds: float = 0.5,
        timeout_seconds: float = 30,
    ) -> None:
        self._endpoint = settings.hf_endpoint
        self._endpoint_set_in = with_place("HF_ENDPOINT")
        self._timeout = timeout_seconds
        self._token = settings.hf_token.get_secret_value() if settings.hf_token else None
        self._session = requests.Session()
        self._session.headers["User-Agent"] = USER_AGENT
        self._session.headers["Accept"] = "application/json"
        if self._token:
            self._session.headers["Authorization"] = f"Bearer {self._token}"
        retry = PoliteRetry(
            total=retries,
            backoff_factor=backoff_seconds,
            backoff_jitter=backoff_seconds,
            status_forcelist=PASSING_STATUSES,
            allowed_methods=("GET",),
            raise_on_status=False,
        )
        self._session.mount("http://", HTTPAdapter(max_retries=retry))
        self._session.mount("https://", HTTPAdapter(max_retries=retry))

    def __enter__(self) -> HuggingFaceClient:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    def listing_pages(self, listing_date: date) -> Iterator[Page]:
        """Pages of a date in order, the closing empty one included.

        A page that is not full still announces a next one, so only an empty page ends a listing.

        Raises:
            UserError: the date is in the future; nothing is asked.
            TransientError: unreachable, timeout, reset, cut body, 429 or 5xx after all retries.
            ContractError: HTML, no JSON, JSON of another shape, endless or foreign `Link`.
            TerminalError: any other status (400, 404 …), or a proxy that cannot be used.
        """
        if listing_date > today():
            raise UserError(f"{listing_date} is in the future (today is {today()} UTC): it has no listing yet.")
        address = f"{self._endpoint}/api/daily_papers?date={listing_date}&limit={PAGE_SIZE}&p="
        url = f"{address}0"
        for number in range(MAXIMUM_PAGES):
            page, following = self._get(url)
            yield page
            if not page.items:
                return
            url = following or f"{address}{number + 1}"  # a proxy may have dropped the header
        raise ContractError(f"The listing of {listing_date} did not end after {MAXIMUM_PAGES} pages.")

    def _get(self, url: str) -> tuple[Page, str | None]:
        places = to_check("the network", url, self._endpoint_set_in)
        try:
            response = self._session.get(url, timeout=self._timeout, allow_redirects=False)
        except requests.RequestException as error:
            raise TransientError(
                f"No answer from {self._endpoint} ({type(error).__name__}). Check {places}, then run the date again."
            ) from None
        if response.status_code in PASSING_STATUSES:
            advice = f", or set {with_place('HF_TOKEN')} for a higher rate limit" if response.status_code == 429 else ""
            raise TransientError(
                f"{url} answered {response.status_code} after all retries. Run the date again later{advice}.",
                retry_after_seconds=announced_wait(response),
            )
        if response.status_code != 200:
            if response.status_code in (401, 403):
                setting = with_place("HF_TOKEN")
            else:
                setting = to_check("the date", url, self._endpoint_set_in)
            said = redacted(response.text, self._token, longest=200)
            raise TerminalError(f"{url} answered {response.status_code}: {said!r}. Check {setting}.")
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        page = Page(url, response.status_code, datetime.now(UTC), response.content, headers)
        return page, self._next_url(url, response)

    def _next_url(self, url: str, response: requests.Response) -> str | None:
        link = response.links.get("next", {}).get("url")
        if link is None:
            return None
        try:
            following = urljoin(url, link)
            parts = urlsplit(following)
        except ValueError:
            raise ContractError(f"{url} links to a next page with an invalid address: {link[:200]!r}.") from None
        ours = urlsplit(self._endpoint)
        if (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc):  # the token goes there
            raise ContractError(f"{url} links to a next page on another host: {following[:200]!r}.")
        return following
