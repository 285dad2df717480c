/* Who is told something may hang up there and then. */
#include "support/specification.h"
#include "dialog_scene.h"

/* Everything that two can do to each other; whoever leaves meanwhile makes the rest void. */
static void play(struct scene *scene, bool late, bool reliable)
{
    struct party *alice = &scene->alice, *bob = &scene->bob;
    enum dialog_use use = reliable ? USE_SUPPORTED : USE_DISABLED;
    alice->options = bob->options = (struct dialog_options){
        .reliable = use, .timer = USE_SUPPORTED, .timer_expires = 1800, .timer_min = 90};
    bob->refers = true;
    call(alice, "sip:bob@example.test", late ? NULL : SDP_OFFER, NULL);
    await(bob, "invited");
    dialog_progress(bob->dialog, 183, SDP_ANSWER);
    work_for(scene, 4 * NS_PER_MS);
    dialog_renegotiate(alice->dialog, "UPDATE", SDP_OTHER);
    work_for(scene, 4 * NS_PER_MS);
    dialog_renegotiate(bob->dialog, "UPDATE", SDP_OTHER);
    work_for(scene, 4 * NS_PER_MS);
    dialog_answer(bob->dialog, SDP_ANSWER);
    work_for(scene, 4 * NS_PER_MS);
    struct party *both[] = {alice, bob};
    for (int i = 0; i < 2; i++) {
        struct dialog *dialog = both[i]->dialog;
        dialog_renegotiate(dialog, "INVITE", SDP_OTHER);
        work_for(scene, 4 * NS_PER_MS);
        dialog_renegotiate(dialog, "INVITE", NULL);
        work_for(scene, 4 * NS_PER_MS);
        dialog_refresh(dialog, NULL, SDP_OTHER);
        work_for(scene, 4 * NS_PER_MS);
        dialog_request(dialog, "INFO", "text/plain", "x", NULL);
        dialog_request(dialog, "INFO", "text/plain", "y", NULL);
        work_for(scene, 4 * NS_PER_MS);
    }
    dialog_refer(alice->dialog, "sip:carol@example.test", NULL);
    work_for(scene, 4 * NS_PER_MS);
    dialog_refer_report(bob->dialog, 180, NULL);
    dialog_refer_report(bob->dialog, 200, NULL);
    work_for(scene, 4 * NS_PER_MS);
    dialog_hangup(alice->dialog, NULL);
    dialog_hangup(bob->dialog, NULL);
    await(alice, "ended");
    await(bob, "ended");
}

static void leave_at(const char *what)
{
    for (int way = 0; way < 8; way++) {
        struct scene scene;
        scene_open(&scene);
        struct party *party = way & 4 ? &scene.bob : &scene.alice;
        party->leaves = what;
        play(&scene, way & 1, way & 2);
        scene_close(&scene);
    }
}

#define LEAVES_AT(name, what)      \
    static void name(void **state) \
    {                              \
        (void)state;               \
        leave_at(what);            \
    }

LEAVES_AT(at_a_progress, "progress")
LEAVES_AT(at_an_answer, "answered")
LEAVES_AT(at_the_ack, "confirmed")
LEAVES_AT(at_an_offer, "offered")
LEAVES_AT(at_an_agreement, "agreed")
LEAVES_AT(at_a_refresh, "refreshed")
LEAVES_AT(at_a_request, "request")
LEAVES_AT(at_a_reply, "replied")
LEAVES_AT(at_a_referral, "referred")
LEAVES_AT(at_a_transfer, "transfer")
LEAVES_AT(at_the_end, "ended")
LEAVES_AT(never, "never")

SPECIFICATION(cmocka_unit_test(at_a_progress), cmocka_unit_test(at_an_answer),
              cmocka_unit_test(at_the_ack), cmocka_unit_test(at_an_offer),
              cmocka_unit_test(at_an_agreement), cmocka_unit_test(at_a_refresh),
              cmocka_unit_test(at_a_request), cmocka_unit_test(at_a_reply),
              cmocka_unit_test(at_a_referral), cmocka_unit_test(at_a_transfer),
              cmocka_unit_test(at_the_end), cmocka_unit_test(never))
