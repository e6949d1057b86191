# pcsc-tools: pcsc_scan and scriptor.
# needs: pcsc-tools
. "$CLIENTS/lib/common.sh"

# >>> Docs/Clients.md
pcsc_scan -r
cat >script <<'END'
reset
00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01
00 A4 02 0C 02 00 18
00 20 00 80
00 A4 02 0C 02 00 0A
00 B0 00 00 04
END
scriptor -r "$VMYNA_READER" -p T=1 script >script.log
# <<<
contains script.log "< 63 C3"
contains script.log "< 30 82"
echo "pcsc-tools $(dpkg-query -W -f '${Version}' pcsc-tools): the reader, a script of APDUs"
