import { BlockList, isIP } from 'node:net';
import { granted, refused, type Decision } from '@emp/kernel';

/** A set of IP addresses. */
export interface Addresses {
  has(address: string): boolean;
}

const MAPPED = /^::ffff:(?=\d+\.)/i;

/** Reads addresses and networks in CIDR notation. An IPv4 address written as IPv6 is the IPv4 address. */
export function addressesOf(texts: readonly string[]): Decision<Addresses, 'not-an-address'> {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', bits, ...rest] = text.split('/');
    const version = isIP(address);
    const longest = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (version === 0 || rest.length > 0 || prefix < 0 || prefix > longest) {
      return refused('not-an-address', `"${text}" is neither an address nor a network`);
    }
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return granted({
    has: (address) => {
      const plain = address.replace(MAPPED, '');
      const version = isIP(plain);
      return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
    },
  });
}
