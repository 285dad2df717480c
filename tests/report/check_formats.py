#!/usr/bin/env python3
"""Reads reports as those do for whom they are written.

    check_formats.py SCHEMAS FILE...

SCHEMAS holds result.schema.json and summary.schema.json. What reads a file follows from the end of
its name: *.junit.xml xmllint with junit.xsd, *.summary.json and *.result.json jsonschema,
*.sarif the subset of SARIF 2.1.0 that GitHub asks for, *.metrics.txt the parser of the Prometheus
client, *.tap Perl's TAP::Parser, *.md cmark-gfm, and *.env, *.output, *.github, *.gitlab.json the
rules of GitLab and GitHub, written down here.
"""
import html.parser
import json
import os
import re
import subprocess
import sys

import jsonschema
from prometheus_client.openmetrics import parser as openmetrics

HERE = os.path.dirname(os.path.abspath(__file__))


class Wrong(Exception):
    pass


def check(condition, words):
    if not condition:
        raise Wrong(words)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def junit(path):
    run = subprocess.run(
        ["xmllint", "--noout", "--nonet", "--schema", os.path.join(HERE, "junit.xsd"), path],
        capture_output=True, text=True, check=False)
    check(run.returncode == 0, run.stderr[:1000])


def by_schema(name):
    def validate(path):
        with open(os.path.join(sys.argv[1], name), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft7Validator.check_schema(schema)
        for error in jsonschema.Draft7Validator(schema).iter_errors(json.loads(read(path))):
            raise Wrong(f"{list(error.absolute_path)}: {error.message[:300]}")
    return validate


TEXT = {"type": "object", "required": ["text"], "additionalProperties": False,
        "properties": {"text": {"type": "string", "minLength": 1}}}
# The keys that we use, and no others, as section 3 of the standard has them.
SARIF = {
    "type": "object", "required": ["$schema", "version", "runs"], "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"}, "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 20, "items": {
            "type": "object", "required": ["tool", "results"], "additionalProperties": False,
            "properties": {
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
                    "type": "object", "required": ["name", "version", "rules"],
                    "properties": {"rules": {"type": "array", "uniqueItems": True, "items": {
                        "type": "object", "required": ["id"], "additionalProperties": False,
                        "properties": {"id": {"type": "string"}, "shortDescription": TEXT,
                                       "fullDescription": TEXT}}}}}}},
                "results": {"type": "array", "maxItems": 5000, "items": {
                    "type": "object", "additionalProperties": False,
                    "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
                    "properties": {
                        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer"},
                        "level": {"enum": ["none", "note", "warning", "error"]}, "message": TEXT,
                        "partialFingerprints": {"type": "object",
                                                "additionalProperties": {"type": "string"}},
                        "locations": {"type": "array", "minItems": 1, "items": {
                            "type": "object", "required": ["physicalLocation"],
                            "additionalProperties": False, "properties": {"physicalLocation": {
                                "type": "object", "required": ["artifactLocation", "region"],
                                "properties": {
                                    "artifactLocation": {"type": "object", "required": ["uri"],
                                                         "properties": {"uri": {
                                                             "type": "string",
                                                             "pattern": "^[-A-Za-z0-9._~/%:]+$"}}},
                                    "region": {"type": "object", "required": ["startLine"],
                                               "properties": {"startLine": {
                                                   "type": "integer", "minimum": 1}}}}}}}}}}}}}}}}


def sarif(path):
    document = json.loads(read(path))
    jsonschema.Draft7Validator(SARIF).validate(document)
    run = document["runs"][0]
    seen = set()
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        check(rule["id"] == result["ruleId"], f"{result['ruleId']} is not rule {rule['id']}")
        seen.add(tuple(result["partialFingerprints"].values()))
    check(len(seen) == len(run["results"]), "two fingerprints are the same")


def metrics(path):
    families = list(openmetrics.text_string_to_metric_families(read(path)))
    names = [family.name for family in families]
    check(len(set(names)) == len(names), "a family comes twice")
    series = [(sample.name, tuple(sorted(sample.labels.items())))
              for family in families for sample in family.samples]
    check(len(set(series)) == len(series), "a series comes twice")
    check("cmtest_verdict" in names, "no verdict")
    for family in families:
        check(family.samples, f"{family.name} has no sample")
        check(family.documentation, f"{family.name} has no help")
        check(family.unit or not re.search("_(seconds|ratio|bytes)$", family.name),
              f"{family.name} has no unit")


TAP = r"""
use strict; use warnings; use TAP::Parser;
local $/; open(my $file, '<:raw', $ARGV[0]) or die; my $all = <$file>;
$all =~ s/\ATAP version 14\n/TAP version 13\n/ or die "no version\n";
# The subtests are read one by one, as a document of their own.
my ($top, $sub, $count) = ('', '', 0);
sub parse { my ($tap) = @_; my $parser = TAP::Parser->new({tap => $tap}); $parser->run;
  die join("\n", $parser->parse_errors, $tap) if $parser->parse_errors; return $parser; }
for my $line (split /\n/, $all) {
  if ($line =~ /^    (.*)/) { $sub .= "$1\n"; next; }
  # What did not run has none.
  if ($line =~ /^ok .* # SKIP /) { die "a subtest of it\n" if $sub; $count++; $top .= "$line\n"; next; }
  if ($line =~ /^(not )?ok /) { my $bad = $1; my $inner = parse("TAP version 13\n$sub");
    die "a subtest and its result differ\n" if !!$bad != !!($inner->failed);
    $sub = ''; $count++; }
  $top .= "$line\n";
}
my $outer = parse($top); die "$count subtests\n" if $count != $outer->tests_run;
"""


