// OpenSSL's libcrypto for the Cryptography target, the only one that may import it.
#pragma once
#include <openssl/evp.h>
