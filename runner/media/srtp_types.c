/* The library keeps its types in lists of the process, which only srtp_init() and the replacing
 * change: after this they are read by all threads and changed by none. */
#include "srtp_types.h"

#include <openssl/crypto.h>

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static bool started;

static void start(void)
{
    started = srtp_init() == srtp_err_status_ok &&
              srtp_replace_cipher_type(&cipher_icm_128, SRTP_AES_ICM_128) == srtp_err_status_ok &&
              srtp_replace_cipher_type(&cipher_icm_256, SRTP_AES_ICM_256) == srtp_err_status_ok &&
              srtp_replace_cipher_type(&cipher_gcm_128, SRTP_AES_GCM_128) == srtp_err_status_ok &&
              srtp_replace_cipher_type(&cipher_gcm_256, SRTP_AES_GCM_256) == srtp_err_status_ok &&
              srtp_replace_auth_type(&auth_hmac_sha1, SRTP_HMAC_SHA1) == srtp_err_status_ok;
}

bool srtp_types_start(void)
{
    return CRYPTO_THREAD_run_once(&once, start) && started;
}
