#include "cmtest/template.h"

const struct spec_template template_uri = {
    .name = "uri",
    .help = "phones that call a number outside of the test, such as an echo service",
    .text =
        "# Phones that register at your server and call a number that is not part of the test.\n"
        "#\n"
        "#   cmtest validate cmtest.yaml\n"
        "#   cmtest run cmtest.yaml\n"
        "\n"
        "cmtest: 1 # version of this language\n"
        "name: Calls to the echo service\n"
        "\n"
        "registrars:\n"
        "  pbx:\n"
        "    domain: sip.example.com # behind the @ of each address\n"
        "    # server: 192.0.2.10:5060 # where the packets go, when that is another host or port\n"
        "    # Better than here, keep accounts in a file of username:password lines:\n"
        "    #   accounts: { file: accounts.txt }\n"
        "    accounts:\n"
        "      - { username: \"1001\", password: change-me }\n"
        "\n"
        "groups:\n"
        "  callers:\n"
        "    registrar: pbx\n"
        "    endpoints: 1\n"
        "    call: sip:echo@sip.example.com # who must answer, and should send audio back\n"
        "    audio: { codecs: [pcma, pcmu] }\n"
        "\n"
        "duration: 10s # of each call\n"
        "\n"
        "thresholds: # what must hold for the test to pass\n"
        "  - calls.success_rate >= 100%\n"
        "  - post_dial_delay.max < 3s\n"
        "  - time_to_first_media.max < 1s # one-way audio shows here\n"
        "  - receive.packet_loss.max < 1%\n",
};
