import { BlockList, isIP } from 'node:net';

import { isNetwork } from '../../platform/url/isNetwork.ts';

/** Never a subgraph: addresses of the link, of cloud metadata services, of nobody and of groups. */
const NEVER = [
  '0.0.0.0/8',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '192.0.0.192/32',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'fd00:ec2::254/128',
  'fe80::/10',
  'ff00::/8',
];

/**
 * Decides on the address that a connection has reached, whatever name or notation led there.
 * `networks`: the only ones that may be talked to, such as `10.0.0.0/8`; undefined: all but those that never are a subgraph.
 */
export function createEgress(networks?: readonly string[]): (address: string) => boolean {
  const refused = toList(NEVER);
  const allowed = networks === undefined ? undefined : toList(networks);
  const known = new Map<string, boolean>();

  function decide(address: string): boolean {
    // An IPv4 address in IPv6 form is the IPv4 address.
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address.replace(/%.*$/, '');
    const version = isIP(plain);
    if (version === 0) {
      return false;
    }
    const family = version === 4 ? 'ipv4' : 'ipv6';
    return !refused.check(plain, family) && allowed?.check(plain, family) !== false;
  }

  return (address) => {
    let answer = known.get(address);
    if (answer === undefined) {
      answer = decide(address);
      if (known.size < 1_000) {
        known.set(address, answer);
      }
    }
    return answer;
  };
}

function toList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    if (!isNetwork(network)) {
      throw new Error(`"${network}" is not a network such as 10.0.0.0/8.`);
    }
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
