#!/usr/bin/python3
"""What the program says: findings for programs, explanations, lists, and specs to begin with."""

import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

BAD = """
cmtest: 1
registrars:
  pbx: { domain: sip.example.com, accounts: [{ username: 1001, password: Hush-kQ7z }] }
groups:
  agents: { registrar: pbx, endpoints: 2, audio: { codecs: [opsu] } }
durration: 3s
"""
WARNED = """
cmtest: 1
groups:
  agents: { registrar: embedded, endpoints: 2 }
  callers: { registrar: embedded, endpoints: 1, call: agents }
duration: 1s
"""


class WordsTest(program.ProgramTest):
    """One command line after the other."""

    def call(self, code, *arguments):
        """Runs it to its end, by this exit code."""
        run = self.start(*arguments)
        run.wait()
        self.assert_exit(run, code)
        return run


class FormatTest(WordsTest):
    """validate --format."""

    def findings(self, name, text=BAD, code=program.BAD_SPEC, *options):
        """stdout of validate in that format; people still find all on stderr, but no password."""
        path = self.write("bad.yaml", text)
        run = self.call(code, "validate", os.path.basename(path), "--format", name, *options)
        for output in (run.stdout, run.stderr):
            self.assertNotIn("Hush", output)
        if code:
            self.assertIn("bad.yaml:", run.stderr)
        return run.stdout

    def test_json_tells_all(self):
        document = json.loads(self.findings("json"))
        self.assertEqual(document["schema"], "cmtest-diagnostics/1")
        self.assertEqual(document["path"], "bad.yaml")
        self.assertFalse(document["valid"])
        self.assertEqual(document["errors"], len(document["findings"]))
        codes = [finding["code"] for finding in document["findings"]]
        self.assertIn("unknown-codec", codes)
        self.assertIn("unknown-key", codes)
        codec = document["findings"][codes.index("unknown-codec")]
        place = codec["range"]
        line = BAD.split("\n")[place["line"] - 1]
        self.assertEqual(line[place["column"] - 1 : place["endColumn"] - 1], "opsu")

    def test_sarif_has_what_its_readers_need(self):
        document = json.loads(self.findings("sarif"))
        self.assertEqual(document["version"], "2.1.0")
        self.assertIn("sarif", document["$schema"])
        (run,) = document["runs"]
        self.assertEqual(run["columnKind"], "unicodeCodePoints")
        driver = run["tool"]["driver"]
        self.assertEqual(driver["name"], "cmtest")
        rules = driver["rules"]
        self.assertEqual(len({rule["id"] for rule in rules}), len(rules))
        for rule in rules:
            self.assertNotEqual(rule["shortDescription"]["text"], "")
            self.assertNotEqual(rule["help"]["text"], "")
            self.assertIn(rule["defaultConfiguration"]["level"], ("error", "warning"))
        self.assertGreaterEqual(len(run["results"]), 2)
        prints = set()
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            self.assertIn(result["level"], ("error", "warning"))
            self.assertNotEqual(result["message"]["text"], "")
            (location,) = result["locations"]
            physical = location["physicalLocation"]
            self.assertEqual(physical["artifactLocation"]["uri"], "bad.yaml")
            region = physical["region"]
            self.assertGreaterEqual(region["startLine"], 1)
            self.assertGreater(region["endColumn"], region["startColumn"])
            prints.add(result["partialFingerprints"]["primaryLocationLineHash"])
        self.assertEqual(len(prints), len(run["results"]))

    def test_github_writes_only_commands(self):
        lines = self.findings("github").splitlines()
        self.assertGreaterEqual(len(lines), 2)
        for line in lines:
            self.assertRegex(line, r"^::error file=bad\.yaml,line=\d+(,\w+=[^,:]+)*::.")

    def test_gitlab_lists_issues(self):
        issues = json.loads(self.findings("gitlab"))
        self.assertGreaterEqual(len(issues), 2)
        for issue in issues:
            self.assertEqual(issue["location"]["path"], "bad.yaml")
            self.assertGreaterEqual(issue["location"]["lines"]["begin"], 1)
            self.assertIn(issue["severity"], ("info", "minor", "major", "critical", "blocker"))
            self.assertNotEqual(issue["description"], "")
            self.assertNotEqual(issue["check_name"], "")
        self.assertEqual(len({issue["fingerprint"] for issue in issues}), len(issues))

    def test_a_valid_spec_gives_a_document_too(self):
        fine = WARNED.replace("endpoints: 2", "endpoints: 1")
        self.assertEqual(json.loads(self.findings("gitlab", fine, program.PASS)), [])
        self.assertTrue(json.loads(self.findings("json", fine, program.PASS))["valid"])
        sarif = json.loads(self.findings("sarif", fine, program.PASS))
        self.assertEqual(sarif["runs"][0]["results"], [])
        self.assertEqual(self.findings("github", fine, program.PASS), "")

    def test_strict_makes_warnings_errors(self):
        path = self.write("spec.yaml", WARNED)
        run = self.call(program.PASS, "validate", path)
        self.assertIn("warning[uncalled-endpoints]", run.stderr)
        run = self.call(program.BAD_SPEC, "validate", path, "--strict")
        self.assertIn("error[uncalled-endpoints]", run.stderr)
        run = self.call(program.BAD_SPEC, "run", path, "--strict", "--out", "out")
        self.assertFalse(os.path.exists(run.out))

    def test_an_unknown_format_is_a_usage_error(self):
        path = self.write("spec.yaml", WARNED)
        run = self.call(program.USAGE, "validate", path, "--format", "sraif")
        self.assertIn("sarif", run.stderr)


