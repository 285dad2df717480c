#include "cmtest/template.h"

const struct spec_template template_quickstart = {
    .name = "quickstart",
    .help = "phones that call each other on this machine; needs no server",
    .text = "# Four phones on this machine: two answer, two call them, for five seconds.\n"
            "#\n"
            "#   cmtest run cmtest.yaml\n"
            "\n"
            "cmtest: 1 # version of this language\n"
            "name: Quickstart\n"
            "\n"
            "groups:\n"
            "  agents: # nobody to call: they register and answer\n"
            "    registrar: embedded # cmtest's own, started on loopback for this run\n"
            "    endpoints: 2\n"
            "    audio: { codecs: [pcma, pcmu] } # the preferred one first\n"
            "    answer: { ring: 1s }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 2\n"
            "    call: agents # each caller gets an agent of its own\n"
            "    audio: { codecs: [pcma, pcmu] }\n"
            "\n"
            "buildup: 1s # the starts are spread evenly over this time\n"
            "duration: 5s # of each call\n"
            "\n"
            "thresholds: # what must hold for the test to pass; see `cmtest list metrics`\n"
            "  - calls.success_rate >= 100%\n"
            "  - receive.packet_loss.max < 1%\n"
            "  - receive.mos.p5 >= 4.0 # the worst 5% of all seconds\n"
            "  - registration.time.p99 < 500ms warn # warns, does not fail\n",
};
