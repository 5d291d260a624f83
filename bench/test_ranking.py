"""Tests of ranking.py's arithmetic, without products."""

import math
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import ranking


class RankingTest(unittest.TestCase):
    def test_evenly(self):
        self.assertEqual(ranking.evenly(list(range(100)), 4), [0, 33, 66, 99])
        self.assertEqual(ranking.evenly([1, 2, 3], 10), [1, 2, 3])

    def test_agreement(self):
        self.assertEqual(ranking.agreement([(1, 1.0), (2, 1.1), (3, 1.5)]), 1)
        self.assertEqual(ranking.agreement([(1, 1.5), (2, 1.1), (3, 1.0)]), -1)
        self.assertAlmostEqual(ranking.agreement([(1, 1.0), (2, 1.5), (3, 1.1)]), 1 / 3)
        self.assertTrue(math.isnan(ranking.agreement([(1, 1.0), (1, 2.0)])))

    def test_options(self):
        with self.assertRaises(SystemExit):
            ranking.parse(["model.keras", "--candidates", "1"])


if __name__ == "__main__":
    unittest.main()
