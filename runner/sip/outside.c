/* What an agent answers that belongs to no dialog. */
#include "dialog_private.h"

#include <string.h>
#include <strings.h>

bool message_type_known(const sip_t *sip)
{
    static const char *const all[] = {"text/plain", "text/html", "message/cpim",
                                      "application/im-iscomposing+xml"};
    const char *type = sip->sip_content_type ? sip->sip_content_type->c_type : NULL;
    if (!type)
        return true;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcasecmp(type, all[i]) == 0)
            return true;
    return false;
}

int agent_answer_options(nta_incoming_t *irq, const struct agent_user *user)
{
    const char *contact = user ? user->contact : NULL;
    nta_incoming_treply(irq, SIP_200_OK, TAG_IF(contact, SIPTAG_CONTACT_STR(contact)),
                        SIPTAG_ALLOW_STR(SIP_ALLOW), SIPTAG_ACCEPT_STR("application/sdp"),
                        SIPTAG_ACCEPT_ENCODING_STR("identity"), SIPTAG_ACCEPT_LANGUAGE_STR("en"),
                        SIPTAG_SUPPORTED_STR("100rel, timer, replaces, norefersub"),
                        SIPTAG_USER_AGENT_STR(SIP_USER_AGENT), TAG_END());
    return 200;
}

int agent_refuse_method(nta_incoming_t *irq, const sip_t *sip)
{
    bool known = sip->sip_request->rq_method != sip_method_unknown;
    int status = known ? 405 : 501;
    nta_incoming_treply(irq, status, NULL, SIPTAG_ALLOW_STR(SIP_ALLOW),
                        SIPTAG_USER_AGENT_STR(SIP_USER_AGENT), TAG_END());
    return status;
}

static int answer_message(nta_incoming_t *irq, const sip_t *sip)
{
    int status = message_type_known(sip) ? 200 : 415;
    nta_incoming_treply(irq, status, NULL, TAG_IF(status == 415, SIPTAG_ACCEPT_STR(MESSAGE_TYPES)),
                        SIPTAG_USER_AGENT_STR(SIP_USER_AGENT), TAG_END());
    return status;
}

int agent_take_outside(nta_leg_magic_t *magic, nta_leg_t *leg, nta_incoming_t *irq,
                       const sip_t *sip)
{
    struct agent *agent = (struct agent *)magic;
    const sip_request_t *request = sip->sip_request;
    (void)leg;
    if (request->rq_method == sip_method_ack)
        return 200; /* so that the stack forgets it */
    if (request->rq_url->url_type != url_sip && request->rq_url->url_type != url_sips)
        return 416;
    /* Of a dialog that is over, or never was (RFC 3261 12.2.2). */
    if (sip->sip_to->a_tag && request->rq_method != sip_method_options)
        return 481;
    struct agent_user *user = agent_find_user(agent, request->rq_url->url_user);
    if (request->rq_method != sip_method_cancel && admission_require(irq, sip))
        return 420;
    switch (request->rq_method) {
    case sip_method_invite:
        return user ? dialog_incoming(agent, user, irq, sip) : 404;
    case sip_method_options:
        return user || !request->rq_url->url_user ? agent_answer_options(irq, user) : 404;
    case sip_method_message:
        return user ? answer_message(irq, sip) : 404;
    case sip_method_refer: /* only who is in a call may ask for another one */
        return 403;
    case sip_method_bye:
    case sip_method_cancel:
    case sip_method_prack:
    case sip_method_update:
    case sip_method_info:
    case sip_method_notify:
        return 481;
    default:
        return agent_refuse_method(irq, sip);
    }
}
