"""Every address of the web pages."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("gradebench.accounts.urls")),
    path("", include("gradebench.canvas.urls")),
]
