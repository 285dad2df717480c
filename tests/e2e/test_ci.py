#!/usr/bin/python3
"""The action, the template and the Jenkinsfile, executed as their services would, without them.

What is not executed: steps that say `uses:` (recorded), GitLab's own evaluation of rules, Groovy.
"""

import hashlib
import http.server
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import yaml  # noqa: E402

import answerer  # noqa: E402
import program  # noqa: E402

GITHUB = os.path.join(program.ROOT, "ci", "github")
GITLAB = os.path.join(program.ROOT, "ci", "gitlab", "templates", "cmtest.yml")
JENKINS = os.path.join(program.ROOT, "ci", "jenkins", "Jenkinsfile")

SPEC = """
cmtest: 1
name: in a pipeline
registrars:
  embedded:
    accounts:
      - { username: "100", password: Hush-100-kQ7z }
      - { username: "101", password: Hush-101-kQ7z }
groups:
  callees: { registrar: embedded, endpoints: 1, audio: { codecs: [pcma] } }
  callers: { registrar: embedded, endpoints: 1, call: callees, audio: { codecs: [pcma] } }
buildup: 200ms
duration: 1s
thresholds: [ calls.success_rate >= 100% ]
"""
FAILS = SPEC.replace(">= 100%", "< 50%")
INVALID = SPEC.replace("duration:", "durration:")
MANY = """cmtest: 1
name: many
defaults: { registrar: embedded, endpoints: 60, audio: { codecs: [pcma] } }
groups:
  callees: {}
  callers: { call: callees }
duration: 1s
thresholds: [ calls.success_rate >= 100% ]
"""
OUTSIDE = """cmtest: 1
name: flaky
registrars:
  pbx:
    domain: test.example
    server: 127.0.0.1:PORT
    accounts: [{ username: "1001", password: Hush-100-kQ7z }]
groups:
  callers: { registrar: pbx, endpoints: 1, call: "sip:echo@test.example", audio: { codecs: [pcma] } }
duration: 300ms
thresholds: [calls.success_rate >= 100%]
"""


