"""Addresses."""

from django.urls import URLPattern, path

from gradebench.accounts import views

urlpatterns: list[URLPattern] = [
    path("sign-in", views.SignIn.as_view(), name="sign_in"),
    path("sign-out", views.SignOut.as_view(), name="sign_out"),
    path("welcome/<str:token>", views.first_visit, name="first_visit"),
]
