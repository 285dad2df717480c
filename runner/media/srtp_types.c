#include "srtp_types.h"
#include "cmtest/arena.h"

#include <stdlib.h>

#include <openssl/crypto.h>

/* The library keeps its types in lists of the process, which only srtp_init() and the replacing
 * change: after this they are read by all threads and changed by none. */
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static bool started;

static CRYPTO_ONCE owned = CRYPTO_ONCE_STATIC_INIT;
static bool can_own;
static CRYPTO_THREAD_LOCAL own; /* struct aes of each thread */

struct aes {
    EVP_CIPHER_CTX *small, *large;
};

static void forget(void *thread)
{
    struct aes *aes = thread;
    EVP_CIPHER_CTX_free(aes->small);
    EVP_CIPHER_CTX_free(aes->large);
    free(aes);
}

static void begin_owning(void)
{
    can_own = CRYPTO_THREAD_init_local(&own, forget);
}

/* Padding stays on, for nobody comes to the end of a text; OpenSSL would turn it off again with
 * each key. */
static EVP_CIPHER_CTX *block_cipher(const EVP_CIPHER *cipher)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (context && EVP_EncryptInit_ex(context, cipher, NULL, NULL, NULL))
        return context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

static struct aes *begin_thread(void)
{
    struct aes *aes = mem_alloc(sizeof *aes);
    aes->small = block_cipher(EVP_aes_128_ecb());
    aes->large = block_cipher(EVP_aes_256_ecb());
    if (CRYPTO_THREAD_set_local(&own, aes))
        return aes;
    forget(aes);
    return NULL;
}

EVP_CIPHER_CTX *srtp_types_aes(bool large)
{
    if (!CRYPTO_THREAD_run_once(&owned, begin_owning) || !can_own)
        return NULL;
    struct aes *aes = CRYPTO_THREAD_get_local(&own);
    if (!aes)
        aes = begin_thread();
    return !aes ? NULL : large ? aes->large : aes->small;
}

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
