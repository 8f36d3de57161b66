"""Client for servers with OpenAI's chat completions API: streaming, with timeouts and one retry."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from bot.answering.generation.stream import Completion, NotACompletion
from bot.answering.generation.tool_calls import as_messages, requested_calls
from bot.backoff import Jitter
from bot.config.schema import GptConfig
from bot.errors import ChatModelUnavailable, FrontdeskError, RequestRefused
from bot.ports import ChatMessage, JsonSchema, Tool, ToolCall, Usage
from bot.text.shorten import shortened

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletionChunk

_FORMAT = "response_format"
"""The parameter that holds the schema of a completion."""

_NO_KEY = "none"
"""Sent to servers that need no key: the client requires one."""

_TRIES = 2
"""Most requests for one completion, while no text has arrived."""

_PAUSE = Jitter(0.2, 0.5)
"""Seconds between two attempts, drawn at random."""

_LONGEST_PAUSE = 1.0
"""Seconds; a longer `Retry-After` counts as a failure, because the customer is waiting."""

_ABOUT_THE_REQUEST = {400, 413, 422}
"""Statuses that concern this request only: too long, filtered."""

_REMEDIES = {
    401: "check the key in {key}",
    403: 'let the key in {key} use "{model}", or name another in gpt.model',
    404: 'name a model that the server knows in gpt.model, now "{model}", or correct gpt.base_url',
    429: "wait, or raise the limits of your account",
}
"""Remedies for admins, by status."""

_log = structlog.get_logger(__name__)


def build_chat_model(
    config: GptConfig, environment: Mapping[str, str], *, seed: int = 0
) -> OpenAIChatModel | None:
    """Return the chat model that config names, or None when GPT is off.

    Args:
        config: GPT is off without a key in the environment and without a `base_url`.
        environment: Holds the key, under the name that config gives.
        seed: Of the jitter between attempts.

    Raises:
        FrontdeskError: `base_url` is no HTTP address.
    """
    key = environment.get(config.api_key_env, "").strip()
    if not key and config.base_url is None:
        return None
    if config.base_url is not None and not config.base_url.startswith(("http://", "https://")):
        raise FrontdeskError(
            f'gpt.base_url: "{config.base_url}" is no address of a server: '
            "write it with http:// or https://, for example http://localhost:8080/v1"
        )
    return OpenAIChatModel(config, key or _NO_KEY, random.Random(seed))  # noqa: S311  # jitter


def load_client() -> None:
    """Import the client library ahead of the first question: the import is slow.

    Not called where GPT is off.
    """
    import httpx2  # noqa: F401  # what it raises
    import openai.resources.chat.chat  # noqa: F401  # `openai` alone leaves it for the first use


class OpenAIChatModel:
    """The `ChatModel` for servers with OpenAI's chat completions API.

    `GptConfig.timeout` limits the wait for the first words, retries included, and for each further
    piece. Every failure is raised as `ChatModelUnavailable` with its cause.
    """

    def __init__(self, config: GptConfig, api_key: str, jitter: random.Random) -> None:
        self._config = config
        self._client = _client(config, api_key)
        self._dialect = _Dialect(config)
        self._jitter = jitter

    async def stream(
        self, prompt: Sequence[ChatMessage], schema: JsonSchema | None = None
    ) -> AsyncGenerator[str | Usage, None]:
        """Yield the completion in pieces, and last its usage when the provider reports it.

        Args:
            prompt: What the model reads.
            schema: What the completion must follow, where the server supports that.

        Raises:
            ChatModelUnavailable: The server failed, timed out or sent an invalid response, before
                the first piece or later.
        """
        completion = Completion(self._config.max_tokens)
        async with contextlib.AsyncExitStack() as stack:
            async with self._bounded():
                chunks = await stack.enter_async_context(await self._open(prompt, schema))
                piece = await completion.next(chunks)
            while piece is not None:
                yield piece
                async with self._bounded():
                    piece = await completion.next(chunks)
        if completion.usage is not None:
            yield completion.usage

    async def tool_calls(
        self, prompt: Sequence[ChatMessage], tools: Sequence[Tool]
    ) -> AsyncGenerator[ToolCall | Usage, None]:
        """Yield the calls that the model asks for; see `bot.ports.CallsTools`."""
        sent = (self._config.model, as_messages(prompt), tools, self._dialect.parameters())
        async with (
            self._bounded(),
            contextlib.aclosing(requested_calls(self._client, *sent)) as calls,
        ):
            found = [each async for each in calls]
        for each in found:
            yield each

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.close()

    @contextlib.asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """Limit a wait for the server, and turn failures into `ChatModelUnavailable`."""
        with _failures(self._config):
            async with asyncio.timeout(self._config.timeout):
                yield

    async def _open(
        self, prompt: Sequence[ChatMessage], schema: JsonSchema | None
    ) -> openai.AsyncStream[ChatCompletionChunk]:
        """Start a completion; retry where that can help."""
        import openai

        tries = 1
        while True:
            try:
                return await self._create(prompt, schema)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not self._dialect.learn(error.message):
                    raise
            except (openai.APIConnectionError, openai.APIStatusError) as error:
                pause = _pause(error, self._jitter)
                if tries == _TRIES or pause > _LONGEST_PAUSE:
                    raise
                tries += 1
                await asyncio.sleep(pause)

    async def _create(
        self, prompt: Sequence[ChatMessage], schema: JsonSchema | None
    ) -> openai.AsyncStream[ChatCompletionChunk]:
        messages: Any = as_messages(prompt)
        stream = await self._client.chat.completions.create(
            model=self._config.model,
            messages=messages,
            stream=True,
            extra_body=self._dialect.parameters(schema),
        )
        media_type = stream.response.headers.get("content-type", "nothing known")
        if "text/event-stream" not in media_type:
            await stream.close()
            raise NotACompletion(f"a stream was expected, {media_type} came")
        return stream


class _Dialect:
    """The parameters that a server accepts; compatible servers differ, and so do newer models.

    OpenAI's newer models reject `max_tokens`, many compatible servers accept nothing else; some
    reject `stream_options`. The error names the parameter, which the next request leaves out.
    """

    def __init__(self, config: GptConfig) -> None:
        at_openai = config.base_url is None
        self._limits = ["max_tokens", "max_completion_tokens"]  # the last one is in use
        if not at_openai:
            self._limits.reverse()
        self._max_tokens = config.max_tokens
        self._optional: dict[str, object] = {"stream_options": {"include_usage": True}}
        self._knows_schemas = True
        if at_openai:  # else reasoning models may spend the whole limit before the first word
            self._optional["reasoning_effort"] = "low"

    def parameters(self, schema: JsonSchema | None = None) -> dict[str, object]:
        """Return the parameters of a request other than model and messages."""
        found = {self._limits[-1]: self._max_tokens, **self._optional}
        if schema is not None and self._knows_schemas:
            named = {"name": "reply", "strict": True, "schema": schema}
            found[_FORMAT] = {"type": "json_schema", "json_schema": named}
        return found

    def learn(self, complaint: str) -> bool:
        """Drop the parameter that an error names; return False when it names none of ours."""
        refused = next((name for name in self._optional if name in complaint), None)
        if refused is not None:
            del self._optional[refused]
        elif len(self._limits) > 1 and self._limits[-1] in complaint:
            refused = self._limits.pop()
        elif self._knows_schemas and (_FORMAT in complaint or "schema" in complaint):
            self._knows_schemas, refused = False, _FORMAT
        if refused is not None:
            _log.info("gpt.parameter_refused", parameter=refused)
        return refused is not None


def _client(config: GptConfig, api_key: str) -> openai.AsyncOpenAI:
    """Build a client that takes nothing from the environment and retries nothing by itself."""
    load_client()
    import openai

    client = openai.AsyncOpenAI(
        api_key=api_key,
        base_url=config.base_url or "https://api.openai.com/v1",
        timeout=config.timeout,
        max_retries=0,
        default_headers={"Authorization": f"Bearer {api_key}"},  # wins over OPENAI_CUSTOM_HEADERS
    )
    client.organization = None  # the constructor falls back to OPENAI_ORG_ID and its like
    client.project = None
    client.admin_api_key = None
    client.webhook_secret = None
    return client


def _pause(error: openai.APIError, jitter: random.Random) -> float:
    """Return the seconds to wait before a retry; infinite where a retry cannot help."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return float("inf")
    if not isinstance(error, openai.APIStatusError):
        return _PAUSE.delay(jitter)
    if error.status_code != 429 and error.status_code < 500:
        return float("inf")
    try:
        return float(error.response.headers["retry-after"])
    except KeyError:
        return _PAUSE.delay(jitter)
    except ValueError:  # a date: later than we would wait
        return float("inf")


