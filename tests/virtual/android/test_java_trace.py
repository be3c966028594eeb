"""An exception of the emulation in Android's words."""

from __future__ import annotations

import pytest

from framework.virtual.android.java_trace import JavaTrace, java_trace


def raised(error: Exception, cause: Exception | None = None) -> JavaTrace:
    try:
        try:
            if cause is not None:
                raise cause
        except Exception as inner:
            raise error from inner
        raise error
    except Exception as caught:
        return java_trace(caught)


@pytest.mark.parametrize(
    ("error", "java"),
    [
        (ValueError("x"), "java.lang.IllegalArgumentException"),
        (KeyError("x"), "java.util.NoSuchElementException"),
        (MemoryError(), "java.lang.OutOfMemoryError"),
        (FileNotFoundError("x"), "java.io.FileNotFoundException"),
        (ZeroDivisionError("x"), "java.lang.ArithmeticException"),
        (RuntimeError("x"), "java.lang.RuntimeException"),
    ],
)
def test_each_kind_has_its_counterpart(error: Exception, java: str) -> None:
    """The class is the first word, the message follows a colon where there is one."""
    trace = raised(error)
    assert trace.exception == java
    assert trace.text.splitlines()[0] == (f"{java}: {error}" if str(error) else java)


def test_the_stack_begins_where_it_was_raised() -> None:
    """File and line of the emulation, then Android's own frames down to zygote."""
    trace = raised(ValueError("x"))
    lines = trace.text.splitlines()
    assert trace.file == "test_java_trace.py"
    assert lines[1].endswith(f".raised(test_java_trace.py:{trace.line})")
    assert lines[-1] == "\tat com.android.internal.os.ZygoteInit.main(ZygoteInit.java:971)"
    assert all(line.startswith("\tat ") for line in lines[1:])


def test_a_cause_follows() -> None:
    """As Throwable.printStackTrace does."""
    lines = raised(ValueError("outer"), KeyError("inner")).text.splitlines()
    assert "Caused by: java.util.NoSuchElementException: 'inner'" in lines
