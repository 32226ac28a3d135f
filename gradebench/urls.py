"""Every address of the web pages."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("gradebench.accounts.urls")),
    path("", include("gradebench.canvas.urls")),
]

handler403 = "gradebench.canvas.views.troubles.forbidden"
handler404 = "gradebench.canvas.views.troubles.not_found"
handler500 = "gradebench.canvas.views.troubles.server_error"