@contextlib.contextmanager
def _failures(config: GptConfig) -> Iterator[None]:
    """Turn all failures of client and server into `ChatModelUnavailable`."""
    import httpx2
    import openai

    try:
        yield
    except openai.APIStatusError as error:
        about_request = error.status_code in _ABOUT_THE_REQUEST
        kind = RequestRefused if about_request else ChatModelUnavailable
        raise kind(_refusal(error, config)) from error
    except (TimeoutError, openai.APITimeoutError) as error:
        raise ChatModelUnavailable(
            f"the model server sent nothing for {config.timeout:g} s: if it is only slow, raise "
            "gpt.timeout"
        ) from error
    except openai.APIConnectionError as error:
        cause = type(error.__cause__ or error).__name__
        raise ChatModelUnavailable(
            f"the model server cannot be reached ({cause}): is it running, at gpt.base_url?"
        ) from error
    except NotACompletion as error:
        raise ChatModelUnavailable(f"the model server sent an invalid response: {error}") from error
    except (openai.OpenAIError, httpx2.HTTPError, ValueError) as error:
        # ValueError: invalid JSON or UTF-8. Without its text, which may quote a customer.
        raise ChatModelUnavailable(f"the model server failed: {type(error).__name__}") from error


def _refusal(error: openai.APIStatusError, config: GptConfig) -> str:
    """Describe a refusal and its remedy; only texts that cannot quote the prompt are included."""
    refused = f"the model server refused with status {error.status_code}"
    if error.status_code not in _REMEDIES:
        return f"{refused} {error.code or ''}".rstrip()
    remedy = _REMEDIES[error.status_code].format(model=config.model, key=config.api_key_env)
    said = error.message.removeprefix(f"Error code: {error.status_code} - ")
    said = shortened(" ".join(said.split()), 200, "…").rstrip(".")
    return f"{refused}: {said}: {remedy}"
