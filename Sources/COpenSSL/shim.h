// OpenSSL's libcrypto for the Cryptography target, the only one that may import it.
//
// Swift does not see C macros; the few that are needed stand here as functions.
#pragma once
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static inline void vmyna_openssl_free(void *memory) { OPENSSL_free(memory); }

static inline long vmyna_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

/// A password callback that knows no password: OpenSSL's own would ask on the terminal.
static inline int vmyna_no_password(char *buffer, int size, int writing, void *context) {
  (void)buffer;
  (void)size;
  (void)writing;
  (void)context;
  return -1;
}

/// OCSP_basic_sign stamps the machine's clock; ours is passed in. The field exists since OCSP_BASICRESP_new.
static inline int vmyna_ocsp_set_produced_at(OCSP_BASICRESP *response, time_t seconds) {
  ASN1_GENERALIZEDTIME *field = (ASN1_GENERALIZEDTIME *)OCSP_resp_get0_produced_at(response);
  return field != NULL && ASN1_GENERALIZEDTIME_set(field, seconds) != NULL;
}

/// An RSA key from its numbers; a public one when `d` and all that follows are NULL. The parameter names must live until
/// OSSL_PARAM_BLD_to_param, which literals do here and Swift strings would not.
static inline EVP_PKEY *vmyna_rsa_key(const BIGNUM *n, const BIGNUM *e, const BIGNUM *d, const BIGNUM *p,
                                      const BIGNUM *q, const BIGNUM *dp, const BIGNUM *dq, const BIGNUM *inverse_q) {
  EVP_PKEY *key = NULL;
  OSSL_PARAM *numbers = NULL;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
  int ready = context != NULL && builder != NULL && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) &&
              OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
  if (ready && d != NULL)
    ready = OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_D, d) &&
            OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_FACTOR1, p) &&
            OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_FACTOR2, q) &&
            OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_EXPONENT1, dp) &&
            OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_EXPONENT2, dq) &&
            OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, inverse_q);
  if (ready)
    numbers = OSSL_PARAM_BLD_to_param(builder);
  if (numbers != NULL && EVP_PKEY_fromdata_init(context) > 0 &&
      EVP_PKEY_fromdata(context, &key, d != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, numbers) <= 0)
    key = NULL;
  OSSL_PARAM_free(numbers);
  OSSL_PARAM_BLD_free(builder);
  EVP_PKEY_CTX_free(context);
  return key;
}
