"""Finding and running programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench, RunScript


def test_programs_are_found_by_path(sh: RunScript) -> None:
    """PATH decides; a changed PATH is heeded at once; a path needs none."""
    script = "id -u; PATH=/nosuch; id -u; echo $?; /system/bin/id -u; PATH=/system/bin; id -u"
    assert sh(script).out == "2000\n127\n2000\n2000\n"


def test_scripts_in_files_are_programs(sh: RunScript) -> None:
    """With and without a first line; their messages tell file and line."""
    script = """printf '#!/system/bin/sh\\necho "$0 $1"\\nnosuch\\n' >a; printf 'echo plain\\n' >b; chmod 755 a b
./a x; ./b; sh b"""
    result = sh(script)
    assert result.out == "./a x\nplain\nplain\n"
    assert result.err == "./a[3]: nosuch: inaccessible or not found\n"


def test_what_cannot_be_run_says_why(sh: RunScript) -> None:
    """A foreign binary and a missing interpreter give 126."""
    script = r"""printf '\177ELF\2\1\1' >elf; printf '#!/nosuch/python\n' >py; chmod 755 elf py
./elf; echo $?; ./py; echo $?"""
    result = sh(script)
    assert result.out == "126\n126\n"
    assert result.err == (
        "/system/bin/sh: ./elf: not executable: 64-bit ELF file\n"
        "/system/bin/sh: ./py: can't execute: No such file or directory\n"
    )


def test_every_command_has_its_program_file(on_bench: OnBench) -> None:
    """/system/bin holds a program for each name; toybox's are links to it."""

    async def story(bench: Bench) -> str:
        return (await bench.sh("ls /system/bin | wc -l; readlink /system/bin/cat; which am ls sh")).out

    count, *rest = on_bench(story).splitlines()
    assert int(count) > 100
    assert rest == ["toybox", "/system/bin/am", "/system/bin/ls", "/system/bin/sh"]


def test_running_programs_are_processes(on_bench: OnBench) -> None:
    """They are seen while they run, below the shell, with their command line; a job's program is the job itself."""

    async def story(bench: Bench) -> list[str]:
        result = await bench.sh(
            "sleep 77 & echo $!; sleep 1; ps -A -o PID,PPID,ARGS | grep '[0-9] sleep'; kill $!; echo $$"
        )
        return result.out.split()

    pid, listed, parent, *command, shell = on_bench(story)
    assert (listed, parent, command) == (pid, shell, ["sleep", "77"])


def test_a_command_ended_by_a_signal_gives_its_number(sh: RunScript) -> None:
    """The shell goes on, and says so as mksh does."""
    script = "(sleep 1; pkill -9 -x sleep) & sleep 100; echo $?"
    result = sh(script)
    assert (result.out, result.err) == ("137\n", "Killed \n")


def test_a_broken_pipe_ends_a_program_quietly(sh: RunScript) -> None:
    """SIGPIPE's status, seen with pipefail, and no message."""
    result = sh("set -o pipefail; yes | head -n 1; echo $?")
    assert (result.out, result.err) == ("y\n141\n", "")
