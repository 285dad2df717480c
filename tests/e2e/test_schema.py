#!/usr/bin/python3
"""The JSON Schema of a spec: what is checked in is what the program prints, and it agrees with
`cmtest validate` wherever form is concerned.

UPDATE_GOLDEN=1 in the environment writes schema/cmtest.schema.json anew; read the difference.
"""

import glob
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import jsonschema  # noqa: E402
import yaml  # noqa: E402

import program  # noqa: E402

EXAMPLES = os.path.join(program.ROOT, "examples")
BAD = os.path.join(program.ROOT, "tests", "specs", "bad")
SCHEMA = os.path.join(program.ROOT, "schema", "cmtest.schema.json")

# Found before there is a document that a schema could look at.
TEXT = {
    "alias-bomb", "bad-merge", "cannot-read", "control-character", "duplicate-key", "empty-file",
    "not-a-mapping", "not-utf8", "password-swallowed", "recursive-alias", "several-documents",
    "syntax", "tab", "too-deep", "too-large", "too-many-values", "unknown-alias", "unknown-tag",
}
# Form: a spec with one of these must be refused by the schema, too.
FORM = {
    "bad-bitrate", "bad-duration", "bad-name", "bad-percent", "bad-rate", "bad-resolution",
    "choose-one", "empty-value", "needs-key", "too-long", "unknown-action", "unknown-codec",
    "unknown-connections", "unknown-digest", "unknown-direction", "unknown-distribution",
    "unknown-dscp", "unknown-event", "unknown-keepalive", "unknown-key", "unknown-media-state",
    "unknown-method", "unknown-mode", "unknown-outcome", "unknown-policy", "unknown-presence",
    "unknown-refresher",
    "unknown-security", "unknown-severity", "unknown-sound", "unknown-start", "unknown-suite",
    "unknown-times",
    "unknown-track", "unknown-transport", "unknown-verify", "unknown-way", "wrong-type",
    "wrong-version",
}
# Partly form. A schema can tell the range of an integer or of a list, not that of a duration, nor
# that 9..1 runs backwards; what is missing in general, not what a registrar that is not ours needs.
UNDECIDED = {"bad-range", "missing-key", "out-of-range", "unknown-phase", "unknown-source"}


class Loader(yaml.SafeLoader):
    """Takes scalars for what cmtest takes them for (YAML 1.2, core schema): yes, no and on are
    texts, as is 010, which one reader would take for eight and another for ten."""

    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}

    def construct_yaml_map(self, node):
        value = {}
        yield value
        value.update(self.construct_mapping(node))

    def construct_whole(self, node):
        return int(node.value, 0)


def add(tag, pattern, first):
    """A plain scalar that matches has this tag."""
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


add("merge", "^<<$", ["<"])
add("null", "^(~|null|Null|NULL|)$", ["~", "n", "N", ""])
add("bool", "^(true|True|TRUE|false|False|FALSE)$", list("tTfF"))
add("int", "^([-+]?(0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789"))
add("float", r"^[-+]?(0|[1-9][0-9]*)(\.[0-9]+)([eE][-+]?[0-9]+)?$", list("-+0123456789"))
Loader.add_constructor("tag:yaml.org,2002:map", Loader.construct_yaml_map)
Loader.add_constructor("tag:yaml.org,2002:int", Loader.construct_whole)


def load(path):
    """A spec as plain Python values."""
    with open(path, encoding="utf-8-sig") as file:
        return yaml.load(file, Loader)


