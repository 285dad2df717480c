#!/usr/bin/python3
"""Where the value of an option comes from: command line, variables, config files."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

SPEC = """cmtest: 1
name: Quick
tags: [smoke]
groups:
  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [pcma] } }
  callers: { registrar: embedded, endpoints: 1, call: agents, audio: { codecs: [pcma] } }
duration: 200ms
"""


class ConfigTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("a.yaml", SPEC)
        self.home = {"HOME": os.path.join(self.folder, "home"), "XDG_CONFIG_HOME": ""}
        os.makedirs(os.path.join(self.folder, "home", ".config", "cmtest"))

    def user_file(self, text):
        self.write(os.path.join("home", ".config", "cmtest", "config.yaml"), text)

    def cmtest(self, *arguments, **variables):
        run = self.start(*arguments, environment=dict(self.home, **variables))
        run.wait()
        return run

    def wrote(self, folder):
        return os.path.exists(os.path.join(self.folder, folder, "result.json"))

    def refused(self, *told, **variables):
        run = self.cmtest("run", "a.yaml", **variables)
        self.assert_exit(run, program.USAGE)
        self.assertEqual(run.stdout, "")
        for text in told:
            self.assertIn(text, run.stderr)
        self.assertFalse(self.wrote("cmtest-out"))
        return run

    def test_each_origin_goes_over_the_one_below(self):
        self.user_file("out: of-user\n")
        self.assert_exit(self.cmtest("run", "a.yaml", "-q"), program.PASS)
        self.assertTrue(self.wrote("of-user"))
        self.write(".cmtest.yaml", "out: of-project\nrun: { quiet: true }\n")
        run = self.cmtest("run", "a.yaml")
        self.assertTrue(self.wrote("of-project"))
        self.assertEqual(run.stderr, "")
        self.cmtest("run", "a.yaml", CMTEST_OUT="of-variable")
        self.assertTrue(self.wrote("of-variable"))
        self.cmtest("run", "a.yaml", "--out", "of-line", CMTEST_OUT="of-nobody")
        self.assertTrue(self.wrote("of-line"))
        self.assertFalse(self.wrote("of-nobody"))

    def test_the_section_of_a_command_goes_over_the_top(self):
        self.write(".cmtest.yaml", "run:\n  out: mine\nout: all\nvalidate: { quiet: yes }\n")
        self.assert_exit(self.cmtest("run", "a.yaml", "-q"), program.PASS)
        self.assertTrue(self.wrote("mine"))
        self.assertEqual(self.cmtest("validate", "a.yaml").stdout, "")

    def test_the_file_is_found_from_below_up_to_the_repository(self):
        os.makedirs(os.path.join(self.folder, "repository", "deep", "er"))
        self.write(".cmtest.yaml", "nonsense: 1\n")
        deep = os.path.join(self.folder, "repository", "deep", "er")
        os.mkdir(os.path.join(self.folder, "repository", ".git"))
        self.write(os.path.join("repository", ".cmtest.yaml"), "run: { tag: nosuch }\n")
        folder, self.folder = self.folder, deep
        try:
            run = self.cmtest("run", os.path.join(folder, "a.yaml"))
            self.assert_exit(run, program.USAGE)
            self.assertIn("none of the 1 case fits", run.stderr)
        finally:
            self.folder = folder

    def test_what_is_wrong_in_a_file_is_shown_with_its_place(self):
        self.write(".cmtest.yaml", "retries: two\nrun:\n  tga: [x]\n  timeout: [1s, 2s]\nrnu: {}\n"
                                   "rnu2: { out: x }\n")
        self.refused(".cmtest.yaml:1:10: error", "wants a whole number", ".cmtest.yaml:3:3: error",
                     'did you mean "tag"', "timeout has one value", "1 | retries: two")

    def test_a_secret_in_a_file_is_refused_and_not_shown(self):
        self.write(".cmtest.yaml", "api-key: Hush-77-kQ7z\n")
        run = self.refused("secrets do not belong into this file")
        self.assertNotIn("Hush-77-kQ7z", run.stderr)

    def test_a_file_cannot_allow_commands(self):
        self.write(".cmtest.yaml", "allow-exec: true\n")
        self.refused("allow-exec is for who runs it to say")

    def test_a_file_that_is_no_yaml_is_refused(self):
        self.write(".cmtest.yaml", "run: [\n")
        self.refused(".cmtest.yaml:")

    def test_a_file_can_be_named_or_left_out(self):
        self.write(".cmtest.yaml", "nonsense: 1\n")
        self.refused("nothere.yaml", CMTEST_CONFIG="nothere.yaml")
        self.write("other.yaml", "out: of-other\nquiet: true\n")
        self.assert_exit(self.cmtest("run", "a.yaml", CMTEST_CONFIG="other.yaml"), program.PASS)
        self.assertTrue(self.wrote("of-other"))
        self.assert_exit(self.cmtest("run", "a.yaml", CMTEST_CONFIG=""), program.PASS)

    def test_a_variable_that_is_nearly_one_is_told(self):
        run = self.cmtest("run", "a.yaml", CMTEST_RETIRES="2", CMTEST_API_KEY="x", CMTEST_LAB="y")
        self.assert_exit(run, program.PASS)
        self.assertIn("CMTEST_RETIRES is not known; did you mean CMTEST_RETRIES?", run.stderr)
        self.assertNotIn("CMTEST_API_KEY", run.stderr)
        self.assertNotIn("CMTEST_LAB", run.stderr)

    def test_a_variable_with_a_wrong_value_is_refused(self):
        self.refused("CMTEST_QUIET wants true", CMTEST_QUIET="maybe")
        self.refused("CMTEST_RUN_TIMEOUT wants a duration", CMTEST_RUN_TIMEOUT="90")

    def test_help_shows_the_variables(self):
        run = self.cmtest("run", "--help")
        for name in ("CMTEST_FAIL_FAST", "CMTEST_SHARD", ".cmtest.yaml"):
            self.assertIn(name, run.stdout)

    def test_color_is_asked_for_or_refused(self):
        always = self.cmtest("run", "a.yaml", "-q", "--color=always", NO_COLOR="1")
        self.assertIn("\x1b[", always.stdout)
        for arguments, variables in ((("--color=never",), {"FORCE_COLOR": "1"}),
                                     ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"})):
            run = self.cmtest("run", "a.yaml", "-q", *arguments, **variables)
            self.assertNotIn("\x1b[", run.stdout)
        self.assertIn("\x1b[", self.cmtest("run", "a.yaml", "-q", NO_COLOR="", FORCE_COLOR="1").stdout)


if __name__ == "__main__":
    program.main()
