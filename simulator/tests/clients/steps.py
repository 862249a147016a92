"""Marks the steps that do not pass, since the simulator does not imitate what they need."""

import functools
import re


def does_not_pass(reason, error):
    """The step fails with a message that `error` finds. Its reason is printed for `summary.py`.

    A step that passes fails the suite, so that the list of these steps stays true.
    """

    def mark(step):
        @functools.wraps(step)
        def tried(case):
            try:
                step(case)
            except Exception as failure:
                if not re.search(error, str(failure)):
                    raise
                name = step.__name__.removeprefix("test_").replace("_", " ")
                print(f"\ndoes not pass: {name}: {reason}")
            else:
                case.fail("the step passes; take its mark away")

        return tried

    return mark
