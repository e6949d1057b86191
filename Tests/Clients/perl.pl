# Perl: Chipcard::PCSC.
# needs: libpcsc-perl
use strict;
use warnings;

# >>> Docs/Clients.md
use Chipcard::PCSC;
use Chipcard::PCSC::Card;

my $context = Chipcard::PCSC->new() or die "no PC/SC";
my $card = Chipcard::PCSC::Card->new($context, $ENV{VMYNA_READER}, $Chipcard::PCSC::SCARD_SHARE_SHARED,
    $Chipcard::PCSC::SCARD_PROTOCOL_T1) or die "no card";

sub transmit {
    my ($hex) = @_;
    my $answer = $card->Transmit(Chipcard::PCSC::ascii_to_array($hex)) or die "no answer to $hex";
    return Chipcard::PCSC::array_to_ascii($answer);
}

transmit("00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01") eq "90 00" or die "no JPKI application";
transmit("00 A4 02 0C 02 00 18") eq "90 00" or die "no PIN file";
transmit("00 20 00 80") eq "63 C3" or die "not three tries";
transmit("00 20 00 80 04 39 39 39 39") eq "63 C2" or die "a wrong PIN did not cost a try";
my $pin = join " ", map { sprintf "%02X", ord } split //, $ENV{VMYNA_AUTH_PIN};
transmit("00 20 00 80 04 $pin") eq "90 00" or die "the PIN was refused";
# <<<

$card->Disconnect($Chipcard::PCSC::SCARD_RESET_CARD);
print "Chipcard::PCSC $Chipcard::PCSC::VERSION: a PIN, wrong and right\n";
