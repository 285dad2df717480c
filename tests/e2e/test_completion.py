#!/usr/bin/python3
"""Completion and the manual page, as the shells and the readers of pages take them."""

import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

# What readline does before it calls the function of a command.
BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_cmtest cmtest "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
"""

# A zsh on a terminal of its own: the line, a key that lists what fits, one that drops the line.
# It is ready when its editor reads: before, the kernel's own line discipline takes the keys.
ZSH = """
zmodload zsh/zpty
zpty -b shell zsh -f -i
send() { zpty -w shell "$1" }
send "PROMPT=; unset zle_bracketed_paste; autoload -Uz compinit; compinit -u -D"
send "source $1; LISTMAX=0; cd $2; bindkey '^I' list-choices"
send "reads() { print -n '<''ready>' }; zle -N zle-line-init reads"
zpty -r shell out '*<ready>*'
zpty -n -w shell "$3"$'\\t\\x15'"print '<''end>'"$'\\n'
zpty -r shell out '*<end>*'
print -r -- "$out"
zpty -d shell
"""


class PrintedTest(program.ProgramTest):
    """What the program prints."""

    def printed(self, *arguments):
        """What the program prints on stdout."""
        return subprocess.run(
            [self.program, *arguments], check=True, capture_output=True, text=True
        ).stdout

    def commands(self):
        """The commands that the help lists."""
        return re.findall(
            r"^  ([a-z]+) {2,}\S", self.printed("help").split("\nRead about")[0], re.M
        )


class CompletionTest(PrintedTest):
    """Each shell completes with the script that `cmtest completion` prints for it."""

    def script(self, shell):
        """The path of the shell's script; skips the test where there is no such shell."""
        if not shutil.which(shell):
            self.skipTest(f"{shell} is not installed")
        return self.write(f"completion.{shell}", self.printed("completion", shell))

    def bash(self, *words):
        """What bash offers for the last of the words."""
        done = subprocess.run(
            ["bash", "-c", BASH, "bash", self.script("bash"), "cmtest", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertEqual(done.stderr, "")
        return done.stdout.splitlines()

    def fish(self, line):
        """What fish offers at the end of the line, without the descriptions."""
        script = self.script("fish")
        done = subprocess.run(
            ["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
            env=dict(os.environ, HOME=self.folder),
        )
        self.assertEqual(done.stderr, "")
        return [row.split("\t")[0] for row in done.stdout.splitlines()]

    def specs(self):
        """A folder with specs, other files and folders."""
        for name in ("one.yaml", "two.yml", "notes.txt"):
            self.write(name, "")
        os.mkdir(os.path.join(self.folder, "calls"))

    def test_bash_completes_every_command_of_the_help(self):
        offered = self.bash("")
        self.assertGreater(len(self.commands()), 6)
        for name in self.commands():
            self.assertIn(name, offered)
        self.assertNotIn("manual", offered)
        self.assertEqual(self.bash("ru"), ["run"])

    def test_bash_completes_every_option_of_every_command(self):
        for name in self.commands():
            offered = self.bash(name, "--")
            for option in re.findall(
                r"^  (?:-., |    )(--[a-z-]+)", self.printed("help", name), re.M
            ):
                self.assertIn(option, offered, name)

    def test_bash_completes_the_values_of_options_and_arguments(self):
        self.assertEqual(self.bash("list", "--format", "js"), ["json"])
        self.assertEqual(self.bash("list", "--format", "=", "js"), ["json"])
        self.assertEqual(self.bash("list", "--format", "="), ["text", "json", "markdown"])
        self.assertEqual(self.bash("validate", "-f", "sa"), ["sarif"])
        self.assertEqual(self.bash("list", "cod"), ["codecs"])
        self.assertEqual(self.bash("explain", "dtmf_r"), ["dtmf_received"])
        self.assertEqual(self.bash("schema", "r"), ["result"])
        self.assertEqual(self.bash("completion", "f"), ["fish"])
        self.assertEqual(self.bash("help", "tl"), ["tls"])
        self.assertEqual(self.bash("run", "--seed", ""), [])
        self.assertEqual(self.bash("run", "--color", "al"), ["always"])
        self.assertEqual(self.bash("run", "--format", "ju"), ["junit"])

    def test_bash_completes_specs_folders_and_files(self):
        self.specs()
        offered = self.bash("run", "")
        self.assertIn("one.yaml", offered)
        self.assertIn("two.yml", offered)
        self.assertIn("calls", offered)
        self.assertNotIn("notes.txt", offered)
        self.assertEqual(self.bash("run", "--out", ""), ["calls"])
        self.assertIn("notes.txt", self.bash("init", "--out", "no"))

    def test_bash_script_is_clean_to_shellcheck(self):
        if not shutil.which("shellcheck"):
            self.skipTest("shellcheck is not installed")
        done = subprocess.run(
            ["shellcheck", "-s", "bash", self.script("bash")],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.stdout, "")

    def test_fish_completes_commands_options_and_values(self):
        self.specs()
        subprocess.run(["fish", "--no-config", "-n", self.script("fish")], check=True)
        for name in self.commands():
            self.assertIn(name, self.fish("cmtest "))
        self.assertEqual(self.fish("cmtest ru"), ["run"])
        self.assertEqual(self.fish("cmtest list --format js"), ["json"])
        self.assertEqual(self.fish("cmtest list cod"), ["codecs"])
        self.assertIn("--strict", self.fish("cmtest run --s"))
        self.assertEqual(self.fish("cmtest run on"), ["one.yaml"])
        self.assertEqual(self.fish("cmtest run --out ca"), ["calls/"])

    def zsh(self, line):
        """What zsh lists at the end of the line."""
        script = self.script("zsh")
        done = subprocess.run(
            ["zsh", "-f", "-c", ZSH, "zsh", script, self.folder, line],
            capture_output=True,
            text=True,
            check=True,
            env=dict(os.environ, HOME=self.folder, TERM="dumb", COLUMNS="200"),
        )
        return done.stdout

    def test_zsh_completes_commands_options_and_values(self):
        self.specs()
        subprocess.run(["zsh", "-f", "-n", self.script("zsh")], check=True)
        offered = self.zsh("cmtest ")
        for name in self.commands():
            self.assertRegex(offered, rf"(?m)^{name} +-- ")
        self.assertRegex(self.zsh("cmtest run --s"), r"--strict +-- ")
        self.assertRegex(self.zsh("cmtest list --format="), r"json +markdown +text")
        self.assertIn("codecs", self.zsh("cmtest list "))
        offered = self.zsh("cmtest run ")
        self.assertIn("one.yaml", offered)
        self.assertNotIn("notes.txt", offered)

    def test_an_unknown_shell_is_a_usage_error(self):
        run = self.start("completion", "zhs")
        run.wait()
        self.assert_exit(run, program.USAGE)
        self.assertIn("zsh", run.stderr)


class ManualTest(PrintedTest):
    """cmtest(1)."""

    def page(self):
        """The page as text."""
        path = self.write("cmtest.1", self.printed("manual"))
        if not shutil.which("man"):
            self.skipTest("man is not installed")
        done = subprocess.run(
            ["man", "--warnings", "-E", "UTF-8", "-l", path],
            capture_output=True,
            text=True,
            check=True,
            env=dict(os.environ, MANWIDTH="90", MANPAGER="cat", LC_ALL="C.UTF-8"),
        )
        self.assertEqual(done.stderr, "")
        return done.stdout

    def test_manual_has_no_warning_for_mandoc(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is not installed")
        path = self.write("cmtest.1", self.printed("manual"))
        done = subprocess.run(
            ["mandoc", "-Tlint", "-Wwarning", path], capture_output=True, text=True, check=False
        )
        found = [row for row in done.stdout.splitlines() if "missing date" not in row]
        self.assertEqual(found, [])

    def test_manual_tells_of_every_command_option_and_exit_code(self):
        page = self.page()
        for name in self.commands():
            self.assertRegex(page, rf"(?m)^   cmtest {name}\b")
            for option in re.findall(
                r"^  (?:-., |    )(--[a-z-]+)", self.printed("help", name), re.M
            ):
                self.assertIn(option, page, name)
        for code in ("0", "1", "2", "3", "4", "5", "70", "130"):
            self.assertRegex(page, rf"(?m)^       {code} +\S")
        for word in ("junit.xml", "result.json", "evidence/", "NO_COLOR", "cmtest help", "CMTEST_CONFIG"):
            self.assertIn(word, page)
        self.assertNotIn("cmtest manual", page)


if __name__ == "__main__":
    program.main()