class ExplainTest(WordsTest):
    """explain."""

    def test_a_code_is_explained_with_both_examples(self):
        run = self.call(program.PASS, "explain", "unknown-codec")
        self.assertIn("error[unknown-codec]", run.stdout)
        self.assertIn("Wrong:", run.stdout)
        self.assertIn("Right:", run.stdout)
        self.assertLessEqual(max(len(line) for line in run.stdout.splitlines()), 100)

    def test_all_codes_are_listed_without_one(self):
        listed = self.call(program.PASS, "explain").stdout
        rows = json.loads(self.call(program.PASS, "list", "errors", "--json").stdout)["rows"]
        self.assertGreater(len(rows), 50)
        for row in rows:
            self.assertRegex(listed, rf"(?m)^{row['code']} ")

    def test_every_action_and_trigger_is_explained_with_its_keys(self):
        for topic, word in (("actions", "action"), ("triggers", "trigger")):
            rows = json.loads(self.call(program.PASS, "list", topic, "--json").stdout)["rows"]
            self.assertGreater(len(rows), 10)
            for row in rows:
                shown = self.call(program.PASS, "explain", row["name"]).stdout
                self.assertTrue(shown.startswith(f"{word} {row['name']}"), shown)
                self.assertLessEqual(max(len(line) for line in shown.splitlines()), 100)
                for key in (row["keys"] or "").replace(",", "").split():
                    self.assertRegex(shown, rf"(?m)^  {key} ")

    def test_an_unknown_code_is_a_usage_error_and_the_nearest_is_named(self):
        run = self.call(program.USAGE, "explain", "unknown-codek")
        self.assertEqual(run.stdout, "")
        self.assertIn("unknown-codec", run.stderr)


class ListTest(WordsTest):
    """list."""

    def topics(self):
        """Their names."""
        rows = json.loads(self.call(program.PASS, "list", "--json").stdout)["rows"]
        return [row["name"] for row in rows]

    def test_every_topic_can_be_listed_both_ways(self):
        wanted = {"fields", "codecs", "metrics", "actions", "triggers", "formats", "errors"}
        self.assertLessEqual(wanted, set(self.topics()))
        for topic in self.topics():
            text = self.call(program.PASS, "list", topic).stdout
            document = json.loads(self.call(program.PASS, "list", topic, "--json").stdout)
            self.assertEqual(document["topic"], topic)
            self.assertGreater(len(document["rows"]), 1)
            for row in document["rows"]:
                self.assertIn(next(iter(row.values())), text)

    def test_fields_have_their_default_and_meaning(self):
        rows = json.loads(self.call(program.PASS, "list", "fields", "--json").stdout)["rows"]
        fields = {row["path"]: row for row in rows}
        self.assertEqual(fields["groups.<name>.registrar"]["given"], "required")
        self.assertEqual(fields["buildup"]["default"], "0s")
        self.assertEqual(fields["buildup"]["type"], "duration")
        for path, row in fields.items():
            self.assertTrue(row["help"], path)

    def test_an_unknown_topic_is_a_usage_error(self):
        run = self.call(program.USAGE, "list", "codec")
        self.assertIn("codecs", run.stderr)

    def test_help_names_the_topics(self):
        run = self.call(program.PASS, "help", "list")
        for topic in self.topics():
            self.assertIn(topic, run.stdout)


class InitTest(WordsTest):
    """init."""

    def test_each_template_is_written_and_valid(self):
        help_text = self.call(program.PASS, "init", "--help").stdout
        names = re.findall(r"(?m)^  ([a-z]+) ", help_text.split("Templates:")[1])
        self.assertLessEqual({"quickstart", "registrar", "uri", "answer"}, set(names))
        for name in names:
            path = os.path.join(self.folder, f"{name}.yaml")
            self.call(program.PASS, "init", name, "--out", path)
            self.call(program.PASS, "validate", path, "--strict")

    def test_what_is_there_is_never_overwritten(self):
        path = self.write("cmtest.yaml", "mine\n")
        run = self.call(program.USAGE, "init")
        self.assertIn("cmtest.yaml", run.stderr)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine\n")

    def test_the_usual_template_passes(self):
        self.call(program.PASS, "init")
        run = self.start("run", "cmtest.yaml", "--out", "out")
        run.wait()
        self.assert_exit(run, program.PASS)

    def test_an_unknown_template_is_a_usage_error(self):
        run = self.call(program.USAGE, "init", "quikstart")
        self.assertIn("quickstart", run.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "cmtest.yaml")))

    def test_a_folder_that_is_not_there_is_named(self):
        run = self.call(program.ENVIRONMENT, "init", "--out", "no/such/file.yaml")
        self.assertIn("no/such/file.yaml", run.stderr)


class HelpTest(WordsTest):
    """help."""

    def test_every_command_is_listed_once_and_explains_itself(self):
        out = subprocess.run([self.program, "help"], stdout=subprocess.PIPE, check=True).stdout
        names = re.findall(r"(?m)^  ([a-z]+) {2,}\S", out.decode())
        self.assertLessEqual({"run", "validate", "list", "explain", "init", "version"}, set(names))
        self.assertEqual(len(names), len(set(names)))
        for name in names:
            run = self.call(program.PASS, "help", name)
            # A subject to read about leads on to others.
            self.assertRegex(run.stdout, f"Usage: cmtest {name}|\nNext: ")
            self.assertEqual(run.stderr, "")


if __name__ == "__main__":
    program.main()
