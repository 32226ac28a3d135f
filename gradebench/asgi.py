"""The web application for an ASGI server: `uvicorn gradebench.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradebench.settings")
application = get_asgi_application()
