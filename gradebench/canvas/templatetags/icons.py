"""The pictures of the pages: strokes on a 24 by 24 grid, drawn for GradeBench."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_RING = '<circle cx="12" cy="12" r="9"/>'
_PERSON = '<circle cx="12" cy="8" r="3.5"/><path d="M5 20c.6-4 3.4-6 7-6s6.4 2 7 6"/>'

_SHAPES = {
    "mark": '<circle cx="7" cy="8" r="3.2"/><circle cx="17" cy="8" r="3.2"/>'
    '<circle cx="12" cy="16.5" r="3.2"/>',
    "theme": _RING + '<path d="M12 3a9 9 0 0 1 0 18z" fill="currentColor"/>',
    "person": _PERSON,
    "people": '<circle cx="9" cy="8.5" r="3"/><path d="M3 19c.5-3.6 2.8-5.5 6-5.5s5.5 1.9 6 5.5"/>'
    '<path d="M15.5 5.8a3 3 0 0 1 0 5.4M17.5 14c2 .7 3.2 2.4 3.5 5"/>',
    "groups": '<rect x="3.5" y="4" width="7" height="7" rx="1.5"/>'
    '<rect x="13.5" y="4" width="7" height="7" rx="1.5"/>'
    '<rect x="8.5" y="14" width="7" height="7" rx="1.5"/>',
    "course": '<path d="M4 6.5C6.5 5 9.5 5 12 6.5c2.5-1.5 5.5-1.5 8 0V19c-2.5-1.5-5.5-1.5-8 0'
    '-2.5-1.5-5.5-1.5-8 0zM12 6.5V19"/>',
    "assignment": '<rect x="5" y="3.5" width="14" height="17" rx="2"/>'
    '<path d="M9 8.5h6M9 12h6M9 15.5h3.5"/>',
    "sync": '<path d="M4.5 12a7.5 7.5 0 0 1 13-5.1L20 9M20 4.5V9h-4.5"/>'
    '<path d="M19.5 12a7.5 7.5 0 0 1-13 5.1L4 15M4 19.5V15h4.5"/>',
    "link": '<path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1"/>'
    '<path d="M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8M15.5 7.5l3 3"/>',
    "out": '<path d="M13 5h6v6M19 5l-9 9M17 14v4.5H5.5V7H10"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "back": '<path d="m14 6-6 6 6 6"/>',
    "next": '<path d="m10 6 6 6-6 6"/>',
    "history": _RING + '<path d="M12 7v5l3.5 2"/>',
    "chart": '<path d="M4 20h16M7 16v-5M12 16V5M17 16V9"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "trash": '<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 11v5M14 11v5"/>',
    "undo": '<path d="M8.5 5 4 9.5 8.5 14M4 9.5h10a5 5 0 0 1 0 10H9"/>',
    "redo": '<path d="M15.5 5 20 9.5 15.5 14M20 9.5H10a5 5 0 0 0 0 10h5"/>',
    "shuffle": '<path d="M4 7h3c5 0 5 10 10 10h3M17 14l3 3-3 3M4 17h3c1.6 0 2.7-1 3.5-2.3M13.5 9.3'
    'C14.3 8 15.4 7 17 7h3M17 4l3 3-3 3"/>',
    "info": _RING + '<path d="M12 11v5.5M12 7.5v.1"/>',
    "success": _RING + '<path d="m8 12.3 2.8 2.7L16 9.5"/>',
    "warning": '<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1"/>',
    "error": _RING + '<path d="M12 7.5V13M12 16.3v.1"/>',
}


@register.simple_tag
def icon(name: str, classes: str = "size-5") -> SafeString:
    """Draw a picture that says nothing by itself: the words next to it do."""
    return format_html(
        '<svg class="shrink-0 {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        classes,
        mark_safe(_SHAPES[name]),  # noqa: S308 - only what stands above
    )
