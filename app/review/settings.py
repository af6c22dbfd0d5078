"""How Streamlit is set for the review app, by the names that its documentation has for its settings.

Nothing is sent anywhere, and nobody but this machine is answered. What stands here goes before any file of settings.
"""

from __future__ import annotations

from collections.abc import Mapping

HOST = "127.0.0.1"

SETTINGS: Mapping[str, object] = {
    "server.address": HOST,
    "server.headless": True,  # else it asks for an e-mail address
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 2048,  # MB: some hours of video
    "server.enableStaticServing": False,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",  # a traceback is for the terminal, never for the page,
    "client.showErrorLinks": False,  # and never for a search engine
    "logger.level": "warning",  # not each request
    "theme.light.primaryColor": "#0072B2",  # Streamlit's own red would be read as a warning
    "theme.dark.primaryColor": "#56B4E9",
}
