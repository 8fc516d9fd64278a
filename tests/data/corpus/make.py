#!/usr/bin/python3
"""Writes the corpus and corpus.def, the table of what becomes of each file.

Needs python3-openpyxl, python3-xlsxwriter and python3-xlwt. What LibreOffice wrote is kept as it is, because it
writes other bytes each time: `make.py --office` makes these files anew (libreoffice-calc).
An outcome is written here before the file is ever read: "form rows=accepted+quarantined | problems | notes |
normalised", files of an archive parted by "; ", or the error code with its text."""

import datetime
import os
import shutil
import subprocess
import sys
import tempfile

import openpyxl

from table import CASES, FOLDER, PEOPLE, TABLE

import books
import cells
import old
import packed
import texts


def office_sources(folder):
    """What LibreOffice is given to write in its own way."""
    def save(name, fill):
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        for row in TABLE:
            sheet.append(row)
        fill(sheet)
        workbook.save(os.path.join(folder, name + ".xlsx"))

    def dates(sheet):
        for line, person in enumerate(PEOPLE, 2):
            sheet.cell(line, 7).value = datetime.date.fromisoformat(person[6])
            sheet.cell(line, 7).number_format = "yyyy-mm-dd"
            sheet.cell(line, 10).value = int(person[9])

    def formulas(sheet):
        for line, person in enumerate(PEOPLE, 2):
            sheet.cell(line, 1).value = '="%s"&"%s"' % (person[0][:1], person[0][1:])
            sheet.cell(line, 10).value = "=%s+0" % person[9]
            sheet.cell(line, 7).value = "=DATE(%s,%s,%s)" % tuple(person[6].split("-"))
            sheet.cell(line, 7).number_format = "yyyy-mm-dd"

    def odd(sheet):
        sheet["G2"] = "=NA()"
        sheet["K1"] = "在莞有无自有居所"
        for line, value in ((2, "=TRUE()"), (3, False), (4, True)):
            sheet.cell(line, 11).value = value
        sheet.row_dimensions[4].hidden = True

    save("libreoffice", lambda sheet: None)
    save("libreoffice_dates", dates)
    save("libreoffice_formulas", formulas)
    save("libreoffice_odd", odd)


def office():
    work = tempfile.mkdtemp()
    try:
        office_sources(work)
        for name, kinds in (("libreoffice", ("xlsx", "xls", "ods")), ("libreoffice_dates", ("xlsx", "xls")),
                            ("libreoffice_formulas", ("xlsx", "xls")), ("libreoffice_odd", ("xls",))):
            for kind in kinds:
                folder = os.path.join(FOLDER, "xls" if kind == "xls" else "xlsx")
                os.makedirs(folder, exist_ok=True)
                subprocess.run(["soffice", "--headless", "-env:UserInstallation=file://" + work + "/profile",
                                "--convert-to", kind, "--outdir", folder, os.path.join(work, name + ".xlsx")],
                               check=True, stdout=subprocess.DEVNULL)
    finally:
        shutil.rmtree(work)


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def main():
    if "--office" in sys.argv:
        office()
    for part in (texts, cells, books, old, packed):
        part.make()
    paths = [path for path, _, _ in CASES]
    assert len(set(paths)) == len(paths)
    with open(os.path.join(FOLDER, "corpus.def"), "w", encoding="utf-8") as table:
        table.write("/* What becomes of each file: CASE(file, outcome), SAME(file, outcome) for those whose answers are\n"
                    " * those of csv/utf8.csv. Written by make.py, which explains the outcomes. */\n")
        for path, outcome, same in CASES:
            table.write("%s(%s, %s)\n" % ("SAME" if same else "CASE", quoted(path), quoted(outcome)))
    print(len(CASES), "files")


main()
