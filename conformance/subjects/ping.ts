import type { PodRef, SandboxHandle } from "@portcullis/sandbox";

/** Sends one ICMP echo request to each address from a pod, and tells which answered within the time. */
export async function ping(
  sandbox: SandboxHandle,
  from: PodRef,
  addresses: readonly string[],
  timeoutMs: number,
): Promise<readonly boolean[]> {
  const argv = ["perl", "-e", script, String(timeoutMs / 1000), ...addresses];
  const { code, stdout, stderr } = await sandbox.exec(from, argv, { timeoutMs: timeoutMs + 30_000 });
  if (code !== 0) throw new Error(`ping in ${from.namespace}/${from.name} ended with ${code}: ${stderr}`);
  return [...stdout].map((answer) => answer === "1");
}

/** perl is on every Debian, ping(8) is not. ICMP: RFC 792 types 8 and 0; ICMPv6: RFC 4443 types 128 and 129. */
const script = `
use strict; use Socket qw(:all);
my ($wait, @to) = @ARGV;
my %socket;
socket($socket{4}, AF_INET, SOCK_RAW, 1) or die "socket: $!";
if (grep { /:/ } @to) { socket($socket{6}, AF_INET6, SOCK_RAW, 58) or die "socket: $!" }
my $id = $$ & 0xffff;
sub checksum { my $sum = 0; $sum += $_ for unpack("n*", $_[0]); $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16; ~$sum & 0xffff }
for my $i (0 .. $#to) {
  my $six = $to[$i] =~ /:/;
  my $type = $six ? 128 : 8;
  my $sum = $six ? 0 : checksum(pack("CCnnn", $type, 0, 0, $id, $i));
  my $to = $six ? pack_sockaddr_in6(0, inet_pton(AF_INET6, $to[$i])) : pack_sockaddr_in(0, inet_aton($to[$i]));
  send($socket{$six ? 6 : 4}, pack("CCnnn", $type, 0, $sum, $id, $i), 0, $to);
}
my @heard = (0) x @to;
my $left = $wait;
# Linux takes what it waited off the time that is left (select(2)).
while ($left > 0 && grep { !$_ } @heard) {
  my $bits = "";
  vec($bits, fileno($_), 1) = 1 for values %socket;
  (my $ready, $left) = select($bits, undef, undef, $left);
  last unless $ready > 0;
  for my $family (keys %socket) {
    next unless vec($bits, fileno($socket{$family}), 1);
    recv($socket{$family}, my $packet, 1500, 0);
    $packet = substr($packet, (ord($packet) & 15) * 4) if $family == 4;
    my ($type, undef, undef, $from, $i) = unpack("CCnnn", $packet);
    $heard[$i] = 1 if $type == ($family == 4 ? 0 : 129) && $from == $id;
  }
}
print join("", @heard);
`;
