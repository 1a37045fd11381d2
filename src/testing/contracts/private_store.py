"""What every private store does."""

import hashlib
from typing import Any

import pytest

from ...application.ports.private_store import PrivateStore

DOCUMENT = {"b": [1, 2.5, True, None, "ü"], "a": {"token": "s3cret"}}


class PrivateStoreContract:
    """Inherit it and fill in the fixture."""

    @pytest.fixture
    def store(self) -> PrivateStore:
        """Hand out an empty store."""
        raise NotImplementedError

    async def test_keeps_documents(self, store: PrivateStore) -> None:
        """A document comes back as it was put; the last one put counts."""
        await store.put("deployment/1/spawner", {"old": 1})
        await store.put("deployment/1/spawner", DOCUMENT)
        assert await store.get("deployment/1/spawner") == DOCUMENT
        assert await store.get("deployment/2/spawner") is None

    async def test_digest(self, store: PrivateStore) -> None:
        """The digest is that of the canonical form, whatever the order of keys."""
        canonical = b'{"a":{"token":"s3cret"},"b":[1,2.5,true,null,"\\u00fc"]}'
        assert await store.put("x", DOCUMENT) == hashlib.sha256(canonical).hexdigest()
        assert await store.put("y", dict(reversed(DOCUMENT.items()))) == hashlib.sha256(canonical).hexdigest()

    async def test_keys(self, store: PrivateStore) -> None:
        """Keys are listed sorted, by what they begin with, also where one lies below another."""
        for key in ("b/2/x", "b/1", "b", "a.json", "a", "a.json/c"):
            await store.put(key, 1)
        assert await store.keys() == ("a", "a.json", "a.json/c", "b", "b/1", "b/2/x")
        assert await store.keys("b/") == ("b/1", "b/2/x")
        assert await store.keys("b/1") == ("b/1",)

    async def test_forget(self, store: PrivateStore) -> None:
        """Forgetting destroys a key and what lies below it, and nothing that only looks like it."""
        for key in ("d/1", "d/1/spawner", "d/1/x/y", "d/10", "d/1.old"):
            await store.put(key, "secret")
        await store.forget("d/1")
        await store.forget("d/1")
        await store.forget("never/was")
        assert await store.keys() == ("d/1.old", "d/10")
        assert await store.get("d/1/spawner") is None

    async def test_folder(self, store: PrivateStore) -> None:
        """A folder that nobody else may enter goes with what lies around it, and is no document."""
        await store.put("d/1/spawner", 1)
        folder = await store.folder("d/1/ssh")
        (folder / "key").write_text("secret")
        assert await store.folder("d/1/ssh") == folder
        assert folder.is_absolute()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert await store.keys() == ("d/1/spawner",)
        await store.forget("d/1")
        assert not folder.exists()
        assert await store.keys() == ()

    @pytest.mark.parametrize(
        "key", ["", "/", "/a", "a/", "a//b", "..", "a/../b", "../a", "a/.", "a b", "ä", "a\n", "a+b"]
    )
    async def test_bad_keys(self, store: PrivateStore, key: str) -> None:
        """A key that could lead out of the store is not a key."""
        with pytest.raises(ValueError, match="key"):
            await store.put(key, 1)
        with pytest.raises(ValueError, match="key"):
            await store.get(key)
        with pytest.raises(ValueError, match="key"):
            await store.forget(key)
        with pytest.raises(ValueError, match="key"):
            await store.folder(key)

    @pytest.mark.parametrize(
        "value", [{1: "a"}, {"a": float("nan")}, {"a": {1, 2}}, object(), b"bytes", [{None: 1}]]
    )
    async def test_strict_json(self, store: PrivateStore, value: Any) -> None:
        """What JSON can't say is refused, and what was there stays."""
        await store.put("x", 1)
        with pytest.raises(TypeError):
            await store.put("x", value)
        assert await store.get("x") == 1