class PipelineTest(program.ProgramTest):
    """A workspace with specs, and a cmtest on the PATH."""

    def setUp(self):
        super().setUp()
        self.workspace = os.path.join(self.folder, "work space")
        self.path = os.path.join(self.folder, "bin")
        for folder in (os.path.join(self.workspace, "tests"), self.path):
            os.makedirs(folder)
        os.symlink(self.program, os.path.join(self.path, "cmtest"))

    def put(self, name, text):
        """A file of the workspace."""
        path = os.path.join(self.workspace, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def tool(self, name, text):
        """A program on the PATH, in place of another one of that name."""
        path = os.path.join(self.path, name)
        if os.path.lexists(path):
            os.unlink(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)

    def ends_with(self, code):
        """A cmtest that runs, reports, and ends with this."""
        self.tool("cmtest", f'"{self.program}" "$@"\n[ "$1" != run ] || exit {code}\n')

    def writes_formats(self):
        """A cmtest whose help has these formats, and which writes them where it is told to."""
        self.tool(
            "cmtest",
            """case $1 in
help)
    "REAL" "$@"
    printf '  %-22s words\\n' github github-output gitlab dotenv --format
    exit
    ;;
run) ;;
*) exec "REAL" "$@" ;;
esac
for word; do
    case $word in
    github=*) annotations=${word#*=} ;;
    github-output=*) printf 'verdict=pass\\nflaky=1\\n' >"${word#*=}" ;;
    gitlab=* | dotenv=*) echo "${word%%=*} to ${word#*=}" ;;
    esac
done
"REAL" run tests/one.yaml --out cmtest-out || exit
[ -z "${annotations-}" ] ||
    echo '::warning file=tests/one.yaml,line=3::flaky' >"$annotations"
""".replace(
                "REAL", self.program
            ),
        )

    def starves(self):
        """A cmtest that may open few descriptors: this machine is its limit."""
        self.tool("cmtest", f'[ "$1" != run ] || ulimit -n 64\nexec "{self.program}" "$@"\n')

    def turns_flaky(self):
        """A spec whose first call is refused, and whose second one is not."""
        server = self.enterContext(answerer.Answerer(486, 200))
        self.put("tests/one.yaml", OUTSIDE.replace("PORT", str(server.port)))

    def takes_several(self):
        """Whether the program runs several specs at once."""
        done = subprocess.run(
            [self.program, "help", "run"], capture_output=True, text=True, check=True
        )
        return "SPEC..." in done.stdout

    def environment(self, more):
        """Of a job: nothing of the machine that the test runs on."""
        base = {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}
        path = f"{self.path}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        return dict(base, PATH=path, HOME=self.folder, CI="true", **more)

    def assert_no_credentials(self):
        """Of all that lies in the test's folder now, but the specs, nothing has a password."""
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith(".yaml") or os.path.islink(path):
                    continue
                with open(path, encoding="utf-8", errors="replace") as file:
                    self.assertNotIn("-kQ7z", file.read(), path)


class Job:
    """What a job of the action left behind."""

    def __init__(self):
        self.steps = {}  # id: its outputs
        self.uses = []  # (action, with)
        self.log = ""
        self.code = 0
        self.outputs = {}
        self.summary = ""


class Action(PipelineTest):
    """Runs the composite action as GitHub's runner does."""

    def value(self, expression, inputs, job):
        """What a ${{ }} expression is; those that action.yml has."""

        def word(match):
            kind, rest = match.group(0).split(".", 1)
            if kind == "inputs":
                return repr(inputs[rest])
            if kind == "github":
                return repr({"action_repository": "owner/cmtest"}[rest])
            step, name = re.fullmatch(r"([a-z]+)\.outputs\.([a-z-]+)", rest).groups()
            return repr(job.steps.get(step, {}).get(name, ""))

        text = re.sub(r"\b(inputs|steps|github)\.[a-zA-Z0-9_.-]+", word, expression)
        text = text.replace("always()", "True").replace("&&", " and ")
        return eval(text, {"__builtins__": {}})  # noqa: S307 # of our own action.yml

    def fill(self, text, inputs, job):
        """The text with its expressions replaced."""
        return re.sub(
            r"\$\{\{ *(.*?) *\}\}", lambda m: str(self.value(m[1], inputs, job)), str(text)
        )

    def read_outputs(self, path):
        """The name=value and heredoc lines of GITHUB_OUTPUT."""
        found = {}
        with open(path, encoding="utf-8") as file:
            lines = iter(file.read().splitlines())
        for line in lines:
            name, heredoc, end = line.partition("<<")
            if not heredoc or "=" in name:
                name, equals, value = line.partition("=")
                self.assertTrue(equals, line)
                found[name] = value
                continue
            rows = []
            for row in lines:
                if row == end:
                    break
                rows.append(row)
            else:
                self.fail(f"output {name} has no end")
            found[name] = "\n".join(rows)
        return found

    def run_step(self, step, inputs, job, files):
        """One `run:` step; its exit code."""
        self.assertNotIn("${{", step["run"])
        self.assertEqual(step["shell"], "bash")
        open(files["GITHUB_OUTPUT"], "w", encoding="utf-8").close()
        environment = self.environment(files)
        environment.update({k: self.fill(v, inputs, job) for k, v in step.get("env", {}).items()})
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        job.log += done.stdout.decode("utf-8", "replace")
        if "id" in step:
            job.steps[step["id"]] = self.read_outputs(files["GITHUB_OUTPUT"])
        return done.returncode

    def act(self, action_path=GITHUB, before="", **given):
        """Runs the action with these inputs (underscores for dashes)."""
        with open(os.path.join(GITHUB, "action.yml"), encoding="utf-8") as file:
            action = yaml.safe_load(file)
        job = Job()
        inputs = {}
        for name, row in action["inputs"].items():
            self.assertTrue(row["description"])
            inputs[name] = self.fill(row.get("default", ""), {}, job)
        given = {name.replace("_", "-"): value for name, value in given.items()}
        self.assertLessEqual(set(given), set(inputs))
        inputs.update({"version": "installed"}, **given)
        temporary = os.path.join(self.folder, "runner")
        os.makedirs(temporary, exist_ok=True)
        files = {
            name: os.path.join(temporary, name)
            for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")
        }
        with open(files["GITHUB_STEP_SUMMARY"], "w", encoding="utf-8") as file:
            file.write(before)
        files.update(
            GITHUB_ACTIONS="true",
            GITHUB_ACTION_PATH=action_path,
            GITHUB_WORKSPACE=self.workspace,
            GITHUB_SERVER_URL=getattr(self, "server", "http://127.0.0.1:1"),
            RUNNER_TEMP=temporary,
            TMPDIR=temporary,
        )
        for step in action["runs"]["steps"]:
            condition = step.get("if", "")
            if (job.code and "always()" not in condition) or (
                condition and not self.value(condition, inputs, job)
            ):
                continue
            if "uses" in step:
                job.uses.append(
                    (step["uses"], {k: self.fill(v, inputs, job) for k, v in step["with"].items()})
                )
            else:
                code = self.run_step(step, inputs, job, files)
                job.code = job.code or code
        job.outputs = {k: self.fill(v["value"], inputs, job) for k, v in action["outputs"].items()}
        with open(files["GITHUB_STEP_SUMMARY"], encoding="utf-8") as file:
            job.summary = file.read()
        with open(os.path.join(temporary, "log"), "w", encoding="utf-8") as file:
            file.write(job.log)
        return job

    def assert_ended(self, job, code, verdict):
        """Exit code, verdict, and that the log is not read for commands while cmtest writes it."""
        self.assertEqual((job.code, job.outputs["verdict"]), (code, verdict), job.log)
        token = re.search(r"(?m)^::stop-commands::([0-9a-f-]{36})$", job.log)
        self.assertTrue(token, job.log)
        self.assertIn(f"\n::{token[1]}::\n", job.log)
        self.assert_no_credentials()


class ActionTest(Action):
    """The composite action."""

    def test_action_passes_with_outputs_summary_and_artifact(self):
        self.put("tests/one.yaml", SPEC)
        job = self.act(spec="tests/*.yaml\n", artifact="reports", output="out put")
        self.assert_ended(job, 0, "pass")
        self.assertEqual(job.outputs["exit-code"], "0")
        out = os.path.join(self.workspace, "out put")
        self.assertEqual(job.outputs["folder"], out)
        for name, file in (("junit", "junit.xml"), ("json", "result.json")):
            self.assertEqual(job.outputs[name], os.path.join(out, file))
        xml.etree.ElementTree.parse(job.outputs["junit"])
        for name in ("html", "summary"):
            for path in job.outputs[name].splitlines():
                self.assertTrue(os.path.isfile(path), path)
        self.assertEqual(job.uses[0][0].split("@")[0], "actions/upload-artifact")
        self.assertEqual((job.uses[0][1]["name"], job.uses[0][1]["path"]), ("reports", out))
        self.assertTrue(job.summary)

    def test_action_fails_behind_the_steps_that_report(self):
        self.put("tests/one.yaml", FAILS)
        job = self.act(spec="tests/one.yaml")
        self.assert_ended(job, 1, "fail")
        self.assertEqual(len(job.uses), 1)
        self.assertTrue(job.outputs["junit"])
        self.assertTrue(job.summary)
        self.assertNotIn("::error title=cmtest was not run", job.log)

    def test_action_marks_an_invalid_spec_at_its_line(self):
        self.put("tests/one.yaml", INVALID)
        job = self.act(spec="tests/one.yaml")
        self.assert_ended(job, 3, "error")
        self.assertRegex(job.log, r"(?m)^::error .*file=tests/one\.yaml,line=\d+.*durration")
        self.assertEqual((job.outputs["folder"], job.outputs["junit"], job.uses), ("", "", []))
        self.assertIn("exit code 3", job.summary)

    def test_action_may_take_an_inconclusive_run_as_no_failure(self):
        self.put("tests/one.yaml", SPEC)
        self.ends_with(5)
        self.assert_ended(self.act(spec="tests/one.yaml"), 5, "inconclusive")
        job = self.act(spec="tests/one.yaml", fail_on_inconclusive="false")
        self.assert_ended(job, 0, "inconclusive")
        self.assertIn("::warning title=cmtest is inconclusive", job.log)

    def test_action_runs_several_specs_each_once(self):
        if not self.takes_several():
            self.skipTest("this cmtest runs one spec at a time")
        os.mkdir(os.path.join(self.workspace, "tests", "deep"))
        self.put("tests/one.yaml", SPEC)
        self.put("tests/deep/two.yaml", FAILS)
        job = self.act(spec="tests/one.yaml\n\n  tests/**/*.yaml  \n")
        self.assert_ended(job, 1, "fail")
        self.assertEqual(len(job.outputs["json"].splitlines()), 2, job.outputs)

    def test_action_gives_words_to_cmtest_and_expands_none(self):
        self.put("tests/one.yaml", SPEC)
        self.tool("cmtest", 'for word; do echo "<$word>"; done\n')
        args = "--set 'vars.x=a b' --set vars.y=$(touch${IFS}hacked) \"--set=`id`;*\""
        job = self.act(spec="tests/one.yaml\n$(touch hacked)\n; touch hacked\n--help", args=args)
        for word in (
            "vars.x=a b",
            "vars.y=$(touch${IFS}hacked)",
            "--set=`id`;*",
            "$(touch hacked)",
            "--help",
        ):
            self.assertIn(f"<{word}>", job.log)
        self.assertLess(job.log.index("<-->"), job.log.index("<--help>"))
        self.assertFalse(os.path.exists(os.path.join(self.workspace, "hacked")))
        self.assertEqual(self.act(spec="tests/one.yaml", args="--set 'x").code, 2)

    def test_action_prints_annotations_and_tells_of_flaky_passes(self):
        self.put("tests/one.yaml", SPEC)
        self.writes_formats()
        job = self.act(spec="tests/one.yaml")
        self.assert_ended(job, 0, "pass")
        self.assertEqual(job.outputs["flaky"], "true")
        # Behind the token: the runner takes commands again.
        token = re.search(r"(?m)^::stop-commands::(\S+)$", job.log)[1]
        behind = job.log.split(f"\n::{token}::\n")[1]
        self.assertIn("\n::warning file=tests/one.yaml,line=3::flaky\n", "\n" + behind)

    def test_action_tells_of_a_flaky_pass_of_the_real_program(self):
        self.turns_flaky()
        job = self.act(spec="tests/one.yaml", args="--retries 1")
        self.assert_ended(job, 0, "pass")
        self.assertEqual(job.outputs["flaky"], "true")
        self.assertRegex(job.log, r"(?m)^::warning file=tests/one\.yaml,line=1,title=flaky::flaky")
        self.assertIn("## FLAKY: flaky", job.summary)

    def test_action_tells_when_the_runner_is_the_limit_of_the_real_program(self):
        self.put("tests/one.yaml", MANY)
        self.starves()
        job = self.act(spec="tests/one.yaml")
        self.assert_ended(job, 5, "inconclusive")
        self.assertIn("descriptors", job.summary)
        self.assertRegex(job.log, r"(?m)^::error file=tests/one\.yaml.*This machine was the limit")

    def test_action_marks_the_line_of_a_threshold_that_the_real_program_missed(self):
        self.put("tests/one.yaml", SPEC)
        self.put("tests/two.yaml", FAILS)
        job = self.act(spec="tests/*.yaml")
        self.assert_ended(job, 1, "fail")
        line = FAILS.splitlines().index("thresholds: [ calls.success_rate < 50% ]") + 1
        self.assertIn(f"::error file=tests/two.yaml,line={line},", job.log)
        self.assertIn("1 failed, 1 passed of 2 runs", job.summary)

    def test_action_that_is_cancelled_hangs_up_and_tells_of_its_reports(self):
        self.put("tests/one.yaml", SPEC.replace("duration: 1s", "duration: 300s"))
        log = os.path.join(self.folder, "log")
        files = {"GITHUB_OUTPUT": os.path.join(self.folder, "output")}
        inputs = {"INPUT_PROGRAM": self.program, "INPUT_SPEC": "tests/one.yaml"}
        with open(log, "wb") as file:
            child = subprocess.Popen(
                [os.path.join(GITHUB, "run.sh")],
                cwd=self.workspace,
                env=self.environment(dict(files, **inputs)),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        self.addCleanup(lambda: child.poll() is None and child.kill())
        text = ""
        while "registered" not in text:
            self.assertIsNone(child.poll(), text)
            time.sleep(0.05)
            with open(log, encoding="utf-8") as file:
                text = file.read()
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.wait(120), 0)
        outputs = self.read_outputs(files["GITHUB_OUTPUT"])
        self.assertEqual((outputs["verdict"], outputs["exit-code"]), ("interrupted", "130"))
        self.assertTrue(os.path.exists(outputs["junit"]))

    def test_action_without_a_spec_fails(self):
        for spec in ("", "\n \n", "tests/*.yaml"):
            job = self.act(spec=spec)
            self.assertEqual((job.code, job.outputs["verdict"]), (2, "error"))
            self.assertIn("::error title=cmtest was not run::", job.log)

    def test_action_tells_nothing_of_reports_of_an_earlier_run(self):
        self.put("tests/one.yaml", SPEC)
        self.act(spec="tests/one.yaml")
        self.put("tests/one.yaml", INVALID)
        job = self.act(spec="tests/one.yaml")
        self.assertEqual((job.code, job.outputs["folder"], job.outputs["json"]), (3, "", ""))

    def test_action_leaves_annotations_summary_and_artifact_out_when_told(self):
        self.put("tests/one.yaml", INVALID)
        job = self.act(spec="tests/one.yaml", annotations="false", summary="false", artifact="")
        self.assert_ended(job, 3, "error")
        self.assertEqual((job.summary, job.uses), ("", []))
        self.assertNotIn("::error", job.log)

    def test_action_keeps_the_summary_below_the_limit(self):
        self.put("tests/one.yaml", SPEC)
        self.tool(
            "cmtest",
            f'"{self.program}" "$@"\n[ "$1" = run ] || exit 0\n'
            "yes '| a row of a table |' | head -c 2000000 >cmtest-out/summary.md\n",
        )
        job = self.act(spec="tests/one.yaml", before="before\n")
        self.assertEqual(job.code, 0, job.log)
        self.assertLess(len(job.summary), 1024 * 1024)
        self.assertTrue(job.summary.startswith("before\n| a row"))
        self.assertIn("| a row of a table |\n\n\nThe rest is over", job.summary)

    def test_action_that_could_not_install_is_no_pass(self):
        os.unlink(os.path.join(self.path, "cmtest"))
        job = self.act(spec="tests/one.yaml", version="0.1")
        self.assertNotEqual(job.code, 0)
        self.assertIn("::error title=cmtest was not installed::", job.log)
        self.assertIn("cmtest: not run", job.log)
        self.assertEqual(job.outputs["verdict"], "")


class InstallTest(Action):
    """How the action comes by a cmtest. What would change this machine is a program of the test."""

    def setUp(self):
        super().setUp()
        os.unlink(os.path.join(self.path, "cmtest"))
        self.put("tests/one.yaml", SPEC)
        self.tool("id", "echo 0\n")
        self.tool("dpkg", "echo riscv64\n")
        self.tool(
            "apt-get",
            f'echo "apt-get $*"\nfor last; do :; done\n'
            f'case $last in *.deb) ln -s "{self.program}" "{self.path}/cmtest" ;; esac\n',
        )

    def serve(self, files):
        """A server with these paths, in place of GitHub."""

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = files.get(self.path)
                self.send_response(404 if body is None else 200)
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.server = f"http://127.0.0.1:{server.server_port}"

    def release(self, sums):
        """A release 0.1.0, whose SHA256SUMS has this line."""
        base = "/owner/cmtest/releases/download/v0.1.0/"
        self.serve(
            {base + "cmtest_0.1.0_riscv64.deb": b"package", base + "SHA256SUMS": sums.encode()}
        )

    def test_release_is_installed_when_its_checksum_is_right(self):
        self.release(f"{hashlib.sha256(b'package').hexdigest()}  cmtest_0.1.0_riscv64.deb\n")
        job = self.act(spec="tests/one.yaml", version="v0.1.0")
        self.assert_ended(job, 0, "pass")
        self.assertRegex(job.log, r"apt-get .* install .*cmtest_0\.1\.0_riscv64\.deb")

    def test_release_is_refused_when_its_checksum_is_wrong_or_missing(self):
        wrong = hashlib.sha256(b"another").hexdigest()
        for sums in (f"{wrong}  cmtest_0.1.0_riscv64.deb\n", f"{wrong}  other.deb\n", ""):
            self.release(sums)
            job = self.act(spec="tests/one.yaml", version="0.1.0")
            self.assertNotEqual(job.code, 0)
            self.assertNotRegex(job.log, r"apt-get .* install")
        self.release(f"{hashlib.sha256(b'package').hexdigest()}  cmtest_0.1.0_riscv64.deb\n")
        self.assertNotEqual(self.act(spec="tests/one.yaml", version="0.1.0", sha256=wrong).code, 0)

    def test_version_that_is_none_is_not_asked_for(self):
        for version in ("latest", "0.1.0/../../x", "0.1.0;id", "$(id)"):
            self.assertNotEqual(self.act(spec="tests/one.yaml", version=version).code, 0)

    def test_source_beside_the_action_is_built_without_a_version(self):
        source = os.path.join(self.folder, "source")
        shutil.copytree(GITHUB, os.path.join(source, "ci", "github"))
        for name in ("CMakeLists.txt", "ci/setup"):
            with open(os.path.join(source, name), "w", encoding="utf-8") as file:
                file.write("#!/bin/sh\necho setup $*\n")
        os.chmod(os.path.join(source, "ci", "setup"), 0o755)
        build = os.path.join(self.folder, "runner", "cmtest-build")
        self.tool(
            "cmake",
            f'echo "cmake $*"\nmkdir -p "{build}"\nln -sf "{self.program}" "{build}/cmtest"\n',
        )
        job = self.act(os.path.join(source, "ci", "github"), spec="tests/one.yaml", version="")
        self.assert_ended(job, 0, "pass")
        self.assertIn("setup build\n", job.log)
        self.assertRegex(job.log, r"cmake -S .* --preset release -B .*cmtest-build")


class GitLabTest(PipelineTest):
    """The component."""

    def load(self, **given):
        """Its jobs with the inputs in place."""
        with open(GITLAB, encoding="utf-8") as file:
            header, body = yaml.safe_load_all(file)
        rows = header["spec"]["inputs"]
        given = {name.replace("_", "-"): value for name, value in given.items()}
        self.assertLessEqual(set(given), set(rows))
        inputs = {}
        for name, row in rows.items():
            self.assertLessEqual(
                set(row or {}), {"description", "default", "type", "options", "regex"}
            )
            self.assertTrue(name in given or "default" in row, f"input {name} is needed")
            inputs[name] = given.get(name, row.get("default"))
            self.assertIn(inputs[name], row.get("options", [inputs[name]]))

        def fill(node):
            if isinstance(node, dict):
                return {fill(k): fill(v) for k, v in node.items()}
            if isinstance(node, list):
                return [fill(each) for each in node]
            if isinstance(node, str):
                return re.sub(
                    r"\$\[\[ *inputs\.([a-z0-9-]+) *\]\]", lambda m: str(inputs[m[1]]), node
                )
            return node

        jobs = fill(body)
        self.assertNotIn("$[[", str(jobs))
        return jobs

    def run_job(self, job):
        """Its script by sh in the workspace; exit code and log."""
        for name, value in job["variables"].items():
            self.assertIsInstance(value, str, name)
        environment = self.environment(
            dict(
                job["variables"],
                GITLAB_CI="true",
                CI_PROJECT_DIR=self.workspace,
                CI_JOB_NAME="cmtest",
            )
        )
        # As the runner: each entry in the same shell, which ends with the first that fails.
        script = "set -e\n" + "\n".join(job["script"])
        done = subprocess.run(
            ["sh", "-c", script],
            cwd=self.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def assert_reports(self, job):
        """What the job says it leaves is there: for every reader, what it takes."""
        reports = job["artifacts"]["reports"]
        out = os.path.join(self.workspace, job["artifacts"]["paths"][0])
        self.assertEqual(job["artifacts"]["when"], "always")
        self.assertTrue(os.path.isdir(out))
        if os.path.exists(os.path.join(out, "junit.xml")):
            xml.etree.ElementTree.parse(os.path.join(out, "junit.xml"))
        with open(os.path.join(self.workspace, reports["codequality"]), encoding="utf-8") as file:
            self.assertIsInstance(yaml.safe_load(file), list)
        with open(os.path.join(self.workspace, reports["dotenv"]), encoding="utf-8") as file:
            lines = file.read().splitlines()
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line, r"^[A-Za-z0-9_]+=.*$")
        self.assert_no_credentials()

    def test_template_passes_and_leaves_its_reports(self):
        self.put("tests/one.yaml", SPEC)
        job = self.load(spec="tests/*.yaml")["cmtest"]
        code, log = self.run_job(job)
        self.assertEqual(code, 0, log)
        self.assertTrue(os.path.exists(os.path.join(self.workspace, "cmtest-out", "junit.xml")))
        self.assert_reports(job)

    def test_template_fails_with_the_exit_code_and_its_reports(self):
        self.put("tests/one.yaml", FAILS)
        job = self.load(spec="tests/one.yaml", output="out")["cmtest"]
        self.assertEqual(self.run_job(job)[0], 1)
        self.assert_reports(job)
        self.put("tests/one.yaml", INVALID)
        job = self.load(spec="tests/one.yaml", output="invalid")["cmtest"]
        self.assertEqual(self.run_job(job)[0], 3)
        self.assert_reports(job)

    def test_template_may_take_an_inconclusive_run_as_no_failure(self):
        self.put("tests/one.yaml", SPEC)
        self.ends_with(5)
        self.assertEqual(self.run_job(self.load(spec="tests/one.yaml")["cmtest"])[0], 5)
        job = self.load(spec="tests/one.yaml", allow_inconclusive="true")["cmtest"]
        self.assertEqual(self.run_job(job)[0], 0)

    def test_template_gives_words_to_cmtest_and_expands_none(self):
        self.put("tests/one.yaml", SPEC)
        self.tool("cmtest", 'for word; do echo "<$word>"; done\n')
        job = self.load(
            spec="tests/*.yaml\n$(touch hacked)",
            args="--set 'vars.x=a b' --set y=$(touch${IFS}hacked)",
        )
        log = self.run_job(job["cmtest"])[1]
        for word in ("vars.x=a b", "y=$(touch${IFS}hacked)", "$(touch hacked)", "tests/one.yaml"):
            self.assertIn(f"<{word}>", log)
        self.assertFalse(os.path.exists(os.path.join(self.workspace, "hacked")))
        self.assertEqual(self.run_job(self.load(spec="tests/one.yaml", args="'x")["cmtest"])[0], 2)

    def test_template_asks_for_the_formats_that_gitlab_reads(self):
        self.put("tests/one.yaml", SPEC)
        self.writes_formats()
        code, log = self.run_job(self.load(spec="tests/one.yaml")["cmtest"])
        self.assertEqual(code, 0, log)
        self.assertIn("gitlab to cmtest-out/gl-code-quality-report.json\n", log)
        self.assertIn("dotenv to cmtest-out/cmtest.env\n", log)

    def variables(self, job):
        """What the dotenv report gives to later jobs."""
        path = os.path.join(self.workspace, job["artifacts"]["reports"]["dotenv"])
        with open(path, encoding="utf-8") as file:
            return dict(line.rstrip("\n").split("=", 1) for line in file)

    def test_template_leaves_what_gitlab_reads_of_the_real_program(self):
        self.turns_flaky()
        job = self.load(spec="tests/one.yaml", args="--retries 1")["cmtest"]
        code, log = self.run_job(job)
        self.assertEqual(code, 0, log)
        self.assert_reports(job)
        self.assertEqual(self.variables(job)["CMTEST_RESULT_FLAKY"], "1")
        self.put("tests/one.yaml", MANY)
        self.put("tests/two.yaml", FAILS)
        self.starves()
        job = self.load(spec="tests/*.yaml", args="--fail-fast")["cmtest"]
        code, log = self.run_job(job)
        self.assertEqual(code, 5, log)
        self.assert_reports(job)
        found = self.variables(job)
        self.assertEqual(found["CMTEST_RESULT_VERDICT"], "inconclusive")
        self.assertEqual(found["CMTEST_RESULT_SKIPPED"], "1")

    def test_variables_of_a_job_are_no_options_of_the_next(self):
        self.put("tests/one.yaml", SPEC)
        job = self.load(spec="tests/one.yaml")["cmtest"]
        self.assertEqual(self.run_job(job)[0], 0)
        found = self.variables(job)
        commands = ("run", "report", "compare", "plan", "validate", "list", "explain", "init")
        known = set()
        for command in commands:
            done = subprocess.run(
                [self.program, "help", command], capture_output=True, text=True, check=True
            )
            for line in re.findall(r"(?m)^  (CMTEST_[A-Z_ ]+)$", done.stdout):
                known.update(line.split())
        self.assertIn("CMTEST_RETRIES", known)
        self.assertFalse(known & set(found))
        for name in found:
            self.assertTrue(name.startswith("CMTEST_RESULT_"), name)
        done = subprocess.run(
            [self.program, "validate", "tests/one.yaml"],
            cwd=self.workspace, env=self.environment(found), capture_output=True, text=True,
            check=True,
        )
        self.assertNotIn("variable", done.stderr)

    def test_template_publishes_the_index_of_a_suite(self):
        self.put("tests/one.yaml", SPEC)
        self.put("tests/two.yaml", FAILS)
        jobs = self.load(spec="tests/*.yaml", pages="true")
        self.assertEqual(self.run_job(jobs["cmtest"])[0], 1)
        code, log = self.run_job(jobs["pages"])
        self.assertEqual(code, 0, log)
        with open(os.path.join(self.workspace, "public", "index.html"), encoding="utf-8") as file:
            links = re.findall(r'href="\./([^"]+)"', file.read())
        self.assertEqual(links, ["two/report.html", "one/report.html"])
        for link in links:
            self.assertTrue(os.path.isfile(os.path.join(self.workspace, "public", link)), link)

    def test_template_publishes_the_html_reports_when_asked(self):
        jobs = self.load(spec="tests/one.yaml", pages="true")
        self.assertIn('"true" == "true"', jobs["pages"]["rules"][0]["if"])
        self.assertIn('"false" == "true"', self.load(spec="x")["pages"]["rules"][0]["if"])
        for folder in ("cmtest-out", "cmtest-out/a case"):
            os.makedirs(os.path.join(self.workspace, folder))
            self.put(f"{folder}/report.html", "<html>")
        code, log = self.run_job(jobs["pages"])
        self.assertEqual(code, 0, log)
        for name in ("public/index.html", "public/a case/index.html"):
            self.assertTrue(os.path.exists(os.path.join(self.workspace, name)), name)
        os.unlink(os.path.join(self.workspace, "cmtest-out/report.html"))
        shutil.rmtree(os.path.join(self.workspace, "cmtest-out/a case"))
        self.assertNotEqual(self.run_job(jobs["pages"])[0], 0)


class SnippetTest(Action):
    """What README.md tells to copy."""

    def snippets(self, language, word):
        """The blocks of that language which have the word."""
        with open(os.path.join(program.ROOT, "README.md"), encoding="utf-8") as file:
            blocks = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", file.read())
        found = [block for block in blocks if word in block]
        self.assertTrue(found, word)
        return found

    def test_readme_has_an_action_that_runs(self):
        self.put("tests/one.yaml", SPEC)
        for block in self.snippets("yaml", "uses:"):
            for job in yaml.safe_load(block)["jobs"].values():
                steps = [step for step in job["steps"] if "/ci/github@" in step.get("uses", "")]
                self.assertEqual(len(steps), 1)
                given = {k.replace("-", "_"): str(v) for k, v in steps[0]["with"].items()}
                version = given.pop("version")
                self.assertEqual(version, steps[0]["uses"].split("@v")[1])
                with open(os.path.join(program.ROOT, "CMakeLists.txt"), encoding="utf-8") as file:
                    self.assertIn(f"VERSION {version} ", file.read())
                self.assert_ended(self.act(**given), 0, "pass")

    def test_readme_has_inputs_of_the_template(self):
        for block in self.snippets("yaml", "include:"):
            for row in yaml.safe_load(block)["include"]:
                self.assertTrue(os.path.isfile(os.path.join(program.ROOT, row["file"])))
                GitLabTest.load(
                    self, **{k.replace("-", "_"): str(v) for k, v in row["inputs"].items()}
                )

    def test_readme_and_jenkinsfile_have_a_command_that_runs(self):
        with open(JENKINS, encoding="utf-8") as file:
            text = file.read()
        for block in self.snippets("groovy", "sh("):
            self.assertIn(block.strip(), text)
        # No parser of Groovy is at hand: at least every bracket has its partner.
        code = re.sub(r"'[^']*'|\"[^\"]*\"|//.*", "", text)
        stack = []
        for each in re.findall(r"[][(){}]", code):
            if each in "([{":
                stack.append(each)
            else:
                self.assertEqual(stack.pop() + each in ("()", "[]", "{}"), True)
        self.assertEqual(stack, [])
        self.put("tests/gate.yaml", SPEC)
        command = re.search(r"sh\(script: '([^']*)'", text)[1]
        subprocess.run(
            ["sh", "-c", command],
            cwd=self.workspace,
            env=self.environment({}),
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for pattern in re.findall(r"(?:testResults|artifacts): '([^']*)'", text):
            self.assertTrue(pattern.startswith("cmtest-out/"), pattern)
        self.assertTrue(os.path.exists(os.path.join(self.workspace, "cmtest-out", "junit.xml")))


if __name__ == "__main__":
    program.main()
