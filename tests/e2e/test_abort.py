#!/usr/bin/python3
"""A threshold with abort ends a run that is lost: in order, with all reports, as a failure."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

SPEC = """cmtest: 1
groups:
  agents: {{ registrar: embedded, endpoints: 2 }}
  callers: {{ registrar: embedded, endpoints: 2, call: agents }}
duration: {duration}
thresholds:
  - {threshold}
"""


class Abort(program.ProgramTest):
    def test_breach_that_cannot_be_mended_ends_the_run(self):
        spec = SPEC.format(duration="90s", threshold="receive.packets.sum <= 100 abort")
        done = self.run_spec(spec)
        result = done.result
        # Beside other tests this machine may have been too late to blame anybody, which it then says.
        limited = any(limit["decisive"] for limit in result["limits"])
        self.assert_exit(done, program.INCONCLUSIVE if limited else program.FAIL)
        judged = result["thresholds"][0]
        self.assertTrue(judged["stopped"])
        self.assertIn("limit of this machine" if limited else "it ended the run after", judged["note"])
        self.assertLess(result["duration"], 60)
        self.assertFalse(result["interrupted"])
        self.assertIn("This machine was the limit" if limited else "The run was ended", result["why"])
        for name in ("junit.xml", "result.json", "series.cmts"):
            self.assertTrue(os.path.exists(os.path.join(done.out, name)), name)
        for endpoint in result["endpoints"]:
            sent = [each for each in endpoint["timeline"] if each.get("method") == "BYE"]
            self.assertTrue(sent, "hung up in order")

    def test_run_that_holds_goes_to_its_end(self):
        spec = SPEC.format(duration="3s", threshold="receive.mos.avg >= 3 abort after 1s")
        done = self.run_spec(spec)
        self.assert_exit(done, program.PASS)
        self.assertNotIn("stopped", done.result["thresholds"][0])


if __name__ == "__main__":
    program.main()
