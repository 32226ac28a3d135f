"""What a person types as "the address of our Canvas", made into an origin or a sentence."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from gradebench.canvas.api.errors import WrongAddress

_DEFAULT_PORTS = {"https": 443, "http": 80}


def canvas_address(text: str) -> str:
    """The origin of a Canvas, e.g. `https://canvas.school.edu`, from whatever was pasted.

    A missing scheme means https; path, query and a final slash are dropped. Plain http is for
    this machine only, because the token would travel readable. Raises WrongAddress with a
    sentence, and never repeats a password that was part of the address.
    """
    typed = text.strip()
    if not typed:
        raise WrongAddress("No address was given.")
    if any(character.isspace() or not character.isprintable() for character in typed):
        raise WrongAddress("The address contains a space or an invisible character.")
    parts = _split(typed if "://" in typed else f"https://{typed}")
    if "@" in parts.netloc:
        raise WrongAddress("The address contains a user name or a password.")
    if parts.scheme not in _DEFAULT_PORTS:
        raise WrongAddress(f"An address beginning with {parts.scheme}:// is not a web address.")
    host = _host(parts)
    port = _port(parts)
    if parts.scheme == "http" and not _is_loopback(host):
        raise WrongAddress(
            "Plain http would send your token readable by anybody on the way.",
            suggestion=f"https://{host}",
        )
    return f"{parts.scheme}://{host}{port}"


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL, comparable: default ports filled in, lower case."""
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").lower(), port


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise WrongAddress("The address cannot be read as a web address.") from None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_host = ""
    if not _looks_like_a_host(ascii_host):
        raise WrongAddress(f"“{host or parts.path}” is not the name of a web server.")
    return ascii_host


def _looks_like_a_host(host: str) -> bool:
    labels = host.split(".")
    plain = all(label and label.replace("-", "").replace("_", "").isalnum() for label in labels)
    return plain and (len(labels) > 1 or host == "localhost")


def _port(parts: SplitResult) -> str:
    try:
        port = parts.port
    except ValueError:
        raise WrongAddress("The port in the address is not a number up to 65535.") from None
    return "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
