#!/usr/bin/python3
"""The examples: each is valid, and those that need no outside server pass."""

import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

EXAMPLES = os.path.join(program.ROOT, "examples")
MODELINE = "# yaml-language-server: $schema=../schema/cmtest.schema.json\n"


def numbered():
    """The names of the numbered examples, without .yaml."""
    paths = glob.glob(os.path.join(EXAMPLES, "[0-9][0-9]-*.yaml"))
    return sorted(os.path.basename(path)[: -len(".yaml")] for path in paths)


class ExamplesTest(program.ProgramTest):
    """One test for each that runs here; the others say in their first line why they do not."""

    def passes(self, name, *options):
        """The example runs, and its verdict is pass."""
        path = os.path.join(EXAMPLES, f"{name}.yaml")
        run = self.start("run", path, "--out", "out", *options)
        run.wait()
        self.assert_exit(run, program.PASS)
        self.assertIn("PASS", run.stdout)

    def test_every_example_is_valid(self):
        for path in sorted(glob.glob(os.path.join(EXAMPLES, "*.yaml"))):
            run = self.start("validate", path)
            run.wait()
            self.assert_exit(run, program.PASS)

    def test_examples_count_from_01_and_run_or_say_why_not(self):
        names = numbered()
        self.assertGreaterEqual(len(names), 30)
        self.assertEqual([name[:2] for name in names], [f"{n:02}" for n in range(1, len(names) + 1)])
        for name in names:
            with open(os.path.join(EXAMPLES, f"{name}.yaml"), encoding="utf-8") as file:
                first, text = file.readline(), file.read()
            self.assertEqual(first, MODELINE, name)
            comment = re.match("(#.*\n)+", text).group()
            runs = hasattr(self, f"test_{name.replace('-', '_')}_passes")
            self.assertNotEqual(runs, "Only validated here" in comment, name)
            self.assertTrue(comment.startswith(f"# {name[:2]}: "), name)
            self.assertIn(f"examples/{name}.yaml", comment, name)

    def test_01_first_call_passes(self):
        self.passes("01-first-call")

    def test_02_codecs_passes(self):
        self.passes("02-codecs")

    def test_03_thresholds_passes(self):
        self.passes("03-thresholds")

    def test_04_buildup_passes(self):
        self.passes("04-buildup")

    def test_05_ringing_passes(self):
        self.passes("05-ringing")

    def test_06_tcp_passes(self):
        self.passes("06-tcp")

    def test_07_digest_passes(self):
        self.passes("07-digest")

    def test_08_expected_failure_passes(self):
        self.passes("08-expected-failure")

    def test_11_anchors_passes(self):
        self.passes("11-anchors")

    def test_12_environment_passes(self):
        self.passes("12-environment")

    def test_13_variables_passes(self):
        self.passes("13-variables")

    def test_14_include_and_defaults_passes(self):
        self.passes("14-include-and-defaults")

    def test_15_matrix_passes(self):
        self.passes("15-matrix")

    def test_16_shares_passes(self):
        self.passes("16-shares")

    def test_21_early_media_passes(self):
        self.passes("21-early-media")

    def test_23_refusals_passes(self):
        self.passes("23-refusals")

    def test_25_redirects_passes(self):
        self.passes("25-redirects")

    def test_26_late_offer_passes(self):
        self.passes("26-late-offer")

    def test_19_scenario_passes(self):
        self.passes("19-scenario")

    def test_28_sdes_passes(self):
        self.passes("28-sdes")

    def test_29_dtls_passes(self):
        self.passes("29-dtls")

    def test_30_impairment_passes(self):
        self.passes("30-impairment")

    def test_31_recording_passes(self):
        self.passes("31-recording")

    def test_32_transfer_passes(self):
        self.passes("32-transfer")

    def test_33_callee_decides_passes(self):
        self.passes("33-callee-decides")

    def test_34_signals_passes(self):
        self.passes("34-signals")

    def test_35_commands_passes(self):
        self.passes("35-commands", "--allow-exec")

    def test_commands_are_not_run_unless_they_are_allowed(self):
        run = self.start("run", os.path.join(EXAMPLES, "35-commands.yaml"), "--out", "out")
        run.wait()
        self.assert_exit(run, program.BAD_SPEC)
        self.assertIn("exec-not-allowed", run.stderr)
        self.assertIn("--allow-exec", run.stderr)
        self.assertFalse(os.path.exists(run.out))

    def test_36_ivr_passes(self):
        self.passes("36-ivr")

    def test_37_play_and_mute_passes(self):
        self.passes("37-play-and-mute")

    def test_38_network_gets_worse_passes(self):
        self.passes("38-network-gets-worse")

    def test_39_deferred_track_passes(self):
        self.passes("39-deferred-track")

    def test_40_hold_that_works_passes(self):
        self.passes("40-hold-that-works")

    def test_41_digits_that_arrive_passes(self):
        self.passes("41-digits-that-arrive")

    def test_42_calls_that_must_fail_passes(self):
        self.passes("42-calls-that-must-fail")

    def test_43_headers_and_sdp_passes(self):
        self.passes("43-headers-and-sdp")

    def test_44_steps_passes(self):
        self.passes("44-steps")

    def test_45_waiting_passes(self):
        self.passes("45-waiting")

    def test_46_expected_refusal_passes(self):
        self.passes("46-expected-refusal")

    def test_47_events_passes(self):
        self.passes("47-events")

    def test_48_thresholds_of_parts_passes(self):
        self.passes("48-thresholds-of-parts")

    def test_49_worst_endpoint_passes(self):
        self.passes("49-worst-endpoint")

    def test_50_abort_passes(self):
        self.passes("50-abort")

    def test_51_platform_passes(self):
        self.passes("51-platform")


if __name__ == "__main__":
    program.main()
