import fc from 'fast-check';
import { encode, smlFile, transport, u32, u8 } from '../../test/sml.ts';
import { crc16 } from './crc16.ts';
import { readSignedList } from './get-list.ts';
import { readSmlMessages } from './tlv.ts';
import { smlBody } from './transport.ts';

describe('SML', () => {
  it('computes CRC-16/X-25 (check value of the catalogue)', () => {
    expect(crc16(Buffer.from('123456789'))).toBe(0x906e);
  });

  it('takes the transport off whatever is inside, doubled escapes and filler included', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0x1b, 0x1a, 0x00, 0x76), { minLength: 1, maxLength: 40 }), (content) => {
        expect(smlBody(transport(Buffer.from(content)))).toEqual({ ok: true, value: Uint8Array.from(content) });
      }),
    );
    const escaped = Buffer.from('761b1b1b1b77', 'hex');
    expect(smlBody(transport(escaped))).toEqual({ ok: true, value: new Uint8Array(escaped) });
  });

  it('notices every changed byte by the checksum', () => {
    const file = smlFile(
      '0901454d4800007f87b0',
      '0100011100ff',
      [{ name: '0100011100ff', value: u32(1) }],
      Buffer.alloc(50),
    );
    expect(readSignedList(file).ok).toBe(true);
    for (let at = 0; at < file.length; at += 1) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      if (at >= 8) expect(readSignedList(changed).ok).toBe(false);
    }
  });

  it('reads shortened integers, absent values, long octet strings and nested lists', () => {
    const value = encode([
      u8(200),
      null,
      Buffer.alloc(128, 7),
      [{ signed: -2n, width: 1 }],
      { signed: -70_000n, width: 3 },
    ]);
    expect(readSmlMessages(value)).toEqual([[200n, undefined, new Uint8Array(128).fill(7), [-2n], -70_000n]]);
  });

  it.each([
    ['ff'],
    ['7f'.repeat(50)],
    ['8f8f8f8f'],
    ['05'],
    ['f8'.repeat(1000)],
    ['6a0000000000000000ff'],
    ['71'.repeat(1000)],
  ])('refuses %.20s…', (text) => expect(readSmlMessages(Buffer.from(text, 'hex'))).toBeUndefined());

  it('refuses an entry that occurs twice, because two readers might see two values', () => {
    const entry = { name: '0100011100ff', value: u32(1) };
    expect(
      readSignedList(smlFile('00'.repeat(10), '00', [entry, { ...entry, value: u32(2) }], Buffer.alloc(50))),
    ).toMatchObject({
      ok: false,
      rejection: { code: 'malformed' },
    });
  });
});
