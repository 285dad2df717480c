#!/usr/bin/env python3
"""Checks reports with eyes that are not ours.

    check_schema.py SCHEMA FILE...

FILE.json is validated against SCHEMA (draft-07); of FILE.xml the JUnit rules are checked that CI
servers rely on: well-formed, one level of suites, unique names, counts that add up.
"""
import json
import sys
import xml.etree.ElementTree as ElementTree

import jsonschema


def check_json(validator, path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file, parse_constant=lambda word: sys.exit(f"{path}: {word}"))
    errors = [
        f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in validator.iter_errors(document)
    ]
    for endpoint in document.get("endpoints", []):
        for direction in ("receive", "send"):
            columns = endpoint.get(direction) or {}
            if len({len(column) for column in columns.values()}) > 1:
                errors.append(f"{path}: {endpoint['name']}.{direction}: columns differ in length")
    return errors


def check_junit(path):
    root = ElementTree.parse(path).getroot()
    errors = [] if root.tag == "testsuites" else [f"{path}: the root is {root.tag}"]
    total = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    names = set()
    for suite in root:
        cases = suite.findall("testcase")
        found = {
            "tests": len(cases),
            "failures": sum(case.find("failure") is not None for case in cases),
            "errors": sum(case.find("error") is not None for case in cases),
            "skipped": sum(case.find("skipped") is not None for case in cases),
        }
        for key, number in found.items():
            total[key] += number
            if suite.get(key) != str(number):
                errors.append(f"{path}: {suite.get('name')}: {key} is not {number}")
        if suite.find("testsuite") is not None:
            errors.append(f"{path}: {suite.get('name')} holds another suite")
        for case in cases:
            name = (case.get("classname"), case.get("name"))
            if name in names:
                errors.append(f"{path}: {name} appears twice")
            names.add(name)
            for ending in case.findall("failure") + case.findall("error"):
                if not (ending.text or "").startswith(ending.get("message").split("\n")[0]):
                    errors.append(f"{path}: {name}: the text does not begin with the message")
    for key, number in total.items():
        if root.get(key) != str(number):
            errors.append(f"{path}: {key} of the root is not {number}")
    return errors


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    errors = []
    for path in sys.argv[2:]:
        errors += check_junit(path) if path.endswith(".xml") else check_json(validator, path)
    print("\n".join(errors[:50]) or f"{len(sys.argv) - 2} files are well")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
