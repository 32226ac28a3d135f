"""The product's settings in a data folder of the test run's own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["GRADEBENCH_HOME"] = tempfile.mkdtemp(prefix="gradebench-tests-")
atexit.register(shutil.rmtree, os.environ["GRADEBENCH_HOME"], ignore_errors=True)
os.environ.pop("GRADEBENCH_KEYS", None)

from gradebench.settings import *
from gradebench.settings import DATABASES, GRADEBENCH_HOME

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in the product: an in-memory database has other locks.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(GRADEBENCH_HOME) / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
