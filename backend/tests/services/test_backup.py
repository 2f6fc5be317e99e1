"""What is no whole backup is told in one line, and nothing of it is used."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from app.services.backup import archive, restoring
from app.services.backup.archive import BackupError
from app.services.backup.restoring import Home

from tests.conftest import migrated, settings_for

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a fresh installation."""
    data = migrated(settings_for(tmp_path)).server.data_dir
    path = tmp_path / "kept.zip"
    archive.write(archive.Source(data / "omniai.db", data), path, "0.1.0", AT)
    return path


def home(folder: Path) -> Home:
    return Home(folder, folder / "omniai.db", "an audit key of the tests")


def without(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.__delitem__(name)


def having(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.__setitem__(name, content)


def listing(**changed: object) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts["manifest.json"] = json.dumps({**json.loads(parts["manifest.json"]), **changed}).encode()

    return change


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (without("omniai.db"), "the backup holds other files than a backup of OmniAI does."),
        (without("manifest.json"), "the backup holds other files than a backup of OmniAI does."),
        (without("secrets/audit_key"), "the backup holds other files than its list says."),
        (having("../outside", b"x"), "the backup holds other files than a backup of OmniAI does."),
        (having("/etc/outside", b"x"), "the backup holds other files than a backup of OmniAI does."),
        (having("secrets/audit_key", b"f" * 44), "secrets/audit_key in the backup is not as it was written."),
        (having("omniai.db", b"\0" * (1 << 28)), "omniai.db in the backup is not as it was written."),
        (having("manifest.json", b"{"), "the backup's list of contents is damaged."),
        (having("manifest.json", b" " * (2 << 20)), "the backup's list of contents is too large."),
        (listing(version=2), "the backup was made by another version of OmniAI; install that one to restore it."),
        (
            listing(schema="9999"),
            "the backup was made by a newer version of OmniAI; install that version to restore it.",
        ),
        (listing(rows={"users": 7}), "alembic_version has 1 rows instead of 0."),
    ],
)
def test_what_is_no_whole_backup_is_refused_and_nothing_changes(
    tmp_path: Path, backup: Path, damage: Callable[[dict[str, bytes]], None], said: str
) -> None:
    with zipfile.ZipFile(backup) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    damage(parts)
    forged, target = tmp_path / "forged.zip", tmp_path / "target"
    with zipfile.ZipFile(forged, "w", zipfile.ZIP_DEFLATED) as changed:
        for name, content in parts.items():
            changed.writestr(name, content)
    with pytest.raises(BackupError) as refused:
        restoring.restore(forged, home(target), AT)
    assert str(refused.value) == said
    assert list(target.iterdir()) == []
    assert not (tmp_path / "outside").exists()


def test_a_name_that_stands_there_twice_is_refused(tmp_path: Path, backup: Path) -> None:
    with zipfile.ZipFile(backup, "a") as doubled, pytest.warns(UserWarning, match="Duplicate name"):
        doubled.writestr("omniai.db", b"another")
    with pytest.raises(BackupError, match="holds other files"):
        restoring.verify(backup, tmp_path / "x", "key")


def test_every_damaged_byte_is_refused_or_means_nothing(tmp_path: Path, backup: Path) -> None:
    whole, hurt = backup.read_bytes(), tmp_path / "hurt.zip"
    refused = 0
    for number in range(300):
        place = len(whole) * number // 300
        hurt.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            proof = restoring.verify(hurt, tmp_path / "x", "key")
        except BackupError as error:
            refused += "\n" not in str(error)
        else:
            assert proof.manifest.schema  # a date in the zip, say
    assert refused > 280
    hurt.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupError, match="is no backup of OmniAI, or it is damaged"):
        restoring.verify(hurt, tmp_path / "x", "key")
    with pytest.raises(BackupError, match=r"cannot be read \(No such file or directory\)"):
        restoring.verify(tmp_path / "gone.zip", tmp_path / "x", "key")


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path, backup: Path) -> None:
    left = tmp_path / f"{archive.SCRATCH}killed"
    left.mkdir()
    (left / "omniai.db").write_bytes(b"half")
    with archive.scratch_beside(backup) as another:
        restoring.verify(backup, backup, "key")
        assert not left.exists()
        assert another.exists()


def test_a_restored_installation_is_as_it_was(tmp_path: Path, backup: Path) -> None:
    target = tmp_path / "target"
    said = restoring.restore(backup, home(target), AT)
    assert said[-1] == "Restored. Start OmniAI."
    assert (target / "omniai.db").stat().st_mode & 0o077 == 0
    secrets = {path.name: path.read_text() for path in (target / "secrets").iterdir()}
    assert secrets == {path.name: path.read_text() for path in (tmp_path / "data" / "secrets").iterdir()}
    assert {path.name for path in target.iterdir()} == {"omniai.db", "secrets"}
    with pytest.raises(BackupError, match="--replace"):
        restoring.restore(backup, home(target), AT)
    assert restoring.restore(backup, home(target), AT, replace=True)[-1].startswith("What was there lies in")
