"""Tests of check_documents.py: what it finds in a page, and that it notices what is wrong."""

import re
import unittest

import check_documents as documents


class Pages(unittest.TestCase):
    def test_commands(self):
        block = "$ echo a \\\n    b\na b\n$ true\n"
        self.assertEqual(documents.commands(block), [["echo a \\\n    b", ["a b"]], ["true", []]])

    def test_output(self):
        self.assertTrue(documents.matches("a 1 us\nb\nc\nd\n", ["a ... us", "...", "d"]))
        self.assertTrue(documents.matches("", ["..."]))
        self.assertFalse(documents.matches("a 1 us\n", ["a ... ms"]))
        self.assertFalse(documents.matches("a\nb\n", ["a"]))
        self.assertFalse(documents.matches("", ["a"]))

    def test_fences(self):
        text = "```c file=build/x.c\nint x;\n```\n\n```console checked\n$ true\n```\n"
        blocks = [("c file=build/x.c", "int x;\n"), ("console checked", "$ true\n")]
        self.assertEqual(documents.FENCE.findall(text), blocks)

    def test_options(self):
        page = documents.ROOT / "docs/deploying.md"
        known = set(re.findall(r"--[a-z][a-z-]*", page.read_text(encoding="utf-8")))
        self.assertEqual(documents.option_complaints(page, known), [])
        self.assertEqual(len(documents.option_complaints(page, known - {"--emit"})), 1)


if __name__ == "__main__":
    unittest.main()
