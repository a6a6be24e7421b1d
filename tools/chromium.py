"""The one way a Chromium is started here: from $CHROMIUM or PATH, quiet, asking nobody."""

import os
import shutil

# The last list counts, so this one repeats what Playwright disables. The first two are pages that
# Chromium loads behind the address bar of each window: two processes for every page of a test.
FEATURES = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AimEnabled",
            "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
            "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter",
            "PaintHolding", "ThirdPartyStoragePartitioning", "OptimizationHints",
            "AvoidCorsURLLoaderRestartOnRedirect", "NetworkTimeServiceQuerying",
            "PreconnectToSearch")
FLAGS = [f"--disable-features={','.join(FEATURES)}", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]


def launch(playwright):
    """Chromium from $CHROMIUM or PATH; FileNotFoundError names the command that installs it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise FileNotFoundError(
            "no Chromium: `apt-get install -y chromium`, or set CHROMIUM to its path")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=path, args=FLAGS + as_root)
