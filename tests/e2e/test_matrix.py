#!/usr/bin/python3
"""A spec with a matrix as a user meets it: several cases, one exit code."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

SPEC = """cmtest: 1
name: Both
include: common.yaml
matrix:
  codec: [pcma, pcmu]
groups:
  agents: {}
  callers: { call: agents }
duration: ${vars.length}
thresholds:
  - calls.success_rate >= ${env.SUCCESS:-100%}
"""
COMMON = """vars: { length: 1s, phones: 1 }
defaults:
  registrar: embedded
  endpoints: ${vars.phones}
  audio: { codecs: ["${matrix.codec}"] }
"""


class MatrixTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("both.yaml", SPEC)
        self.write("common.yaml", COMMON)

    def test_every_case_runs_into_a_folder_of_its_own(self):
        run = self.start("run", "both.yaml", "--out", "out", "--quiet")
        run.wait()
        self.assert_exit(run, program.PASS)
        self.assertIn("Both [codec=pcma]", run.stdout)
        self.assertIn("Both [codec=pcmu]", run.stdout)
        self.assertIn("PASS  2 runs: 2 passed", run.stdout)
        for case in ("codec=pcma", "codec=pcmu"):
            self.assertTrue(os.path.exists(os.path.join(self.folder, "out", case, "result.json")))
        self.assertTrue(os.path.exists(os.path.join(self.folder, "out", "junit.xml")))

    def test_the_exit_code_is_that_of_the_worst_case(self):
        run = self.start("run", "both.yaml", "--out", "out", "--quiet", "--set",
                         "thresholds=[\"receive.packets.max < ${vars.most}\"]", "--set",
                         "vars.most=1")
        run.wait()
        self.assert_exit(run, program.FAIL)
        self.assertIn("FAIL  2 runs: 2 failed", run.stdout)

    def test_validate_counts_the_cases(self):
        run = self.start("validate", "both.yaml", "-s", "phones=3")
        run.wait()
        self.assert_exit(run, program.PASS)
        self.assertIn("2 cases with together 12 endpoints", run.stdout)

    def test_a_wrong_setting_is_shown_where_it_stands(self):
        run = self.start("validate", "both.yaml", "--set", "length=5")
        run.wait()
        self.assert_exit(run, program.BAD_SPEC)
        self.assertIn("bad-duration", run.stderr)

    def test_a_secret_of_the_environment_is_not_shown(self):
        run = self.start("validate", "both.yaml",
                         environment={"SUCCESS": "topsecret"})
        run.wait()
        self.assert_exit(run, program.BAD_SPEC)
        self.assertNotIn("topsecret", run.stdout + run.stderr)


if __name__ == "__main__":
    program.main()
