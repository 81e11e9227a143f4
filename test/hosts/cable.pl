# cable.pl DEVICE: prints each frame that the new tap DEVICE sends, and has it receive each line of its input: frames in hexadecimal.
# A tap and no packet socket, which gets a frame without its VLAN tag (packet(7), PACKET_AUXDATA).
use strict;
use warnings;
use Fcntl;

use constant {
    TUNSETIFF => 0x400454ca,
    TAP_WITHOUT_HEADER => 0x1002,    # IFF_TAP | IFF_NO_PI (linux/if_tun.h)
    LONGEST => 65536,
};

sysopen my $tap, "/dev/net/tun", O_RDWR or die "/dev/net/tun: $!\n";
ioctl $tap, TUNSETIFF, pack "Z16 s x22", $ARGV[0], TAP_WITHOUT_HEADER or die "$ARGV[0]: $!\n";
$| = 1;
print "ready\n";

my $rest = "";
while (1) {
    my $ready = "";
    vec($ready, fileno $_, 1) = 1 for $tap, *STDIN;
    select $ready, undef, undef, undef;
    if (vec $ready, fileno $tap, 1) {
        my $frame = "";
        sysread $tap, $frame, LONGEST;
        print unpack("H*", $frame), "\n";
    }
    if (vec $ready, fileno STDIN, 1) {
        sysread STDIN, $rest, LONGEST, length $rest or exit;
        # A tap that is down takes none: a cable into it carries nothing.
        syswrite $tap, pack "H*", $1 while $rest =~ s/^(.*)\n//;
    }
}
