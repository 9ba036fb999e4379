"""A mixed load in the background: threads that act, and remember what was answered."""

import random
import threading
import time

from client import NO_ANSWER


class Load:
    def __init__(self, acts, book, addresses, threads=6, pause=0.02, timeout=60):
        self.acts, self.book, self.addresses = acts, book, addresses
        self.pause, self.timeout = pause, timeout
        self.ended = threading.Event()
        self.broken = []
        self.threads = [threading.Thread(target=self.runs, args=(n,)) for n in range(threads)]

    def runs(self, number):
        chance = random.Random(number)
        try:
            while not self.ended.is_set():
                request = self.acts.next()
                entry = self.book.send(request, chance.choice(self.addresses), self.timeout)
                if entry.first is None and len(self.addresses) > 1 and chance.random() < 0.5:
                    # As a client would: at once, at another door.
                    self.retries(entry, chance.choice(self.addresses))
                if entry.answer is not None:
                    self.acts.learn(request, entry.answer)
                else:
                    time.sleep(0.05)
                time.sleep(self.pause)
        except Exception as error:
            self.broken.append(repr(error))
            raise

    def retries(self, entry, address):
        try:
            entry.answer = entry.request.send(address, self.timeout)
            entry.where = address
        except NO_ANSWER:
            pass

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()
        if self.broken:
            self.book.problem(f"the load broke: {self.broken[0]}")