class SchemaTest(program.ProgramTest):
    """The schemas that the program prints."""

    def printed(self, *arguments):
        """What `cmtest schema` prints."""
        run = self.start("schema", *arguments)
        run.wait()
        self.assert_exit(run, program.PASS)
        self.assertEqual(run.stderr, "")
        return run.stdout

    def validator(self):
        """Of a spec, by what the program prints."""
        return jsonschema.Draft7Validator(json.loads(self.printed()))

    def codes(self, folder):
        """The codes of the errors of `cmtest validate` for each spec of a folder, all at once."""
        names = sorted(os.path.basename(path) for path in glob.glob(os.path.join(folder, "*.yaml")))
        done = subprocess.run([self.program, "validate", *names], cwd=folder, capture_output=True,
                              text=True, timeout=program.HANGS, check=False)
        self.assertEqual(done.returncode, program.BAD_SPEC, done.stderr)
        found, codes = {}, set()
        for line in done.stderr.splitlines():
            codes |= set(re.findall(r": error\[([a-z0-9-]+)\]", line))
            # What closes the findings of a spec that has errors.
            closing = re.fullmatch(r"(\S+): \d+ errors?\b.*; nothing was sent", line)
            if closing:
                found[closing[1]], codes = codes, set()
        self.assertEqual(codes, set())
        self.assertGreater(len(found), 30)
        self.assertLessEqual(set(found), set(names))
        return {name: found.get(name, set()) for name in names}

    def test_schema_that_is_checked_in_is_the_one_that_is_printed(self):
        text = self.printed("spec")
        self.assertEqual(text, self.printed())
        if "UPDATE_GOLDEN" in os.environ:
            with open(SCHEMA, "w", encoding="utf-8") as file:
                file.write(text)
        with open(SCHEMA, encoding="utf-8") as file:
            self.assertTrue(file.read() == text, f"{SCHEMA} is not what cmtest schema prints; "
                            "UPDATE_GOLDEN=1 writes it")

    def test_schema_of_results_is_the_one_that_is_checked_in(self):
        with open(os.path.join(program.ROOT, "schema", "result.schema.json"),
                  encoding="utf-8") as file:
            self.assertEqual(file.read(), self.printed("result"))

    def test_schema_that_is_not_there_is_a_usage_error(self):
        run = self.start("schema", "sepc")
        run.wait()
        self.assert_exit(run, program.USAGE)
        self.assertIn('did you mean "spec"?', run.stderr)

    def test_schema_is_draft_07(self):
        schema = json.loads(self.printed())
        self.assertEqual(schema["$schema"], "http://json-schema.org/draft-07/schema#")
        jsonschema.Draft7Validator.check_schema(schema)

    def parts(self, schema, path="#"):
        """(path, part) of every part of a schema that has a title."""
        if isinstance(schema, dict):
            if "title" in schema and isinstance(schema["title"], str):
                yield path, schema
            for key, value in schema.items():
                yield from self.parts(value, f"{path}/{key}")
        elif isinstance(schema, list):
            for index, value in enumerate(schema):
                yield from self.parts(value, f"{path}/{index}")

    def test_every_part_is_described_and_its_examples_and_default_fit_it(self):
        schema = json.loads(self.printed())
        resolver = jsonschema.RefResolver.from_schema(schema)
        count = 0
        for path, part in self.parts(schema):
            self.assertTrue(part.get("description"), path)
            values = part.get("examples", []) + ([part["default"]] if "default" in part else [])
            checker = jsonschema.Draft7Validator(part, resolver=resolver)
            for value in values:
                errors = [error.message for error in checker.iter_errors(value)]
                self.assertEqual(errors, [], path)
                count += 1
        self.assertGreater(count, 100)

    def test_schema_accepts_every_example(self):
        validator = self.validator()
        paths = sorted(glob.glob(os.path.join(EXAMPLES, "*.yaml")))
        self.assertGreater(len(paths), 0)
        for path in paths:
            errors = [f"{e.json_path}: {e.message[:300]}" for e in validator.iter_errors(load(path))]
            self.assertEqual(errors, [], path)

    def test_schema_and_program_agree_on_bad_specs(self):
        validator = self.validator()
        wrong, compared = [], 0
        for name, codes in self.codes(BAD).items():
            path = os.path.join(BAD, name)
            if codes & TEXT:
                continue
            errors = list(validator.iter_errors(load(path)))
            # What is wrong may show only when the expressions are replaced.
            with open(path, encoding="utf-8") as file:
                plain = "${" not in file.read()
            if codes & FORM and not errors and plain:
                wrong.append(f"{name}: accepted, but {sorted(codes & FORM)}")
            elif not codes & (FORM | UNDECIDED) and errors:
                wrong.append(f"{name}: {errors[0].json_path}: "
                             f"{errors[0].message[:200]}, but only {sorted(codes)}")
            compared += 1
        self.assertEqual(wrong, [])
        self.assertGreater(compared, 30)


if __name__ == "__main__":
    program.main()
