"""How a worker takes its tests: the next one only when it has run the last.

xdist's own loop takes a test ahead, which nobody can take back: it would be run on a handset that has just failed,
after `-x` has ended the run, or wait behind a long one while another handset has nothing to do. This loop takes its
place in the workers of the farm and speaks xdist's words to the controller: see `WorkerInteractor` in xdist/remote.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import pytest

from framework.plugin.blame import BLAME, blame_of
from framework.plugin.outcome import HANDSET, LATE
from framework.plugin.unfit import declines


class OneAtATime:
    """In each worker; `before_each` is called when it is known that there is another test, before anything of it."""

    def __init__(self, before_each: Callable[[], None] = lambda: None) -> None:
        self._before_each = before_each

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Until the controller says that there is no more, or pytest that it has had enough.

        What tests of one file or class share is kept until it is known that the next test does not share it.
        """
        to_controller = _interactor(session.config)
        orders = Orders(self._before_each)
        to_controller.channel.setcallback(orders.take, endmarker=None)
        last: pytest.Item | None = None
        while (index := orders.next()) is not None:
            if declines(session.config):
                to_controller.sendevent("runtest_protocol_complete", item_index=index, duration=0)
                continue
            item = session.items[index]
            item.user_properties.clear()  # of an earlier attempt on another handset
            if last is not None:
                _leave(last, item)
            to_controller.item_index, last = index, item
            began = time.perf_counter()
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=Unknown.after(item))
            seconds = time.perf_counter() - began
            to_controller.sendevent("runtest_protocol_complete", item_index=index, duration=seconds)
            if session.shouldfail or session.shouldstop:
                break
        if last is not None:
            _leave(last, None)
        return True


class Orders:
    """What the controller asks for, as it comes, in another thread."""

    def __init__(self, before_each: Callable[[], None]) -> None:
        self._before_each = before_each
        self._queue: SimpleQueue[int | None] = SimpleQueue()

    def take(self, command: tuple[str, dict[str, Any]] | None) -> None:
        """None: the controller is gone."""
        name, content = command or ("shutdown", {})
        if name == "runtests":
            for index in content["indices"]:
                self._queue.put(index)
        elif name == "shutdown":
            self._queue.put(None)

    def next(self) -> int | None:
        """The index of the next test, as soon as there is one; None at the end."""
        index = self._queue.get()
        if index is not None:
            self._before_each()
        return index


class Unknown(pytest.Item):
    """The test that comes next, while it is not known: of the same file and class as the last one, perhaps."""

    @classmethod
    def after(cls, item: pytest.Item) -> pytest.Item:
        made: Unknown = cls.from_parent(item.parent or item.session, name="the next test")
        return made

    def runtest(self) -> None:
        raise NotImplementedError("it stands for another test")


def _leave(last: pytest.Item, following: pytest.Item | None) -> None:
    """End what `last` shared and `following` does not; an error of it is told as one of `last`'s teardown."""
    call = pytest.CallInfo.from_call(
        lambda: last.session._setupstate.teardown_exact(following),  # there is no public way
        "teardown",
        reraise=(pytest.exit.Exception, KeyboardInterrupt),
    )
    if call.excinfo is None:
        return
    report = pytest.TestReport.from_item_and_call(last, call)
    report.user_properties = [(LATE, True), *(said for said in last.user_properties if said[0] == HANDSET)]
    blame = blame_of(call.excinfo.value)
    if blame is not None:
        report.user_properties.append((BLAME, blame.value))
    last.ihook.pytest_runtest_logreport(report=report)


def _interactor(config: pytest.Config) -> Any:
    """xdist's plugin that talks to the controller."""
    return next(plugin for plugin in config.pluginmanager.get_plugins() if hasattr(plugin, "run_one_test"))
