"""A reader of a JupyterHub without a browser: the login form, a server, a kernel, Run All."""

import asyncio
import json
import time
from uuid import uuid4

import aiohttp

PATIENCE = 900  # seconds until a reader gives up


def execute_request(source):
    header = {"msg_id": uuid4().hex, "msg_type": "execute_request", "username": "", "session": "",
              "version": "5.3", "date": ""}
    content = {"code": source, "silent": False, "store_history": True, "user_expressions": {},
               "allow_stdin": False, "stop_on_error": True}
    return {"header": header, "parent_header": {}, "metadata": {}, "content": content,
            "channel": "shell", "buffers": []}


class Reader:
    """One person with a browser of their own."""

    def __init__(self, name, password, address):
        self.name, self.password, self.address = name, password, address
        self.home = address / "user" / name

    async def __aenter__(self):
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True),
                                             timeout=aiohttp.ClientTimeout(total=PATIENCE))
        return self

    async def __aexit__(self, *_):
        await self.session.close()

    def token(self, url):
        """The cookie that a form or a request has to repeat."""
        return self.session.cookie_jar.filter_cookies(url)["_xsrf"].value

    async def log_in(self):
        login = self.address / "hub" / "login"
        async with self.session.get(login) as page:
            page.raise_for_status()
        form = {"username": self.name, "password": self.password, "_xsrf": self.token(login)}
        async with self.session.post(login, data=form, allow_redirects=False) as answer:
            if answer.status != 302:
                raise RuntimeError(f"{self.name} could not log in: {answer.status}")

    async def start_server(self):
        """Ask for it as the page after the login does, and open JupyterLab when it is there."""
        async with self.session.get(self.address / "hub" / "spawn") as page:
            page.raise_for_status()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            async with self.session.get(self.home / "lab") as page:
                if page.status == 200 and page.url.path.startswith(self.home.path):
                    return
            await asyncio.sleep(1)
        raise RuntimeError(f"the server of {self.name} did not start")

    async def run_all(self, cells):
        """Run the cells (name, source) in a new kernel: seconds from asking for it to the end."""
        start = time.monotonic()
        notebook = {"path": f"{uuid4()}.ipynb", "name": "", "type": "notebook",
                    "kernel": {"name": "python3"}}
        async with self.session.post(self.home / "api/sessions", json=notebook,
                                     headers={"X-XSRFToken": self.token(self.home / "api")}
                                     ) as answer:
            answer.raise_for_status()
            kernel = (await answer.json())["kernel"]["id"]
        channels = self.home / "api/kernels" / kernel / "channels" % {"session_id": uuid4().hex}
        async with self.session.ws_connect(channels, max_msg_size=0) as websocket:
            waiting = {}
            for name, source in cells:
                request = execute_request(source)
                waiting[request["header"]["msg_id"]] = name
                await websocket.send_json(request)
            await asyncio.wait_for(self.replies(websocket, waiting), PATIENCE)
        return time.monotonic() - start

    async def replies(self, websocket, waiting):
        """Wait for the reply to every cell; the first that is not "ok" is an error."""
        async for frame in websocket:
            if frame.type is aiohttp.WSMsgType.BINARY:  # pictures of a widget
                continue
            message = json.loads(frame.data)
            asked = message["parent_header"].get("msg_id")
            if message["msg_type"] != "execute_reply" or asked not in waiting:
                continue
            cell, content = waiting.pop(asked), message["content"]
            if content["status"] != "ok":
                raise RuntimeError(f"{self.name}, cell {cell}: {content.get('evalue', content)}")
            if not waiting:
                return
        raise RuntimeError(f"the connection of {self.name} ended before {len(waiting)} cells")


def code_cells(chapter):
    """(its name, its source) of every code cell of a notebook."""
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    return [(cell["id"], "".join(cell["source"])) for cell in notebook["cells"]
            if cell["cell_type"] == "code"]


async def visit(reader, cells, delay=0.0, runs=1):
    """Seconds until the server is there, and of the last Run All."""
    await asyncio.sleep(delay)
    start = time.monotonic()
    async with reader:
        await reader.log_in()
        await reader.start_server()
        there = time.monotonic() - start
        for _ in range(runs):
            seconds = await reader.run_all(cells)
        return there, seconds
