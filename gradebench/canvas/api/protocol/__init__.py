"""How a conversation with Canvas goes: retry, quota and pages, without sockets and clocks."""

from gradebench.canvas.api.protocol.exchange import Patience, perform
from gradebench.canvas.api.protocol.paging import Ask, Page, Reading
from gradebench.canvas.api.protocol.quota import Quota, quota_of
from gradebench.canvas.api.protocol.wire import Failure, Reply, Request, Response, Send, Talk

__all__ = [
    "Ask",
    "Failure",
    "Page",
    "Patience",
    "Quota",
    "Reading",
    "Reply",
    "Request",
    "Response",
    "Send",
    "Talk",
    "perform",
    "quota_of",
]
