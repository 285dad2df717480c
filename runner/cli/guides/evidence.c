#include "cmtest/guide.h"

const struct guide guide_evidence = {
    .name = "evidence",
    .help = "what a run leaves behind about calls that went wrong",
    .text = "Of the worst 50 calls that did not end well, the folder evidence of the output\n"
            "has\n"
            "\n"
            "  callers-12.txt   the ladder of both sides, phases, timings and messages\n"
            "  callers-12.pcap  the messages as packets, for Wireshark and sngrep; also those\n"
            "                   of TLS, in the clear, and without any right to capture\n"
            "\n"
            "result.json says of each endpoint where its evidence is. Messages are kept of\n"
            "the first calls that fail, and of each endpoint a bounded number; what is left\n"
            "out is said. Credentials are masked, stars for characters. Addresses, numbers\n"
            "and bodies are not: look before you publish them.\n"
            "\n"
            "The terminal shows the biggest cause (Why), one next step (Try), and in a few\n"
            "words what else there was (Also); result.json has all of it as diagnoses.\n"
            "\n"
            "Next: cmtest list diagnoses; cmtest schema result\n",
};
