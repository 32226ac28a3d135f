"""uvicorn's HTTP protocol, with the connection at hand so that a fault can cut it."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT = "gradebench.transport"


class CuttableProtocol(HttpToolsProtocol):
    """Puts the transport into the ASGI scope."""

    def on_message_begin(self) -> None:
        """Called by the parser for each request."""
        super().on_message_begin()
        scope: dict[str, object] = self.scope  # type: ignore[assignment]
        scope[TRANSPORT] = self.transport
