# NSS: modutil, certutil, tstclnt, pk1sign.
# needs: libnss3-tools openssl opensc-pkcs11
. "$CLIENTS/lib/common.sh"
tls_server

# >>> Docs/Clients.md
mkdir nssdb
certutil -N -d sql:nssdb --empty-password
modutil -dbdir sql:nssdb -add opensc -libfile /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so -force
certutil -A -d sql:nssdb -n root-auth -t T,, -i "$VMYNA_ROOT_AUTH"
certutil -A -d sql:nssdb -n server -t P,, -i server.pem

# A PIN for each token: with one for both, NSS tries it on both.
printf '%s:%s\n' "JPKI (User Authentication PIN)" "$VMYNA_AUTH_PIN" "JPKI (Digital Signature PIN)" "$VMYNA_SIGN_PIN" >pins
certutil -K -d sql:nssdb -h all -f pins
certutil -L -d sql:nssdb -h "JPKI (User Authentication PIN)" -f pins

tstclnt -d sql:nssdb -h 127.0.0.1 -a localhost -p "$port" -V tls1.2:tls1.2 -Q \
    -n "JPKI (User Authentication PIN):User Authentication Certificate" -W pins
# <<<
contains server.log "depth=0 C = JP, CN ="
expect_tries auth 3
expect_tries sign 5
echo "NSS $(dpkg-query -W -f '${Version}' libnss3-tools): both keys, TLS 1.2 with the certificate"
