/* example_certificates: what examples of explanations have in their files. Made for this, and of no
 * use anywhere else. */
#ifndef REPORT_EXAMPLE_CERTIFICATES_H
#define REPORT_EXAMPLE_CERTIFICATES_H

/* 2020 to 9998 */
#define EXAMPLE_CERTIFICATE                                              \
    "-----BEGIN CERTIFICATE-----\n"                                      \
    "MIIBKTCBz6ADAgECAgEBMAoGCCqGSM49BAMCMB0xGzAZBgNVBAMMEmNsaWVudC5l\n" \
    "eGFtcGxlLmNvbTAgFw0yMDAxMDEwMDAwMDBaGA85OTk4MTIzMTIzNTk1OVowHTEb\n" \
    "MBkGA1UEAwwSY2xpZW50LmV4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0D\n" \
    "AQcDQgAEfF0ABeYnWmwon0gCwEeXRPTpzJOahzagTmHgWU/qzXGvJvzp67vzR9Lr\n" \
    "/owPBzrHPjt7vNE5BuwDJSR59Ed9HzAKBggqhkjOPQQDAgNJADBGAiEA9uafZe0E\n" \
    "0YpxVzSl7F5u6ZrqI7S+AwCLtFACaz4IqDUCIQDyHtJhHuPKXDv0KEYqiy73ZLXT\n" \
    "7Mu/DcnGkyN1wIYfHQ==\n"                                             \
    "-----END CERTIFICATE-----\n"
#define EXAMPLE_KEY                                                      \
    "-----BEGIN PRIVATE KEY-----\n"                                      \
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghIstbYiXQrTH1O2A\n" \
    "4N3O+vE1fQ88h+U3zqA2rD4m4sOhRANCAAR8XQAF5idabCifSALAR5dE9OnMk5qH\n" \
    "NqBOYeBZT+rNca8m/Onru/NH0uv+jA8HOsc+O3u80TkG7AMlJHn0R30f\n"         \
    "-----END PRIVATE KEY-----\n"

/* The year 2020 */
#define EXAMPLE_OLD_CERTIFICATE                                          \
    "-----BEGIN CERTIFICATE-----\n"                                      \
    "MIIBJTCBzaADAgECAgEBMAoGCCqGSM49BAMCMB0xGzAZBgNVBAMMEmNsaWVudC5l\n" \
    "eGFtcGxlLmNvbTAeFw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMB0xGzAZ\n" \
    "BgNVBAMMEmNsaWVudC5leGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n" \
    "A0IABDsqEnX4+KMW0u/5dtdmEB0f7NFFr6ZfUkp0A0N1j9rpJx0Df57t+dQ80gID\n" \
    "XwQkXdwA26/GFEM8lUvrSF/qseIwCgYIKoZIzj0EAwIDRwAwRAIga0JPJVWNwAgz\n" \
    "4/MVQn07VEwD9z2W6BY4mViXLmK8Fm0CIBsbenA7tc5Y4m/8WBhvbezStVgmHG17\n" \
    "9tB7x2G3E1uR\n"                                                     \
    "-----END CERTIFICATE-----\n"
#define EXAMPLE_OLD_KEY                                                  \
    "-----BEGIN PRIVATE KEY-----\n"                                      \
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKlwLlHtGTMhdWDqq\n" \
    "nfrWDioBTCs6NGNSnlXKQXi533mhRANCAAQ7KhJ1+PijFtLv+XbXZhAdH+zRRa+m\n" \
    "X1JKdANDdY/a6ScdA3+e7fnUPNICA18EJF3cANuvxhRDPJVL60hf6rHi\n"         \
    "-----END PRIVATE KEY-----\n"

/* The year 9998 */
#define EXAMPLE_FUTURE_CERTIFICATE                                       \
    "-----BEGIN CERTIFICATE-----\n"                                      \
    "MIIBKjCB0aADAgECAgEBMAoGCCqGSM49BAMCMB0xGzAZBgNVBAMMEmNsaWVudC5l\n" \
    "eGFtcGxlLmNvbTAiGA85OTk3MDEwMTAwMDAwMFoYDzk5OTgxMjMxMjM1OTU5WjAd\n" \
    "MRswGQYDVQQDDBJjbGllbnQuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjO\n" \
    "PQMBBwNCAAQw3RFqCKdRquYzNN2VumR1/TTRVejiXp2kkW5XfVitPozFEcy0ZU9o\n" \
    "ecIdFILAfJOz5ESKz7WeyPUbmb9EBz2PMAoGCCqGSM49BAMCA0gAMEUCIQCvJDuu\n" \
    "5kYESoiVniGQLRB4q6iRgSYhyKz2YVzMu2bsFAIga9KlKbrEZxI9dn29SX15Lvms\n" \
    "oH0rp/ZmrDykFOMltPU=\n"                                             \
    "-----END CERTIFICATE-----\n"
#define EXAMPLE_FUTURE_KEY                                               \
    "-----BEGIN PRIVATE KEY-----\n"                                      \
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgH2ToxZ07+U5fKf+R\n" \
    "6wGFhg6PK8uAyrMZuOIB95VdHwGhRANCAAQw3RFqCKdRquYzNN2VumR1/TTRVeji\n" \
    "Xp2kkW5XfVitPozFEcy0ZU9oecIdFILAfJOz5ESKz7WeyPUbmb9EBz2P\n"         \
    "-----END PRIVATE KEY-----\n"

/* That of EXAMPLE_CERTIFICATE, with a password */
#define EXAMPLE_LOCKED_KEY                                               \
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"                            \
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjlxF4SoWV53QICCAAw\n" \
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEKEeYRtyWRNnRVYapo++yfgEgZCj\n" \
    "G7x/lstJswqlHGLVLk7GMM57hyacvKyt/4Kirpy6rqlJUt9Ra8opdlxw2QrToPNv\n" \
    "KgsP0HixrXnNLdNZzhMzWojexgNAt+JZV6reSUGdCcLWuRBnYO6XUqfHYjWnbBxu\n" \
    "71t6JFpzI+LlD7ChGm/BYs/EgcDxfTbFUz3Y29kD68GeV7EDy2rwbpMRmxHF86Q=\n" \
    "-----END ENCRYPTED PRIVATE KEY-----\n"

#endif
