"""What a live figure and its kernel say to each other, read off the websocket of the page."""

import re

WISH = re.compile(rb'"wish": ?(true|false)')
ANSWER = re.compile(rb'"(?:took|later|error)":')
AT = re.compile(rb'"at": ?\[([\d, ]*)\]')


class Talk:
    """All that is sent since `clear`; give it the page before a notebook is opened."""

    def __init__(self, page):
        self.page = page
        self.clear()
        page.on("websocket", self._listen)

    def clear(self):
        self.sent, self.wishes, self.neighbours, self.answers = 0, [], [], []
        self.pending = self.most_pending = 0

    def _listen(self, socket):
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame):
        frame = frame if isinstance(frame, bytes) else frame.encode()
        if b"comm_msg" not in frame:
            return
        self.sent += 1
        asked = WISH.search(frame)
        if asked:
            place = [int(k) for k in AT.search(frame)[1].split(b",")]
            (self.wishes if asked[1] == b"true" else self.neighbours).append(place)
            self.pending += 1
            self.most_pending = max(self.most_pending, self.pending)

    def _received(self, frame):
        frame = frame if isinstance(frame, bytes) else frame.encode()
        if b"comm_msg" in frame and b'"custom"' in frame and ANSWER.search(frame):
            self.answers.append([int(k) for k in AT.search(frame)[1].split(b",")])
            self.pending -= 1

    def rest(self, patience=60):
        """Wait until a second has passed without a question."""
        for _ in range(patience):
            before = len(self.wishes + self.neighbours)
            self.page.wait_for_timeout(1000)
            if self.pending == 0 and len(self.wishes + self.neighbours) == before:
                return
        raise TimeoutError("the page does not stop asking")
