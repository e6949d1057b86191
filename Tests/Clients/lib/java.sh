# A client in Java: java.sh FILE.java. The server that it may log in to is the one of the other clients.
. "$CLIENTS/lib/common.sh"
case $1 in
    *SunPKCS11*)
        tls_server
        export port
        ;;
esac
cp "$1" .
# The file that libpcsclite's development package would link is not asked for.
library=$(ldconfig -p | sed -n 's/.*libpcsclite\.so\.1 .*=> //p' | head -n 1)
java -Dsun.security.smartcardio.library="$library" "$(basename "$1")"
