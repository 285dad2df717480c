#include "dialog_private.h"

struct dialog *dialog_replaced(const struct dialog *dialog)
{
    (void)dialog;
    return NULL;
}

bool dialog_renegotiate(struct dialog *dialog, const char *method, const char *offer)
{
    (void)dialog;
    (void)method;
    (void)offer;
    return false;
}

bool dialog_refresh(struct dialog *dialog, const char *offer)
{
    (void)dialog;
    (void)offer;
    return false;
}

void dialog_describe(struct dialog *dialog, const char *sdp)
{
    (void)dialog;
    (void)sdp;
}

bool dialog_request(struct dialog *dialog, const char *method, const char *type, const char *body,
                    const char *headers)
{
    (void)dialog;
    (void)method;
    (void)type;
    (void)body;
    (void)headers;
    return false;
}

bool dialog_refer(struct dialog *dialog, const char *target, const struct dialog *other)
{
    (void)dialog;
    (void)target;
    (void)other;
    return false;
}

void dialog_refer_report(struct dialog *dialog, int status, const char *phrase)
{
    (void)dialog;
    (void)status;
    (void)phrase;
}
