"""How the functions of the program are put in order."""

import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1]))
import link

FIRST = "_RNvNtCs1a2B3c_8azdo_bot3cli5first"
SECOND = "_RNvNtCs1a2B3c_8azdo_bot3cli6second"


class Functions(unittest.TestCase):
    def test_a_function_has_one_digest_in_all_builds(self) -> None:
        self.assertEqual(link.digest(FIRST), link.digest("_RNvNtCsZ9y8X7_8azdo_bot3cli5first"))
        self.assertEqual(link.digest(FIRST), link.digest(f"{FIRST}.llvm.3643936799275306673"))
        self.assertNotEqual(link.digest(FIRST), link.digest(SECOND))

    def test_instances_of_a_generic_function_are_different_functions(self) -> None:
        self.assertNotEqual(link.digest("_RINvCs1a_4core4dropNtCs2b_5alloc6StringE"), link.digest("_RINvCs1a_4core4dropNtCs2b_5alloc3VecE"))

    def test_listed_functions_are_in_the_order_of_the_list(self) -> None:
        listed = [link.digest(SECOND), link.digest("not_in_the_program"), link.digest(FIRST)]
        self.assertEqual(link.ordered([FIRST, "other", SECOND], listed), [SECOND, FIRST])

    def test_the_committed_list_has_digests_without_repetition(self) -> None:
        functions = link.FUNCTIONS.read_text().split()
        self.assertGreater(len(functions), 1000)
        self.assertEqual(len(functions), len(set(functions)))
        for function in functions:
            self.assertRegex(function, r"^[0-9a-f]{12}$")


class Links(unittest.TestCase):
    def test_only_the_program_is_put_in_order(self) -> None:
        self.assertEqual(link.output(["cc", "main.o", "-o", "deps/azdo_bot-0a1b"]), Path("deps/azdo_bot-0a1b"))
        self.assertIsNone(link.output(["cc", "main.o", "-o", "deps/build_script_build-0a1b"]))
        self.assertIsNone(link.output(["cc", "-c", "main.c"]))
        self.assertIsNone(link.output(["ar", "-o", "azdo_bot-0a1b"]))

    def test_a_list_of_other_functions_stops_the_build(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            program, listed = Path(name) / "azdo_bot-0a1b", Path(name) / "functions.txt"
            program.write_bytes(b"")
            listed.write_text("\n".join(link.digest(function) for function in (FIRST, SECOND, "gone", "gone too")))
            shown = mock.Mock(returncode=0, stderr="ld.lld -o program\n")
            with (
                mock.patch.object(link, "FUNCTIONS", listed),
                mock.patch.object(link, "symbols", return_value=[FIRST, SECOND]),
                mock.patch.object(link.subprocess, "run", return_value=shown) as run,
                self.assertRaisesRegex(SystemExit, "run scripts/order-functions"),
            ):
                link.link(["cc", "main.o", "-o", str(program)], program)
        self.assertEqual(run.call_count, 1)


if __name__ == "__main__":
    unittest.main()
