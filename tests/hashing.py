"""A password hash that costs nothing and counts how often it is asked."""

from threading import Lock

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    """Counts every hash computed, whether to compare or to pretend to."""

    algorithm = "counting"
    count = 0
    _lock = Lock()

    def encode(self, password, salt):
        with self._lock:
            CountingHasher.count += 1
        return super().encode(password, salt)


COUNTING = ["tests.hashing.CountingHasher"]
