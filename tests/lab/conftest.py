"""What the lab's tests share: the real server on loopback, and Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
OBJECTS = ROOT / "build" / "lab-objects"
CHROMIUM = shutil.which("chromium")
# Every new window would load two pages for its address bar, which takes a second of a
# processor. The list takes the place of playwright's own, of which the rest is here.
OFF = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
       "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
       "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay",
       "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
       "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
       "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch")  # fmt: skip
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--no-first-run", "--disable-sync",
         f"--disable-features={','.join(OFF)}"]  # fmt: skip


def pytest_collection_modifyitems(items):
    """Try once more what failed in a browser: on a busy machine it loses a race.

    A fault fails twice, and the closing line counts what was tried again.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@dataclass(frozen=True)
class Opened:
    """A running lab: where it is, and the token from its address."""

    url: str
    token: str

    def at(self, state=""):
        """Give an address with a state."""
        return f"{self.url}/#token={self.token}&{state}"


def start(cache, *options, program=("-m", "backsweep", "lab")):
    """Start the lab as a user would, and read its address."""
    share_what_is_compiled(cache)
    lab = subprocess.Popen(
        [sys.executable, *program, "--no-open", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ
        | {"PYTHONPATH": str(ROOT / "src"), "XDG_CACHE_HOME": str(cache)},
    )
    assert lab.stdout is not None
    address = urlsplit(lab.stdout.readline().strip())
    token = address.fragment.removeprefix("token=")
    return lab, Opened(f"http://{address.netloc}", token)


def share_what_is_compiled(cache):
    """Let every lab find what another has compiled; each has a folder of its own."""
    here = Path(cache) / "backsweep" / "objects"
    if not here.exists():
        OBJECTS.mkdir(parents=True, exist_ok=True)
        here.parent.mkdir(parents=True, exist_ok=True)
        here.symlink_to(OBJECTS)


def end(lab):
    lab.terminate()
    lab.wait(20)
    lab.stdout.close()


@pytest.fixture(scope="session")
def opened(tmp_path_factory):
    """Give a lab that runs as long as the tests."""
    lab, address = start(tmp_path_factory.mktemp("cache"))
    yield address
    end(lab)


@pytest.fixture(scope="session")
def opened_in(tmp_path_factory):
    """Give what starts a lab with the records of a folder."""
    labs = []

    def begin(folder):
        lab, address = start(tmp_path_factory.mktemp("cache"), "--folder", str(folder))
        labs.append(lab)
        return address

    yield begin
    for lab in labs:
        end(lab)


@pytest.fixture(scope="session")
def browser():
    """Give Chromium, or skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium here: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
