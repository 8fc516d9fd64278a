#!/usr/bin/python3
"""tests/lint/form_schema.py SOURCE TALENT: survey/forms/form.schema.json is what the program prints, takes every shipped
form, and refuses of tests/data/forms/bent.json exactly what a schema can see. tests/survey/test_form.c holds the same table
against the loader: so the two cannot drift apart."""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

source, talent = pathlib.Path(sys.argv[1]), sys.argv[2]
failed = False


def complain(text):
    global failed
    failed = True
    print(text)


def bend(sound, bent):
    form = copy.deepcopy(sound)
    *way, last = bent["at"][1:].split("/")
    parent = form
    for step in way:
        parent = parent[int(step)] if isinstance(parent, list) else parent[step]
    if isinstance(parent, list):
        parent[int(last)] = bent["put"]
    elif "put" in bent:
        parent[last] = bent["put"]
    else:
        del parent[last]
    return form


shipped = source / "survey/forms/form.schema.json"
with tempfile.TemporaryDirectory() as home:
    printed = subprocess.run([talent, "--home", home, "survey", "form", "--schema"], capture_output=True, check=True).stdout
if printed != shipped.read_bytes():
    complain(f"{shipped} is not what 'talent survey form --schema' prints: ./run readme renews it")
schema = json.loads(printed)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

forms = [path for path in sorted(shipped.parent.glob("*.json")) if path != shipped]
for path in forms:
    for error in validator.iter_errors(json.loads(path.read_text())):
        complain(f"{path}: {error.json_path}: {error.message}")

table = json.loads((source / "tests/data/forms/bent.json").read_text())
for error in validator.iter_errors(table["sound"]):
    complain(f"the sound form: {error.json_path}: {error.message}")
for bent in table["bent"]:
    refused = not validator.is_valid(bend(table["sound"], bent))
    if refused != bent["schema"]:
        complain(f"{bent['says']}: the schema {'refuses' if refused else 'takes'} it")

print(f"{len(forms)} forms, {len(table['bent'])} bent ones")
if len(forms) < 3 or len(table["bent"]) < 30:
    complain("too little was looked at")
sys.exit(failed)