def tap(path):
    run = subprocess.run(["perl", "-e", TAP, path], capture_output=True, text=True, check=False)
    check(run.returncode == 0, run.stderr[:1000])


class Page(html.parser.HTMLParser):
    """What is shown: text, and which elements there are."""

    def __init__(self):
        super().__init__()
        self.words, self.tags, self.stack, self.rows = "", [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in ("br", "hr", "img", "input"):
            self.stack.append(tag)
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1

    def handle_endtag(self, tag):
        check(self.stack and self.stack.pop() == tag, f"</{tag}> ends something else")

    def handle_data(self, data):
        self.words += data


def markdown(path):
    source = read(path)
    check(len(source.encode()) <= 1000000, "too large")
    check(all(ord(letter) < 0x1F000 for letter in source), "an emoji")
    check(not re.search("[\x00-\x08\x0b-\x1f\x7f]", source), "a control character")
    run = subprocess.run(
        ["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough",
         "-e", "tasklist"], input=source, capture_output=True, text=True, check=True)
    page = Page()
    page.feed(run.stdout)
    check(not page.stack, f"{page.stack} are not closed")
    allowed = {"h2", "h3", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td",
               "details", "summary", "ul", "ol", "li", "a"}
    check(set(page.tags) <= allowed, f"{set(page.tags) - allowed} come from somewhere")
    check("table" in page.tags, "no table")
    for link in re.findall('<a href="([^"]*)"', run.stdout):
        check(link.startswith("mailto:"), f"{link} became a link")
    check(set(page.rows) <= {5, 6}, f"rows of {set(page.rows)} cells")
    check("|---" not in page.words, "a table that is none")
    check(not re.search(r"(^|[^\w`])@\w", re.sub("<code>.*?</code>", "", run.stdout)),
          "a mention")


def dotenv(path):
    source = read(path)
    check(len(source.encode()) <= 5120, "too large")
    lines = source.split("\n")
    check(lines.pop() == "", "the last line has no end")
    check(len(lines) <= 50, "too many variables")
    keys = [line.split("=", 1)[0] for line in lines]
    check(len(set(keys)) == len(keys), "a key comes twice")
    for line in lines:
        check(re.fullmatch(r"[A-Z][A-Z0-9_]*=[^\x00-\x1f\x7f$]*", line), line)
    check(keys[0] == "CMTEST_RESULT_VERDICT", "no verdict")


def output(path):
    lines = read(path).split("\n")
    check(lines.pop() == "", "the last line has no end")
    values = {}
    while lines:
        line = lines.pop(0)
        heredoc = re.fullmatch(r"([a-z-]+)<<(\S+)", line)
        if heredoc:
            check(heredoc[2] in lines, f"{line} has no end")
            end = lines.index(heredoc[2])
            values[heredoc[1]], lines = "\n".join(lines[:end]), lines[end + 1:]
        else:
            check(re.fullmatch(r"[a-z-]+=.*", line), line)
            values.update([line.split("=", 1)])
    check(values["verdict"] in ("pass", "fail", "error", "inconclusive"), values["verdict"])


def github(path):
    kinds = []
    for line in read(path).splitlines():
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.+)", line)
        check(match, line)
        kinds.append(match[1])
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        check(set(properties) <= {"file", "line", "title"}, line)
        check(int(properties.get("line", 1)) > 0, line)
        for escaped in re.findall("%(..)?", match[2] + match[3]):
            check(escaped in ("25", "0A", "0D", "3A", "2C"), f"%{escaped}")
    check(kinds == sorted(kinds, key=["error", "warning", "notice"].index), "out of order")
    check(kinds.count("error") <= 10 and kinds.count("warning") <= 10, "too many")


def gitlab(path):
    issues = json.loads(read(path))
    prints = [issue["fingerprint"] for issue in issues]
    check(len(set(prints)) == len(prints), "two fingerprints are the same")
    for issue in issues:
        check(set(issue) == {"description", "check_name", "fingerprint", "severity", "location"},
              issue)
        check(issue["severity"] in ("info", "minor", "major", "critical", "blocker"), issue)
        check(issue["location"]["path"] and not issue["location"]["path"].startswith("./"), issue)
        check(issue["location"]["lines"]["begin"] >= 1, issue)


READERS = {
    ".junit.xml": junit, ".summary.json": by_schema("summary.schema.json"),
    ".result.json": by_schema("result.schema.json"), ".sarif": sarif, ".metrics.txt": metrics,
    ".tap": tap, ".md": markdown, ".env": dotenv, ".output": output, ".github": github,
    ".gitlab.json": gitlab,
}


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    wrong = 0
    for path in sys.argv[2:]:
        reader = next((READERS[end] for end in READERS if path.endswith(end)), None)
        try:
            check(reader, "nobody reads it")
            reader(path)
        except (Wrong, ValueError, KeyError, jsonschema.ValidationError) as error:
            wrong += 1
            print(f"{path}: {str(error)[:1500]}")
    print(f"{len(sys.argv) - 2} files, {wrong} of them wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
